import type { Presence, WhisperFrame } from "../protocol";
import type { Conversation } from "./conversation";
import type { Desk, Line } from "./desk";
import { put, unpack } from "./records";

const ID = "presence";
/** Somebody who types says so again within this; whoever falls silent has stopped. */
const TYPING_FOR = 6_000;
const TYPE_EVERY = 3_000;
const HERE_EVERY = 60_000;
/** A little more than what the host keeps it for. */
const PRESENT_FOR = 100_000;

/** F13, F14: who types and who is here. Said in passing, by the host's word alone, and kept nowhere. */
export class Whispering {
  readonly #desk: Desk;
  readonly #line: Line;
  readonly #changed: (conversation: Conversation) => void;
  readonly #ends = new Map<string, () => void>();
  readonly #typed = new Map<string, number>();
  #isShown = true;
  #cancel: () => void = () => undefined;

  constructor(desk: Desk, line: Line, changed: (conversation: Conversation) => void) {
    this.#desk = desk;
    this.#line = line;
    this.#changed = changed;
  }

  async load(): Promise<void> {
    const bytes = await this.#desk.vault.read("noted", ID);
    if (bytes !== null) this.#isShown = unpack<boolean>(bytes);
  }

  stop(): void {
    this.#cancel();
    for (const end of this.#ends.values()) end();
    this.#ends.clear();
  }

  get isShown(): boolean {
    return this.#isShown;
  }

  async show(on: boolean): Promise<void> {
    await this.#desk.vault.commit([put("noted", ID, on)]);
    this.#isShown = on;
    if (on) this.here();
    else this.#line.present(false);
  }

  /** Said again as long as this browser is connected and the person has not turned it off. */
  here(): void {
    this.#cancel();
    if (!this.#isShown) return;
    this.#line.present(true);
    this.#cancel = this.#desk.world.timers.after(HERE_EVERY, () => {
      this.here();
    });
  }

  typing({ key }: Conversation, on: boolean): void {
    const now = this.#desk.world.timers.now();
    const isFresh = now < (this.#typed.get(key) ?? -Infinity) + TYPE_EVERY;
    if (on && isFresh) return;
    if (!on && !this.#typed.has(key)) return;
    if (on) this.#typed.set(key, now);
    else this.#typed.delete(key);
    this.#line.whisper(key, on ? "typing" : "stopped");
  }

  hear(conversation: Conversation, { person, word }: WhisperFrame): void {
    const others = conversation.whispers.typing.filter((one) => one !== person);
    this.#set(conversation, { typing: word === "typing" ? [...others, person] : others });
    this.#endLater(`${conversation.key}/${person}`, word === "typing" ? TYPING_FOR : null, () => {
      const typing = conversation.whispers.typing.filter((one) => one !== person);
      this.#set(conversation, { typing });
    });
  }

  see(conversation: Conversation, { persons }: Presence): void {
    const present = persons.filter((person) => person !== this.#desk.identity.person);
    this.#set(conversation, { present });
    this.#endLater(conversation.key, present.length > 0 ? PRESENT_FOR : null, () => {
      this.#set(conversation, { present: [] });
    });
  }

  /** The line is gone: nobody is known to be anywhere. */
  forget(): void {
    for (const conversation of this.#desk.conversations.all())
      if (conversation.whispers.typing.length + conversation.whispers.present.length > 0)
        this.#set(conversation, { typing: [], present: [] });
    this.stop();
  }

  #set(conversation: Conversation, part: Partial<Conversation["whispers"]>): void {
    conversation.whispers = { ...conversation.whispers, ...part };
    this.#changed(conversation);
  }

  #endLater(name: string, ms: number | null, end: () => void): void {
    this.#ends.get(name)?.();
    this.#ends.delete(name);
    if (ms === null) return;
    const cancel = this.#desk.world.timers.after(ms, () => {
      this.#ends.delete(name);
      end();
    });
    this.#ends.set(name, cancel);
  }
}
