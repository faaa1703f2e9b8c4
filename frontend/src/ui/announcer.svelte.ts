const GATHER_MS = 700;

/** Speaks politely to screen readers; what comes within a moment is said as one. */
export class Announcer {
  #text = $state("");
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #sumUp: (count: number) => string;

  constructor(sumUp: (count: number) => string) {
    this.#sumUp = sumUp;
  }

  get text(): string {
    return this.#text;
  }

  say(text: string): void {
    this.#waiting.push(text);
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#speak();
    }, GATHER_MS);
  }

  #speak(): void {
    const [first = "", ...others] = this.#waiting;
    this.#text = others.length === 0 ? first : this.#sumUp(this.#waiting.length);
    this.#waiting = [];
    this.#timer = null;
  }
}
