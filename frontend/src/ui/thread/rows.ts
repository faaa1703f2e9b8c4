import type { MessageView } from "../../store/model";
import { dayOf } from "../i18n/dates";

/** What the list shows, one row after the other. */
export type Row =
  | { readonly kind: "start"; readonly key: string }
  | { readonly kind: "day"; readonly key: string; readonly at: number }
  | { readonly kind: "unread"; readonly key: string; readonly n: number }
  | { readonly kind: "system"; readonly key: string; readonly message: MessageView }
  | {
      readonly kind: "message";
      readonly key: string;
      readonly message: MessageView;
      readonly head: boolean;
      readonly state: boolean;
    };

export type Unread = { readonly from: number; readonly n: number };

/** Said by the log rather than by somebody: one grey line. */
const LINES: ReadonlySet<MessageView["body"]["kind"]> = new Set(["system", "roster", "title", "unshared"]);
const isLine = ({ body }: MessageView): boolean => LINES.has(body.kind);

const GATHER_SECONDS = 300; // within this, one name is enough for several messages

function sameBreath(before: MessageView | undefined, message: MessageView): boolean {
  return (
    before !== undefined &&
    !isLine(before) &&
    before.author === message.author &&
    message.at - before.at < GATHER_SECONDS &&
    dayOf(before.at) === dayOf(message.at)
  );
}

/** The own messages whose state is worth a line: the last of each state, and all that have not left. */
function stateLines(messages: readonly MessageView[]): ReadonlySet<string> {
  const told = new Set<string>();
  const seen = new Set<string>();
  for (const message of messages.toReversed()) {
    if (message.state === null || (message.state !== "queued" && seen.has(message.state))) continue;
    seen.add(message.state);
    told.add(message.key);
  }
  return told;
}

function firstUnread(messages: readonly MessageView[], unread: Unread | null): string | null {
  if (unread === null) return null;
  const first = messages.find(
    (message) => message.seq !== null && message.seq >= unread.from && !message.own,
  );
  return first?.key ?? null;
}

export function rows(
  messages: readonly MessageView[],
  complete: boolean,
  unread: Unread | null,
): readonly Row[] {
  const lines = stateLines(messages);
  const fresh = firstUnread(messages, unread);
  const list: Row[] = complete ? [{ kind: "start", key: "start" }] : [];
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    const newDay = before === undefined || dayOf(before.at) !== dayOf(message.at);
    if (newDay) list.push({ kind: "day", key: `day ${dayOf(message.at)}`, at: message.at });
    if (message.key === fresh && unread !== null) list.push({ kind: "unread", key: "unread", n: unread.n });
    list.push(messageRow(message, message.key === fresh ? undefined : before, lines.has(message.key)));
  });
  return list;
}

function messageRow(message: MessageView, before: MessageView | undefined, state: boolean): Row {
  if (isLine(message)) return { kind: "system", key: message.key, message };
  return { kind: "message", key: message.key, message, head: !sameBreath(before, message), state };
}

/** The row that a key press leads to: messages only, the edge stays where it is. */
export function nextMessage(list: readonly Row[], from: number, step: 1 | -1): number {
  for (let index = from + step; index >= 0 && index < list.length; index += step) {
    const kind = list[index]?.kind;
    if (kind === "message" || kind === "system") return index;
  }
  return from;
}

export function lastMessage(list: readonly Row[]): number {
  return nextMessage(list, list.length, -1);
}
