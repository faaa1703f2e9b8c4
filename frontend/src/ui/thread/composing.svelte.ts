import type { CommandError, Commands } from "../../messenger/commands";
import type { ConversationView, MessageView } from "../../store/model";
import { t } from "../i18n";
import { asFailure, sentence } from "../attempt.svelte";

const DRAFT_MS = 500;

/** What is being written in one conversation: words, what they answer, and a draft that outlives the page. */
export class Composing {
  readonly conversation: string;
  readonly #commands: Commands;
  #text = $state("");
  #quote = $state.raw<MessageView | null>(null);
  #failure = $state.raw<CommandError | null>(null);
  #saved: string;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(commands: Commands, conversation: ConversationView) {
    this.#commands = commands;
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
    this.#timer ??= setTimeout(() => {
      this.keep();
    }, DRAFT_MS);
  }

  get error(): string | null {
    return this.#failure === null ? null : `${sentence(this.#failure)} ${t("composer.failed")}`;
  }

  get quote(): MessageView | null {
    return this.#quote;
  }

  get empty(): boolean {
    return this.#text.trim() === "";
  }

  answer(message: MessageView | null): void {
    this.#quote = message;
  }

  /** Gives words back to the field, before what is there already. */
  giveBack(text: string): void {
    this.text = this.empty ? text : `${text}\n${this.#text}`;
  }

  /** The next message may be typed and sent while this one is on its way: the engine keeps the order. */
  async send(): Promise<boolean> {
    if (this.empty) return false;
    const text = this.#text.trim();
    const quoted = this.#quote;
    this.#text = "";
    this.#quote = null;
    try {
      await this.#commands.send({
        conversation: this.conversation,
        text,
        quote: quoted?.key ?? null,
        mentions: [],
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
    if (this.#text === this.#saved) return;
    const text = this.#text;
    this.#commands.saveDraft({ conversation: this.conversation, text }).then(
      () => {
        this.#saved = text;
      },
      () => undefined, // the words are still in the field; the next pause tries again
    );
  }

  #restore(text: string, quoted: MessageView | null): void {
    this.#text = this.empty ? text : `${text}\n${this.#text}`;
    this.#quote = quoted;
  }
}
