/** The skeleton of one log: hashes, places and client ids, without any content. Judging an entry needs nothing more. */
import type { ClientId, ConversationId, DeviceId, Hash } from "../crypto";
import { logNext, logStart, toText } from "../crypto";
import type { Change, Vault } from "../vault";
import { pack, placeId, unpack } from "./records";

/** How an entry counts on screen. */
export const NOTE = { nothing: 0, own: 1, theirs: 2 } as const;
export type Note = (typeof NOTE)[keyof typeof NOTE];

export type JournalRow = {
  readonly hash: Hash;
  readonly h: Hash;
  readonly note: Note;
  /** Device and client id of an accepted message. */
  readonly client: readonly [DeviceId, ClientId] | null;
};
type Packed = readonly [Hash, Hash, Note, readonly [DeviceId, ClientId] | null];

const CHUNK = 128;
const clientName = (device: DeviceId, client: ClientId): string => `${toText(device)}/${toText(client)}`;

export class Journal {
  readonly #id: ConversationId;
  readonly #name: string;
  readonly #rows: JournalRow[] = [];
  readonly #places = new Map<string, number>();
  readonly #clients = new Set<string>();
  readonly #own = new Map<string, number>();

  constructor(id: ConversationId) {
    this.#id = id;
    this.#name = toText(id);
  }

  static async load(vault: Vault, id: ConversationId): Promise<Journal> {
    const journal = new Journal(id);
    for (const { bytes } of await vault.list("journal", `${journal.#name}/`)) {
      for (const [hash, h, note, client] of unpack<readonly Packed[]>(bytes))
        journal.#push({ hash, h, note, client });
    }
    return journal;
  }

  get length(): number {
    return this.#rows.length;
  }

  /** h(n). */
  hashAt(n: number): Hash | null {
    return n === 0 ? logStart(this.#id) : (this.#rows[n - 1]?.h ?? null);
  }

  at(seq: number): JournalRow | null {
    return this.#rows[seq - 1] ?? null;
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
  theirsBetween(seq: number, last: number): { readonly count: number; readonly first: number | null } {
    let count = 0;
    let first: number | null = null;
    for (let at = last; at > seq; at--) {
      if (this.#rows[at - 1]?.note !== NOTE.theirs) continue;
      count += 1;
      first = at;
    }
    return { count, first };
  }

  add(hash: Hash, note: Note, client: JournalRow["client"]): Hash {
    const before = this.hashAt(this.length) ?? logStart(this.#id);
    const h = logNext(before, this.length + 1, hash);
    this.#push({ hash, h, note, client });
    return h;
  }

  /** Takes back what was added and not kept. */
  truncate(length: number): void {
    while (this.length > length) {
      const row = this.#rows.pop();
      if (row === undefined) return;
      if (this.#places.get(toText(row.hash)) === this.length + 1) this.#places.delete(toText(row.hash));
      if (row.client === null) continue;
      this.#clients.delete(clientName(...row.client));
      this.#own.delete(toText(row.client[1]));
    }
  }

  /** What to keep so that everything after `length` is kept. */
  changesFrom(length: number): readonly Change[] {
    const changes: Change[] = [];
    for (let chunk = Math.floor(length / CHUNK); chunk * CHUNK < this.length; chunk++) {
      const rows = this.#rows.slice(chunk * CHUNK, (chunk + 1) * CHUNK);
      const packed = rows.map(({ hash, h, note, client }): Packed => [hash, h, note, client]);
      changes.push({ store: "journal", id: placeId(this.#name, chunk), bytes: pack(packed) });
    }
    return changes;
  }

  #push(row: JournalRow): void {
    this.#rows.push(row);
    const name = toText(row.hash);
    if (!this.#places.has(name)) this.#places.set(name, this.#rows.length);
    if (row.client === null) return;
    this.#clients.add(clientName(...row.client));
    if (row.note === NOTE.own) this.#own.set(toText(row.client[1]), this.#rows.length);
  }
}
