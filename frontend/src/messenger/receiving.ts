import type { ChainId, Epoch, EpochSecret, Message, Verdict } from "../crypto";
import { judge, objectHash, openMessage, sameBytes } from "../crypto";
import { causeOf, refusedAt, UNFIT } from "./alarms";
import type { Conversation } from "./conversation";
import { isOwn } from "./conversations";
import type { Desk, Line } from "./desk";
import { HostSilent, pause, TimedOut, within } from "../sync";
import type { Row } from "./draft";
import { Draft } from "./draft";
import type { Note } from "./journal";
import { NOTE } from "./journal";
import type { Pinning } from "./pinning";
import type { EntryRecord, SenderRecord, Shown } from "./records";
import { excerpt } from "./views";
import type { Wraps } from "./wraps";
import { eventOf } from "./happenings";

/** `gap`: the next entry is not among those given. `waiting`: a key log is missing; nothing after is judged. */
export type Taken = "all" | "gap" | "waiting";
type Waiting = Extract<Verdict, { kind: "waiting" }>;
type Accepted = Extract<Verdict, { kind: "accepted" }>;

/** Two chains at most can be missing for one entry of a direct conversation. */
const FETCHES = 3;
const GIVEN_WITHIN = 4_000;
const AGAIN_AFTER = 1_000;

export type Received = {
  readonly conversation: Conversation;
  readonly fresh: readonly EntryRecord[];
  readonly isFaulty: boolean;
};

type Around = {
  readonly pinning: Pinning;
  readonly wraps: Wraps;
  readonly line: Pick<Line, "state">;
  readonly received: (received: Received) => Promise<void>;
};

/** The way in: judged in order, opened, kept in one step, and only then shown. */
export class Receiving {
  readonly #desk: Desk;
  readonly #pinning: Pinning;
  readonly #wraps: Wraps;
  readonly #line: Pick<Line, "state">;
  readonly #received: Around["received"];

  constructor(desk: Desk, { pinning, wraps, line, received }: Around) {
    this.#desk = desk;
    this.#pinning = pinning;
    this.#wraps = wraps;
    this.#line = line;
    this.#received = received;
  }

  /** Only inside the conversation's queue. */
  async take(conversation: Conversation, rows: readonly Row[]): Promise<Taken> {
    const draft = new Draft(conversation, await conversation.journal());
    try {
      const taken = await this.#takeAll(draft, rows);
      if (draft.epoch !== conversation.epoch) await this.#pinning.admit(draft);
      await draft.commit();
      await this.#finish(draft);
      return taken;
    } catch (error) {
      if (!draft.isKept) draft.undo();
      throw error;
    }
  }

