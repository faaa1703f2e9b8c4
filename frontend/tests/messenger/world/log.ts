import type { ChainId, Current, Entry, Epoch, Hash, KeyLog, Verdict } from "../../../src/crypto";
import {
  asConversationId,
  foundingOf,
  fromText,
  isIn,
  judge,
  logNext,
  logStart,
  rowOf,
  toText,
} from "../../../src/crypto";

export type Placed = {
  readonly seq: number;
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly hash: Hash;
  readonly wraps: ReadonlyMap<string, string>;
};
/** From which place somebody is in it, and where they left or were removed. */
type Stay = { readonly from: number; to: number | null };
/** L13, and what of the log is theirs. */
export type View = { readonly start: readonly [number, string]; readonly stays: Stay[] };

/** One conversation as an honest host keeps it: judged before it is appended (L10). */
export class HostLog {
  readonly id: string;
  readonly entries: Placed[] = [];
  readonly hashes: Hash[];
  current: Current | null = null;
  /** The host's own knowledge that messages must wait for a new epoch. */
  isStale = false;
  readonly views = new Map<string, View>();
  readonly #keyLog: (chain: ChainId) => KeyLog | null;
  readonly #seen = new Set<string>();
  readonly #placed = new Map<string, Placed>();
  readonly #clients = new Map<string, number>();
  readonly #epochs = new Map<number, Hash>();

  constructor(id: string, keyLog: (chain: ChainId) => KeyLog | null) {
    this.id = id;
    this.#keyLog = keyLog;
    this.hashes = [logStart(asConversationId(fromText(id)))];
  }

  get head(): number {
    return this.entries.length;
  }

  get hash(): string {
    return this.hashText(this.head);
  }

  hashText(n: number): string {
    return toText(this.hashes[n] ?? new Uint8Array(32));
  }

  /** Whoever is in it now. */
  get chains(): readonly string[] {
    const { epoch, left } = this.current ?? { epoch: null, left: [] };
    return (epoch?.roster ?? []).flatMap(({ chain }) => (isIn(left, chain) ? [] : [toText(chain)]));
  }

  /** H11: the place where they left or were removed; `null` for a member. */
  untilOf(chain: string): number | null {
    return this.views.get(chain)?.stays.at(-1)?.to ?? null;
  }

  /** The place of the same bytes, if they are here already. */
  placeOf(bytes: Uint8Array): Placed | undefined {
    return this.#placed.get(toText(bytes));
  }

  /** H12: whole where they were in it, a stub between two stays, nothing before and after. */
  seenBy(chain: string): readonly (Placed & { readonly isWhole: boolean })[] {
    const view = this.views.get(chain);
    if (view === undefined) return [];
    const last = view.stays.at(-1)?.to ?? this.head;
    const isWhole = (seq: number) =>
      view.stays.some(({ from, to }) => from <= seq && seq <= (to ?? this.head));
    const theirs = this.entries.filter(({ seq }) => seq > view.start[0] && seq <= last);
    return theirs.map((placed) => ({ ...placed, isWhole: isWhole(placed.seq) }));
  }

  judge(bytes: Uint8Array): Verdict {
    return judge(bytes, this.head + 1, {
      conversation: asConversationId(fromText(this.id)),
      current: this.current,
      joining: null,
      epochHash: (number) => this.#epochs.get(number) ?? null,
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
    const placed = { seq: this.head + 1, at, bytes, hash: verdict.hash, wraps };
    const before = this.hashes[this.head] ?? logStart(asConversationId(fromText(this.id)));
    this.entries.push(placed);
    this.#placed.set(toText(bytes), placed);
    this.hashes.push(logNext(before, placed.seq, verdict.hash));
    this.#seen.add(toText(verdict.hash));
    this.#follow(verdict.entry, placed.seq);
    return placed;
  }

  #follow(entry: Entry, seq: number): void {
    const { current } = this;
    if (entry.type === "epoch") return this.#begin(entry, seq);
    if (entry.type === "message") {
      this.#clients.set(`${toText(entry.header.device)}/${toText(entry.header.clientId)}`, seq);
      return;
    }
    if (current === null) return;
    this.isStale = true;
    if (entry.type === "suspended") {
      this.current = { ...current, suspended: [...current.suspended, entry.chain] };
      return;
    }
    this.current = { ...current, left: [...current.left, entry.header.person] };
    this.#out(entry.header.person, seq);
  }

  #begin(epoch: Epoch, seq: number): void {
    const founding = foundingOf(epoch);
    if (founding === null) return;
    const before = this.current?.epoch.roster ?? [];
    for (const { chain } of before) if (rowOf(epoch.roster, chain) === null) this.#out(chain, seq);
    for (const { chain } of epoch.roster) if (rowOf(before, chain) === null) this.#in(chain, epoch, seq);
    this.current = { founding, epoch, seq, suspended: [], left: [] };
    this.#epochs.set(epoch.number, epoch.hash);
    this.isStale = false;
  }

  #in(chain: ChainId, { seen }: Epoch, seq: number): void {
    const name = toText(chain);
    const n = seen?.n ?? 0;
    const view = this.views.get(name) ?? { start: [n, this.hashText(n)] as const, stays: [] };
    view.stays.push({ from: seq, to: null });
    this.views.set(name, view);
  }

  #out(chain: ChainId, seq: number): void {
    const stay = this.views.get(toText(chain))?.stays.at(-1);
    if (stay !== undefined) stay.to ??= seq;
  }
}
