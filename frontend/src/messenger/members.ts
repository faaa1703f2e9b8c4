/** K15: who is in a conversation, from its accepted roster mapped by pins. */
import type { ChainId, Row } from "../crypto";
import { isIn, toText } from "../crypto";
import type { MemberView, PersonView } from "../store/model";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";

type Around = Pick<Desk, "identity" | "persons">;

export function personOf(chain: ChainId | null, { identity, persons }: Around): string | null {
  return identity.isMe(chain) ? identity.person : (persons.byChain(chain)?.id ?? null);
}

export const personsOf = (chains: readonly ChainId[], desk: Around): readonly string[] =>
  chains.flatMap((chain) => personOf(chain, desk) ?? []);

/** Coordinators first, then in the order in which they came; who came together, by name. */
export function membersOf(conversation: Conversation, desk: Around): readonly MemberView[] {
  const rows = conversation.epoch?.roster ?? [];
  return rows.map((row) => memberView(row, conversation, desk)).sort(byStanding);
}

function byStanding(a: MemberView, b: MemberView): number {
  if (a.role !== b.role) return a.role === "coordinator" ? -1 : 1;
  return a.since - b.since || (nameOf(a) < nameOf(b) ? -1 : 1);
}
const nameOf = ({ person: { family, given, id } }: MemberView): string => `${family} ${given} ${id}`;

function memberView(row: Row, { record }: Conversation, desk: Around): MemberView {
  return {
    person: viewOf(row.chain, desk),
    role: row.role,
    since: row.since,
    by: personOf(row.by, desk),
    paused: row.paused || isIn(record.suspended, row.chain),
    leaving: isIn(record.left, row.chain),
  };
}

/** Somebody whose chain nobody is pinned to stays nobody, under a name of their own. */
export function viewOf(chain: ChainId, desk: Around): PersonView {
  const person = personOf(chain, desk);
  return desk.persons.view(person ?? toText(chain));
}

/** Everybody whose trouble is this conversation's: its roster by pins, and whom the host names for rows without one. */
export function concerned({ epoch, record, named }: Conversation, desk: Around): readonly string[] {
  if (record.kind !== "team") return record.peer === null ? [] : [record.peer];
  const chains = (epoch?.roster ?? []).map(({ chain }) => chain);
  const rows = new Set(chains.map(toText));
  const pinned = personsOf(chains, desk);
  const served = named.filter(({ chain }) => rows.has(chain)).map(({ id }) => id);
  return [...new Set([...pinned, ...served])].filter((id) => id !== desk.identity.person);
}
