import { createContext, tick } from "svelte";
import type { Failure } from "../../messenger/commands";
import type { ConversationView, MessageView, PersonView } from "../../store/model";
import { Announcer } from "../announcer.svelte";
import { asFailure, sentence } from "../attempt.svelte";
import type { Anchor, Client } from "../client.svelte";
import { focusAtOpening, hand, type Place } from "../hand";
import { plural, t } from "../i18n";
import { clock, spokenWhen } from "../i18n/dates";
import { everybodyOf } from "../people/naming";
import { fullName } from "../people/person";
import { Acting } from "./acting.svelte";
import { Composing } from "./composing.svelte";
import { Reading } from "./reading.svelte";
import type { Namer } from "./rosterwords";

/** An open conversation: what is read, what is written, and what passes between the two. */
export class ThreadPage {
  readonly id: string;
  readonly reading: Reading;
  readonly composing: Composing;
  readonly acting: Acting;
  readonly announcer = new Announcer((count) => plural("thread.announce_many", count));
  readonly #client: Client;
  readonly #opened = hand();
  readonly #coarse = matchMedia("(pointer: coarse)").matches;
  /** Set by the composer and by the list, so that one can hand the focus to the other. */
  focusComposer: () => void = () => undefined;
  pick: (person: PersonView) => void = () => undefined;
  focusMessages: () => void = () => undefined;
  focusInPlace: () => void = () => undefined;
  toLatest: () => void = () => undefined;

  constructor(client: Client, conversation: ConversationView) {
    this.#client = client;
    this.id = conversation.id;
    this.reading = new Reading(client.commands, client.store.thread(conversation.id), conversation);
    this.composing = new Composing(client.commands, conversation, () => this.conversation);
    this.acting = new Acting(client.commands, conversation.id, (work) => this.#try(work));
  }

  /** Opens the thread and puts the focus where the person goes on. */
  async open(): Promise<void> {
    if (this.#opened === "mouse" && this.#place === "composer") this.focusComposer(); // typing goes on at once
    await this.reading.open();
    await tick();
    // On something new, the list takes the focus once it has found its place.
    if (this.#place === "composer") this.focusComposer();
  }

  /** The list is where it should be. */
  placed(): void {
    if (this.#place === "unread") this.focusInPlace();
  }

  get #place(): Place {
    return focusAtOpening(this.#opened, this.#coarse, this.reading.unreadRow >= 0);
  }

  get anchor(): Anchor | null {
    return this.#client.anchors.get(this.id) ?? null;
  }

  /** Where to come back to; at the newest there is nothing to remember. */
  remember(anchor: Anchor | null): void {
    if (anchor === null) this.#client.anchors.delete(this.id);
    else this.#client.anchors.set(this.id, anchor);
  }

  get conversation(): ConversationView | null {
    return this.#client.store.conversations.get(this.id);
  }

  get me(): string | null {
    return this.#client.store.session.me?.id ?? null;
  }

  person(id: string | null): PersonView | null {
    const { me } = this.#client.store.session;
    const here = this.conversation === null ? [] : everybodyOf(this.conversation);
    return [me, ...here].find((person) => person?.id === id) ?? null;
  }

  nameOf(id: string | null): string {
    const person = this.person(id);
    if (person === null) return t("thread.somebody");
    return person.id === this.#client.store.session.me?.id ? t("thread.you") : fullName(person);
  }

  readonly namer: Namer = {
    name: (id) => this.nameOf(id),
    isMe: (id) => id !== null && id === this.#client.store.session.me?.id,
  };

  /** Puts an own message's words back into the field, to leave again in its place. */
  change(message: MessageView): void {
    if (!message.own || message.seq === null || message.body.kind !== "text") return;
    this.composing.edit(message);
    this.focusComposer();
  }

  async retract(message: MessageView): Promise<void> {
    const text = await this.acting.retract(message);
    if (text !== null) this.focusMessages();
  }

  /** Sent by mistake a moment ago: taken back, and its words returned to the field. */
  async undo(message: MessageView): Promise<void> {
    const text = await this.acting.retract(message);
    if (text === null) return;
    this.composing.giveBack(text);
    this.focusComposer();
    this.#client.toasts.show(t("message.undone"));
  }

  reply(message: MessageView): void {
    if (message.body.kind !== "text" || message.seq === null) return; // only what has left can be quoted
    this.composing.answer(message);
    this.focusComposer();
  }

  async send(): Promise<void> {
    const sent = this.composing.send();
    this.toLatest();
    await sent;
  }

  async edit(message: MessageView): Promise<void> {
    const text = await this.#withdraw(message);
    if (text === null) return;
    this.composing.giveBack(text);
    this.focusComposer();
  }

  async cancel(message: MessageView): Promise<void> {
    const text = await this.#withdraw(message);
    if (text === null) return;
    const undo = (): void => {
      this.composing.giveBack(text);
      this.focusComposer();
    };
    this.#client.toasts.show(t("state.cancelled"), { label: t("state.undo"), run: undo });
  }

  async acknowledge(): Promise<void> {
    await this.#try(() => this.#client.commands.acknowledge({ conversation: this.id }));
    this.focusComposer();
  }

  announce(message: MessageView): void {
    const author = this.person(message.author);
    if (message.body.kind !== "text" || author === null) return;
    const time = `${spokenWhen(message.at, Date.now() / 1000)} ${clock(message.at)}`;
    const { profession } = author;
    this.announcer.say(
      t("thread.announce", { name: fullName(author), profession, time, text: message.body.text }),
    );
  }

  #withdraw(message: MessageView): Promise<string | null> {
    return this.#try(() => this.#client.commands.cancel({ conversation: this.id, key: message.key }), {
      not_allowed: t("state.too_late"),
    });
  }

  async #try<T>(work: () => Promise<T>, words: Partial<Record<Failure, string>> = {}): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      const failure = asFailure(error);
      this.#client.toasts.show(words[failure.code] ?? sentence(failure));
      return null;
    }
  }
}

export const [useThread, provideThread] = createContext<ThreadPage>();