  async #finish(draft: Draft): Promise<void> {
    const { conversation, fresh, isFaulty } = draft;
    for (const key of draft.settled) this.#desk.outbox.settled(key);
    const { identity, vault } = this.#desk;
    if (draft.isCloned) await identity.markCloned(vault);
    if (identity.self === null && isOwn(conversation, identity))
      await identity.setSelf(vault, conversation.record.id);
    await this.#received({ conversation, fresh, isFaulty });
  }

  async #takeAll(draft: Draft, rows: readonly Row[]): Promise<Taken> {
    for (const row of rows) {
      if (row.seq <= draft.record.seq) this.#compare(draft, row);
      else if (row.seq > draft.record.seq + 1) return "gap";
      else if (!(await this.#takeOne(draft, row))) return "waiting";
    }
    return "all";
  }

  // A place that is already known: the same entry again, or another history.
  #compare(draft: Draft, row: Row): void {
    const known = draft.journal.at(row.seq);
    if (known !== null && sameBytes(known.hash, objectHash(row.entry))) return;
    draft.raise({ kind: "log_forked", cause: null, seq: row.seq, blocks: true });
  }

  async #takeOne(draft: Draft, row: Row): Promise<boolean> {
    const verdict = await this.#judge(draft, row);
    if (verdict.kind === "waiting") return false;
    if (verdict.kind === "refused") this.#refuse(draft, row, verdict);
    else await this.#accept(draft, row, verdict);
    this.#checkFloor(draft);
    return true;
  }

  async #judge(draft: Draft, row: Row): Promise<Verdict> {
    const { conversation, journal } = draft;
    for (let fetches = 0; ; fetches++) {
      const facts = conversation.facts(journal, draft.record, draft.epoch, (chain) =>
        this.#desk.keyLogs.get(chain),
      );
      const verdict = judge(row.entry, row.seq, facts);
      if (verdict.kind !== "waiting" || fetches === FETCHES) return verdict;
      if (!(await this.#fetch(draft, row, verdict))) return verdict;
    }
  }

  async #fetch(draft: Draft, row: Row, { chain, head, differs }: Waiting): Promise<boolean> {
    const fits = !differs && (await this.#followed(chain));
    const known = this.#desk.keyLogs.get(chain)?.head.n ?? -1;
    if (fits && known >= head.n) return true;
    draft.raise({ kind: "key_log_refused", cause: "unknown_device", seq: row.seq, blocks: true });
    return false;
  }

  // A host that keeps silent about a key log does not give it; one that is out of reach is another matter.
  async #followed(chain: ChainId): Promise<boolean> {
    const { timers } = this.#desk.world;
    const end = timers.now() + GIVEN_WITHIN;
    for (;;) {
      try {
        const left = Math.max(0, end - timers.now());
        return (await within(timers, left, this.#pinning.follow(chain))) === "fits";
      } catch (error) {
        if (!(error instanceof HostSilent) && !(error instanceof TimedOut)) throw error;
        if (this.#line.state !== "open") throw new HostSilent();
        if (timers.now() >= end) return false;
        await pause(timers, Math.min(AGAIN_AFTER, end - timers.now()));
      }
    }
  }

  // S3: a place that another device of this person has checked.
  #checkFloor(draft: Draft): void {
    const { floor, seq, h } = draft.record;
    if (floor?.n !== seq || sameBytes(floor.hash, h)) return;
    draft.raise({ kind: "log_forked", cause: null, seq, blocks: true });
  }

  #refuse(draft: Draft, row: Row, { hash, code }: Extract<Verdict, { kind: "refused" }>): void {
    // L5: the second copy of a message that was accepted under its first number has no line of its own.
    const shown: Shown =
      code === "duplicate" ? { kind: "nothing" } : { kind: "refused", cause: causeOf(code) };
    if (code !== "duplicate") draft.raise(refusedAt(code, row.seq));
    draft.add({ ...bare(row), hash, shown }, NOTE.nothing, null);
  }

  async #accept(draft: Draft, row: Row, verdict: Accepted): Promise<void> {
    const { entry, hash, sender } = verdict;
    if (entry.type === "epoch") return this.#acceptEpoch(draft, row, entry, sender);
    if (entry.type === "message") return this.#acceptMessage(draft, row, entry, sender);
    draft.set({ suspended: [...draft.record.suspended, entry.chain] });
    draft.add({ ...bare(row), hash, accepted: true, shown: { kind: "nothing" } }, NOTE.nothing, null);
  }

  async #acceptEpoch(draft: Draft, row: Row, epoch: Epoch, sender: Accepted["sender"]): Promise<void> {
    const { record } = draft;
    if (this.#isOwn(epoch.signer) && !record.made.some((hash) => sameBytes(hash, epoch.hash)))
      draft.isCloned = true;
    const secret = await this.#wraps.secretFor(draft, epoch, row);
    const shown = eventOf(draft.epoch, epoch, sender, this.#desk.keyLogs);
    draft.begin(epoch, row.entry, secret);
    if (epoch.founding !== null && epoch.founding.kind !== record.kind) draft.raise(UNFIT);
    draft.set({
      ...founded(record, epoch, row),
      epoch: row.entry,
      epochSeq: row.seq,
      suspended: [],
      made: [],
    });
    this.#pinning.judgeMaker(draft, epoch, sender);
    draft.add(
      { ...bare(row), hash: epoch.hash, accepted: true, sender, epoch: epoch.number, shown },
      NOTE.nothing,
      null,
    );
  }

  async #acceptMessage(draft: Draft, row: Row, message: Message, sender: Accepted["sender"]): Promise<void> {
    const { header, hash } = message;
    const own = this.#desk.identity.isMe(sender);
    const item = this.#desk.outbox.bySealed(draft.conversation.key, hash);
    if (item !== null) draft.settle(item.key);
    else if (this.#isOwn(header.device)) draft.isCloned = true;
    const shown = shownOf(message, await draft.secret(), draft);
    this.#follow(draft, message, row.seq);
    if (own && !this.#isOwn(header.device))
      draft.set({ answered: Math.max(draft.record.answered, header.seen.n) });
    this.#count(draft, row, shown, own);
    const entry = {
      ...bare(row),
      hash,
      accepted: true,
      sender,
      clientId: own ? header.clientId : null,
      epoch: header.epoch,
      shown,
    };
    draft.add(entry, noteOf(draft, own), [header.device, header.clientId]);
  }

  #isOwn(device: Message["header"]["device"]): boolean {
    return sameBytes(device, this.#desk.identity.device.id);
  }

  // M7: a break never decides acceptance; it is shown.
  #follow(draft: Draft, { header, hash }: Message, seq: number): void {
    const last = draft.record.senders.find(({ device }) => sameBytes(device, header.device)) ?? null;
    if (!continues(last, header)) {
      draft.raise({ kind: "entry_refused", cause: "removed_by_host", seq, blocks: false });
    }
    const others = draft.record.senders.filter((one) => one !== last);
    draft.set({ senders: [...others, { device: header.device, deviceSeq: header.deviceSeq, hash }] });
    const known = this.#desk.keyLogs.get(header.person);
    if (known !== null && header.head.n > known.head.n) this.#pinning.followSoon(header.person);
  }

  #count(draft: Draft, row: Row, shown: Shown, own: boolean): void {
    const { record } = draft;
    if (record.kind === "self") return;
    draft.set({ activity: row.at });
    if (shown.kind === "text") draft.set({ preview: { text: excerpt(shown.text), own } });
    if (shown.kind === "unreadable") draft.set({ unreadable: record.unreadable ?? row.seq });
  }
}

