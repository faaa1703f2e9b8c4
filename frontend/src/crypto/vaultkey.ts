/** V1, V3: the key of the vault and the records sealed under it. */
import type { Random, Sealed } from "./brands";
import { asSealed } from "./brands";
import { encode } from "./codec";
import { H } from "./hashing";
import { Refused } from "./refused";
import { concat } from "./sealing";
import type { VaultKey } from "./secret";
import { Secret } from "./secret";
import { AEAD, aeadOpen, aeadSeal } from "./sodium";

export const vaultKey = (vault: Uint8Array, local: Uint8Array, server: Uint8Array): VaultKey =>
  new Secret("vault", H(["vault", vault, local, server]));

export function sealRecord(
  key: VaultKey,
  store: string,
  id: string,
  record: Uint8Array,
  random: Random,
): Sealed {
  const nonce = random(AEAD.nonce);
  return asSealed(concat(nonce, aeadSeal({ key: key.expose(), nonce, bound: placeOf(store, id) }, record)));
}

/** Refuses `cannot_open`: another key, another place, or changed bytes. */
export function openRecord(key: VaultKey, store: string, id: string, sealed: Uint8Array): Uint8Array {
  if (sealed.length < AEAD.nonce + AEAD.tag) throw new Refused("cannot_open");
  const nonce = sealed.subarray(0, AEAD.nonce);
  return aeadOpen({ key: key.expose(), nonce, bound: placeOf(store, id) }, sealed.subarray(AEAD.nonce));
}

const placeOf = (store: string, id: string): Uint8Array => encode(["record", store, id]);
