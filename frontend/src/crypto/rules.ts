/** E3 to E6, E11 to E14 and E19 to E21: what a roster may be, from the log before it alone. */
import type { ChainId } from "./brands";
import { sameBytes } from "./codec";
import type { Current } from "./current";
import { mayResume } from "./current";
import type { Epoch, Founding } from "./epochs";
import { isSameFounding } from "./epochs";
import type { Code } from "./refused";
import type { Change } from "./roster";
import { isAddedBy, isExactly, isIn, isWellFormed, rowOf } from "./roster";
import { mayFollowTeam } from "./teamrules";

/** The code that refuses this roster made by `maker`, or `null`. */
export function refuseRoster(
  epoch: Epoch,
  founding: Founding,
  current: Current | null,
  maker: ChainId,
): Code | null {
  if (!epoch.formed || !isWellFormed(epoch.roster)) return "bad_roster";
  if (current === null) {
    if (epoch.change.length > 0) return "bad_roster";
    if (mayBegin(epoch, founding, maker)) return null;
    // L9: E19 is a matter of form.
    return founding.kind === "team" ? "bad_roster" : "not_allowed";
  }
  if (!isSameFounding(founding, current.founding)) return "bad_roster";
  if (!isExactly(epoch.change, current.epoch.roster, epoch.roster)) return "bad_roster";
  return mayFollow(epoch, current, maker) ? null : "not_allowed";
}

// E11, E12, E19.
function mayBegin({ roster, at }: Epoch, { kind }: Founding, maker: ChainId): boolean {
  if (!roster.every((row) => !row.paused && isAddedBy(row, at, maker))) return false;
  if (kind === "team") return rowOf(roster, maker)?.role === "coordinator";
  return roster.length === (kind === "self" ? 1 : 2) && roster.every(({ role }) => role === "coordinator");
}

function mayFollow(epoch: Epoch, current: Current, maker: ChainId): boolean {
  const { kind } = current.founding;
  if (kind === "self") return epoch.change.length === 0;
  if (!takesUp(epoch, current)) return false;
  if (kind === "team") return mayFollowTeam(epoch, current, maker);
  return epoch.change.every((change) => mayChange(change, epoch, current, maker));
}

// E14: exactly the suspended are paused, nobody else.
function takesUp({ change, roster }: Epoch, { suspended }: Current): boolean {
  const paused = change.filter(([act]) => act === "pause").map(([, chain]) => chain);
  const kept = suspended.filter((chain) => rowOf(roster, chain) !== null);
  return paused.length === kept.length && kept.every((chain) => isIn(paused, chain));
}

// E12 to E14, in a direct conversation.
function mayChange(change: Change, epoch: Epoch, current: Current, maker: ChainId): boolean {
  if (change[0] === "replace") return mayReplace(epoch, current, maker, change[1], change[2]);
  return change[0] === "pause" || (change[0] === "resume" && mayResume(change[1], current, maker));
}

// E13.
function mayReplace(epoch: Epoch, current: Current, maker: ChainId, old: ChainId, chain: ChainId): boolean {
  const before = rowOf(current.epoch.roster, old);
  const after = rowOf(epoch.roster, chain);
  if (before === null || after === null || epoch.change.length !== 1) return false;
  if (before.paused || after.paused || sameBytes(old, maker)) return false;
  const sameStanding = before.kind === after.kind && before.role === after.role;
  return sameStanding && isAddedBy(after, epoch.at, maker);
}
