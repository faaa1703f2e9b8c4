import type { Entries } from "../protocol";
import { PAGE_ENTRIES } from "../protocol";
import type { Api } from "./api";

type Pages = Pick<Api, "entries">;
/** Where catching up ends; `apply` says whether it may go on. */
export type Reader = {
  readonly conversation: string;
  readonly cursor: () => number;
  readonly apply: (page: Entries) => Promise<boolean>;
};

/** Pages after the reader's cursor until it stands at the head, or stops moving. */
export async function pull(api: Pages, { conversation, cursor, apply }: Reader): Promise<void> {
  for (;;) {
    const before = cursor();
    const page = await api.entries(conversation, before, PAGE_ENTRIES);
    const goOn = await apply(page);
    if (!goOn || cursor() >= page.head || cursor() === before) return;
  }
}
