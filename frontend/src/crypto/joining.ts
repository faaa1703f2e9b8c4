/** L14: the epoch by which a reader comes in, or comes back; judged by its own roster, since its signer vouches. */
import type { ChainId } from "./brands";
import { sameBytes } from "./codec";
import type { Epoch } from "./epochs";
import { foundingOf, isSameFounding } from "./epochs";
import type { SignedObject } from "./objects";
import { isSignedBy } from "./objects";
import { isAddedBy, isWellFormed, rowOf } from "./roster";
import type { Facts, Joining } from "./standing";
import { checkHeads, demand, isOurs, makersRow, signingDevice } from "./standing";

type Candidate = {
  readonly epoch: Epoch;
  readonly object: SignedObject;
  readonly seq: number;
  readonly facts: Facts;
  readonly joining: Joining;
};

/** Returns the maker's chain. */
export function judgeJoining(candidate: Candidate): ChainId {
  const { epoch, object, facts, joining } = candidate;
  demand(brings(epoch, joining.chain) && isNewer(candidate), "past_epoch");
  const founding = foundingOf(epoch);
  demand(founding !== null && founding.kind !== "self", "unknown_kind");
  const maker = makersRow(epoch, facts);
  demand(!sameBytes(maker.chain, joining.chain), "not_a_member");
  const device = signingDevice(maker, epoch.signer, facts);
  demand(isSignedBy(object, device.sign), "bad_signature");
  demand(isBorneOut(candidate), "forked");
  demand(!facts.hasEntry(epoch.hash), "replayed");
  demand(epoch.formed && isWellFormed(epoch.roster) && isFit(epoch, maker.chain, joining), "bad_roster");
  checkHeads(epoch, joining.known?.epoch.roster ?? [], facts);
  return maker.chain;
}

/** At a place that own state has checked, or before it, the log hash there decides instead (L7). */
function isNewer({ epoch: { number }, seq, joining: { known, noted } }: Candidate): boolean {
  const isNew = number > (known?.epoch.number ?? 0);
  return isNew && (noted === null || seq <= noted.seq || number > noted.number);
}

function brings({ change, founding }: Epoch, reader: ChainId): boolean {
  const [first] = change;
  if (founding.kind !== "direct")
    return change.some(([act, chain]) => act === "add" && sameBytes(chain, reader));
  return change.length === 1 && first?.[0] === "replace" && sameBytes(first[2], reader);
}

/** L13, L14: exactly the anchor when the reader never was there; else at or after the last epoch that they know. */
function isBorneOut({ epoch: { seen }, seq, facts, joining: { anchor, known } }: Candidate): boolean {
  if (seen === null || !isOurs(seen, seq, facts)) return false;
  return known === null ? seen.n === anchor.n : seen.n >= known.seq;
}

function isFit(epoch: Epoch, maker: ChainId, { chain, known }: Joining): boolean {
  const { roster, change, at } = epoch;
  const row = rowOf(roster, chain);
  if (row === null || row.paused || !isAddedBy(row, at, maker)) return false;
  if (change.some((one) => one[0] === "remove" && rowOf(roster, one[1]) !== null)) return false;
  const founding = foundingOf(epoch);
  if (founding === null || (known !== null && !isSameFounding(founding, known.founding))) return false;
  return (
    founding.kind === "team" || (roster.length === 2 && roster.every(({ role }) => role === "coordinator"))
  );
}
