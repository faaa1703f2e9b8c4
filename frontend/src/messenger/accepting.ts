import type { ChainId, Epoch, Header, Leave, Message, Verdict } from "../crypto";
import { foundingOf, isIn, rowOf, sameBytes } from "../crypto";
import { ADDED_BY_ANOTHER, causeOf, refusedAt, UNFIT } from "./alarms";
import type { Desk } from "./desk";
import type { Draft, Row, Stub } from "./draft";
import { folded } from "./folding";
import { eventOf } from "./happenings";
import type { Note } from "./journal";
import { NOTE } from "./journal";
import { shownOf } from "./opening";
import type { Pinning } from "./pinning";
import type { EntryRecord, SenderRecord, Shown } from "./records";
import { placeId } from "./records";
import { excerpt } from "./views";
import type { Wraps } from "./wraps";

type Accepted = Extract<Verdict, { kind: "accepted" }>;
type Refused = Extract<Verdict, { kind: "refused" }>;

/** What an entry that was judged makes of its conversation. */
export class Accepting {
  readonly #desk: Desk;
  readonly #pinning: Pinning;
  readonly #wraps: Wraps;

  constructor(desk: Desk, pinning: Pinning, wraps: Wraps) {
    this.#desk = desk;
    this.#pinning = pinning;
    this.#wraps = wraps;
  }

  refuse(draft: Draft, row: Row, { hash, code }: Refused): void {
    // L5: the second copy of a message that was accepted under its first number has no line of its own.
    const shown: Shown =
      code === "duplicate" ? { kind: "nothing" } : { kind: "refused", cause: causeOf(code) };
    if (code !== "duplicate") draft.raise(refusedAt(code, row.seq));
    draft.add({ ...bare(row), entry: row.entry, hash, shown }, NOTE.nothing);
  }

