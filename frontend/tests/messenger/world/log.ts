import type { ChainId, Entry, Epoch, Facts, Hash, KeyLog, Verdict } from "../../../src/crypto";
import {
  asConversationId,
  foundingOf,
  fromText,
  judge,
  logNext,
  logStart,
  toText,
} from "../../../src/crypto";

export type Placed = {
  readonly seq: number;
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly wraps: ReadonlyMap<string, string>;
};
type Current = NonNullable<Facts["current"]>;

/** One conversation as an honest host keeps it: judged before it is appended (L10). */
export class HostLog {
  readonly id: string;
  readonly entries: Placed[] = [];
  readonly hashes: Hash[];
  current: Current | null = null;
  /** The host's own knowledge that messages must wait for a new epoch. */
  isStale = false;
  readonly #keyLog: (chain: ChainId) => KeyLog | null;
  readonly #seen = new Set<string>();
  readonly #placed = new Map<string, Placed>();
  readonly #clients = new Map<string, number>();

  constructor(id: string, keyLog: (chain: ChainId) => KeyLog | null) {
    this.id = id;
    this.#keyLog = keyLog;
    this.hashes = [logStart(asConversationId(fromText(id)))];
  }

  get head(): number {
    return this.entries.length;
  }

  get hash(): string {
    return toText(this.hashes[this.head] ?? new Uint8Array(32));
  }

  get chains(): readonly string[] {
    return this.current?.epoch.roster.map(({ chain }) => toText(chain)) ?? [];
  }

  /** The place of the same bytes, if they are here already. */
  placeOf(bytes: Uint8Array): Placed | undefined {
    return this.#placed.get(toText(bytes));
  }

  judge(bytes: Uint8Array): Verdict {
    return judge(bytes, this.head + 1, {
      conversation: asConversationId(fromText(this.id)),
      current: this.current,
      hashAt: (n) => this.hashes[n] ?? null,
      keyLog: this.#keyLog,
      hasEntry: (hash) => this.#seen.has(toText(hash)),
      hasClientId: (device, client) => this.#clients.has(`${toText(device)}/${toText(client)}`),
    });
  }

  append(
    verdict: Extract<Verdict, { kind: "accepted" }>,
    bytes: Uint8Array,
    at: number,
    wraps = new Map<string, string>(),
  ): Placed {
    const placed = { seq: this.head + 1, at, bytes, wraps };
    const before = this.hashes[this.head] ?? logStart(asConversationId(fromText(this.id)));
    this.entries.push(placed);
    this.#placed.set(toText(bytes), placed);
    this.hashes.push(logNext(before, placed.seq, verdict.hash));
    this.#seen.add(toText(verdict.hash));
    this.#follow(verdict.entry, placed.seq);
    return placed;
  }

  #follow(entry: Entry, seq: number): void {
    if (entry.type === "epoch") this.#begin(entry, seq);
    else if (entry.type === "message")
      this.#clients.set(`${toText(entry.header.device)}/${toText(entry.header.clientId)}`, seq);
    else if (this.current !== null) {
      this.current = { ...this.current, suspended: [...this.current.suspended, entry.chain] };
      this.isStale = true;
    }
  }

  #begin(epoch: Epoch, seq: number): void {
    const founding = foundingOf(epoch) ?? this.current?.founding;
    if (founding !== undefined) this.current = { founding, epoch, seq, suspended: [] };
    this.isStale = false;
  }
}
