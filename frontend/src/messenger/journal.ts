/** The skeleton of one log: hashes, places and client ids, without any content. Judging an entry needs nothing more. */
import type { ClientId, ConversationId, DeviceId, Hash, Position } from "../crypto";
import { logNext, logStart, toText } from "../crypto";
import type { Change, Vault } from "../vault";
import { pack, placeId, unpack } from "./records";

/** How an entry counts on screen. */
export const NOTE = { nothing: 0, own: 1, theirs: 2, mention: 3 } as const;
export type Note = (typeof NOTE)[keyof typeof NOTE];

export type JournalRow = {
  readonly hash: Hash;
  readonly h: Hash;
  readonly note: Note;
  /** Device and client id of an accepted message. */
  readonly client: readonly [DeviceId, ClientId] | null;
  /** Number of an accepted epoch. */
  readonly epoch: number | null;
};
type Packed = readonly [Hash, Hash, Note, readonly [DeviceId, ClientId] | null, number | null];
type Entry = Pick<JournalRow, "hash" | "note" | "client" | "epoch">;
export type Unread = { readonly count: number; readonly first: number | null; readonly mentioned: number };

const CHUNK = 128;
const clientName = (device: DeviceId, client: ClientId): string => `${toText(device)}/${toText(client)}`;

export class Journal {
  readonly #name: string;
  /** L13: the log begins after this place, for whoever was added later. */
  readonly #anchor: Position;
  readonly #rows: JournalRow[] = [];
  readonly #places = new Map<string, number>();
  readonly #clients = new Set<string>();
  readonly #own = new Map<string, number>();
  readonly #epochs = new Map<number, Hash>();

  constructor(id: ConversationId, anchor: Position = { n: 0, hash: logStart(id) }) {
    this.#name = toText(id);
    this.#anchor = anchor;
  }

  static async load(vault: Vault, id: ConversationId, anchor: Position): Promise<Journal> {
    const journal = new Journal(id, anchor);
    for (const { bytes } of await vault.list("journal", `${journal.#name}/`)) {
      for (const [hash, h, note, client, epoch] of unpack<readonly Packed[]>(bytes))
        journal.#push({ hash, h, note, client, epoch });
    }
    return journal;
  }

  /** The last place. */
  get head(): number {
    return this.#anchor.n + this.#rows.length;
  }

  /** h(n). */
  hashAt(n: number): Hash | null {
    return n === this.#anchor.n ? this.#anchor.hash : (this.at(n)?.h ?? null);
  }

  at(seq: number): JournalRow | null {
    return this.#rows[seq - this.#anchor.n - 1] ?? null;
  }

  epochHash(number: number): Hash | null {
    return this.#epochs.get(number) ?? null;
  }

  placeOf(hash: Hash): number | null {
    return this.#places.get(toText(hash)) ?? null;
  }

  hasClientId(device: DeviceId, client: ClientId): boolean {
    return this.#clients.has(clientName(device, client));
  }

  /** Where the own message with this client id stands. */
  placeOfOwn(client: string): number | null {
    return this.#own.get(client) ?? null;
  }

  /** Entries of the others that count, after `seq` and up to `last`. */
  theirsBetween(seq: number, last: number): Unread {
    let [count, mentioned] = [0, 0];
    let first: number | null = null;
    for (let at = last; at > Math.max(seq, this.#anchor.n); at--) {
      const note = this.at(at)?.note;
      if (note !== NOTE.theirs && note !== NOTE.mention) continue;
      count += 1;
      if (note === NOTE.mention) mentioned += 1;
      first = at;
    }
    return { count, first, mentioned };
  }

  add({ hash, note, client, epoch }: Entry): Hash {
    const before = this.hashAt(this.head) ?? this.#anchor.hash;
    const h = logNext(before, this.head + 1, hash);
    this.#push({ hash, h, note, client, epoch });
    return h;
  }

  /** Takes back what was added and not kept. */
  truncate(head: number): void {
    while (this.head > head) {
      const seq = this.head;
      const row = this.#rows.pop();
      if (row === undefined) return;
      if (this.#places.get(toText(row.hash)) === seq) this.#places.delete(toText(row.hash));
      if (row.epoch !== null) this.#epochs.delete(row.epoch);
      if (row.client === null) continue;
      this.#clients.delete(clientName(...row.client));
      this.#own.delete(toText(row.client[1]));
    }
  }

  /** What to keep so that everything after `head` is kept. */
  changesFrom(head: number): readonly Change[] {
    const changes: Change[] = [];
    const from = Math.floor((head - this.#anchor.n) / CHUNK);
    for (let chunk = from; chunk * CHUNK < this.#rows.length; chunk++) {
      const rows = this.#rows.slice(chunk * CHUNK, (chunk + 1) * CHUNK);
      const packed = rows.map(({ hash, h, note, client, epoch }): Packed => [hash, h, note, client, epoch]);
      changes.push({ store: "journal", id: placeId(this.#name, chunk), bytes: pack(packed) });
    }
    return changes;
  }

  #push(row: JournalRow): void {
    this.#rows.push(row);
    const name = toText(row.hash);
    if (!this.#places.has(name)) this.#places.set(name, this.head);
    if (row.epoch !== null) this.#epochs.set(row.epoch, row.hash);
    if (row.client === null) return;
    this.#clients.add(clientName(...row.client));
    if (row.note === NOTE.own) this.#own.set(toText(row.client[1]), this.head);
  }
}
