import type { ChainId } from "../crypto";
import { readAccepted, rowOf } from "../crypto";
import type { Conversation } from "./conversation";
import type { EntryRecord } from "./records";

/** The last revocation that this browser made, and when the host acknowledged it. */
export type Revocation = { readonly n: number; readonly at: number };

const GRACE = 60;

/** K21: the host still takes messages under an epoch that seals to a device which this person put out a while ago. */
export function isLate(
  conversation: Conversation,
  fresh: readonly EntryRecord[],
  chain: ChainId,
  revocation: Revocation | null,
): boolean {
  const row = conversation.epoch === null ? null : rowOf(conversation.epoch.roster, chain);
  if (revocation === null || row === null || row.head.n >= revocation.n) return false;
  return fresh.some(({ accepted, at, entry }) => {
    return accepted && at > revocation.at + GRACE && readAccepted(entry).type === "message";
  });
}
