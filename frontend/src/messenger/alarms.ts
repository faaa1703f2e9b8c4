import type { Code } from "../crypto";
import type { Alarm, AlarmKind, Cause } from "../store/model";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import type { AlarmRecord } from "./records";

/** Worst first: the one that is shown when there are several. */
const ORDER: readonly AlarmKind[] = [
  "log_forked",
  "log_rolled_back",
  "key_log_refused",
  "identity_changed",
  "device_revoked_since",
  "entry_refused",
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
  not_a_member: "unknown_device",
  unknown_device: "unknown_device",
};
export const causeOf = (code: Code): Cause => CAUSES[code] ?? "altered";

type Rooms = Pick<Desk, "identity" | "persons" | "conversations">;

/** Everything that is wrong with a conversation now: its own log, its peer's keys, this person's own. */
export function alarmsOf(conversation: Conversation, desk: Rooms): readonly Alarm[] {
  const { record } = conversation;
  const own = record.alarms.map((alarm) => ({ ...alarm, person: record.peer }));
  const found = [
    ...own,
    ...ofPerson(record.peer, desk),
    ...ofPerson(desk.identity.person, desk),
    ...ofSelf(conversation, desk),
  ];
  if (desk.identity.isCloned) found.push({ ...CLONED, person: desk.identity.person });
  return found.sort(
    (a, b) => Number(b.blocks) - Number(a.blocks) || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind),
  );
}

export const isBlocked = (conversation: Conversation, desk: Rooms): boolean =>
  alarmsOf(conversation, desk).some(({ blocks }) => blocks);

/** M9. */
const CLONED = { kind: "entry_refused", cause: "unknown_device", seq: null, blocks: true } as const;

function ofPerson(id: string | null, { persons }: Rooms): readonly Alarm[] {
  const trouble = id === null ? null : (persons.get(id)?.trouble ?? null);
  return trouble === null ? [] : [{ kind: trouble, person: id, cause: null, seq: null, blocks: true }];
}

// What is wrong with the own state is shown everywhere, since it has no screen of its own.
function ofSelf(conversation: Conversation, { conversations, identity }: Rooms): readonly Alarm[] {
  const { self } = conversations;
  if (self === null || self === conversation) return [];
  const serious = self.record.alarms.filter(({ kind }) => kind !== "entry_refused");
  return serious.map((alarm) => ({ ...alarm, person: identity.person, seq: null, blocks: false }));
}

export const refusedAt = (code: Code, seq: number): AlarmRecord =>
  code === "forked"
    ? { kind: "log_forked", cause: null, seq, blocks: true }
    : { kind: "entry_refused", cause: causeOf(code), seq, blocks: false };
