import { tick } from "svelte";
import type { VirtualizerHandle } from "virtua/svelte";
import type { MessageView } from "../../store/model";
import type { Reading } from "./reading.svelte";
import { lastMessage } from "./rows";
import type { ThreadPage } from "./threadpage.svelte";
import { beginsWriting } from "./typing";

const NEAR_END = 80; // pixels that still count as being at the newest
const FOCUS_TRIES = 6; // frames
const NEAR_START = 12; // rows before the first loaded one at which older ones are fetched

/** Where the list stands and where it goes: keeps the newest in sight, never moves what is being read. */
export class ListView {
  readonly #page: ThreadPage;
  readonly #reading: Reading;
  readonly #list: () => VirtualizerHandle | undefined;
  readonly #element: () => HTMLElement | undefined;
  #placed = false;

  constructor(
    page: ThreadPage,
    list: () => VirtualizerHandle | undefined,
    element: () => HTMLElement | undefined,
  ) {
    this.#page = page;
    this.#reading = page.reading;
    this.#list = list;
    this.#element = element;
  }

  /** Follows the size of the window and the return to this tab. */
  attach(): () => void {
    const element = this.#element();
    if (element === undefined) return () => undefined;
    this.#page.focusMessages = () => void this.goTo(this.#reading.active);
    this.#page.focusInPlace = () => {
      this.#focus(this.#reading.active);
    };
    this.#page.toLatest = () => void this.toEnd();
    const observer = new ResizeObserver(() => {
      this.resized();
    });
    const look = (): void => {
      this.#markSeen();
    };
    observer.observe(element);
    document.addEventListener("visibilitychange", look);
    return () => {
      observer.disconnect();
      document.removeEventListener("visibilitychange", look);
    };
  }

  /** Rows changed: the first time, take place; then stay at the end if that is where the eye was. */
  grew(): void {
    const fresh = this.#reading.notice();
    const { rows, thread } = this.#reading;
    if (!thread.opened || this.#list() === undefined || rows.length === 0) return;
    if (!this.#placed) void this.#place();
    else if (this.#reading.atEnd && !this.#reading.prepending) void this.toEnd();
    for (const message of fresh) this.#page.announce(message);
  }

  scrolled(): void {
    const list = this.#list();
    if (list === undefined || !this.#placed) return;
    this.#reading.atEnd = list.getScrollSize() - list.getScrollOffset() - list.getViewportSize() < NEAR_END;
    if (this.#reading.atEnd) this.#reading.reachedEnd();
    const top = list.findItemIndex(list.getScrollOffset());
    const key = this.#reading.rows[top]?.key ?? null;
    const into = list.getScrollOffset() - list.getItemOffset(top);
    this.#page.remember(this.#reading.atEnd || key === null ? null : { key, into });
    if (top < NEAR_START) void this.#reading.older(tick);
    this.#markSeen();
  }

  resized(): void {
    if (this.#placed && this.#reading.atEnd) this.#scrollToEnd();
  }

  async toEnd(): Promise<void> {
    await tick();
    this.#reading.atEnd = true;
    this.#reading.reachedEnd();
    this.#scrollToEnd();
    this.#markSeen();
  }

  async goTo(index: number): Promise<void> {
    if (index < 0) return;
    this.#reading.choose(index);
    await tick();
    this.#list()?.scrollToIndex(index, { align: "nearest" });
    await tick();
    this.#focus(index);
  }

  /** A row that was just made is hidden until it has been measured, and what is hidden takes no focus: ask again. */
  #focus(index: number, tries = FOCUS_TRIES): void {
    const key = this.#reading.rows[index]?.key ?? "";
    const row = this.#element()?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`);
    row?.focus({ preventScroll: true });
    if (tries === 0 || (row !== undefined && row === document.activeElement)) return;
    requestAnimationFrame(() => {
      this.#focus(index, tries - 1);
    });
  }

  /** True when the key meant something here. Letters act only on a message that has the focus. */
  press(event: KeyboardEvent, letters: boolean): boolean {
    const inMessage = event.target instanceof HTMLElement && event.target.dataset["row"] !== undefined;
    if (!inMessage) return false;
    const held = event.ctrlKey || event.metaKey || event.altKey;
    const acted = !held && this.#act(event, letters);
    // The focus alone: the browser then writes the sign where the focus is, accents and all.
    if (!acted && beginsWriting(event, letters)) this.#page.focusComposer();
    return acted;
  }

  #act(event: KeyboardEvent, letters: boolean): boolean {
    const { active, rows, unreadRow } = this.#reading;
    const row = rows[active];
    const acts: Readonly<Record<string, () => void>> = {
      ArrowUp: () => void this.goTo(this.#reading.step(-1)),
      ArrowDown: () => void this.goTo(this.#reading.step(1)),
      Home: () => void this.goTo(rows.findIndex((one) => one.kind === "message")),
      End: () => void this.goTo(lastMessage(rows)).then(() => this.toEnd()),
      Enter: () => this.#page.focusComposer(),
      ...(letters && row?.kind === "message" ? this.#letters(row.message) : {}),
      ...(letters && unreadRow >= 0 ? { u: () => void this.goTo(unreadRow + 1) } : {}),
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    act?.();
    return act !== undefined;
  }

  #letters(message: MessageView): Readonly<Record<string, () => void>> {
    const own = message.own && message.seq !== null && message.body.kind === "text";
    const mine = {
      e: () => {
        this.#page.change(message);
      },
      Delete: () => {
        this.#page.acting.askToRetract(message);
      },
    };
    const menu = (): void => {
      this.#element()
        ?.querySelector<HTMLElement>(`[data-row="${CSS.escape(message.key)}"] [data-menu]`)
        ?.click();
    };
    return { r: () => this.#page.reply(message), "+": menu, ...(own ? mine : {}) };
  }

  async #place(): Promise<void> {
    this.#placed = true;
    await tick();
    const { unreadRow } = this.#reading;
    const { anchor } = this.#page;
    const left = anchor === null ? -1 : this.#reading.indexOf(anchor.key);
    if (unreadRow >= 0) this.#list()?.scrollToIndex(unreadRow, { align: "start", offset: -96 });
    else if (left >= 0) this.#list()?.scrollToIndex(left, { align: "start", offset: anchor?.into ?? 0 });
    else this.#scrollToEnd();
    this.#reading.atEnd = unreadRow < 0 && left < 0;
    requestAnimationFrame(() => {
      this.scrolled();
      this.#page.placed();
    });
  }

  #scrollToEnd(): void {
    this.#list()?.scrollToIndex(this.#reading.rows.length - 1, { align: "end" });
  }

  #markSeen(): void {
    const list = this.#list();
    if (list === undefined || !this.#placed || document.visibilityState !== "visible") return;
    const foot = list.getScrollOffset() + list.getViewportSize();
    const last = this.#reading.atEnd ? this.#reading.rows.length - 1 : list.findItemIndex(foot) - 1;
    this.#reading.sawUpTo(last);
  }
}
