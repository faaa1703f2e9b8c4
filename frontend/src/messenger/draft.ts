import type { Epoch, EpochSecret, Hash } from "../crypto";
import type { Change, Vault } from "../vault";
import type { Conversation } from "./conversation";
import { unreadOf, withAlarm } from "./conversation";
import type { Journal, JournalRow, Note } from "./journal";
import { Outbox } from "./outbox";
import type { AlarmRecord, ConversationRecord, EntryRecord } from "./records";
import { placeId, put, unpack } from "./records";

export type Row = {
  readonly seq: number;
  readonly at: number;
  readonly entry: Uint8Array;
  readonly wrap: Uint8Array | null;
};
/** L12. */
export type Stub = { readonly seq: number; readonly at: number; readonly stub: Hash };

type Placed = Partial<Pick<JournalRow, "client" | "epoch">>;

/** A conversation as it will be once a few entries are kept; until then nothing of it counts anywhere else. */
export class Draft {
  readonly conversation: Conversation;
  readonly journal: Journal;
  /** Entries that came or changed, by their place. */
  readonly #records = new Map<number, EntryRecord>();
  /** Keys of the outbox that these entries settle. */
  readonly settled: string[] = [];
  record: ConversationRecord;
  epoch: Epoch | null;
  /** M9: something was signed by this device that this device did not make. */
  isCloned = false;
  /** E17: the current epoch's maker sealed something else to us. */
  isFaulty = false;
  isKept = false;
  readonly #before: number;
  #part: Partial<ConversationRecord> = {};
  readonly #changes: Change[] = [];
  readonly #secrets: (readonly [number, EpochSecret])[] = [];

  constructor(conversation: Conversation, journal: Journal) {
    this.conversation = conversation;
    this.journal = journal;
    this.record = conversation.record;
    this.epoch = conversation.epoch;
    this.#before = journal.head;
  }

  get isEmpty(): boolean {
    return this.#records.size === 0 && Object.keys(this.#part).length === 0;
  }

  set(part: Partial<ConversationRecord>): void {
    this.#part = { ...this.#part, ...part };
    this.record = { ...this.record, ...part };
  }

  raise(alarm: AlarmRecord): void {
    this.set({ alarms: withAlarm(this.record.alarms, alarm) });
  }

  /** The one secret that counts for this epoch takes the place of all that was offered. */
  begin(epoch: Epoch, entry: Uint8Array, secret: EpochSecret | null): void {
    const { conversation } = this;
    this.epoch = epoch;
    this.#changes.push({ store: "epochs", id: placeId(conversation.key, epoch.number), bytes: entry });
    if (secret === null) return;
    this.#secrets.push([epoch.number, secret]);
    this.#changes.push(conversation.secretChange(epoch.number, [secret.expose()]));
  }

  secret(): Promise<EpochSecret | null> {
    const { epoch } = this;
    if (epoch === null) return Promise.resolve(null);
    const fresh = this.#secrets.find(([number]) => number === epoch.number);
    return fresh === undefined ? this.conversation.secretOf(epoch) : Promise.resolve(fresh[1]);
  }

  add(entry: EntryRecord, note: Note, placed: Placed = {}): void {
    const { client = null, epoch = null } = placed;
    const h = this.journal.add({ hash: entry.hash, note, client, epoch });
    this.#records.set(entry.seq, entry);
    this.set({ seq: entry.seq, h });
  }

  /** An earlier entry as it is shown from now on. */
  amend(entry: EntryRecord): void {
    this.#records.set(entry.seq, entry);
  }

  /** The entry at a place, as it will be kept. */
  async at(seq: number, vault: Pick<Vault, "read">): Promise<EntryRecord | null> {
    const changed = this.#records.get(seq);
    if (changed !== undefined) return changed;
    const bytes = await vault.read("entries", placeId(this.conversation.key, seq));
    return bytes === null ? null : unpack<EntryRecord>(bytes);
  }

  get fresh(): readonly EntryRecord[] {
    return [...this.#records.values()].filter(({ seq }) => seq > this.#before).sort((a, b) => a.seq - b.seq);
  }

  /** What was there before and is shown otherwise now. */
  get amended(): readonly EntryRecord[] {
    return [...this.#records.values()].filter(({ seq }) => seq <= this.#before);
  }

  settle(key: string): void {
    this.settled.push(key);
    this.#changes.push(Outbox.settling(key));
  }

  /** All or nothing; the conversation in memory changes only once it is kept (A6). */
  async commit(): Promise<void> {
    if (this.isEmpty) return;
    const { journal } = this;
    const { key } = this.conversation;
    const kept = [...this.#records.values()].map((entry) => put("entries", placeId(key, entry.seq), entry));
    const changes = [...journal.changesFrom(this.#before), ...this.#changes, ...kept];
    // What was read meanwhile counts too.
    await this.conversation.keep(
      (now) => {
        const then = { ...now, ...this.#part };
        this.record = { ...then, ...unreadOf(journal, then) };
        return this.record;
      },
      ...changes,
    );
    this.isKept = true;
    for (const [number, secret] of this.#secrets) this.conversation.hold(number, secret);
  }

  undo(): void {
    this.journal.truncate(this.#before);
  }
}
