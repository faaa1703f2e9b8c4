import type { Hash } from "../crypto";
import { sameBytes } from "../crypto";
import type { Change, Vault } from "../vault";
import type { Attempt, OutboxRecord } from "./records";
import { drop, put, unpack } from "./records";

/** What was written and is not yet in a log: sealed in the vault, in order, each until it is settled. */
export class Outbox {
  readonly #vault: Vault;
  readonly #items = new Map<string, OutboxRecord>();
  readonly #late = new Set<string>();
  #order = 0;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  async load(): Promise<void> {
    for (const { bytes } of await this.#vault.list("outbox")) {
      const item = unpack<OutboxRecord>(bytes);
      this.#items.set(item.key, item);
      this.#order = Math.max(this.#order, item.order);
    }
  }

  of(conversation: string): readonly OutboxRecord[] {
    const items = [...this.#items.values()].filter((item) => item.conversation === conversation);
    return items.sort((a, b) => a.order - b.order);
  }

  get(key: string): OutboxRecord | null {
    return this.#items.get(key) ?? null;
  }

  /** M9: which of ours this entry is. */
  bySealed(conversation: string, hash: Hash): OutboxRecord | null {
    const isIt = ({ attempts }: OutboxRecord) => attempts.some((attempt) => sameBytes(attempt.hash, hash));
    return this.of(conversation).find(isIt) ?? null;
  }

  /** `false`: it does not wait any more. */
  becomeLate(key: string): boolean {
    if (this.#items.has(key)) this.#late.add(key);
    return this.#items.has(key);
  }

  isLate(key: string): boolean {
    return this.#late.has(key);
  }

  async add(item: Omit<OutboxRecord, "order">, ...more: readonly Change[]): Promise<OutboxRecord> {
    const ordered = { ...item, order: ++this.#order };
    await this.#vault.commit([put("outbox", item.key, ordered), ...more]);
    this.#items.set(item.key, ordered);
    return ordered;
  }

  /** V4: kept before it leaves. `false`: it was taken back meanwhile. */
  async attempt(key: string, attempt: Attempt): Promise<boolean> {
    const item = this.get(key);
    if (item === null) return false;
    // In memory first: from here on it may have left, and is not taken back any more.
    const tried = { ...item, attempts: [...item.attempts, attempt] };
    await this.#change(item, tried, put("outbox", key, tried));
    return true;
  }

  async remove(item: OutboxRecord): Promise<void> {
    await this.#change(item, null, Outbox.settling(item.key));
    this.#late.delete(item.key);
  }

  async #change(before: OutboxRecord, after: OutboxRecord | null, change: Change): Promise<void> {
    this.#set(before.key, after);
    try {
      await this.#vault.commit([change]);
    } catch (error) {
      this.#set(before.key, before);
      throw error;
    }
  }

  #set(key: string, item: OutboxRecord | null): void {
    if (item === null) this.#items.delete(key);
    else this.#items.set(key, item);
  }

  static settling(key: string): Change {
    return drop("outbox", key);
  }

  settled(key: string): void {
    this.#items.delete(key);
    this.#late.delete(key);
  }
}
