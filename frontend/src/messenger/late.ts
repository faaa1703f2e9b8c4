import type { ChainId } from "../crypto";
import { readAccepted, rowOf } from "../crypto";
import type { Conversation } from "./conversation";
import type { EntryRecord } from "./records";

/** The place in the own key log of the last revocation that this browser made and the host acknowledged. */
export type Revocation = { readonly n: number };

/**
 * K21: the host still takes messages under an epoch that seals to a device which this person put out. It is caught by
 * place: times are the host's word.
 */
export async function isLate(
  conversation: Conversation,
  fresh: readonly EntryRecord[],
  chain: ChainId,
): Promise<boolean> {
  const { revoked } = conversation.record;
  if (revoked === null) return false;
  const beyond = fresh.filter(({ accepted, seq }) => accepted && seq > revoked.seq);
  const messages = beyond.filter(({ entry }) => readAccepted(entry).type === "message");
  for (const number of new Set(messages.map(({ epoch }) => epoch))) {
    const row = rowOf((await conversation.epochAt(number))?.roster ?? [], chain);
    if (row !== null && row.head.n < revoked.n) return true;
  }
  return false;
}
