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
    this.apply(page.messages, []);
    this.#complete = !page.more;
    this.#opened = true;
  }

  apply(changed: readonly MessageView[], removed: readonly string[]): void {
    const replaced = new Map(changed.map((message) => [message.key, message]));
    const gone = new Set(removed);
    const kept = this.#messages.filter((message) => !gone.has(message.key) && !replaced.has(message.key));
    for (const key of gone) replaced.delete(key);
    this.#messages = [...kept, ...replaced.values()].sort(byOrder);
  }
}
