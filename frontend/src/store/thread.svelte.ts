import type { MessageView, Page } from "./model";

/** By number in the log; what has none yet (queued here) comes last, in the order it was written. */
function byOrder(a: MessageView, b: MessageView): number {
  if (a.seq !== null && b.seq !== null) return a.seq - b.seq;
  if (a.seq === null && b.seq === null) return a.at - b.at;
  return a.seq === null ? 1 : -1;
}

/** The messages of one conversation that this tab has loaded, oldest first, each key once. */
export class Thread {
  readonly conversation: string;
  #messages = $state.raw<readonly MessageView[]>([]);
  #complete = $state(false); // nothing older is left to load
  #opened = $state(false); // the newest page is here

  constructor(conversation: string) {
    this.conversation = conversation;
  }

  get messages(): readonly MessageView[] {
    return this.#messages;
  }

  get complete(): boolean {
    return this.#complete;
  }

  get opened(): boolean {
    return this.#opened;
  }

  /** The number to ask older pages from. */
  get oldest(): number | null {
    return this.#messages.find((message) => message.seq !== null)?.seq ?? null;
  }

  find(key: string): MessageView | null {
    return this.#messages.find((message) => message.key === key) ?? null;
  }

  /** The newest page again, after an absence: what is older than a hole in the numbers is let go, not shown beside it. */
  renew(page: Page): void {
    const first = page.messages.find((message) => message.seq !== null)?.seq ?? null;
    const newest = this.#messages.findLast((message) => message.seq !== null)?.seq ?? null;
    if (first !== null && newest !== null && first > newest + 1) this.#messages = [];
    const known = this.#messages.length > 0 && this.#opened;
    const complete = known ? this.#complete : !page.more;
    this.addPage(page);
    this.#complete = complete;
  }

  addPage(page: Page): void {
    this.#put(page.messages, []);
    this.#complete = !page.more;
    this.#opened = true;
  }

  /** What changed, as far as it is loaded here: what is older comes with its page, so that no hole is ever shown. */
  apply(changed: readonly MessageView[], removed: readonly string[]): void {
    if (!this.#opened) return;
    const oldest = this.#complete ? 0 : (this.oldest ?? 0);
    const isLoaded = ({ key, seq }: MessageView) => seq === null || seq >= oldest || this.find(key) !== null;
    this.#put(changed.filter(isLoaded), removed);
  }

  #put(changed: readonly MessageView[], removed: readonly string[]): void {
    const gone = new Set(removed);
    const fresh = new Map(changed.map((message) => [message.key, message]));
    for (const key of gone) fresh.delete(key);
    const kept = this.#messages.filter(({ key }) => !gone.has(key));
    for (const { key, seq } of kept) {
      // A page that was on its way while the message took its number does not take it back.
      if (seq !== null && fresh.get(key)?.seq === null) fresh.delete(key);
    }
    // In its place: what waits keeps the order it was written in.
    const replaced = kept.map((message) => fresh.get(message.key) ?? message);
    for (const { key } of kept) fresh.delete(key);
    this.#messages = [...replaced, ...fresh.values()].sort(byOrder);
  }
}
