import type { Timers } from "./timers";

/** What one live entry after the other leads to is said together; the host only counts credit by it. */
const EVERY = 250;
/** A quarter of the credit (F4). */
const GATHERED = 16;

type Place = { seq: number; said: number; at: number; cancel: (() => void) | null };

/** F4: how far each conversation is applied, said to the host at once or, in a stream, a few times a second. */
export class Cursors {
  readonly #timers: Timers;
  readonly #say: (conversation: string, seq: number) => void;
  readonly #places = new Map<string, Place>();

  constructor(timers: Timers, say: (conversation: string, seq: number) => void) {
    this.#timers = timers;
    this.#say = say;
  }

  reach(conversation: string, seq: number): void {
    const place = this.#places.get(conversation) ?? { seq: 0, said: 0, at: -Infinity, cancel: null };
    this.#places.set(conversation, place);
    const isNext = seq === place.seq + 1;
    place.seq = seq;
    const waited = this.#timers.now() - place.at;
    // After pages the host deals nothing until it hears of them.
    if (!isNext || waited >= EVERY || seq - place.said >= GATHERED) this.#tell(conversation, place);
    else
      place.cancel ??= this.#timers.after(EVERY - waited, () => {
        this.#tell(conversation, place);
      });
  }

  /** The line is gone: the next one begins with all places (F1). */
  forget(): void {
    for (const { cancel } of this.#places.values()) cancel?.();
    this.#places.clear();
  }

  #tell(conversation: string, place: Place): void {
    place.cancel?.();
    place.cancel = null;
    place.said = place.seq;
    place.at = this.#timers.now();
    this.#say(conversation, place.seq);
  }
}
