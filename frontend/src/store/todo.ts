import type { ConversationView } from "./model";

/** What waits for this person, worst first: something to refuse, then something that has not left. */
export type Todo =
  | { readonly kind: "alarm"; readonly conversation: ConversationView }
  | { readonly kind: "queued"; readonly conversation: ConversationView; readonly count: number };

export function todo(conversations: readonly ConversationView[]): readonly Todo[] {
  const alarms = conversations.filter((one) => one.alarm !== null);
  const queued = conversations.filter((one) => one.queued > 0);
  return [
    ...alarms.map((conversation): Todo => ({ kind: "alarm", conversation })),
    ...queued.map((conversation): Todo => ({ kind: "queued", conversation, count: conversation.queued })),
  ];
}

/** True when a conversation asks for a look: unread, alarmed or not sent. */
export function waits(conversation: ConversationView): boolean {
  return conversation.unread > 0 || conversation.queued > 0 || conversation.alarm !== null;
}
