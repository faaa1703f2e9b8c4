/** R: how far the others are, by the highest marker of each person's devices. */
import type { Marker, Row } from "../crypto";
import { toText } from "../crypto";
import type { MessageState, Reach } from "../store/model";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";

export const STEPS = ["arrived", "readable", "read"] as const;
export type Step = (typeof STEPS)[number];
type Around = Pick<Desk, "identity">;
type Got = { readonly [S in Step]: number };

const NOTHING: Got = { arrived: 0, readable: 0, read: 0 };

/** By chain, the places that a person's devices say they have got to. */
function gotBy(marks: Iterable<Marker>): ReadonlyMap<string, Got> {
  const got = new Map<string, Got>();
  for (const mark of marks) {
    const name = toText(mark.chain);
    const before = got.get(name) ?? NOTHING;
    const place = (step: Step) => Math.max(before[step], mark[step]?.n ?? 0);
    got.set(name, { arrived: place("arrived"), readable: place("readable"), read: place("read") });
  }
  return got;
}

/** Whom a message of that time was for, and who is still there. */
export function audience({ epoch }: Conversation, at: number, { identity }: Around): readonly Row[] {
  return (epoch?.roster ?? []).filter(({ chain, since }) => !identity.isMe(chain) && since <= at);
}

export function reachOf(conversation: Conversation, place: { seq: number; at: number }, desk: Around): Reach {
  const got = gotBy(conversation.marks.values());
  const others = audience(conversation, place.at, desk).map(({ chain }) => got.get(toText(chain)) ?? NOTHING);
  const count = (step: Step) => others.filter((one) => one[step] >= place.seq).length;
  return { arrived: count("arrived"), readable: count("readable"), read: count("read"), of: others.length };
}

/** The step that all of them have got to. */
export function stateOf(reach: Reach): MessageState {
  const isReached = (step: Step) => reach.of > 0 && reach[step] === reach.of;
  if (isReached("read")) return "read";
  if (isReached("readable")) return "readable";
  return isReached("arrived") ? "arrived" : "sent";
}
