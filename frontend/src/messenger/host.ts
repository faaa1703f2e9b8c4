import type { EngineEvent } from "../store/model";
import type { Channel, Frame, Outcome } from "./channel";
import type { Commands } from "./commands";
import { CommandError } from "./commands";

type Ask = Extract<Frame, { kind: "ask" }>;
/** The commands, told under which id they were asked: what must happen once only is named by it. */
export type Hosted = { readonly [K in keyof Commands]: (input: never, id?: string) => Promise<unknown> };

/** Answers nobody thanked for: of tabs that died. */
const MOST_KEPT = 200;

/** The engine's end: answers every tab, each request once, however often it is asked. */
export class Host {
  readonly #channel: Channel;
  readonly #commands: Hosted;
  readonly #looked: (conversations: readonly string[]) => void;
  readonly #answers = new Map<string, Promise<Outcome>>();
  /** By tab, the conversation on its screen; the last one looked at is last. */
  readonly #looks = new Map<string, string>();

  /** `looked`: what is on the screens of all tabs, the last one looked at first. */
  constructor(channel: Channel, commands: Hosted, looked: (conversations: readonly string[]) => void) {
    this.#channel = channel;
    this.#looked = looked;
    this.#commands = commands;
    channel.listen((frame) => {
      this.#hear(frame);
    });
    channel.post({ kind: "here" });
  }

  tell(event: EngineEvent): void {
    this.#channel.post({ kind: "event", event });
  }

  #hear(frame: Frame): void {
    if (frame.kind === "ask") void this.#answer(frame);
    else if (frame.kind === "thanks") this.#answers.delete(frame.id);
    else if (frame.kind === "bye") this.#look(frame.tab, null);
  }

  async #answer(ask: Ask): Promise<void> {
    const outcome = this.#answers.get(ask.id) ?? this.#act(ask);
    this.#answers.set(ask.id, outcome);
    this.#forgetOldest();
    this.#channel.post({ kind: "answer", id: ask.id, outcome: await outcome });
  }

  async #act({ tab, id, command, input }: Ask): Promise<Outcome> {
    try {
      if (command === "look") return this.#look(tab, conversationIn(input));
      const act = this.#commands[command] as (input: unknown, id: string) => Promise<unknown>;
      return { ok: true, value: await act(input, id) };
    } catch (error) {
      const { code, retryAfter } = error instanceof CommandError ? error : new CommandError("bug");
      return { ok: false, code, retryAfter };
    }
  }

  #look(tab: string, conversation: string | null): Outcome {
    this.#looks.delete(tab);
    if (conversation !== null) this.#looks.set(tab, conversation);
    this.#looked([...new Set([...this.#looks.values()].reverse())]);
    return { ok: true, value: undefined };
  }

  #forgetOldest(): void {
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MOST_KEPT && oldest !== undefined) this.#answers.delete(oldest);
  }
}

function conversationIn(input: unknown): string | null {
  const isNamed = typeof input === "object" && input !== null && "conversation" in input;
  return isNamed && typeof input.conversation === "string" ? input.conversation : null;
}
