import type { ChainId, Code } from "../crypto";
import { rowOf, toText } from "../crypto";
import type { Alarm, AlarmKind, Cause } from "../store/model";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import { concerned, personOf } from "./members";
import { alarmOf } from "./persons";
import type { AlarmRecord } from "./records";

/** Worst first: the one that is shown when there are several. */
const ORDER: readonly AlarmKind[] = [
  "profile_copied",
  "log_forked",
  "log_rolled_back",
  "key_log_refused",
  "restored",
  "identity_changed",
  "wrap_withheld",
  "device_revoked_since",
  "entry_refused",
  "renamed",
];

const CAUSES: Partial<Record<Code, Cause>> = {
  malformed: "malformed",
  newer_version: "newer_version",
  unknown_kind: "newer_version",
  // An entry of another conversation is a replay too.
  wrong_conversation: "replayed",
  replayed: "replayed",
  duplicate: "replayed",
  past_epoch: "past_epoch",
  not_a_member: "outsider",
  not_allowed: "not_allowed",
  unknown_device: "unknown_device",
};
export const causeOf = (code: Code): Cause => CAUSES[code] ?? "altered";

type Rooms = Pick<Desk, "identity" | "persons" | "conversations" | "keyLogs">;

/** Everything that is wrong with a conversation now: its own log, its peer's keys, this person's own. */
export function alarmsOf(conversation: Conversation, desk: Rooms): readonly Alarm[] {
  const { record } = conversation;
  const own = record.alarms.map((alarm) => ({ ...alarm, person: about(alarm, conversation, desk) }));
  const isTeam = record.kind === "team";
  const found = [
    ...own,
    ...(record.isCut ? [{ ...CUT, person: record.peer }] : []),
    ...concerned(conversation, desk).flatMap((id) => ofPerson(id, isTeam, desk)),
    ...ofPerson(desk.identity.person, false, desk),
    ...ofSelf(conversation, desk),
  ];
  if (desk.identity.isCloned) found.push({ ...CLONED, person: desk.identity.person });
  if (desk.identity.isDisowned) found.push({ ...DISOWNED, person: desk.identity.person });
  return found.sort(
    (a, b) => Number(b.blocks) - Number(a.blocks) || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind),
  );
}

/** Whom it is about: in a team, by the roster that is in force. */
function about({ kind }: AlarmRecord, { record, epoch }: Conversation, desk: Rooms): string | null {
  if (record.kind !== "team" || epoch === null) return record.peer;
  if (kind === "added_by_another")
    return personOf(rowOf(epoch.roster, desk.identity.chain)?.by ?? null, desk);
  if (kind !== "device_revoked_since") return null;
  const signer = toText(epoch.signer);
  const isTheirs = ({ chain }: { chain: ChainId }) => desk.keyLogs.get(chain)?.devices.has(signer) === true;
  return personOf(epoch.roster.find(isTheirs)?.chain ?? null, desk);
}

export const isBlocked = (conversation: Conversation, desk: Rooms): boolean =>
  alarmsOf(conversation, desk).some(({ blocks }) => blocks);

/** M9. */
const CLONED = { kind: "profile_copied", cause: null, seq: null, blocks: true } as const;

/** K16. */
const DISOWNED = { kind: "key_log_refused", cause: null, seq: null, blocks: true } as const;

// A new identity inherits nothing in a team (K15): it must be added anew, and what is sealed to the old row harms nobody.
function ofPerson(id: string, isTeam: boolean, { persons }: Rooms): readonly Alarm[] {
  const record = persons.get(id);
  const kind = record === null ? null : alarmOf(record);
  const alarm = { person: id, cause: null, seq: null } as const;
  if (kind !== null) return [{ ...alarm, kind, blocks: !isTeam || kind === "key_log_refused" }];
  return (record?.renamed ?? null) === null ? [] : [{ ...alarm, kind: "renamed", blocks: false }];
}

// What is wrong with the own state is shown everywhere, since it has no screen of its own.
function ofSelf(conversation: Conversation, { conversations, identity }: Rooms): readonly Alarm[] {
  const { self } = conversations;
  if (self === null || self === conversation) return [];
  const serious = self.record.alarms.filter(({ kind, blocks }) => kind !== "entry_refused" || blocks);
  return serious.map((alarm) => ({ ...alarm, person: identity.person, seq: null, blocks: false }));
}

/** The host calls a conversation something else than its founding, or a second one the own state. Over when it no longer does. */
export const UNFIT: AlarmRecord = { kind: "entry_refused", cause: "altered", seq: null, blocks: true };
/** K15: nobody is known, or was named by the host for exactly the chain that the roster has. Over when somebody is. */
export const UNKNOWN: AlarmRecord = {
  kind: "entry_refused",
  cause: "unknown_device",
  seq: null,
  blocks: true,
};
/** L13: the host begins a log after what another device of this person already knew of it. */
const CUT: AlarmRecord = { kind: "log_rolled_back", cause: null, seq: null, blocks: true };
/** T5: over when the host has again what is here. */
export const RESTORED: AlarmRecord = { kind: "restored", cause: null, seq: null, blocks: true };
/** L14. */
export const ADDED_BY_ANOTHER: AlarmRecord = {
  kind: "added_by_another",
  cause: null,
  seq: null,
  blocks: true,
};
/** K15: a team's roster has a chain for which the host names nobody. Over when it does. */
export const UNNAMED: AlarmRecord = {
  kind: "entry_refused",
  cause: "unknown_device",
  seq: null,
  blocks: false,
};
/** K15: the roster names somebody else than this conversation began with. */
export const EXCHANGED: AlarmRecord = { kind: "identity_changed", cause: null, seq: null, blocks: true };

/** K21: shown, and over with the next epoch. */
export const LATE: AlarmRecord = { kind: "device_revoked_since", cause: null, seq: null, blocks: false };

export const isSame = (one: AlarmRecord, other: AlarmRecord): boolean =>
  one.kind === other.kind &&
  one.cause === other.cause &&
  one.seq === other.seq &&
  one.blocks === other.blocks;

export const refusedAt = (code: Code, seq: number): AlarmRecord =>
  code === "forked"
    ? { kind: "log_forked", cause: null, seq, blocks: true }
    : { kind: "entry_refused", cause: causeOf(code), seq, blocks: false };
