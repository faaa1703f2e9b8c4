import type { MessageView, Page } from "../store/model";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import type { EntryRecord } from "./records";
import { placeId, unpack } from "./records";
import { messageView, queuedView } from "./views";

export type Asked = { readonly before: number | null; readonly limit: number };

const PART = 200;

/** A page of what is kept here, oldest first; what waits to be sent ends the newest one. */
export async function pageOf(
  conversation: Conversation,
  { before, limit }: Asked,
  desk: Desk,
): Promise<Page> {
  const views: MessageView[] = [];
  let below = before ?? Number.MAX_SAFE_INTEGER;
  while (views.length < limit && below > 1) {
    const records = await recordsBefore(conversation, below, limit, desk);
    if (records.length === 0) break;
    below = records[0]?.seq ?? 1;
    views.unshift(...(await viewsOf(conversation, records, desk)));
  }
  const shown = views.slice(Math.max(0, views.length - limit));
  const more = views.length > shown.length || (shown.length > 0 && below > 1);
  const queued = before === null ? await queuedViews(conversation, desk) : [];
  return { conversation: conversation.key, messages: [...shown, ...queued], more };
}

async function recordsBefore(conversation: Conversation, before: number, last: number, { vault }: Desk) {
  const end = placeId(conversation.key, Math.min(before, 9_999_999_999));
  const found = await vault.list("entries", `${conversation.key}/`, { before: end, last });
  return found.map(({ bytes }) => unpack<EntryRecord>(bytes));
}

export async function viewsOf(
  conversation: Conversation,
  records: readonly EntryRecord[],
  desk: Desk,
): Promise<readonly MessageView[]> {
  const views = await Promise.all(records.map((record) => messageView(conversation, record, desk)));
  return views.filter((view) => view !== null);
}

async function queuedViews(conversation: Conversation, desk: Desk): Promise<readonly MessageView[]> {
  const items = desk.outbox.of(conversation.key);
  const views = await Promise.all(items.map((item) => queuedView(conversation, item, desk)));
  return views.filter((view) => view !== null);
}

type Span = {
  readonly from: number;
  readonly desk: Desk;
  /** Which of them; all where nothing is said. */
  readonly counts?: (record: EntryRecord) => boolean;
};

/** Entries from a place on, the newest first, a part at a time. */
export async function eachFrom(
  conversation: Conversation,
  { from, desk, counts = () => true }: Span,
  tell: (views: readonly MessageView[]) => void,
): Promise<void> {
  let below = conversation.record.seq + 1;
  while (below - 1 > Math.max(from, 0)) {
    const records = await recordsBefore(conversation, below, Math.min(PART, below - 1 - from), desk);
    if (records.length === 0) return;
    tell(await viewsOf(conversation, records.filter(counts), desk));
    below = records[0]?.seq ?? 0;
  }
}
