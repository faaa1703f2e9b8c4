import type { Commands } from "../../messenger/commands";
import type { MessageView, ReceiptView, Sign } from "../../store/model";
import { Attempt } from "../attempt.svelte";

export const UNDO_SECONDS = 10;

/** What is done to messages that have left: reacting, taking back, asking who has them. */
export class Acting {
  readonly asking = new Attempt();
  readonly #commands: Commands;
  readonly #conversation: string;
  readonly #try: <T>(work: () => Promise<T>) => Promise<T | null>;
  #retracting = $state.raw<MessageView | null>(null);
  #receipts = $state.raw<readonly ReceiptView[]>([]);

  constructor(
    commands: Commands,
    conversation: string,
    attempt: <T>(work: () => Promise<T>) => Promise<T | null>,
  ) {
    this.#commands = commands;
    this.#conversation = conversation;
    this.#try = attempt;
  }

  /** The message whose taking back waits for a yes. */
  get retracting(): MessageView | null {
    return this.#retracting;
  }

  get receipts(): readonly ReceiptView[] {
    return this.#receipts;
  }

  askToRetract(message: MessageView | null): void {
    this.#retracting = message;
  }

  async react({ key }: MessageView, sign: Sign | null): Promise<void> {
    await this.#try(() => this.#commands.react({ conversation: this.#conversation, key, sign }));
  }

  /** Resolves to the words that were taken back, or null when they were not. */
  async retract({ key }: MessageView): Promise<string | null> {
    this.#retracting = null;
    return this.#try(() => this.#commands.retract({ conversation: this.#conversation, key }));
  }

  async ask({ key }: MessageView): Promise<void> {
    this.#receipts = [];
    const found = await this.asking.run(() =>
      this.#commands.receipts({ conversation: this.#conversation, key }),
    );
    if (found !== null) this.#receipts = found;
  }
}

/** The sign this person put on a message. */
export function signOf({ body }: MessageView, me: string | null): Sign | null {
  if (body.kind !== "text" || me === null) return null;
  return body.reactions.find(({ persons }) => persons.includes(me))?.sign ?? null;
}
