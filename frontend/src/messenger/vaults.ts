import type { DeviceId, Random, VaultKey } from "../crypto";
import { fromText, openRecord, sealRecord, toText, vaultKey } from "../crypto";
import type { Api } from "../sync";
import { HostRefused } from "../sync";
import type { Sealer, Storage, Storages } from "../vault";
import { isPending, readProfile, setPending, StorageFailed, Vault, writeProfile } from "../vault";

/** `shared`: on a computer of many, nothing stays after leaving. */
export type Stay = "kept" | "shared";
export type OpenVault = { readonly vault: Vault; readonly key: VaultKey };
/** `isPending`: whether its keys were ever published is not known here. */
export type Known = { readonly name: string; readonly isPending: boolean };

const BOTH: readonly Stay[] = ["kept", "shared"];
/** A new one is made beside the old one. */
const namesOf = (stay: Stay, person: string): readonly string[] => [
  `${stay}-${person}`,
  `${stay}-${person}-next`,
];

/** Making, opening and erasing the vaults of this browser: one a person, and perhaps one that is being made (V1, V2). */
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
    return BOTH.find((stay) => namesOf(stay, person).some((name) => names.includes(name))) ?? null;
  }

  /** Of this person, the one in use first. */
  async known(person: string): Promise<readonly Known[]> {
    const known: Known[] = [];
    for (const name of await this.#names(person)) {
      const storage = await this.#storages.open(name);
      known.push({ name, isPending: await isPending(storage) });
      storage.close();
    }
    return known.sort((a, b) => Number(a.isPending) - Number(b.isPending));
  }

  /** A new vault beside the one in use, which stays as it is until `settle`. */
  async make(person: string, stay: Stay, device: DeviceId): Promise<OpenVault & Pick<Known, "name">> {
    const profile = { vault: this.#random(16), half: this.#random(32) };
    const { half } = await this.#api.makeVault({ vault: toText(profile.vault), device: toText(device) });
    for (const { name, isPending } of await this.known(person)) if (isPending) await this.#erase([name]);
    const names = await this.#storages.names();
    const name = namesOf(stay, person).find((one) => !names.includes(one));
    if (name === undefined) throw new StorageFailed();
    const storage = await this.#storages.open(name);
    await setPending(storage, true);
    await writeProfile(storage, profile);
    return { ...this.#opened(storage, vaultKey(profile.vault, profile.half, fromText(half))), name };
  }

  /** Its keys are published: it takes the place of whatever was here for this person. */
  async settle(person: string, name: string): Promise<void> {
    const storage = await this.#storages.open(name);
    await setPending(storage, false);
    storage.close();
    await this.#erase((await this.#names(person)).filter((one) => one !== name));
  }

  /** `null`: the host does not give its half (another person's, revoked, unknown). */
  async open(name: string): Promise<OpenVault | null> {
    const storage = await this.#storages.open(name);
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
    await this.#erase(await this.#names(person));
  }

  async #names(person: string): Promise<readonly string[]> {
    const names = await this.#storages.names();
    return BOTH.flatMap((stay) => namesOf(stay, person)).filter((name) => names.includes(name));
  }

  async #erase(own: readonly string[]): Promise<void> {
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
