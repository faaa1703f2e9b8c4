import type { PutFigures } from "../protocol";
import type { Desk } from "./desk";
import type { EntryRecord } from "./records";
import { put, unpack } from "./records";

type Cause = PutFigures["unreadable"][number][0];
type Counted = { readonly shown: number; readonly unreadable: Readonly<Partial<Record<Cause, number>>> };

const ID = "figures";
const NONE: Counted = { shown: 0, unreadable: {} };
const EVERY = 3_600_000;
const CAUSES: readonly Cause[] = ["not_for_me", "altered", "malformed", "newer_version", "removed_by_host"];

/** H18: how many messages this browser showed and how many it could not open. Counts, and nothing else. */
export class Figures {
  readonly #desk: Desk;
  #counted: Counted = NONE;
  #cancel: () => void = () => undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  async load(): Promise<void> {
    const bytes = await this.#desk.vault.read("noted", ID);
    if (bytes !== null) this.#counted = unpack<Counted>(bytes);
    this.#sayLater();
  }

  stop(): void {
    this.#cancel();
  }

  async count(records: readonly EntryRecord[]): Promise<void> {
    const messages = records.flatMap(({ shown }) =>
      shown.kind === "text" || shown.kind === "unreadable" ? [shown] : [],
    );
    if (messages.length === 0) return;
    const unreadable = { ...this.#counted.unreadable };
    for (const shown of messages) {
      const cause = shown.kind === "unreadable" ? CAUSES.find((one) => one === shown.cause) : undefined;
      if (cause !== undefined) unreadable[cause] = (unreadable[cause] ?? 0) + 1;
    }
    const texts = messages.filter(({ kind }) => kind === "text").length;
    await this.#keep({ shown: this.#counted.shown + texts, unreadable });
  }

  #sayLater(): void {
    this.#cancel = this.#desk.world.timers.after(EVERY, () => {
      // What the host did not hear is said with what comes until the next hour.
      this.#say().catch(() => undefined);
      this.#sayLater();
    });
  }

  async #say(): Promise<void> {
    const { shown, unreadable } = this.#counted;
    const rows = CAUSES.flatMap((cause) => {
      const count = unreadable[cause] ?? 0;
      return count === 0 ? [] : [[cause, count] as const];
    });
    if (shown === 0 && rows.length === 0) return;
    await this.#desk.api.figures({ shown, unreadable: rows });
    await this.#keep(NONE);
  }

  async #keep(counted: Counted): Promise<void> {
    this.#counted = counted;
    await this.#desk.vault.commit([put("noted", ID, counted)]);
  }
}
