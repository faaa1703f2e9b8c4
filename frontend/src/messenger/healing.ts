import type { DeviceId, Hash, KeyLog, SealedSeed } from "../crypto";
import { objectHash, renewKey, sameBytes } from "../crypto";
import type { Desk } from "./desk";
import { put, unpack } from "./records";

const ID = "healing";

/** The key that answers a faulty generation, made for one place of the log. */
type Pending = {
  readonly generation: number;
  readonly n: number;
  readonly hash: Hash;
  readonly statement: Uint8Array;
  readonly seeds: readonly SealedSeed[];
};
type Done = Pick<Pending, "generation" | "n">;
type HealingRecord = { readonly pending: Pending | null; readonly done: readonly Done[] };

/** K18: a newest key that does not open here is answered by the next one, made by this device. */
export class Healing {
  readonly #desk: Desk;
  #record: HealingRecord = { pending: null, done: [] };

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  async load(): Promise<void> {
    const bytes = await this.#desk.vault.read("identity", ID);
    if (bytes !== null) this.#record = unpack<HealingRecord>(bytes);
  }

  /** The same bytes until the log has them: two statements for one place would be two logs of this person. */
  async answer(log: KeyLog, generation: number): Promise<Pick<Pending, "statement" | "seeds">> {
    const pending = this.#record.pending ?? this.#made(log, generation);
    await this.#save({ ...this.#record, pending });
    return pending;
  }

  /** The log has grown: what was sent is in it, or something else came first. */
  async settle({ hashes }: KeyLog): Promise<void> {
    const { pending, done } = this.#record;
    const there = pending === null ? undefined : hashes[pending.n];
    if (pending === null || there === undefined) return;
    const { generation, n, hash } = pending;
    const isDone = sameBytes(there, hash);
    await this.#save({ pending: null, done: isDone ? [...done, { generation, n }] : done });
  }

  /** Who made the key that the statement at this place answers; `null` when it answers none. */
  culpritAt(n: number, { generations }: KeyLog): DeviceId | null {
    const done = this.#record.done.find((one) => one.n === n);
    return generations.find(({ generation }) => generation === done?.generation)?.maker ?? null;
  }

  #made(log: KeyLog, generation: number): Pending {
    const { identity, clock, world } = this.#desk;
    const { signer: device, keys: person } = identity;
    const { statement, seeds } = renewKey({ device, log, person, at: clock.now(), random: world.random });
    return { generation, n: log.head.n + 1, hash: objectHash(statement), statement, seeds };
  }

  async #save(record: HealingRecord): Promise<void> {
    await this.#desk.vault.commit([put("identity", ID, record)]);
    this.#record = record;
  }
}
