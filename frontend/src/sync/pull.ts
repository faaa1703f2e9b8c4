import type { Entries } from "../protocol";
import { PAGE_ENTRIES } from "../protocol";
import type { Api } from "./api";
import { HostSilent } from "./api";

type Pages = Pick<Api, "entries">;
/** Where catching up ends; `apply` says whether it may go on. */
export type Reader = {
  readonly conversation: string;
  readonly cursor: () => number;
  readonly apply: (page: Entries) => Promise<boolean>;
};

const FEWEST = 8;

/** How much is asked for at once: less after a page that did not come in time, so that a slow line gets on too. */
export class PageSize {
  #entries = PAGE_ENTRIES;

  get entries(): number {
    return this.#entries;
  }

  came(): void {
    this.#entries = Math.min(PAGE_ENTRIES, this.#entries * 2);
  }

  missed(): void {
    this.#entries = Math.max(FEWEST, Math.floor(this.#entries / 4));
  }
}

/** Pages after the reader's cursor until it stands at the head, or stops moving. */
export async function pull(
  api: Pages,
  size: PageSize,
  { conversation, cursor, apply }: Reader,
): Promise<void> {
  for (;;) {
    const before = cursor();
    const page = await pageOf(size, () => api.entries(conversation, before, size.entries));
    const goOn = await apply(page);
    if (!goOn || cursor() >= page.head || cursor() === before) return;
  }
}

async function pageOf(size: PageSize, ask: () => Promise<Entries>): Promise<Entries> {
  try {
    const page = await ask();
    size.came();
    return page;
  } catch (error) {
    if (error instanceof HostSilent) size.missed();
    throw error;
  }
}
