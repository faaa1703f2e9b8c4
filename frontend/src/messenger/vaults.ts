import type { DeviceId, Random, VaultKey } from "../crypto";
import { fromText, openRecord, sealRecord, toText, vaultKey } from "../crypto";
import type { Api } from "../sync";
import { HostRefused } from "../sync";
import type { Sealer, Storage, Storages } from "../vault";
import { readProfile, StorageFailed, Vault, writeProfile } from "../vault";

/** `shared`: on a computer of many, nothing stays after leaving. */
export type Stay = "kept" | "shared";
export type OpenVault = { readonly vault: Vault; readonly key: VaultKey };

const nameOf = (stay: Stay, person: string): string => `${stay}-${person}`;
const BOTH: readonly Stay[] = ["kept", "shared"];

/** Making, opening and erasing the vaults of this browser, one a person (V1, V2). */
export class Vaults {
  readonly #storages: Storages;
  readonly #api: Api;
  readonly #random: Random;

  constructor(storages: Storages, api: Api, random: Random) {
    this.#storages = storages;
    this.#api = api;
    this.#random = random;
  }

  /** Is there anything of anybody here? */
  async isEmpty(): Promise<boolean> {
    return (await this.#storages.names()).length === 0;
  }

  async stayOf(person: string): Promise<Stay | null> {
    const names = await this.#storages.names();
    return BOTH.find((stay) => names.includes(nameOf(stay, person))) ?? null;
  }

  /** A new vault in the place of whatever was here for this person. */
  async make(person: string, stay: Stay, device: DeviceId): Promise<OpenVault> {
    await this.erase(person);
    const profile = { vault: this.#random(16), half: this.#random(32) };
    const { half } = await this.#api.makeVault({ vault: toText(profile.vault), device: toText(device) });
    const storage = await this.#storages.open(nameOf(stay, person));
    await writeProfile(storage, profile);
    return this.#opened(storage, vaultKey(profile.vault, profile.half, fromText(half)));
  }

  /** `null`: none here, or the host does not give its half (another person's, revoked, unknown). */
  async open(person: string): Promise<OpenVault | null> {
    const stay = await this.stayOf(person);
    if (stay === null) return null;
    const storage = await this.#storages.open(nameOf(stay, person));
    const profile = await readProfile(storage);
    const half = profile === null ? null : await this.#half(profile.vault);
    if (profile === null || half === null) {
      storage.close();
      return null;
    }
    return this.#opened(storage, vaultKey(profile.vault, profile.half, half));
  }

  /** Checked: it throws when something is left. */
  async erase(person: string): Promise<void> {
    const names = await this.#storages.names();
    const own = BOTH.map((stay) => nameOf(stay, person)).filter((name) => names.includes(name));
    for (const name of own) await this.#storages.erase(name);
    const left = await this.#storages.names();
    if (own.some((name) => left.includes(name))) throw new StorageFailed();
  }

  async #half(vault: Uint8Array): Promise<Uint8Array | null> {
    try {
      return fromText((await this.#api.openVault({ vault: toText(vault) })).half);
    } catch (error) {
      if (error instanceof HostRefused && (error.code === "not_found" || error.code === "not_allowed"))
        return null;
      throw error;
    }
  }

  #opened(storage: Storage, key: VaultKey): OpenVault {
    return { vault: new Vault(storage, sealerOf(key, this.#random)), key };
  }
}

const sealerOf = (key: VaultKey, random: Random): Sealer => ({
  seal: (store, id, record) => sealRecord(key, store, id, record, random),
  open: (store, id, sealed) => openRecord(key, store, id, sealed),
});
