import type { ChainId, Content, Hash } from "../crypto";
import {
  asClientId,
  compareBytes,
  fromText,
  makeClientId,
  MAX_MENTIONS,
  MAX_TEXT,
  rowOf,
  toText,
} from "../crypto";
import type { Sign } from "../store/model";
import { CommandError } from "./commands";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import { personOf } from "./members";
import { Queue } from "./queue";
import type { EntryRecord, OutboxRecord, Said, ShownText } from "./records";
import { drop } from "./records";
import type { Rooms } from "./rooms";
import { queuedView, readEntryRecord } from "./views";

export type Written = {
  readonly text: string;
  readonly quote: string | null;
  /** Person ids. */
  readonly mentions: readonly string[];
};
type Own = EntryRecord & { readonly shown: ShownText };
const LATE_AFTER = 10;

/** What the user says: kept in the outbox before anything else happens to it. */
export class Writing {
  readonly #desk: Desk;
  readonly #rooms: Rooms;
  readonly #written = new Queue();

  constructor(desk: Desk, rooms: Rooms) {
    this.#desk = desk;
    this.#rooms = rooms;
  }

  /** What waits from before becomes late like the rest, at the latest as if it were written now. */
  load(): Promise<void> {
    const { clock, conversations, outbox } = this.#desk;
    for (const conversation of conversations.all())
      for (const item of outbox.of(conversation.key)) this.#watch(conversation, item, clock.now() - item.at);
    return Promise.resolve();
  }

