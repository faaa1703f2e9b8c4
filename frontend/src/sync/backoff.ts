const SHORTEST = 500;
/** Of the first pause already: thousands may have lost the same host in the same moment. */
const CEILING = 4_000;
/** Whoever waits for a host that is back waits no longer than this. */
const LONGEST = 12_000;

/** Jittered from the first pause on: many clients that lost the same host do not come back together. */
export class Backoff {
  readonly #random: () => number;
  #failures = 0;

  /** `random` gives 0 ≤ x < 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  next(): number {
    const ceiling = Math.min(LONGEST, CEILING * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 10);
    return SHORTEST + this.#random() * (ceiling - SHORTEST);
  }

  reset(): void {
    this.#failures = 0;
  }
}
