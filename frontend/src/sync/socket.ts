import type {
  Appended,
  FromClient,
  FromServer,
  Heads,
  Marked,
  RefusedFrame,
  RefusalCode,
  Welcome,
  Whisper,
} from "../protocol";
import { ACCOUNT_CODES, BEAT_SECONDS, CLOSE, decodeFromServer, LOG_CODES, PROTOCOL } from "../protocol";
import { HostRefused } from "./api";
import { Backoff } from "./backoff";
import { Cursors } from "./cursors";
import { AnswerLost, Requests } from "./requests";
import type { Timers } from "./timers";

/** A WebSocket as far as we use it. */
export interface Wire {
  send(text: string): void;
  close(): void;
}
export type WireEvents = {
  readonly opened: () => void;
  readonly received: (text: string) => void;
  /** Once, whatever ended it. */
  readonly closed: (code: number) => void;
};
export type OpenWire = (events: WireEvents) => Wire;

type Answer = Appended | Marked | Heads | RefusedFrame;
/** What the host says unasked. */
export type Dealt = Exclude<FromServer, Welcome | Appended | Marked | RefusedFrame>;
export type SocketState = "idle" | "waiting" | "connecting" | "hello" | "open";
/** Why it does not try again by itself. */
export type Ended = "signed_out" | "not_allowed" | "outdated";

export type SocketEvents = {
  readonly heads: () => readonly (readonly [string, number])[];
  readonly welcome: (welcome: Welcome) => void;
  readonly dealt: (frame: Dealt) => void;
  readonly state: (state: SocketState) => void;
  readonly ended: (why: Ended) => void;
};

const ANSWER_WITHIN = 15_000;
const WELCOME_WITHIN = 15_000;
const LOST_FOR = 30_000;
/** A little over what the host allows, so that a late timer never makes it too early. */
const BEAT = BEAT_SECONDS * 1000 + 500;
const ENDED: Readonly<Record<number, Ended>> = {
  [CLOSE.signed_out]: "signed_out",
  [CLOSE.not_allowed]: "not_allowed",
  [CLOSE.outdated]: "outdated",
};
const CODES: ReadonlySet<string> = new Set([...LOG_CODES, ...ACCOUNT_CODES]);
const isCode = (code: string): code is RefusalCode => CODES.has(code);

/** One live line to the host: connects, greets, beats, and comes back by itself. It knows no key and no content. */
export class Socket {
  readonly #open: OpenWire;
  readonly #timers: Timers;
  readonly #events: SocketEvents;
  readonly #backoff: Backoff;
  readonly #requests: Requests<Answer>;
  readonly #cursors: Cursors;
  #state: SocketState = "idle";
  #wire: Wire | null = null;
  #cancel: () => void = () => undefined;