  /** `id` names the message, so that asking twice is sending once. */
  async send(conversation: Conversation, written: Written, id: string): Promise<void> {
    const text = textOf(written.text);
    const mentions = this.#mentioned(conversation, written.mentions);
    // One after another, so that a quote being looked up lets nothing past.
    const isNew = await this.#written.run(async () => {
      if (await this.#isKnown(conversation, id)) return false;
      const quote = written.quote === null ? null : await hashOf(conversation, written.quote);
      await this.#queue(conversation, { kind: "text", text, quote, mentions }, id);
      return true;
    });
    if (isNew) this.#rooms.sending.flush(conversation);
  }

  /** What was never sealed has not left. Its text. */
  async cancel(conversation: Conversation, key: string): Promise<string> {
    const item = this.#desk.outbox.get(key);
    if (item?.said?.kind !== "text" || item.attempts.length > 0) throw new CommandError("not_allowed");
    await this.#desk.outbox.remove(item);
    this.#rooms.tellMessages(conversation, { messages: [], removed: [key] });
    this.#rooms.tell(conversation);
    return item.said.text;
  }

  /** M11. */
  async edit(
    conversation: Conversation,
    key: string,
    { text, mentions }: Omit<Written, "quote">,
  ): Promise<void> {
    const said = { text: textOf(text), mentions: this.#mentioned(conversation, mentions) };
    const target = await this.#own(conversation, key);
    await this.say(conversation, { kind: "edit", target: target.hash, ...said });
  }

  /** M11. Its text, for whoever wants to write it anew. */
  async retract(conversation: Conversation, key: string): Promise<string> {
    const queued = this.#desk.outbox.get(key);
    if (queued !== null && queued.attempts.length === 0) return this.cancel(conversation, key);
    // It may have left: what is taken back must have its place first.
    if (queued !== null) throw new CommandError("offline");
    const target = await this.#own(conversation, key);
    await this.say(conversation, { kind: "retract", target: target.hash });
    return target.shown.text;
  }

  /** M12. */
  async react(conversation: Conversation, key: string, sign: Sign | null): Promise<void> {
    const target = await this.#target(conversation, key);
    await this.say(conversation, { kind: "react", target: target.hash, sign });
  }

  async say(conversation: Conversation, said: Said): Promise<void> {
    const id = toText(makeClientId(this.#desk.world.random));
    await this.#written.run(() => this.#add(conversation, said, id));
    this.#rooms.tell(conversation);
    this.#rooms.sending.flush(conversation);
  }

  async #isKnown(conversation: Conversation, id: string): Promise<boolean> {
    return this.#desk.outbox.get(id) !== null || (await conversation.journal()).placeOfOwn(id) !== null;
  }

  async #queue(
    conversation: Conversation,
    said: Extract<Content, { kind: "text" }>,
    id: string,
  ): Promise<void> {
    const { drafts } = this.#desk;
    const item = await this.#add(conversation, said, id);
    this.#watch(conversation, item, 0);
    drafts.sent(conversation.key);
    // Whoever answers has read what stood there.
    await this.#rooms.marking.readTo(conversation, conversation.record.seq);
    await this.#show(conversation, item.key);
  }

  /** Told once it is late. What passes is counted here: the host's clock may be told anew meanwhile. */
  #watch(conversation: Conversation, { key }: OutboxRecord, age: number): void {
    const { outbox, world } = this.#desk;
    const left = LATE_AFTER - Math.min(LATE_AFTER, Math.max(0, age));
    world.timers.after(left * 1000, () => {
      if (outbox.becomeLate(key)) this.#show(conversation, key).catch(() => undefined);
    });
  }

  #add(conversation: Conversation, said: Said, id: string): Promise<OutboxRecord> {
    const { outbox, clock } = this.#desk;
    const at = Math.max(clock.now(), outbox.of(conversation.key).at(-1)?.at ?? 0);
    const item = { key: id, conversation: conversation.key, clientId: asClientId(fromText(id)), said, at };
    const gone = said.kind === "text" ? [drop("drafts", conversation.key)] : [];
    return outbox.add({ ...item, attempts: [] }, ...gone);
  }

  async #show(conversation: Conversation, key: string): Promise<void> {
    const item = this.#desk.outbox.get(key);
    const view = item === null ? null : await queuedView(conversation, item, this.#desk);
    // Settled meanwhile: its line has been told already.
    if (view === null || this.#desk.outbox.get(key) === null) return;
    this.#rooms.tellMessages(conversation, { messages: [view], removed: [] });
    this.#rooms.tell(conversation);
  }

  /** M14: rows of the roster, ascending; who is in none is not named. */
  #mentioned({ epoch }: Conversation, persons: readonly string[]): readonly ChainId[] {
    const roster = epoch?.roster ?? [];
    const isNamed = (chain: ChainId) => persons.includes(personOf(chain, this.#desk) ?? "");
    const chains = roster.map(({ chain }) => chain).filter(isNamed);
    if (chains.length > MAX_MENTIONS) throw new CommandError("too_many");
    return chains.sort(compareBytes);
  }

  async #own(conversation: Conversation, key: string): Promise<Own> {
    const target = await this.#target(conversation, key);
    if (!this.#desk.identity.isMe(target.sender)) throw new CommandError("not_allowed");
    return target;
  }

  async #target(conversation: Conversation, key: string): Promise<Own> {
    const seq = await seqOf(conversation, key);
    const record = seq === null ? null : await readEntryRecord(conversation, seq, this.#desk);
    if (record === null) throw new CommandError("not_found");
    const { shown, accepted } = record;
    if (!accepted || shown.kind !== "text" || shown.retracted !== null) throw new CommandError("not_allowed");
    if (conversation.epoch === null || rowOf(conversation.epoch.roster, this.#desk.identity.chain) === null)
      throw new CommandError("not_allowed");
    return { ...record, shown };
  }
}

/** Half of a character outside the basic plane is no text. */
export const wellFormed = (text: string): string => text.replace(/[\ud800-\udfff]/gu, "\ufffd");

function textOf(typed: string): string {
  const text = wellFormed(typed);
  if (text.trim() === "" || [...text].length > MAX_TEXT) throw new CommandError("too_long");
  return text;
}

export async function seqOf(conversation: Conversation, key: string): Promise<number | null> {
  return /^e\d+$/.test(key) ? Number(key.slice(1)) : (await conversation.journal()).placeOfOwn(key);
}

async function hashOf(conversation: Conversation, key: string): Promise<Hash | null> {
  const seq = await seqOf(conversation, key);
  return seq === null ? null : ((await conversation.journal()).at(seq)?.hash ?? null);
}
