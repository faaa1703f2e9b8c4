import { sameBytes } from "../crypto";
import type { ConversationView, EngineEvent, Page } from "../store/model";
import { Acquainting } from "./acquainting";
import { LATE } from "./alarms";
import { Catching } from "./catching";
import type { Conversation } from "./conversation";
import type { Desk, Line } from "./desk";
import { Directs } from "./directs";
import { Figures } from "./figures";
import type { Live } from "./live";
import type { Revocation } from "./late";
import { isLate } from "./late";
import { Marking } from "./marking";
import { OwnStates } from "./ownstate";
import type { Asked } from "./pages";
import { eachFrom, pageOf, viewsOf } from "./pages";
import { eachInParallel } from "./parallel";
import { AT_ONCE, Pinning } from "./pinning";
import { Receipts } from "./receipts";
import type { Received } from "./receiving";
import { Receiving } from "./receiving";
import type { EntryRecord } from "./records";
import { Renewing } from "./renewing";
import { Reopening } from "./reopening";
import { Restoring } from "./restoring";
import { Roll } from "./roll";
import { Sending } from "./sending";
import { Teams } from "./teams";
import { Titles } from "./titles";
import { conversationView } from "./views";
import { Whispering } from "./whispering";
import { Wraps } from "./wraps";
import { Writing } from "./writing";

type Told = { readonly told: number; readonly page: Page };

const UNASKED = 200;

/** The rooms of an open vault, and what passes between them. */
export class Rooms {
  readonly desk: Desk;
  readonly pinning: Pinning;
  readonly receiving: Receiving;
  readonly restoring: Restoring;
  readonly catching: Catching;
  readonly renewing: Renewing;
  readonly sending: Sending;
  readonly marking: Marking;
  readonly ownStates: OwnStates;
  readonly roll: Roll;
  readonly acquainting: Acquainting;
  readonly directs: Directs;
  readonly teams: Teams;
  readonly writing: Writing;
  readonly titles: Titles;
  readonly figures: Figures;
  readonly whispering: Whispering;
  readonly receipts: Receipts;
  readonly line: Line;
  /** The last that this browser made in its own key log. */
  revocation: () => Revocation | null = () => null;
  readonly #told = new Map<string, number>();
  readonly #paged = new Map<string, number>();

