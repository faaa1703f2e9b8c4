import type { Timers } from "../sync";

const TOLERATED = 600;

/** The host's time, as last told. The own clock only counts what passed since; it decides nothing. */
export class HostClock {
  readonly #timers: Timers;
  #offset = 0;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  told(now: number): void {
    this.#offset = now - this.#timers.now() / 1000;
  }

  /** Whole seconds since 1970. */
  now(): number {
    return Math.max(0, Math.round(this.#timers.now() / 1000 + this.#offset));
  }

  get isOff(): boolean {
    return Math.abs(this.#offset) > TOLERATED;
  }
}
