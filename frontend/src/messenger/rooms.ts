import type { ConversationView, EngineEvent, Page } from "../store/model";
import { Catching } from "./catching";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import { Directs } from "./directs";
import type { Live } from "./live";
import { Marking } from "./marking";
import { OwnStates } from "./ownstate";
import { queuedViews, viewsFrom, viewsOf } from "./pages";
import { Pinning } from "./pinning";
import type { Received } from "./receiving";
import { Receiving } from "./receiving";
import type { EntryRecord } from "./records";
import { Renewing } from "./renewing";
import { Reopening } from "./reopening";
import { Roll } from "./roll";
import { Sending } from "./sending";
import { conversationView } from "./views";
import { Wraps } from "./wraps";

/** The rooms of an open vault, and what passes between them. */
export class Rooms {
  readonly desk: Desk;
  readonly pinning: Pinning;
  readonly receiving: Receiving;
  readonly catching: Catching;
  readonly renewing: Renewing;
  readonly sending: Sending;
  readonly marking: Marking;
  readonly ownStates: OwnStates;
  readonly roll: Roll;
  readonly directs: Directs;
  readonly #told = new Map<string, number>();

  constructor(desk: Desk, live: Live) {
    const line = live.socket;
    const reopening = new Reopening(desk, (conversation, records) => this.#show(conversation, records));
    this.desk = desk;
    this.pinning = new Pinning(desk);
    this.receiving = new Receiving(desk, this.pinning, new Wraps(desk), (received) =>
      this.#received(received),
    );
    this.catching = new Catching(desk, this.receiving, line);
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
    this.marking = new Marking(desk, line, (conversation, from) => this.#marked(conversation, from));
    this.roll = new Roll(desk, ownStates);
    this.directs = new Directs(this);
  }

  async load(): Promise<void> {
    await Promise.all([this.ownStates.load(), this.marking.load()]);
  }

  stop(): void {
    this.sending.stop();
    this.marking.stop();
    this.ownStates.stop();
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

  /** Says again what a page, read when `told` had been told, may show as it was before. */
  async tellAgain(conversation: Conversation, told: number, page: Page): Promise<void> {
    if (this.toldTo(conversation) === told) return;
    const shown = page.messages.flatMap(({ seq }) => seq ?? []);
    const messages = await viewsFrom(
      conversation,
      Math.min(...shown, conversation.record.seq) - 1,
      this.desk,
    );
    const queued = await queuedViews(conversation, this.desk);
    const now = new Set([...messages, ...queued].map(({ key }) => key));
    const removed = page.messages
      .filter(({ seq, key }) => seq === null && !now.has(key))
      .map(({ key }) => key);
    this.tellMessages(conversation, { messages: [...messages, ...queued], removed });
  }

  async #received({ conversation, fresh, isFaulty }: Received): Promise<void> {
    if (conversation.record.kind === "self") return this.#receivedSelf(conversation);
    await this.#show(conversation, fresh);
    if (fresh.length === 0) return;
    this.marking.markSoon(conversation);
    this.ownStates.saySoon();
    await this.marking.takeAside(conversation);
    // E17: the member makes the next epoch at once.
    if (isFaulty) this.#heal(conversation);
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

  async #marked(conversation: Conversation, from: number): Promise<void> {
    const own = (await viewsFrom(conversation, from, this.desk)).filter((view) => view.own);
    this.tellMessages(conversation, { messages: own, removed: [] });
    this.tell(conversation);
  }
}

/** One without an epoch is not yet a conversation; the own state has no screen. */
const isShown = ({ record }: Conversation): boolean => record.kind === "direct" && record.epoch !== null;
