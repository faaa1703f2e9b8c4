/** The only record in clear: which vault this is, and the half of its key that stays here (V1). */
import type { Storage } from "./storage";

export type Profile = { readonly vault: Uint8Array; readonly half: Uint8Array };

const STORE = "profile";
const ID = "profile";
const PENDING = "pending";
const VAULT_ID = 16;
const HALF = 32;

export async function readProfile(storage: Storage): Promise<Profile | null> {
  const bytes = await storage.read(STORE, ID);
  if (bytes === null || bytes.length !== VAULT_ID + HALF) return null;
  return { vault: bytes.slice(0, VAULT_ID), half: bytes.slice(VAULT_ID) };
}

export async function writeProfile(storage: Storage, { vault, half }: Profile): Promise<void> {
  const bytes = new Uint8Array(VAULT_ID + HALF);
  bytes.set(vault, 0);
  bytes.set(half, VAULT_ID);
  await storage.commit([{ store: STORE, id: ID, bytes }]);
}

/** A vault whose keys may not be published yet: it does not take the place of another before they are. */
export async function setPending(storage: Storage, isPending: boolean): Promise<void> {
  await storage.commit([{ store: STORE, id: PENDING, bytes: isPending ? new Uint8Array([1]) : null }]);
}

export const isPending = async (storage: Storage): Promise<boolean> =>
  (await storage.read(STORE, PENDING)) !== null;