  constructor(desk: Desk, live: Live) {
    const line = live.socket;
    const reopening = new Reopening(desk, (conversation, records) => this.#show(conversation, records));
    this.desk = desk;
    this.line = line;
    this.pinning = new Pinning(desk);
    this.acquainting = new Acquainting(desk, this.pinning);
    this.receiving = new Receiving(desk, {
      pinning: this.pinning,
      wraps: new Wraps(desk),
      line,
      noted: (conversation) => this.ownStates.notedIn(conversation),
      received: (received) => this.#received(received),
    });
    this.restoring = new Restoring(desk, (conversation) => {
      this.catching.pull(conversation).catch(() => undefined);
    });
    const { receiving, restoring } = this;
    this.catching = new Catching(desk, { receiving, line, restoring }, () => this.revocation());
    this.renewing = new Renewing(desk, this.pinning, this.catching);
    this.ownStates = new OwnStates(desk, {
      flush: (self) => {
        this.sending.flush(self);
      },
      opened: (conversation) => {
        reopening.reopen(conversation);
      },
    });
    const { catching, renewing, ownStates } = this;
    this.sending = new Sending(desk, { catching, renewing, line, gather: () => ownStates.gather() });
    this.receipts = new Receipts(desk);
    this.marking = new Marking(desk, { line, receipts: this.receipts }, (conversation, from) =>
      this.#marked(conversation, from),
    );
    this.roll = new Roll(desk, ownStates, this.pinning);
    this.directs = new Directs(this);
    this.writing = new Writing(desk, this);
    this.teams = new Teams(desk, this);
    this.figures = new Figures(desk);
    this.whispering = new Whispering(desk, line, (conversation) => {
      this.tell(conversation);
    });
    this.titles = new Titles(desk, this.writing);
  }

  async load(): Promise<void> {
    const { ownStates, marking, figures, whispering, writing } = this;
    await Promise.all([ownStates, marking, figures, whispering, writing].map((room) => room.load()));
  }

  stop(): void {
    this.sending.stop();
    this.restoring.stop();
    this.marking.stop();
    this.ownStates.stop();
    this.figures.stop();
    this.whispering.stop();
  }

  views(): readonly ConversationView[] {
    const shown = this.desk.conversations.all().filter(isShown);
    return shown.map((conversation) => conversationView(conversation, this.desk));
  }

  /** Tells all screens how these conversations stand now. */
  tell(...conversations: readonly Conversation[]): void {
    const views = conversations
      .filter(isShown)
      .map((conversation) => conversationView(conversation, this.desk));
    if (views.length > 0) this.desk.tell({ type: "conversations", conversations: views });
  }

  tellMessages(
    conversation: Conversation,
    change: Omit<Extract<EngineEvent, { type: "messages" }>, "type" | "conversation">,
  ): void {
    if (change.messages.length + change.removed.length === 0) return;
    this.#told.set(conversation.key, this.toldTo(conversation) + 1);
    this.desk.tell({ type: "messages", conversation: conversation.key, ...change });
  }

  /** How often something was told of a conversation's messages. */
  toldTo({ key }: Conversation): number {
    return this.#told.get(key) ?? 0;
  }

  /** The page again, when something was told since it was read: what it showed must not stand over what was told. */
  async tellAgain(conversation: Conversation, asked: Asked, { told, page }: Told): Promise<void> {
    if (this.toldTo(conversation) === told) return;
    const { messages } = await pageOf(conversation, asked, this.desk);
    const now = new Set(messages.map(({ key }) => key));
    const removed = page.messages.filter(({ seq, key }) => seq === null && !now.has(key));
    this.tellMessages(conversation, { messages, removed: removed.map(({ key }) => key) });
  }

  /** The oldest place that may be on a screen: a tab that was loaded before this engine was has one page at least. */
  #shownFrom({ key, record }: Conversation): number {
    return Math.min(this.#paged.get(key) ?? Infinity, record.seq - UNASKED);
  }

  /** A page was asked for: from here on, what changes in it is told. */
  shows({ key }: Conversation, first: number): void {
    this.#paged.set(key, Math.min(this.#paged.get(key) ?? Infinity, first - 1));
  }

  async #received({ conversation, fresh, amended, isFaulty }: Received): Promise<void> {
    if (conversation.record.kind === "self") return this.#receivedSelf(conversation);
    await this.#show(conversation, [...amended, ...fresh]);
    await this.#showQuoting(conversation, amended);
    if (fresh.length === 0) return;
    await this.figures.count(fresh);
    await this.titles.sayAgain(conversation, "maker");
    this.marking.markSoon(conversation);
    this.ownStates.saySoon();
    await this.marking.takeAside(conversation);
    const isStale = await isLate(conversation, fresh, this.desk.identity.chain);
    if (isStale) await conversation.raise(LATE);
    // E17, K21: the member makes the next epoch at once.
    if (isFaulty || isStale) this.#heal(conversation);
  }

  /** K21: at once after a revocation; what does not answer now is caught up when the line is back. */
  catchUp(): Promise<void> {
    return eachInParallel(this.desk.conversations.all(), AT_ONCE, async (conversation) => {
      await this.catching.pull(conversation).catch(() => undefined);
    });
  }

  async #receivedSelf(self: Conversation): Promise<void> {
    await this.ownStates.takeUp(self);
    this.ownStates.saySoon();
    this.tell(...this.desk.conversations.all());
  }

  #heal(conversation: Conversation): void {
    conversation.queue.run(() => this.renewing.secretToSeal(conversation)).catch(() => undefined);
  }

  async #show(conversation: Conversation, records: readonly EntryRecord[]): Promise<void> {
    this.tellMessages(conversation, {
      messages: await viewsOf(conversation, records, this.desk),
      removed: [],
    });
    this.tell(conversation);
  }

  /** What quotes an entry shows it as it is now. */
  async #showQuoting(conversation: Conversation, amended: readonly EntryRecord[]): Promise<void> {
    if (amended.length === 0) return;
    const quotes = ({ shown }: EntryRecord) =>
      shown.kind === "text" &&
      amended.some(({ hash }) => shown.quote !== null && sameBytes(shown.quote, hash));
    const from = Math.max(Math.min(...amended.map(({ seq }) => seq)), this.#shownFrom(conversation));
    await eachFrom(conversation, { from, desk: this.desk, counts: quotes }, (messages) => {
      this.tellMessages(conversation, { messages, removed: [] });
    });
  }

  async #marked(conversation: Conversation, from: number): Promise<void> {
    const span = { from: Math.max(from, this.#shownFrom(conversation)), desk: this.desk };
    await eachFrom(conversation, span, (views) => {
      this.tellMessages(conversation, { messages: views.filter(({ own }) => own), removed: [] });
    });
    this.tell(conversation);
  }
}

/** One without an epoch is not yet a conversation, unless the host keeps back what it needs; the own state has no screen. */
const isShown = ({ record: { kind, epoch, alarms, isCut } }: Conversation): boolean =>
  kind !== "self" && (epoch !== null || alarms.length > 0 || isCut);
