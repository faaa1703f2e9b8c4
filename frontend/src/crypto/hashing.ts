/** B2, O4, L1: every hash of the protocol is of one encoded array that begins with a label. */
import type { ConversationId, Hash } from "./brands";
import { asHash } from "./brands";
import type { Value } from "./codec";
import { encode } from "./codec";
import { blake2b } from "./sodium";

export const H = (list: readonly [string, ...Value[]]): Hash => asHash(blake2b(encode(list)));

export const objectHash = (whole: Uint8Array): Hash => H(["object", whole]);
export const logStart = (conversation: ConversationId): Hash => H(["log", conversation]);
export const logNext = (previous: Hash, seq: number, entry: Hash): Hash => H(["log", previous, seq, entry]);
