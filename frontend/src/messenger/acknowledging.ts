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
  if (alarm.kind === "identity_changed") await takeNewIdentity(conversation, rooms);
  else if (alarm.kind === "renamed" && alarm.person !== null) await desk.persons.takeName(alarm.person);
  else await conversation.queue.run(() => conversation.lift(alarm.kind));
  rooms.tell(conversation);
  rooms.ownStates.saySoon();
  rooms.sending.flush(conversation);
}

// A fork, a rollback or a refused key log ends when the host shows the log again, not when somebody clicks.
function isForPeople({ kind, blocks, person }: Alarm, { desk }: Rooms): boolean {
  if (kind === "identity_changed" || kind === "renamed") return person !== desk.identity.person;
  return kind === "device_revoked_since" || (kind === "entry_refused" && !blocks);
}

/** E13: the new chain is pinned; the next epoch replaces the old one. */
async function takeNewIdentity(conversation: Conversation, { desk, pinning }: Rooms): Promise<void> {
  const { peer } = conversation.record;
  const chain = newChainOf(conversation, { desk });
  if (peer === null || chain === null) throw new CommandError("not_allowed");
  const fetched = await pinning.follow(chain);
  const log = desk.keyLogs.get(chain);
  if (fetched !== "fits" || log === null || log.generations.length === 0)
    throw new CommandError("unavailable");
  const owner = desk.persons.byChain(chain);
  if (owner !== null && owner.id !== peer) throw new CommandError("blocked");
  await desk.persons.pin(peer, chain, log.head);
}

/** What another device of this person has already accepted goes before what the host gives. */
function newChainOf({ record, epoch }: Conversation, { desk }: Pick<Rooms, "desk">): ChainId | null {
  const person = record.peer === null ? null : desk.persons.get(record.peer);
  const pinned = person?.pin?.chain ?? null;
  const isNew = (chain: ChainId | null) => chain !== null && (pinned === null || !sameBytes(chain, pinned));
  const inRoster = epoch?.roster.map((row) => row.chain).find((chain) => !desk.identity.isMe(chain)) ?? null;
  if (isNew(inRoster)) return inRoster;
  const served = person?.served ?? null;
  return isNew(served) ? served : null;
}
