/** From what is kept to what screens show. */
import type { Hash } from "../crypto";
import { toText } from "../crypto";
import type {
  ConversationView,
  MessageBody,
  MessageState,
  MessageView,
  PersonView,
  QuoteView,
} from "../store/model";
import { alarmsOf } from "./alarms";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import type { EntryRecord, OutboxRecord } from "./records";
import { placeId, unpack } from "./records";

const EXCERPT = 120;
export const LATE_AFTER = 10;

export function conversationView(conversation: Conversation, desk: Desk): ConversationView {
  const { record, key } = conversation;
  const queued = desk.outbox.of(key);
  return {
    id: key,
    kind: "direct",
    peer: peerView(conversation, desk),
    head: record.seq,
    activity: Math.max(record.activity, ...queued.map(({ at }) => at)),
    preview: previewOf(conversation, queued),
    unread: record.unread,
    firstUnread: record.firstUnread,
    queued: queued.length,
    draft: desk.drafts.get(key),
    alarm: alarmsOf(conversation, desk)[0] ?? null,
    behind: conversation.isBehind,
  };
}

const peerView = ({ record }: Conversation, { persons }: Desk): PersonView => persons.view(record.peer ?? "");

function previewOf({ record }: Conversation, queued: readonly OutboxRecord[]): ConversationView["preview"] {
  const text = queued.at(-1)?.text ?? null;
  return text === null ? record.preview : { text: excerpt(text), own: true };
}

/** `null` for entries that have no line of their own. */
export async function messageView(
  conversation: Conversation,
  record: EntryRecord,
  desk: Desk,
): Promise<MessageView | null> {
  const body = await bodyOf(conversation, record, desk);
  if (body === null) return null;
  const own = desk.identity.isMe(record.sender);
  return {
    key: keyOf(record),
    seq: record.seq,
    at: record.at,
    author: own ? desk.identity.person : (desk.persons.byChain(record.sender)?.id ?? null),
    own,
    body,
    state: own && record.accepted && body.kind !== "system" ? stateOf(conversation, record.seq, desk) : null,
    late: false,
  };
}

export async function queuedView(
  conversation: Conversation,
  item: OutboxRecord,
  desk: Desk,
): Promise<MessageView> {
  const quote = item.quote === null ? null : await quoteView(conversation, item.quote, desk);
  return {
    key: item.key,
    seq: null,
    at: item.at,
    author: desk.identity.person,
    own: true,
    body: { kind: "text", text: item.text ?? "", quote },
    state: "queued",
    late: desk.clock.now() - item.at >= LATE_AFTER,
  };
}

const keyOf = ({ clientId, seq }: EntryRecord): string =>
  clientId === null ? `e${String(seq)}` : toText(clientId);

async function bodyOf(
  conversation: Conversation,
  { shown }: EntryRecord,
  desk: Desk,
): Promise<MessageBody | null> {
  switch (shown.kind) {
    case "nothing":
      return null;
    case "text":
      return {
        ...shown,
        quote: shown.quote === null ? null : await quoteView(conversation, shown.quote, desk),
      };
    case "system":
      return { kind: "system", event: shown.event, person: personOf(shown.chain, desk) };
    default:
      return shown;
  }
}

function personOf(chain: EntryRecord["sender"], { identity, persons }: Desk): string | null {
  return identity.isMe(chain) ? identity.person : (persons.byChain(chain)?.id ?? null);
}

/** How far the other person's devices say they are. */
export function stateOf({ marks }: Conversation, seq: number, { identity }: Desk): MessageState {
  const reached = (name: "arrived" | "read") =>
    [...marks.values()].some((mark) => !identity.isMe(mark.chain) && (mark[name]?.n ?? 0) >= seq);
  return reached("read") ? "read" : reached("arrived") ? "arrived" : "sent";
}

async function quoteView(conversation: Conversation, quote: Hash, desk: Desk): Promise<QuoteView | null> {
  const seq = (await conversation.journal()).placeOf(quote);
  const record = seq === null ? null : await readEntryRecord(conversation, seq, desk);
  if (record?.shown.kind !== "text") return null;
  return {
    key: keyOf(record),
    author: personOf(record.sender, desk) ?? "",
    excerpt: excerpt(record.shown.text),
  };
}

export async function readEntryRecord(
  conversation: Conversation,
  seq: number,
  { vault }: Desk,
): Promise<EntryRecord | null> {
  const bytes = await vault.read("entries", placeId(conversation.key, seq));
  return bytes === null ? null : unpack<EntryRecord>(bytes);
}

export function excerpt(text: string): string {
  const characters = [...text.replace(/\s+/g, " ")];
  return characters.length <= EXCERPT ? characters.join("") : `${characters.slice(0, EXCERPT - 1).join("")}…`;
}