  constructor(open: OpenWire, timers: Timers, random: () => number, events: SocketEvents) {
    this.#open = open;
    this.#timers = timers;
    this.#events = events;
    this.#backoff = new Backoff(random);
    this.#requests = new Requests(timers, ANSWER_WITHIN);
    this.#cursors = new Cursors(timers, (conversation, seq) => {
      this.#tell({ type: "cursor", conversation, seq });
    });
  }

  get state(): SocketState {
    return this.#state;
  }

  start(): void {
    if (this.#state === "idle" || this.#state === "waiting") this.#connect();
  }

  /** The network may be back: no reason to wait any longer, nor for what was begun before. */
  hurry(): void {
    if (this.#state === "idle" || this.#state === "open") return;
    const wire = this.#wire;
    this.#backoff.reset();
    this.#connect();
    wire?.close();
  }

  /** The network is gone, says the browser: whatever is under way is lost. It may be wrong, so a try comes later. */
  lose(): void {
    if (this.#state === "idle") return;
    const wire = this.#wire;
    this.#drop("waiting");
    this.#connectAfter(LOST_FOR);
    wire?.close();
  }

  stop(): void {
    const wire = this.#wire;
    this.#drop("idle");
    wire?.close();
  }

  async append(conversation: string, entry: string): Promise<Appended> {
    const answer = await this.#ask((ref) => ({ type: "append", ref, conversation, entry }));
    if (answer.type !== "appended") throw new AnswerLost();
    return answer;
  }

  async mark(marker: string): Promise<void> {
    await this.#ask((ref) => ({ type: "marker", ref, marker }));
  }

  look(conversation: string | null): void {
    this.#tell({ type: "look", conversation });
  }

  cursor(conversation: string, seq: number): void {
    if (this.#state === "open") this.#cursors.reach(conversation, seq);
  }

  whisper(conversation: string, word: Whisper["word"]): void {
    this.#tell({ type: "whisper", conversation, word });
  }

  present(on: boolean): void {
    this.#tell({ type: "present", on });
  }

  async #ask(frame: (ref: number) => FromClient): Promise<Answer> {
    const answer = await this.#answered(frame);
    if (answer.type !== "refused") return answer;
    if (!isCode(answer.code)) throw new AnswerLost();
    throw new HostRefused(answer.code, answer.retry_after);
  }

  /** Whatever was asked: a line without an answer is dead, though it may be open. */
  async #answered(frame: (ref: number) => FromClient): Promise<Answer> {
    if (this.#state !== "open") throw new AnswerLost();
    const wire = this.#wire;
    try {
      return await this.#requests.ask((ref) => wire?.send(JSON.stringify(frame(ref))));
    } catch (lost) {
      if (this.#wire === wire) this.#abandon();
      throw lost;
    }
  }

  #tell(frame: FromClient): void {
    if (this.#state === "open") this.#wire?.send(JSON.stringify(frame));
  }

  #connect(): void {
    this.#cancel();
    this.#cursors.forget();
    this.#become("connecting");
    const current = (act: () => void) => {
      if (this.#wire === wire) act();
    };
    const wire = this.#open({
      opened: () => {
        current(() => {
          this.#greet();
        });
      },
      received: (text) => {
        current(() => {
          this.#receive(text);
        });
      },
      closed: (code) => {
        current(() => {
          this.#closed(code);
        });
      },
    });
    this.#wire = wire;
    this.#giveUpAfter(WELCOME_WITHIN);
  }

  #greet(): void {
    this.#become("hello");
    const hello: FromClient = { type: "hello", protocol: PROTOCOL, heads: this.#events.heads() };
    this.#wire?.send(JSON.stringify(hello));
  }

  #receive(text: string): void {
    const frame = read(text);
    // A host that speaks something else is no host; coming back later may find it mended.
    if (frame === null) return this.#abandon();
    if (frame.type === "welcome") return this.#welcomed(frame);
    if (this.#state !== "open") return;
    if (frame.type === "heads") this.#beaten(frame);
    else if (frame.type === "appended" || frame.type === "marked") this.#requests.answered(frame.ref, frame);
    else if (frame.type === "refused") this.#refused(frame);
    else this.#events.dealt(frame);
  }

  #welcomed(welcome: Welcome): void {
    if (this.#state !== "hello") return;
    this.#backoff.reset();
    this.#become("open");
    this.#beatLater();
    this.#events.welcome(welcome);
  }

  #refused(frame: RefusedFrame): void {
    if (frame.ref !== null) this.#requests.answered(frame.ref, frame);
  }

  #beatLater(): void {
    this.#cancel();
    this.#cancel = this.#timers.after(BEAT, () => {
      this.#beat();
    });
  }

  #beat(): void {
    this.#ask((ref) => ({ type: "beat", ref })).catch(() => undefined);
    this.#beatLater();
  }

  #beaten(frame: Heads): void {
    this.#requests.answered(frame.ref, frame);
    this.#events.dealt(frame);
  }

  #giveUpAfter(ms: number): void {
    this.#cancel();
    this.#cancel = this.#timers.after(ms, () => {
      this.#abandon();
    });
  }

  #abandon(): void {
    const wire = this.#wire;
    this.#comeBack();
    wire?.close();
  }

  #closed(code: number): void {
    const why = ENDED[code];
    if (why === undefined) return this.#comeBack();
    this.#drop("idle");
    this.#events.ended(why);
  }

  #comeBack(): void {
    this.#drop("waiting");
    this.#connectAfter(this.#backoff.next());
  }

  #connectAfter(ms: number): void {
    this.#cancel = this.#timers.after(ms, () => {
      this.#connect();
    });
  }

  #drop(state: SocketState): void {
    this.#cancel();
    this.#wire = null;
    this.#requests.loseAll();
    this.#cursors.forget();
    this.#become(state);
  }

  #become(state: SocketState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#events.state(state);
  }
}

function read(text: string): FromServer | null {
  try {
    return decodeFromServer(JSON.parse(text));
  } catch {
    return null;
  }
}
