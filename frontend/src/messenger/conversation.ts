import type { ChainId, Current, Epoch, EpochSecret, Facts, Joining, KeyLog, Position } from "../crypto";
import {
  asConversationId,
  foundingOf,
  fromText,
  logStart,
  matchesCommit,
  readAccepted,
  Secret,
  toText,
} from "../crypto";
import type { Kind, Marker } from "../crypto";
import type { Member } from "../protocol";
import type { AlarmKind } from "../store/model";
import type { Change, Vault } from "../vault";
import { isSame } from "./alarms";
import { Journal } from "./journal";
import type { Revocation } from "./late";
import { Queue } from "./queue";
import type { AlarmRecord, ConversationRecord } from "./records";
import { placeId, put, unpack } from "./records";

/** Person ids, by the host's word. */
export type Whispers = { readonly typing: readonly string[]; readonly present: readonly string[] };
/** Secrets that were offered for one epoch; only the one it commits to ever counts. */
export type Candidates = readonly Uint8Array[];

/** One conversation in memory: what is needed to judge the next entry, and one queue for all that touches its keys. */
export class Conversation {
  readonly key: string;
  readonly queue = new Queue();
  readonly #keeping = new Queue();
  /** Where the host said the log ends. */
  announced = 0;
  /** Whom the host last named in it: asked about at first contact, and nothing else. */
  named: readonly Member[] = [];
  /** Markers of the other devices, this person's among them. */
  readonly marks = new Map<string, Marker>();
  /** F13, F14: never kept. */
  whispers: Whispers = { typing: [], present: [] };
  readonly #vault: Vault;
  readonly #alarmed: (conversation: Conversation) => void;
  readonly #secrets = new Map<number, EpochSecret>();
  #record: ConversationRecord;
  #epoch: Epoch | null = null;
  #journal: Promise<Journal> | null = null;

  constructor(vault: Vault, record: ConversationRecord, alarmed: (conversation: Conversation) => void) {
    this.#vault = vault;
    this.#alarmed = alarmed;
    this.#record = record;
    this.key = toText(record.id);
    this.#readEpoch();
  }

