import type { Timers } from "./timers";

type Waiting<Answer> = { readonly resolve: (answer: Answer) => void; readonly reject: (lost: Error) => void };

/** The answer may have been lost; whether the host acted is unknown. */
export class AnswerLost extends Error {
  constructor() {
    super("lost");
    this.name = "AnswerLost";
  }
}

/** Pairs each request's `ref` with its one answer, or with the time that ran out. */
export class Requests<Answer> {
  readonly #timers: Timers;
  readonly #patience: number;
  readonly #waiting = new Map<number, Waiting<Answer>>();
  #ref = 0;

  constructor(timers: Timers, patience: number) {
    this.#timers = timers;
    this.#patience = patience;
  }

  ask(send: (ref: number) => void): Promise<Answer> {
    const ref = ++this.#ref;
    return new Promise<Answer>((resolve, reject) => {
      const cancel = this.#timers.after(this.#patience, () => {
        this.#settle(ref)?.reject(new AnswerLost());
      });
      this.#waiting.set(ref, {
        resolve: (answer) => {
          cancel();
          resolve(answer);
        },
        reject: (lost) => {
          cancel();
          reject(lost);
        },
      });
      send(ref);
    });
  }

  answered(ref: number, answer: Answer): void {
    this.#settle(ref)?.resolve(answer);
  }

  loseAll(): void {
    for (const ref of [...this.#waiting.keys()]) this.#settle(ref)?.reject(new AnswerLost());
  }

  #settle(ref: number): Waiting<Answer> | undefined {
    const waiting = this.#waiting.get(ref);
    this.#waiting.delete(ref);
    return waiting;
  }
}
