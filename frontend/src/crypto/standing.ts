/** E7, E10, L4, L6: what a verdict stands on: the log before the entry, key logs, and who may sign. */
import type { ChainId, ClientId, ConversationId, DeviceId, Hash, Position } from "./brands";
import { toText } from "./base64url";
import { sameBytes } from "./codec";
import type { Current } from "./current";
import type { Epoch } from "./epochs";
import type { DeviceRecord, KeyLog } from "./keylog";
import { activeAt, generationAt, hashAt } from "./keylog";
import type { Code } from "./refused";
import { Refused } from "./refused";
import type { Roster, Row } from "./roster";
import { isIn, rowOf } from "./roster";

type Noted = { readonly number: number; readonly seq: number };

/** L12 to L14: the view of a reader who was not always there. */
export type Joining = {
  /** The reader. */
  readonly chain: ChainId;
  /** L13: where the view begins. */
  readonly anchor: Position;
  /** S: the place that another device of the reader checked last, and the number of the epoch in force there. */
  readonly noted: Noted | null;
  /** The last epoch that the reader accepted here, while they were in this conversation. */
  readonly known: Pick<Current, "seq" | "founding" | "epoch"> | null;
};

/** What the caller's store knows of the log before the entry, and of key logs. */
export interface Facts {
  readonly conversation: ConversationId;
  /** `null` before the first epoch, and after a stub until a joining epoch is accepted (L12). */
  readonly current: Current | null;
  /** Where `current` is `null` and the log does not begin with this entry: what a joining epoch must bear out. */
  readonly joining: Joining | null;
  /** L6: hash of the accepted epoch of this number. */
  epochHash(number: number): Hash | null;
  /** h(n) of this log for a place before the entry; `null` when it has none there. */
  hashAt(n: number): Hash | null;
  keyLog(chain: ChainId): KeyLog | null;
  /** Whether an earlier entry, whatever its verdict, or a stub has this hash. */
  hasEntry(hash: Hash): boolean;
  /** Whether an earlier accepted message is of this device and client id. */
  hasClientId(device: DeviceId, clientId: ClientId): boolean;
}

/** Carries a missing key log up to `judge`; nobody else sees it. */
export class Waiting extends Error {
  readonly chain: ChainId;
  readonly head: Position;
  readonly differs: boolean;
  constructor(row: Row, differs: boolean) {
    super("waiting");
    this.chain = row.chain;
    this.head = row.head;
    this.differs = differs;
  }
}

export function demand(holds: boolean, code: Code): asserts holds {
  if (!holds) throw new Refused(code);
}

// E7.
export function knownLog(row: Row, facts: Facts): KeyLog {
  const log = facts.keyLog(row.chain);
  const there = log === null ? null : hashAt(log, row.head.n);
  if (log === null || there === null) throw new Waiting(row, false);
  if (!sameBytes(there, row.head.hash)) throw new Waiting(row, true);
  return log;
}

/** E10: the maker is whose key log, at the head named, holds the signer; a statement does not name a person. */
export function makersRow(epoch: Epoch, facts: Facts): Row {
  const signer = toText(epoch.signer);
  const row = epoch.roster.find((each) => {
    const device = knownLog(each, facts).devices.get(signer);
    return device !== undefined && device.added <= each.head.n;
  });
  demand(row !== undefined && !row.paused, "not_a_member");
  return row;
}

/** L4: paused, gone and unknown persons say nothing. */
export function standingRow(current: Current, chain: ChainId): Row {
  const row = rowOf(current.epoch.roster, chain);
  demand(row !== null && !row.paused && !isIn(current.left, chain), "not_a_member");
  return row;
}

export function signingDevice(row: Row, device: DeviceId, facts: Facts): DeviceRecord {
  const found = activeAt(knownLog(row, facts), device, row.head.n);
  demand(found !== null && found.sort === "browser", "unknown_device");
  return found;
}

// L6.
export function checkSeen(seen: Position, current: Current, seq: number, facts: Facts): void {
  demand(seen.n >= current.seq, "past_epoch");
  demand(isOurs(seen, seq, facts), "forked");
}

export function isOurs(seen: Position, seq: number, facts: Facts): boolean {
  const there = seen.n < seq ? facts.hashAt(seen.n) : null;
  return there !== null && sameBytes(there, seen.hash);
}

/** E7, in row order. */
export function checkHeads({ roster }: Epoch, before: Roster, facts: Facts): void {
  for (const row of roster) {
    const last = rowOf(before, row.chain);
    demand(last === null || row.head.n >= last.head.n, "bad_roster");
    demand(generationAt(knownLog(row, facts), row.head.n)?.generation === row.generation, "bad_roster");
  }
}
