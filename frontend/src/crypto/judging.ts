/**
 * L: the verdict over one entry, from the log before it and the key-log heads it names; never from a clock or from
 * later knowledge, so that all honest clients decide alike.
 */
import type { ChainId, Hash, Position } from "./brands";
import { sameBytes } from "./codec";
import type { Current } from "./current";
import type { Entry, Header, Leave, Message, Read, Suspended } from "./entries";
import { readEntry } from "./entries";
import type { Epoch } from "./epochs";
import { foundingOf } from "./epochs";
import { objectHash } from "./hashing";
import { judgeJoining } from "./joining";
import { activeAt } from "./keylog";
import type { SignedObject } from "./objects";
import { isSignedBy } from "./objects";
import type { Code } from "./refused";
import { Refused } from "./refused";
import type { Row } from "./roster";
import { isIn, rowOf } from "./roster";
import { refuseRoster } from "./rules";
import type { Facts } from "./standing";
import {
  checkHeads,
  checkSeen,
  demand,
  knownLog,
  makersRow,
  signingDevice,
  standingRow,
  Waiting,
} from "./standing";

export type { Facts, Joining } from "./standing";

export type Verdict =
  | { readonly kind: "accepted"; readonly hash: Hash; readonly entry: Entry; readonly sender: ChainId | null }
  | { readonly kind: "refused"; readonly hash: Hash; readonly code: Code }
  /** `differs`: the key log is known that far, with another hash there (E7: shown as `key_log_refused`). */
  | {
      readonly kind: "waiting";
      readonly hash: Hash;
      readonly chain: ChainId;
      readonly head: Position;
      readonly differs: boolean;
    };

export function judge(whole: Uint8Array, seq: number, facts: Facts): Verdict {
  const hash = objectHash(whole);
  try {
    const read = readEntry(whole);
    return { kind: "accepted", hash, entry: read.entry, sender: judgeRead(read, seq, facts) };
  } catch (error) {
    if (error instanceof Refused) return { kind: "refused", hash, code: error.code };
    if (error instanceof Waiting) {
      const { chain, head, differs } = error;
      return { kind: "waiting", hash, chain, head, differs };
    }
    throw error;
  }
}

/** Returns the sender's chain; L9's order. */
function judgeRead(read: Read, seq: number, facts: Facts): ChainId | null {
  if (read.object === null) return judgeSuspended(read.entry, facts);
  const { entry, object } = read;
  if (entry.type === "epoch") return judgeEpoch(entry, object, seq, facts);
  const current = judgeSaid(entry, object, seq, facts);
  demand(entry.type === "message" || mayLeave(current, entry.header.person), "not_allowed");
  return entry.header.person;
}

/** L11: somebody must be left who can take it up, or nobody at all. */
function mayLeave({ founding, ...current }: Current, chain: ChainId): boolean {
  const others = current.epoch.roster.filter((row) => !sameBytes(row.chain, chain));
  return founding.kind === "team" && (others.length === 0 || !others.every(isStopped(current)));
}

/** What a person says under the last epoch: a message, or that they leave. */
function judgeSaid(
  { header, hash }: Message | Leave,
  object: SignedObject,
  seq: number,
  facts: Facts,
): Current {
  const { current } = facts;
  demand(sameBytes(header.conversation, facts.conversation), "wrong_conversation");
  demand(current !== null, "past_epoch");
  demand(!isForked(header, object, current, facts), "forked");
  demand(
    sameBytes(header.epochHash, current.epoch.hash) && header.epoch === current.epoch.number,
    "past_epoch",
  );
  const device = signingDevice(standingRow(current, header.person), header.device, facts);
  demand(isSignedBy(object, device.sign), "bad_signature");
  checkSeen(header.seen, current, seq, facts);
  demand(!facts.hasEntry(hash), "replayed");
  demand(!facts.hasClientId(header.device, header.clientId), "duplicate");
  return current;
}

/** L6: somebody whose word counts saw another epoch under a number that is taken. */
function isForked(header: Header, object: SignedObject, { epoch }: Current, facts: Facts): boolean {
  const ours = facts.epochHash(header.epoch);
  const row = rowOf(epoch.roster, header.person);
  if (ours === null || sameBytes(ours, header.epochHash) || row === null) return false;
  const device = activeAt(knownLog(row, facts), header.device, row.head.n);
  return device !== null && device.sort === "browser" && isSignedBy(object, device.sign);
}

function judgeEpoch(epoch: Epoch, object: SignedObject, seq: number, facts: Facts): ChainId {
  const { current, joining } = facts;
  // L1: the conversation is the hash of entry 1, whatever that says of itself.
  const stated = seq === 1 ? epoch.hash : epoch.conversation;
  const isPlaced = seq === 1 || epoch.number > 0;
  demand(!isPlaced || sameBytes(stated, facts.conversation), "wrong_conversation");
  if (current === null && joining !== null) return judgeJoining({ epoch, object, seq, facts, joining });
  const founding = foundingOf(epoch);
  demand(founding !== null, "unknown_kind");
  demand(current === null ? seq === 1 && epoch.number === 0 : isNext(epoch, current.epoch), "past_epoch");
  const maker = makersRow(epoch, facts);
  if (current !== null) standingRow(current, maker.chain);
  const device = signingDevice(maker, epoch.signer, facts);
  demand(isSignedBy(object, device.sign), "bad_signature");
  if (current !== null && epoch.seen !== null) checkSeen(epoch.seen, current, seq, facts);
  demand(!facts.hasEntry(epoch.hash), "replayed");
  const code = refuseRoster(epoch, founding, current, maker.chain);
  demand(code === null, code ?? "bad_roster");
  checkHeads(epoch, current?.epoch.roster ?? [], facts);
  return maker.chain;
}

const isNext = (epoch: Epoch, last: Epoch): boolean =>
  epoch.number === last.number + 1 && epoch.prev !== null && sameBytes(epoch.prev, last.hash);

const isStopped =
  ({ suspended, left }: Pick<Current, "suspended" | "left">) =>
  ({ paused, chain }: Row): boolean =>
    paused || isIn(suspended, chain) || isIn(left, chain);

// L2.
function judgeSuspended(entry: Suspended, facts: Facts): null {
  const { current } = facts;
  demand(sameBytes(entry.conversation, facts.conversation), "wrong_conversation");
  demand(current !== null, "past_epoch");
  demand(current.founding.kind !== "self", "not_allowed");
  const isGone = isStopped(current);
  const standing = current.epoch.roster.filter((row) => !isGone(row));
  demand(rowOf(standing, entry.chain) !== null, "not_a_member");
  demand(standing.length > 1, "not_allowed");
  demand(!facts.hasEntry(entry.hash), "replayed");
  return null;
}
