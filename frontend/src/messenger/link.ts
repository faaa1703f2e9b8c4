import type { EngineEvent } from "../store/model";
import type { Timers } from "../sync";
import type { Channel, Frame, Outcome } from "./channel";
import { COMMANDS } from "./channel";
import type { Commands } from "./commands";
import { CommandError } from "./commands";

const AGAIN_AFTER = 1_000;
const STIR_EVERY = 60_000;

type Asked = {
  readonly frame: Extract<Frame, { kind: "ask" }>;
  readonly settle: (outcome: Outcome) => void;
};
type Opening = Awaited<ReturnType<Commands["open"]>>;

/** A tab's end: asks until it is answered, by whichever engine is there. It holds no key. */
export class Link {
  readonly commands: Commands;
  readonly #channel: Channel;
  readonly #timers: Timers;
  readonly #makeId: () => string;
  readonly #onEvent: (event: EngineEvent) => void;
  readonly #tab: string;
  readonly #waiting = new Map<string, Asked>();
  #looked: unknown = null;
  #hasOpened = false;
  #stirred: number;

  constructor(channel: Channel, timers: Timers, makeId: () => string, onEvent: (event: EngineEvent) => void) {
    this.#channel = channel;
    this.#timers = timers;
    this.#makeId = makeId;
    this.#onEvent = onEvent;
    this.#tab = makeId();
    this.#stirred = timers.now();
    this.commands = this.#makeCommands();
    channel.listen((frame) => {
      this.#hear(frame);
    });
  }

  /** The tab closes. */
  leave(): void {
    this.rest();
    this.#channel.close();
  }

  /** The browser puts the page away: nothing is looked at in it, until it comes back. */
  rest(): void {
    this.#channel.post({ kind: "bye", tab: this.#tab });
  }

  wake(): void {
    this.#renew();
  }

  /** The person does something here: reading too keeps the session awake (F6). Said at most once a minute. */
  stir(): void {
    const now = this.#timers.now();
    if (!this.#hasOpened || now < this.#stirred + STIR_EVERY) return;
    this.#stirred = now;
    this.#ask("look", this.#looked ?? { conversation: null }).catch(ignore);
  }

  #makeCommands(): Commands {
    const made = COMMANDS.map((command) => [command, (input: unknown) => this.#ask(command, input)]);
    return Object.fromEntries(made) as Commands;
  }

  #ask(command: keyof Commands, input: unknown): Promise<unknown> {
    if (command === "look") this.#looked = input;
    const frame = { kind: "ask", tab: this.#tab, id: this.#makeId(), command, input } as const;
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome) => {
        if (command === "open") this.#hasOpened = true;
        if (outcome.ok) resolve(outcome.value);
        else reject(new CommandError(outcome.code, outcome.retryAfter));
      };
      this.#waiting.set(frame.id, { frame, settle });
      this.#say(frame.id);
    });
  }

  #say(id: string): void {
    const asked = this.#waiting.get(id);
    if (asked === undefined) return;
    this.#channel.post(asked.frame);
    this.#timers.after(AGAIN_AFTER, () => {
      this.#say(id);
    });
  }

  #hear(frame: Frame): void {
    if (frame.kind === "event") this.#onEvent(frame.event);
    else if (frame.kind === "answer") this.#answered(frame.id, frame.outcome);
    else if (frame.kind === "here") this.#renew();
  }

  #answered(id: string, outcome: Outcome): void {
    const asked = this.#waiting.get(id);
    if (asked === undefined) return;
    this.#waiting.delete(id);
    this.#channel.post({ kind: "thanks", id });
    asked.settle(outcome);
  }

  // Another engine took over: it knows nothing of this tab yet, and this tab nothing of how it stands.
  #renew(): void {
    for (const { frame } of this.#waiting.values()) this.#channel.post(frame);
    if (!this.#hasOpened) return;
    this.commands.open().then((opening) => {
      this.#show(opening);
    }, ignore);
    if (this.#looked !== null) this.#ask("look", this.#looked).catch(ignore);
  }

  #show({ session, connection, conversations }: Opening): void {
    this.#onEvent({ type: "session", session });
    this.#onEvent({ type: "connection", connection });
    this.#onEvent({ type: "conversations", conversations });
  }
}

// A later answer of the engine says the same again.
const ignore = (): void => undefined;
