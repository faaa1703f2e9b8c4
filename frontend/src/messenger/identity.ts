import type { ChainId, ConversationId, Device, KeyLog, PersonKeys, Signature } from "../crypto";
import {
  asConversationId,
  asDeviceId,
  asSealed,
  fromText,
  openPerson,
  packDevice,
  packPerson,
  sameBytes,
  signChallenge,
  unpackDevice,
  unpackPerson,
} from "../crypto";
import type { OwnSeed } from "../protocol";
import type { Change, Vault } from "../vault";
import { CommandError } from "./commands";
import type { IdentityRecord } from "./records";
import { put, unpack } from "./records";

const ID = "own";

export const identityChange = (record: IdentityRecord): Change => put("identity", ID, record);

/** Who signs and opens here: this browser's device and the person's keys, in memory while the vault is open. */
export class Identity {
  #record: IdentityRecord;
  readonly #device: Device;
  #keys: PersonKeys;
  /** Called once it is known that another copy of this profile signs. */
  copied: () => void = () => undefined;
  /** K16: the host says that this person has no keys, or others than these. */
  isDisowned = false;

  constructor(record: IdentityRecord) {
    this.#record = record;
    this.#device = unpackDevice(record.device);
    this.#keys = unpackPerson(record.keys);
  }

  static async load(vault: Vault): Promise<Identity | null> {
    const bytes = await vault.read("identity", ID);
    return bytes === null ? null : new Identity(unpack<IdentityRecord>(bytes));
  }

  get person(): string {
    return this.#record.person;
  }
  /** Names this device, and opens what is sealed to it. */
  get device(): Omit<Device, "sign"> {
    return this.#device;
  }
  /** M9: a device of which there is a copy signs nothing more; which of the two is the user's own, no client can tell. */
  get signer(): Device {
    if (this.isCloned) throw new CommandError("copied");
    return this.#device;
  }
  get chain(): ChainId {
    return this.#device.chain;
  }
  get keys(): PersonKeys {
    return this.#keys;
  }
  get organisation(): Uint8Array {
    return this.#record.organisation;
  }
  get self(): ConversationId | null {
    return this.#record.self;
  }
  get isCloned(): boolean {
    return this.#record.cloned;
  }

  isMe(chain: ChainId | null): boolean {
    return chain !== null && sameBytes(chain, this.chain);
  }

  /** A newer person key that another device of this person made. Refuses when the seed given is not that key's. */
  async learnKeys(vault: Vault, log: KeyLog, seeds: readonly OwnSeed[]): Promise<void> {
    const opened = openPerson(this.device, log, seeds.map(sealedSeed));
    const seedsKnown = new Map([...this.#keys.seeds, ...opened.seeds]);
    await this.#save(vault, { keys: packPerson({ chain: this.chain, seeds: seedsKnown }) });
    this.#keys = { chain: this.chain, seeds: seedsKnown };
  }

  setSelf(vault: Vault, self: ConversationId): Promise<void> {
    return this.#save(vault, { self: asConversationId(self) });
  }

  async markCloned(vault: Vault): Promise<void> {
    await this.#save(vault, { cloned: true });
    this.copied();
  }

  /** H7: says which device this is and nothing else, so that a copied profile can still be opened and read. */
  answer(challenge: Uint8Array): Signature {
    return signChallenge(this.#device, challenge);
  }

  /** Overwrites what can be overwritten. */
  wipe(): void {
    this.#device.sign.wipe();
    this.#device.unseal.wipe();
    for (const seed of this.#keys.seeds.values()) seed.wipe();
  }

  async #save(vault: Vault, part: Partial<IdentityRecord>): Promise<void> {
    const record = { ...this.#record, ...part };
    await vault.commit([identityChange(record)]);
    this.#record = record;
  }
}

export const sealedSeed = (seed: OwnSeed) => ({
  device: asDeviceId(fromText(seed.device)),
  generation: seed.generation,
  sealed: asSealed(fromText(seed.sealed)),
});

export function newIdentity(
  made: { readonly device: Device; readonly person: PersonKeys },
  at: { readonly person: string; readonly organisation: Uint8Array; readonly self: ConversationId | null },
): IdentityRecord {
  return { ...at, device: packDevice(made.device), keys: packPerson(made.person), cloned: false };
}