  /** L12: one line for a run of what this person was not meant to have. */
  async stub(draft: Draft, row: Stub): Promise<void> {
    const start = draft.record.unshared ?? row.seq;
    const first = start === row.seq ? null : await draft.at(start, this.#desk.vault);
    const shown: Shown = first === null ? { kind: "unshared", count: 1 } : { kind: "nothing" };
    if (first?.shown.kind === "unshared")
      draft.amend({ ...first, shown: { kind: "unshared", count: first.shown.count + 1 } });
    draft.add({ ...bare(row), entry: new Uint8Array(), hash: row.stub, shown }, NOTE.nothing);
    const own = draft.record.senders.filter(({ device }) => this.#isOwn(device));
    draft.set({ unshared: start, isBlind: true, isPartial: true, senders: own });
  }

  async accept(draft: Draft, row: Row, { entry, hash, sender }: Accepted): Promise<void> {
    draft.set({ unshared: null });
    if (entry.type === "epoch") return this.#epoch(draft, row, entry, sender);
    if (entry.type === "message") return this.#message(draft, row, entry, sender);
    if (entry.type === "leave") return this.#leave(draft, row, entry);
    draft.set({ suspended: [...draft.record.suspended, entry.chain] });
    draft.add({ ...bare(row), entry: row.entry, hash, accepted: true }, NOTE.nothing);
  }

  async #epoch(draft: Draft, row: Row, epoch: Epoch, sender: Accepted["sender"]): Promise<void> {
    const { record, epoch: before } = draft;
    if (this.#isOwn(epoch.signer) && !record.made.some((hash) => sameBytes(hash, epoch.hash)))
      draft.isCloned = true;
    const secret = await this.#wraps.secretFor(draft, epoch, row);
    const shown = eventOf({ before, epoch, left: record.left, maker: sender }, this.#desk.keyLogs);
    draft.begin(epoch, row.entry, secret);
    if (epoch.founding.kind !== record.kind) draft.raise(UNFIT);
    draft.set({
      ...founded(record, epoch, row),
      epoch: row.entry,
      epochSeq: row.seq,
      suspended: [],
      left: [],
      isBlind: false,
      former: formerAfter(record, before, epoch),
      isGone: record.isGone && rowOf(epoch.roster, this.#desk.identity.chain) === null,
      made: [],
      untitled: epoch.change.some(([act]) => act === "add") ? row.seq : record.untitled,
    });
    this.#pinning.judgeMaker(draft, epoch, sender);
    if (record.isBlind) this.#cameBack(draft, before, sender);
    if (before === null && epoch.number > 0) await this.#joined(draft, epoch);
    const kept = { ...bare(row), entry: row.entry, hash: epoch.hash, accepted: true, sender };
    draft.add({ ...kept, epoch: epoch.number, shown }, NOTE.nothing, { epoch: epoch.number });
  }

  /** L14: somebody who did not coordinate, as far as this person knew, added them again. */
  #cameBack(draft: Draft, before: Epoch | null, by: ChainId | null): void {
    const row = before === null || by === null ? null : rowOf(before.roster, by);
    const isUsual = before === null || (row?.role === "coordinator" && !row.paused);
    if (!isUsual) draft.raise({ ...ADDED_BY_ANOTHER, seq: draft.record.seq + 1 });
  }

  /** L13: another device of this person held a secret from before what the host shows as the beginning. */
  async #joined(draft: Draft, epoch: Epoch): Promise<void> {
    const { key } = draft.conversation;
    const before = placeId(key, epoch.number);
    const earlier = await this.#desk.vault.list("secrets", `${key}/`, { before, last: 1 });
    if (earlier.length > 0) draft.set({ isCut: true });
  }

  async #message(draft: Draft, row: Row, message: Message, sender: Accepted["sender"]): Promise<void> {
    const { header, hash } = message;
    const own = this.#desk.identity.isMe(sender);
    const item = this.#desk.outbox.bySealed(draft.conversation.key, hash);
    if (item !== null) draft.settle(item.key);
    else if (this.#isOwn(header.device)) draft.isCloned = true;
    const { epoch, record } = draft;
    const shown = shownOf(message, { kind: record.kind, epoch, secret: await draft.secret() });
    this.#follow(draft, message, row.seq);
    if (own && !this.#isOwn(header.device))
      draft.set({ answered: Math.max(draft.record.answered, header.seen.n) });
    const entry = {
      ...bare(row),
      entry: row.entry,
      hash,
      accepted: true,
      sender,
      clientId: own ? header.clientId : null,
      epoch: header.epoch,
      shown,
    };
    this.#count(draft, entry);
    draft.add(entry, this.#noteOf(draft, entry), { client: [header.device, header.clientId] });
    await this.#fold(draft, entry);
  }

  #leave(draft: Draft, row: Row, leave: Leave): void {
    const { person, device } = leave.header;
    if (this.#isOwn(device) && !draft.record.made.some((hash) => sameBytes(hash, leave.hash)))
      draft.isCloned = true;
    this.#follow(draft, leave, row.seq);
    draft.set({ left: [...draft.record.left, person] });
    const shown: Shown = { kind: "roster", changes: [{ event: "left", chain: person }] };
    const kept = { ...bare(row), entry: row.entry, hash: leave.hash, accepted: true, sender: person };
    draft.add({ ...kept, epoch: leave.header.epoch, shown }, NOTE.nothing);
  }

  #isOwn(device: Header["device"]): boolean {
    return sameBytes(device, this.#desk.identity.device.id);
  }

  async #fold(draft: Draft, act: EntryRecord): Promise<void> {
    if (act.shown.kind !== "act") return;
    const seq = draft.journal.placeOf(act.shown.act.target);
    const target = seq === null ? null : await draft.at(seq, this.#desk.vault);
    const after = target === null ? null : folded(target, act);
    if (after === null) return;
    draft.amend(after);
    draft.set({ preview: previewAfter(draft.record.preview, after) });
  }

  // M7: a break never decides acceptance; it is shown.
  #follow(draft: Draft, { header, hash }: Message | Leave, seq: number): void {
    const { record } = draft;
    const last = record.senders.find(({ device }) => sameBytes(device, header.device)) ?? null;
    const isKnown = last !== null || !record.isPartial;
    if (isKnown && !continues(last, header))
      draft.raise({ kind: "entry_refused", cause: "removed_by_host", seq, blocks: false });
    const others = record.senders.filter((one) => one !== last);
    draft.set({ senders: [...others, { device: header.device, deviceSeq: header.deviceSeq, hash }] });
    const known = this.#desk.keyLogs.get(header.person);
    if (known !== null && header.head.n > known.head.n) this.#pinning.followSoon(header.person);
  }

  #count(draft: Draft, { seq, at, shown, sender }: EntryRecord): void {
    const { record } = draft;
    if (record.kind === "self") return;
    draft.set({ activity: at });
    if (shown.kind === "text") draft.set({ preview: { seq, text: excerpt(shown.text), sender } });
    if (shown.kind === "title") draft.set({ title: shown.title, untitled: null });
    if (shown.kind === "unreadable") draft.set({ unreadable: record.unreadable ?? seq });
  }

  #noteOf(draft: Draft, { sender, shown }: EntryRecord): Note {
    const { identity } = this.#desk;
    if (draft.record.kind === "self") return NOTE.nothing;
    if (identity.isMe(sender)) return NOTE.own;
    if (shown.kind === "unreadable") return NOTE.theirs;
    if (shown.kind !== "text") return NOTE.nothing;
    return isIn(shown.mentions, identity.chain) ? NOTE.mention : NOTE.theirs;
  }
}

type Preview = Draft["record"]["preview"];

/** What was taken back is not shown in the list either. */
function previewAfter(preview: Preview, { seq, shown }: EntryRecord): Preview {
  if (preview?.seq !== seq || shown.kind !== "text") return preview;
  return shown.retracted === null ? { ...preview, text: excerpt(shown.text) } : null;
}

/** Gone from this roster or an earlier one; whoever comes again is a member again. */
function formerAfter(
  { former }: Draft["record"],
  before: Epoch | null,
  { roster }: Epoch,
): readonly ChainId[] {
  const known = [...(before?.roster.map(({ chain }) => chain) ?? []), ...former];
  return known.filter((chain) => rowOf(roster, chain) === null);
}

const bare = (row: { readonly seq: number; readonly at: number }) => ({
  seq: row.seq,
  at: row.at,
  accepted: false,
  sender: null,
  clientId: null,
  epoch: 0,
  shown: { kind: "nothing" } as Shown,
});

function founded(record: Draft["record"], epoch: Epoch, row: Row): Partial<Draft["record"]> {
  const founding = foundingOf(epoch);
  if (founding === null) return {};
  const isFirst = record.epoch === null;
  return { ...founding, activity: isFirst ? Math.max(record.activity, row.at) : record.activity };
}

function continues(last: SenderRecord | null, { deviceSeq, prevOwn }: Header): boolean {
  if (last === null) return deviceSeq === 1 && prevOwn === null;
  return deviceSeq === last.deviceSeq + 1 && prevOwn !== null && sameBytes(prevOwn, last.hash);
}
