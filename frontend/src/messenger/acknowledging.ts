import type { ChainId } from "../crypto";
import { sameBytes } from "../crypto";
import type { Alarm } from "../store/model";
import { alarmsOf } from "./alarms";
import { CommandError } from "./commands";
import type { Conversation } from "./conversation";
import type { Rooms } from "./rooms";

/** "J'ai vu": what the protocol lets a person decide, and nothing else. */
export async function acknowledge(conversation: Conversation, rooms: Rooms): Promise<void> {
  const { desk } = rooms;
  const alarm = alarmsOf(conversation, desk).find((one) => isForPeople(one, rooms));
  if (alarm === undefined) throw new CommandError("not_allowed");
  if (alarm.kind === "identity_changed") await takeNewIdentity(conversation, alarm.person, rooms);
  else if (alarm.kind === "renamed" && alarm.person !== null) await desk.persons.takeName(alarm.person);
  else await conversation.queue.run(() => conversation.lift(alarm.kind));
  rooms.tell(conversation);
  rooms.ownStates.saySoon();
  rooms.sending.flush(conversation);
}

// A fork, a rollback or a refused key log ends when the host shows the log again, not when somebody clicks.
function isForPeople({ kind, blocks, person }: Alarm, { desk }: Rooms): boolean {
  if (kind === "identity_changed" || kind === "renamed") return person !== desk.identity.person;
  if (kind === "device_revoked_since" || kind === "added_by_another") return true;
  return kind === "entry_refused" && !blocks;
}

/** E13: the new chain is pinned; the next epoch replaces the old one. In a team they are added anew (E20). */
async function takeNewIdentity(
  conversation: Conversation,
  person: string | null,
  { desk, pinning }: Rooms,
): Promise<void> {
  const chain = person === null ? null : newChainOf(conversation, person, desk);
  // S3: which of two chains another device names is not the host's to say; the one known here stays.
  if (
    person !== null &&
    chain === null &&
    desk.persons.get(person)?.troubles.includes("pins_compete") === true
  )
    return desk.persons.setTrouble(person, "pins_compete", false);
  if (person === null || chain === null) throw new CommandError("not_allowed");
  const fetched = await pinning.follow(chain);
  const log = desk.keyLogs.get(chain);
  if (fetched !== "fits" || log === null || log.generations.length === 0)
    throw new CommandError("unavailable");
  const owner = desk.persons.byChain(chain);
  if (owner !== null && owner.id !== person) throw new CommandError("blocked");
  await desk.persons.pin(person, chain, log.head);
}

/** What another device of this person has already accepted goes before what the host gives. */
function newChainOf({ record, epoch }: Conversation, id: string, desk: Rooms["desk"]): ChainId | null {
  const person = desk.persons.get(id);
  const pinned = person?.pin?.chain ?? null;
  const isNew = (chain: ChainId | null) => chain !== null && (pinned === null || !sameBytes(chain, pinned));
  const others = record.kind === "team" ? [] : (epoch?.roster ?? []);
  const inRoster = others.map((row) => row.chain).find((chain) => !desk.identity.isMe(chain)) ?? null;
  if (isNew(inRoster)) return inRoster;
  const served = person?.served ?? null;
  return isNew(served) ? served : null;
}
