const SETTLE_MS = 3000;

/** A value that counts only once it has lasted. */
export class Settled<Value> {
  #value = $state.raw<Value | null>(null);
  #changed = $state(false);

  constructor(source: () => Value) {
    this.#value = source();
    $effect(() => {
      const next = source();
      const timer = setTimeout(() => {
        if (next !== this.#value) this.#changed = true;
        this.#value = next;
      }, SETTLE_MS);
      return () => {
        clearTimeout(timer);
      };
    });
  }

  get value(): Value | null {
    return this.#value;
  }

  get changed(): boolean {
    return this.#changed;
  }
}
