import type { Timers } from "../../../src/sync";

type Timer = { readonly at: number; readonly act: () => void };

/** Lets everything that waits for nothing outside run to its end. */
export async function flush(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Time that passes only when a test says so; the same for everybody in it. */
export class TestTimers implements Timers {
  #now: number;
  #timers: readonly Timer[] = [];

  constructor(now: number = Date.UTC(2026, 10, 24, 9) / 1) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  get seconds(): number {
    return Math.floor(this.#now / 1000);
  }

  after(ms: number, act: () => void): () => void {
    const timer = { at: this.#now + ms, act };
    this.#timers = [...this.#timers, timer];
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await flush();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      next.act();
      await flush();
    }
    this.#now = end;
  }

  #next(end: number): Timer | undefined {
    const due = this.#timers.filter(({ at }) => at <= end);
    return due.reduce<Timer | undefined>(
      (first, one) => (first === undefined || one.at < first.at ? one : first),
      undefined,
    );
  }
}
