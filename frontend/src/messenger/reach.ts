/** R: how far the others are, by the highest marker of each person's devices. */
import type { ChainId, Marker, Row } from "../crypto";
import { toText } from "../crypto";
import type { MessageState, Reach } from "../store/model";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";

export const STEPS = ["arrived", "readable", "read"] as const;
export type Step = (typeof STEPS)[number];
type Around = Pick<Desk, "identity">;

/** The place that a person's devices say they have got to. */
export function placeOf(marks: Iterable<Marker>, chain: ChainId, step: Step): number {
  const name = toText(chain);
  let highest = 0;
  for (const mark of marks) if (toText(mark.chain) === name) highest = Math.max(highest, mark[step]?.n ?? 0);
  return highest;
}

/** Whom a message of that time was for, and who is still there. */
export function audience({ epoch }: Conversation, at: number, { identity }: Around): readonly Row[] {
  return (epoch?.roster ?? []).filter(({ chain, since }) => !identity.isMe(chain) && since <= at);
}

export function reachOf(conversation: Conversation, place: { seq: number; at: number }, desk: Around): Reach {
  const others = audience(conversation, place.at, desk);
  const marks = [...conversation.marks.values()];
  const count = (step: Step) => others.filter(({ chain }) => placeOf(marks, chain, step) >= place.seq).length;
  return { arrived: count("arrived"), readable: count("readable"), read: count("read"), of: others.length };
}

/** The step that all of them have got to. */
export function stateOf(reach: Reach): MessageState {
  const isReached = (step: Step) => reach.of > 0 && reach[step] === reach.of;
  return isReached("read")
    ? "read"
    : isReached("readable")
      ? "readable"
      : isReached("arrived")
        ? "arrived"
        : "sent";
}
