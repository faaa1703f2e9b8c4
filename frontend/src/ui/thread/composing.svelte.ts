import type { CommandError, Commands } from "../../messenger/commands";
import type { ConversationView, MessageView } from "../../store/model";
import { t } from "../i18n";
import { asFailure, sentence } from "../attempt.svelte";
import { peopleOf } from "../people/naming";
import { Mentioning, named } from "./mentioning.svelte";

const DRAFT_MS = 500;
const TYPING_MS = 4000; // said again this often while words are typed

/** What is being written in one conversation: words, what they answer, and a draft that outlives the page. */
export class Composing {
  readonly conversation: string;
  readonly #commands: Commands;
  #text = $state("");
  #quote = $state.raw<MessageView | null>(null);
  #editing = $state.raw<MessageView | null>(null);
  #failure = $state.raw<CommandError | null>(null);
  /** What was being written before a message was taken up again for a change. */
  #before = "";
  #saved: string;
  #typed = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  readonly mentioning: Mentioning;

  constructor(commands: Commands, conversation: ConversationView, current: () => ConversationView | null) {
    this.#commands = commands;
    this.mentioning = new Mentioning(() => {
      const here = current();
      return here === null || here.kind === "direct" ? [] : peopleOf(here);
    });
    this.conversation = conversation.id;
    this.#text = conversation.draft;
    this.#saved = conversation.draft;
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    this.#failure = null;
    this.#sayTyping();
    this.#timer ??= setTimeout(() => {
      this.keep();
    }, DRAFT_MS);
  }

  get error(): string | null {
    if (this.#failure === null) return null;
    const stays = this.#editing === null ? t("composer.failed") : t("message.edit_failed");
    return `${sentence(this.#failure)} ${stays}`;
  }

  get quote(): MessageView | null {
    return this.#quote;
  }

  get empty(): boolean {
    return this.#text.trim() === "";
  }

  /** The own message whose words are in the field. */
  get editing(): MessageView | null {
    return this.#editing;
  }

  edit(message: MessageView): void {
    if (message.body.kind !== "text") return;
    if (this.#editing === null) this.#before = this.#text;
    this.#quote = null;
    this.#editing = message;
    this.mentioning.remember(message.body.mentions);
    this.#text = message.body.text;
  }

  stopEditing(): void {
    this.#editing = null;
    this.#failure = null;
    this.#text = this.#before;
    this.#before = "";
  }

  answer(message: MessageView | null): void {
    this.#quote = message;
  }

  /** Gives words back to the field, before what is there already. */
  giveBack(text: string): void {
    this.text = this.empty ? text : `${text}\n${this.#text}`;
  }

  /** True when the change has left; until then its words stay in the field. */
  async #change(message: MessageView): Promise<boolean> {
    const text = this.#text.trim();
    const mentions = named(text, this.mentioning.picked);
    try {
      await this.#commands.edit({ conversation: this.conversation, key: message.key, text, mentions });
      this.stopEditing();
      return true;
    } catch (error) {
      this.#failure = asFailure(error);
      return false;
    }
  }

  /** The next message may be typed and sent while this one is on its way: the engine keeps the order. */
  async send(): Promise<boolean> {
    if (this.empty) return false;
    if (this.#editing !== null) return this.#change(this.#editing);
    const text = this.#text.trim();
    const quoted = this.#quote;
    const mentions = named(text, this.mentioning.picked);
    this.#text = "";
    this.#quote = null;
    try {
      await this.#commands.send({
        conversation: this.conversation,
        text,
        quote: quoted?.key ?? null,
        mentions,
      });
      return true;
    } catch (error) {
      this.#restore(text, quoted);
      this.#failure = asFailure(error);
      return false;
    } finally {
      this.keep();
    }
  }

  /** Saves the draft now, when the thread is left or after a pause. */
  keep(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // The draft is what was begun, not the words of a message that is being changed.
    const text = this.#editing === null ? this.#text : this.#before;
    if (text === this.#saved) return;
    this.#commands.saveDraft({ conversation: this.conversation, text }).then(
      () => {
        this.#saved = text;
      },
      () => undefined, // the words are still in the field; the next pause tries again
    );
  }

  #sayTyping(): void {
    const now = Date.now();
    if (this.empty || now - this.#typed < TYPING_MS) return;
    this.#typed = now;
    this.#commands.typing({ conversation: this.conversation, on: true }).catch(() => undefined);
  }

  #restore(text: string, quoted: MessageView | null): void {
    this.#text = this.empty ? text : `${text}\n${this.#text}`;
    this.#quote = quoted;
  }
}
