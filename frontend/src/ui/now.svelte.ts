const MINUTE_MS = 60_000;

/** The time of day, for "today" and "yesterday" to stay true on a page that is left open. */
class Now {
  #seconds = $state(Math.floor(Date.now() / 1000));

  get seconds(): number {
    return this.#seconds;
  }

  tick(): () => void {
    const timer = setInterval(() => {
      this.#seconds = Math.floor(Date.now() / 1000);
    }, MINUTE_MS);
    return () => {
      clearInterval(timer);
    };
  }
}

export const now = new Now();