const bare = (row: Row) => ({
  seq: row.seq,
  at: row.at,
  entry: row.entry,
  accepted: false,
  sender: null,
  clientId: null,
  epoch: 0,
});

const noteOf = (draft: Draft, own: boolean): Note =>
  draft.record.kind === "self" ? NOTE.nothing : own ? NOTE.own : NOTE.theirs;

function founded(record: Draft["record"], epoch: Epoch, row: Row): Partial<Draft["record"]> {
  const kind = epoch.founding?.kind;
  if (epoch.founding === null || (kind !== "self" && kind !== "direct")) return {};
  return { kind, organisation: epoch.founding.organisation, activity: Math.max(record.activity, row.at) };
}

function continues(last: SenderRecord | null, { deviceSeq, prevOwn }: Message["header"]): boolean {
  if (last === null) return deviceSeq === 1 && prevOwn === null;
  return deviceSeq === last.deviceSeq + 1 && prevOwn !== null && sameBytes(prevOwn, last.hash);
}

function shownOf(message: Message, secret: EpochSecret | null, draft: Draft): Shown {
  const opened = openMessage(message, secret, draft.record.kind);
  if (!opened.ok) return { kind: "unreadable", cause: opened.cause };
  const { content } = opened;
  return content.kind === "text"
    ? { kind: "text", text: content.text, quote: content.quote }
    : { kind: "nothing" };
}