  get record(): ConversationRecord {
    return this.#record;
  }
  get epoch(): Epoch | null {
    return this.#epoch;
  }
  get place(): Position {
    return { n: this.#record.seq, hash: this.#record.h };
  }
  get isBehind(): boolean {
    return this.announced > this.#record.seq;
  }

  /** Read on first use: showing a conversation does not need it. */
  journal(): Promise<Journal> {
    this.#journal ??= Journal.load(this.#vault, this.#record.id, this.#record.anchor);
    return this.#journal;
  }

  current(record: ConversationRecord = this.#record, epoch: Epoch | null = this.#epoch): Current | null {
    return record.isBlind ? null : lastKnown(record, epoch);
  }

  /** What was kept for an epoch, if it is what the epoch commits to. */
  async secretOf(epoch: Epoch): Promise<EpochSecret | null> {
    const known = this.#secrets.get(epoch.number);
    if (known !== undefined && matchesCommit(epoch, known)) return known;
    const kept = await this.candidates(epoch.number);
    const found = kept
      .map((bytes): EpochSecret => new Secret("epoch", bytes))
      .find((one) => matchesCommit(epoch, one));
    if (found !== undefined) this.#secrets.set(epoch.number, found);
    return found ?? null;
  }

  /** The secret under which entries of this epoch number were sealed, once its commitment was checked. */
  async secretAt(number: number): Promise<EpochSecret | null> {
    const epoch = await this.epochAt(number);
    return epoch === null ? null : this.secretOf(epoch);
  }

  /** The accepted epoch of this number. */
  async epochAt(number: number): Promise<Epoch | null> {
    if (this.#epoch?.number === number) return this.#epoch;
    const bytes = await this.#vault.read("epochs", placeId(this.key, number));
    const entry = bytes === null ? null : readAccepted(bytes);
    return entry?.type === "epoch" ? entry : null;
  }

  async candidates(number: number): Promise<Candidates> {
    const bytes = await this.#vault.read("secrets", placeId(this.key, number));
    return bytes === null ? [] : unpack<Candidates>(bytes);
  }

  secretChange(number: number, candidates: Candidates): Change {
    return put("secrets", placeId(this.key, number), candidates);
  }

  hold(number: number, secret: EpochSecret): void {
    this.#secrets.set(number, secret);
  }

  /** Keeps a changed record, with whatever must not be kept without it (V4). */
  save(part: Partial<ConversationRecord>, ...more: readonly Change[]): Promise<void> {
    return this.keep(() => part, ...more);
  }

  /**
   * One commit after another, each on what the one before has left: unlike `queue`, nothing in here waits for the host,
   * so that marking as read waits for nothing that waits for it.
   */
  keep(
    change: (record: ConversationRecord) => Partial<ConversationRecord> | null,
    ...more: readonly Change[]
  ): Promise<void> {
    return this.#keeping.run(async () => {
      const part = change(this.#record);
      if (part === null) return;
      const record = { ...this.#record, ...part };
      await this.#vault.commit([Conversation.change(record), ...more]);
      this.#become(record);
    });
  }

  #become(record: ConversationRecord): void {
    const before = this.#record;
    this.#record = record;
    if (before.epoch !== record.epoch) this.#readEpoch();
    if (before.anchor !== record.anchor) this.#journal = null;
    if (before.alarms !== record.alarms || before.isCut !== record.isCut) this.#alarmed(this);
  }

  async raise(alarm: AlarmRecord): Promise<void> {
    const alarms = withAlarm(this.#record.alarms, alarm);
    if (alarms !== this.#record.alarms) await this.save({ alarms });
  }

  /** Raises it, or lifts just this one. */
  set(alarm: AlarmRecord, isOn: boolean): Promise<void> {
    return this.keep(({ alarms }) => {
      const kept = isOn ? withAlarm(alarms, alarm) : alarms.filter((one) => !isSame(one, alarm));
      return kept === alarms || (!isOn && kept.length === alarms.length) ? null : { alarms: kept };
    });
  }

  /** S3, L13: the place up to which another device has checked; what lies before it cannot be where the log begins. */
  setFloor(floor: Position): Promise<void> {
    return this.keep((record) => {
      if (floor.n <= (record.floor?.n ?? 0)) return null;
      return { floor, isCut: record.isCut || floor.n < record.anchor.n };
    });
  }

  /** L13. */
  cut(): Promise<void> {
    return this.keep(({ isCut }) => (isCut ? null : { isCut: true }));
  }

  /** L13: what was read is forgotten, and the view begins at an earlier place; what this person decided stays. */
  begin(start: Position | null, gone: readonly Change[]): Promise<void> {
    return this.keep(
      ({ kind, peer, floor, revoked, muted, isGone, read, counter, marked }) => {
        const anew = newConversation(this.key, kind, peer, start);
        const isCut = floor !== null && floor.n < anew.anchor.n;
        return { ...anew, floor, revoked, muted, isGone, read, counter, marked, isCut };
      },
      ...gone,
    );
  }

  /** K21: from the next place on, nobody seals to whom the own key log has put out at `n`. */
  fence({ n }: Revocation): Promise<void> {
    return this.keep(({ revoked, seq }) =>
      revoked !== null && revoked.n >= n ? null : { revoked: { n, seq } },
    );
  }

  async lift(...kinds: readonly AlarmKind[]): Promise<void> {
    const alarms = this.#record.alarms.filter(({ kind }) => !kinds.includes(kind));
    if (alarms.length < this.#record.alarms.length) await this.save({ alarms });
  }

  facts(
    journal: Journal,
    { record, epoch }: { readonly record: ConversationRecord; readonly epoch: Epoch | null },
    { keyLog, chain, noted }: Reader,
  ): Facts {
    const known = lastKnown(record, epoch);
    const isOut = record.isBlind || (known === null && record.anchor.n > 0);
    const joining: Joining = { chain, anchor: record.anchor, noted, known };
    return {
      conversation: record.id,
      current: this.current(record, epoch),
      joining: isOut ? joining : null,
      epochHash: (n) => journal.epochHash(n),
      hashAt: (n) => journal.hashAt(n),
      keyLog,
      hasEntry: (hash) => journal.placeOf(hash) !== null,
      hasClientId: (device, client) => journal.hasClientId(device, client),
    };
  }

  wipe(): void {
    for (const secret of this.#secrets.values()) secret.wipe();
    this.#secrets.clear();
  }

  static change(record: ConversationRecord): Change {
    return put("conversations", toText(record.id), record);
  }

  #readEpoch(): void {
    const entry = this.#record.epoch === null ? null : readAccepted(this.#record.epoch);
    this.#epoch = entry?.type === "epoch" ? entry : null;
  }
}

/** Who judges: their chain, the key logs they know, and what their own state names here. */
export type Reader = {
  readonly chain: ChainId;
  readonly noted: Joining["noted"];
  readonly keyLog: (chain: ChainId) => KeyLog | null;
};

function lastKnown(record: ConversationRecord, epoch: Epoch | null): Current | null {
  const founding = epoch === null ? null : foundingOf(epoch);
  if (epoch === null || founding === null) return null;
  return { founding, epoch, seq: record.epochSeq, suspended: record.suspended, left: record.left };
}

/** What the others said after what was read or answered, as far as it is kept. */
export function unreadOf(journal: Journal, { read, answered, seq }: ConversationRecord) {
  const { count, first, mentioned } = journal.theirsBetween(Math.max(read, answered), seq);
  return { unread: count, firstUnread: first, mentioned };
}

/** One alarm of a kind: the first stays, unless the later one blocks and it did not. */
export function withAlarm(alarms: readonly AlarmRecord[], alarm: AlarmRecord): readonly AlarmRecord[] {
  const known = alarms.find(({ kind }) => kind === alarm.kind);
  if (known === undefined) return [...alarms, alarm];
  return alarm.blocks && !known.blocks ? alarms.map((one) => (one === known ? alarm : one)) : alarms;
}

export function newConversation(
  name: string,
  kind: Kind,
  peer: string | null,
  start: Position | null = null,
): ConversationRecord {
  const id = asConversationId(fromText(name));
  const anchor = start ?? { n: 0, hash: logStart(id) };
  return {
    id,
    kind,
    peer,
    seq: anchor.n,
    h: anchor.hash,
    anchor,
    organisation: null,
    epoch: null,
    epochSeq: 0,
    suspended: [],
    left: [],
    isBlind: false,
    former: [],
    isPartial: anchor.n > 0,
    isCut: false,
    unshared: null,
    isGone: false,
    title: null,
    untitled: null,
    muted: false,
    senders: [],
    made: [],
    wrapMissing: false,
    alarms: [],
    activity: 0,
    preview: null,
    unread: 0,
    mentioned: 0,
    firstUnread: null,
    read: anchor.n,
    answered: 0,
    unreadable: null,
    counter: 0,
    marked: { arrived: 0, readable: 0, read: 0, epoch: 0 },
    floor: null,
    awaited: null,
    lacking: null,
    revoked: null,
  };
}
