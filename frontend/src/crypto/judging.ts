/**
 * L: the verdict over one entry, from the log before it and the key-log heads it names; never from a clock or from
 * later knowledge, so that all honest clients decide alike.
 */
import type { ChainId, ClientId, ConversationId, DeviceId, Hash, Position } from "./brands";
import { sameBytes } from "./codec";
import type { Entry, Message, Read, Suspended } from "./entries";
import { readEntry } from "./entries";
import type { Epoch, Founding, Kind } from "./epochs";
import { foundingOf } from "./epochs";
import { objectHash } from "./hashing";
import type { DeviceRecord, KeyLog } from "./keylog";
import { activeAt, generationAt, hashAt } from "./keylog";
import { toText } from "./base64url";
import type { SignedObject } from "./objects";
import { isSignedBy } from "./objects";
import type { Code } from "./refused";
import { Refused } from "./refused";
import type { Roster, Row } from "./roster";
import { rowOf } from "./roster";
import type { Current } from "./rules";
import { refuseRoster } from "./rules";

/** What the caller's store knows of the log before the entry, and of key logs. */
export interface Facts {
  readonly conversation: ConversationId;
  /** `null` before the first epoch. */
  readonly current: Current | null;
  /** h(n) of this log for a place before the entry; `null` when it has none there. */
  hashAt(n: number): Hash | null;
  keyLog(chain: ChainId): KeyLog | null;
  /** Whether an earlier entry, whatever its verdict, has this hash. */
  hasEntry(hash: Hash): boolean;
  /** Whether an earlier accepted message is of this device and client id. */
  hasClientId(device: DeviceId, clientId: ClientId): boolean;
}

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

/** Carries a missing key log up to `judge`; never leaves this file. */
class Waiting extends Error {
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

function demand(holds: boolean, code: Code): asserts holds {
  if (!holds) throw new Refused(code);
}

/** Returns the sender's chain; L9's order. */
function judgeRead(read: Read, seq: number, facts: Facts): ChainId | null {
  if (read.object === null) return judgeSuspended(read.entry, facts);
  if (read.entry.type === "message") return judgeMessage(read.entry, read.object, seq, facts);
  return judgeEpoch(read.entry, read.object, seq, facts);
}

function judgeMessage(message: Message, object: SignedObject, seq: number, facts: Facts): ChainId {
  const { header } = message;
  const { current } = facts;
  demand(sameBytes(header.conversation, facts.conversation), "wrong_conversation");
  demand(current !== null, "past_epoch");
  const isCurrent = header.epoch === current.epoch.number && sameBytes(header.epochHash, current.epoch.hash);
  demand(isCurrent, "past_epoch");
  const row = rowOf(current.epoch.roster, header.person);
  demand(row !== null && !row.paused, "not_a_member");
  const device = signingDevice(row, header.device, facts);
  demand(isSignedBy(object, device.sign), "bad_signature");
  checkSeen(header.seen, current, seq, facts);
  demand(!facts.hasEntry(message.hash), "replayed");
  demand(!facts.hasClientId(header.device, header.clientId), "duplicate");
  return header.person;
}

function judgeEpoch(epoch: Epoch, object: SignedObject, seq: number, facts: Facts): ChainId {
  const { current } = facts;
  // L1: the conversation is the hash of entry 1, whatever that says of itself.
  const stated = seq === 1 ? epoch.hash : epoch.conversation;
  const isPlaced = seq === 1 || epoch.number > 0;
  demand(!isPlaced || sameBytes(stated, facts.conversation), "wrong_conversation");
  const kind = kindOf(epoch, current);
  demand(current === null ? seq === 1 && epoch.number === 0 : isNext(epoch, current.epoch), "past_epoch");
  const row = makersRow(epoch, current, facts);
  const device = signingDevice(row, epoch.signer, facts);
  demand(isSignedBy(object, device.sign), "bad_signature");
  if (current !== null && epoch.seen !== null) checkSeen(epoch.seen, current, seq, facts);
  demand(!facts.hasEntry(epoch.hash), "replayed");
  const code = refuseRoster(epoch, kind, current, row.chain);
  demand(code === null, code ?? "bad_roster");
  for (const each of epoch.roster) checkHead(each, current?.epoch.roster ?? [], facts);
  return row.chain;
}

// E1: unknown kinds are refused before anything else is looked at.
function kindOf(epoch: Epoch, current: Current | null): Kind {
  const founding: Founding | null = epoch.founding === null ? (current?.founding ?? null) : foundingOf(epoch);
  demand(epoch.founding === null || founding !== null, "unknown_kind");
  demand(founding !== null, "past_epoch");
  return founding.kind;
}

const isNext = (epoch: Epoch, last: Epoch): boolean =>
  epoch.number === last.number + 1 && epoch.prev !== null && sameBytes(epoch.prev, last.hash);

// E10. The maker is whose key log, at the head named, holds the signer; a statement does not name a person.
function makersRow(epoch: Epoch, current: Current | null, facts: Facts): Row {
  const signer = toText(epoch.signer);
  const row = epoch.roster.find((each) => {
    const device = knownLog(each, facts).devices.get(signer);
    return device !== undefined && device.added <= each.head.n;
  });
  demand(row !== undefined && !row.paused, "not_a_member");
  const before = current === null ? row : rowOf(current.epoch.roster, row.chain);
  demand(before !== null && !before.paused, "not_a_member");
  return row;
}

function signingDevice(row: Row, device: DeviceId, facts: Facts): DeviceRecord {
  const found = activeAt(knownLog(row, facts), device, row.head.n);
  demand(found !== null && found.sort === "browser", "unknown_device");
  return found;
}

// E7.
function knownLog(row: Row, facts: Facts): KeyLog {
  const log = facts.keyLog(row.chain);
  const there = log === null ? null : hashAt(log, row.head.n);
  if (log === null || there === null) throw new Waiting(row, false);
  if (!sameBytes(there, row.head.hash)) throw new Waiting(row, true);
  return log;
}

function checkHead(row: Row, before: Roster, facts: Facts): void {
  const last = rowOf(before, row.chain);
  demand(last === null || row.head.n >= last.head.n, "bad_roster");
  demand(generationAt(knownLog(row, facts), row.head.n)?.generation === row.generation, "bad_roster");
}

// L6.
function checkSeen(seen: Position, current: Current, seq: number, facts: Facts): void {
  demand(seen.n >= current.seq, "past_epoch");
  const there = seen.n < seq ? facts.hashAt(seen.n) : null;
  demand(there !== null && sameBytes(there, seen.hash), "forked");
}

// L2.
function judgeSuspended(entry: Suspended, facts: Facts): null {
  const { current } = facts;
  demand(sameBytes(entry.conversation, facts.conversation), "wrong_conversation");
  demand(current !== null, "past_epoch");
  demand(current.founding.kind === "direct", "not_allowed");
  const isStopped = (row: Row) =>
    row.paused || current.suspended.some((chain) => sameBytes(chain, row.chain));
  const standing = current.epoch.roster.filter((row) => !isStopped(row));
  demand(rowOf(standing, entry.chain) !== null, "not_a_member");
  demand(standing.length > 1, "not_allowed");
  demand(!facts.hasEntry(entry.hash), "replayed");
  return null;
}
