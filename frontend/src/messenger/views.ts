/** From what is kept to what screens show. */
import type { Hash } from "../crypto";
import { hasCoordinator, isIn, mayTakeRole, rowOf, toText } from "../crypto";
import type {
  ChangeView,
  ConversationView,
  DirectView,
  MessageBody,
  MessageView,
  QuoteView,
  ReactionView,
  TeamView,
} from "../store/model";
import { SIGNS } from "../store/model";
import { alarmsOf } from "./alarms";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import { membersOf, personOf, personsOf, viewOf } from "./members";
import { reachOf, stateOf } from "./reach";
import type { EntryRecord, OutboxRecord, RosterChange, ShownText } from "./records";
import { placeId, unpack } from "./records";

const EXCERPT = 120;

export function conversationView(conversation: Conversation, desk: Desk): ConversationView {
  const described = describe(conversation, desk);
  return conversation.record.kind === "team"
    ? { ...described, ...teamOf(conversation, desk) }
    : { ...described, kind: "direct", peer: desk.persons.view(conversation.record.peer ?? "") };
}

function describe(conversation: Conversation, desk: Desk): Omit<DirectView, "kind" | "peer"> {
  const { record, key, whispers } = conversation;
  const queued = desk.outbox.of(key);
  return {
    id: key,
    head: record.seq,
    activity: Math.max(record.activity, ...queued.map(({ at }) => at)),
    preview: previewOf(conversation, queued, desk),
    unread: record.unread,
    mentioned: record.mentioned,
    muted: record.muted,
    firstUnread: record.firstUnread,
    queued: queued.length,
    draft: desk.drafts.get(key),
    alarm: alarmsOf(conversation, desk)[0] ?? null,
    behind: conversation.isBehind,
    typing: whispers.typing,
    present: whispers.present,
  };
}

function teamOf(conversation: Conversation, desk: Desk): Pick<TeamView, "kind" | TeamField> {
  const { record, epoch } = conversation;
  const { chain } = desk.identity;
  const current = conversation.current();
  const row = epoch === null ? null : rowOf(epoch.roster, chain);
  return {
    kind: "team",
    title: record.title,
    members: membersOf(conversation, desk),
    former: record.former.map((chain) => viewOf(chain, desk)),
    role: row?.role ?? "member",
    orphaned: current !== null && !hasCoordinator(current) && mayTakeRole(current, chain),
    gone: record.isGone || row === null || isIn(record.left, chain),
  };
}
type TeamField = "title" | "members" | "former" | "role" | "orphaned" | "gone";

function previewOf(
  { record: { preview } }: Conversation,
  queued: readonly OutboxRecord[],
  desk: Desk,
): ConversationView["preview"] {
  const texts = queued.flatMap(({ said }) => (said?.kind === "text" ? [said.text] : []));
  const text = texts.at(-1) ?? null;
  if (text !== null) return { text: excerpt(text), own: true, author: desk.identity.person };
  if (preview === null) return null;
  const own = desk.identity.isMe(preview.sender);
  return { text: preview.text, own, author: personOf(preview.sender, desk) };
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
  const reach = own && record.accepted && SENT.has(body.kind) ? reachOf(conversation, record, desk) : null;
  return {
    key: keyOf(record),
    seq: record.seq,
    at: record.at,
    author: personOf(record.sender, desk),
    own,
    body,
    state: reach === null ? null : stateOf(reach),
    reach: conversation.record.kind === "team" ? reach : null,
    late: false,
  };
}

/** What travels to the others as a message of its own. */
const SENT: ReadonlySet<MessageBody["kind"]> = new Set(["text", "retracted", "title", "unreadable"]);

/** `null` for what has no line of its own. */
export async function queuedView(
  conversation: Conversation,
  { key, at, said }: OutboxRecord,
  desk: Desk,
): Promise<MessageView | null> {
  if (said?.kind !== "text") return null;
  const quote = said.quote === null ? null : await quoteView(conversation, said.quote, desk);
  const mentions = personsOf(said.mentions, desk);
  return {
    key,
    seq: null,
    at,
    author: desk.identity.person,
    own: true,
    body: { kind: "text", text: said.text, quote, mentions, edited: null, reactions: [] },
    state: "queued",
    reach: null,
    late: desk.outbox.isLate(key),
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
    case "act":
      return null;
    case "text":
      return textOf(conversation, shown, desk);
    case "roster":
      return { kind: "roster", changes: shown.changes.map((change) => changeView(change, desk)) };
    case "system":
      return { kind: "system", event: shown.event, person: personOf(shown.chain, desk) };
    default:
      return shown;
  }
}

async function textOf(conversation: Conversation, shown: ShownText, desk: Desk): Promise<MessageBody> {
  if (shown.retracted !== null) return { kind: "retracted", at: shown.retracted.at };
  return {
    kind: "text",
    text: shown.text,
    quote: shown.quote === null ? null : await quoteView(conversation, shown.quote, desk),
    mentions: personsOf(shown.mentions, desk),
    edited: shown.edited?.at ?? null,
    reactions: reactionsOf(shown, desk),
  };
}

/** In the order of the signs, and for each in the order of the log. */
function reactionsOf({ reactions }: ShownText, desk: Desk): readonly ReactionView[] {
  const inLog = [...reactions].sort((a, b) => a.seq - b.seq);
  return SIGNS.flatMap((sign) => {
    const chains = inLog.filter((one) => one.sign === sign).map(({ chain }) => chain);
    return chains.length === 0 ? [] : [{ sign, persons: personsOf(chains, desk) }];
  });
}

function changeView(change: RosterChange, desk: Desk): ChangeView {
  const person = personOf(change.chain, desk);
  return change.event === "role"
    ? { event: "role", person, role: change.role }
    : { event: change.event, person };
}

async function quoteView(conversation: Conversation, quote: Hash, desk: Desk): Promise<QuoteView | null> {
  const seq = (await conversation.journal()).placeOf(quote);
  const record = seq === null ? null : await readEntryRecord(conversation, seq, desk);
  if (record?.shown.kind !== "text" || record.shown.retracted !== null) return null;
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
