import { untrack } from "svelte";
import type { Commands } from "../../messenger/commands";
import type { ConversationView, MessageView } from "../../store/model";
import type { Thread } from "../../store/thread.svelte";
import { Attempt } from "../attempt.svelte";
import { nextMessage, lastMessage, rows, type Row, type Unread } from "./rows";

const PAGE = 60;
const LONG_PAGE = 500;
const MARK_MS = 250; // scrolling past is not asking the host at every row

/** One conversation being read: its rows, what is new, where the eye and the keyboard are. */
export class Reading {
  readonly thread: Thread;
  readonly loading = new Attempt();
  readonly #commands: Commands;
  readonly #unread: Unread | null;
  #chosen = $state<string | null>(null);
  #prepending = $state(false);
  #below = $state.raw<ReadonlySet<string>>(new Set());
  #newest: number | null = null; // unknown until the first page is here
  #marked = 0;
  #marking: ReturnType<typeof setTimeout> | null = null;
  atEnd = $state(true);

  readonly rows: readonly Row[] = $derived.by(() =>
    rows(this.thread.messages, this.thread.complete, this.#unread),
  );

  constructor(commands: Commands, thread: Thread, conversation: ConversationView) {
    this.#commands = commands;
    this.thread = thread;
    const { firstUnread, unread } = conversation;
    // Fixed for the visit: the line stays until the thread is left.
    this.#unread = firstUnread === null || unread === 0 ? null : { from: firstUnread, n: unread };
  }

  get prepending(): boolean {
    return this.#prepending;
  }

  /** Messages of others that arrived below what is in sight. */
  get below(): number {
    return this.#below.size;
  }

  /** How many of the own messages should have left by now. */
  get late(): number {
    return this.thread.messages.filter((message) => message.state === "queued" && message.late).length;
  }

  get unreadRow(): number {
    return this.rows.findIndex((row) => row.kind === "unread");
  }

  /** The row that Tab reaches: the chosen one, else the newest. */
  get active(): number {
    const chosen = this.rows.findIndex((row) => row.key === this.#chosen);
    return chosen === -1 ? lastMessage(this.rows) : chosen;
  }

  choose(index: number): void {
    this.#chosen = this.rows[index]?.key ?? null;
  }

  step(direction: 1 | -1): number {
    return nextMessage(this.rows, this.active, direction);
  }

  indexOf(key: string): number {
    return this.rows.findIndex((row) => row.key === key);
  }

  async open(): Promise<void> {
    const { conversation } = this.thread;
    const page = await this.loading.run(() =>
      this.#commands.page({ conversation, before: null, limit: PAGE }),
    );
    if (page === null) return;
    this.thread.renew(page);
    await this.#backToUnread();
    if (this.unreadRow >= 0) this.choose(this.unreadRow + 1);
  }

  /** After a long absence the first new message is further back than one page. */
  async #backToUnread(): Promise<void> {
    const from = this.#unread?.from ?? Infinity;
    while ((this.thread.oldest ?? 0) > from && !this.thread.complete) {
      const input = { conversation: this.thread.conversation, before: this.thread.oldest, limit: LONG_PAGE };
      const page = await this.loading.run(() => this.#commands.page(input));
      if (page === null) return;
      this.thread.addPage(page);
    }
  }

  async older(afterwards: () => Promise<void>): Promise<void> {
    const { conversation, complete, oldest, opened } = this.thread;
    if (!opened || complete || oldest === null || this.loading.busy) return;
    const page = await this.loading.run(() =>
      this.#commands.page({ conversation, before: oldest, limit: PAGE }),
    );
    if (page === null) return;
    this.#prepending = true;
    this.thread.addPage(page);
    await afterwards();
    this.#prepending = false;
  }

  /** What is new at the end since the last look, of others. */
  notice(): readonly MessageView[] {
    if (!this.thread.opened) return [];
    const newest = this.thread.messages.findLast((message) => message.seq !== null)?.seq ?? 0;
    const before = this.#newest;
    this.#newest = newest;
    if (before === null) return [];
    const fresh = this.thread.messages.filter(
      (message) => message.seq !== null && message.seq > before && !message.own,
    );
    if (!untrack(() => this.atEnd))
      this.#below = new Set([...untrack(() => this.#below), ...fresh.map((one) => one.key)]);
    return fresh;
  }

  reachedEnd(): void {
    if (this.#below.size > 0) this.#below = new Set();
  }

  /** Everything up to this row has been in sight. */
  sawUpTo(index: number): void {
    const seen = this.rows
      .slice(0, index + 1)
      .findLast((row) => row.kind === "message" && row.message.seq !== null);
    const seq = seen?.kind === "message" ? seen.message.seq : null;
    if (seq === null || seq <= this.#marked) return;
    this.#marked = seq;
    if (this.#marking !== null) return;
    this.#marking = setTimeout(() => {
      this.#mark();
    }, MARK_MS);
  }

  #mark(): void {
    this.#marking = null;
    const input = { conversation: this.thread.conversation, seq: this.#marked };
    this.#commands.markRead(input).catch(() => {
      this.#marked = 0; // asked again at the next look
    });
  }
}
