import type { KeptSecret, KeptState } from "../crypto";
import { emptyState, toText } from "../crypto";
import type { Vault } from "../vault";
import { put, unpack } from "./records";

type Kept = {
  readonly state: Omit<KeptState, "kind" | "secrets">;
  /** By conversation: the first epoch whose secret is not noted yet. */
  readonly secrets: Readonly<Record<string, number>>;
  /** By conversation: up to where its own state was taken up. */
  readonly taken: Readonly<Record<string, number>>;
};

const ID = "state";
const EMPTY: Kept = { state: { pins: [], verified: [], checked: [], muted: [] }, secrets: {}, taken: {} };

/** What the own conversation says, as far as this device has read it. */
export class Noted {
  readonly #vault: Vault;
  #kept: Kept = EMPTY;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  async load(): Promise<void> {
    const bytes = await this.#vault.read("noted", ID);
    if (bytes !== null) this.#kept = unpack<Kept>(bytes);
  }

  /** Without secrets: those are kept with their conversations. */
  get state(): KeptState {
    return { ...emptyState, ...this.#kept.state };
  }

  takenIn(conversation: string): number {
    return this.#kept.taken[conversation] ?? 0;
  }

  nextSecret(conversation: string): number {
    return this.#kept.secrets[conversation] ?? 0;
  }

  takenTo(conversation: string, seq: number): Promise<void> {
    return this.#keep({ ...this.#kept, taken: { ...this.#kept.taken, [conversation]: seq } });
  }

  async become({ pins, verified, checked, muted }: KeptState, secrets: readonly KeptSecret[]): Promise<void> {
    const next = { ...this.#kept.secrets };
    for (const { conversation, number } of secrets) {
      const name = toText(conversation);
      next[name] = Math.max(next[name] ?? 0, number + 1);
    }
    await this.#keep({ ...this.#kept, state: { pins, verified, checked, muted }, secrets: next });
  }

  async #keep(kept: Kept): Promise<void> {
    await this.#vault.commit([put("noted", ID, kept)]);
    this.#kept = kept;
  }
}
