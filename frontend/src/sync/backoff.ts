const SHORTEST = 1_000;
const LONGEST = 30_000;

/** Full jitter: many clients that lost the same host do not come back together. */
export class Backoff {
  readonly #random: () => number;
  #failures = 0;

  /** `random` gives 0 ≤ x < 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  next(): number {
    const ceiling = Math.min(LONGEST, SHORTEST * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 10);
    return SHORTEST + this.#random() * (ceiling - SHORTEST);
  }

  reset(): void {
    this.#failures = 0;
  }
}
