/** E3 to E6 and E11 to E14: what a roster may be, from the log before it alone. */
import type { ChainId } from "./brands";
import { sameBytes } from "./codec";
import type { Epoch, Founding, Kind } from "./epochs";
import type { Code } from "./refused";
import type { Row } from "./roster";
import { isExactly, isWellFormed, rowOf } from "./roster";

/** The last accepted epoch, its place, and whom the server suspended since. */
export type Current = {
  readonly founding: Founding;
  readonly epoch: Epoch;
  readonly seq: number;
  readonly suspended: readonly ChainId[];
};

/** The code that refuses this roster made by `maker`, or `null`. */
export function refuseRoster(epoch: Epoch, kind: Kind, current: Current | null, maker: ChainId): Code | null {
  if (!epoch.formed || !isWellFormed(epoch.roster)) return "bad_roster";
  if (current === null) {
    if (epoch.change.length > 0) return "bad_roster";
    return mayBegin(epoch, kind, maker) ? null : "not_allowed";
  }
  if (!isExactly(epoch.change, current.epoch.roster, epoch.roster)) return "bad_roster";
  return mayFollow(epoch, kind, current, maker) ? null : "not_allowed";
}

// E11, E12.
function mayBegin(epoch: Epoch, kind: Kind, maker: ChainId): boolean {
  const rows = kind === "self" ? 1 : 2;
  return epoch.roster.length === rows && epoch.roster.every((row) => isFounder(row, epoch.at, maker));
}

const isFounder = (row: Row, at: number, maker: ChainId): boolean =>
  row.role === "coordinator" && !row.paused && row.since === at && sameBytes(row.by, maker);

function mayFollow(epoch: Epoch, kind: Kind, current: Current, maker: ChainId): boolean {
  if (kind === "self") return epoch.change.length === 0;
  if (!takesUp(current.suspended, epoch)) return false;
  return epoch.change.every((change) => {
    if (change[0] === "replace") return mayReplace(epoch, current, maker, change[1], change[2]);
    if (change[0] === "resume") return isCoordinator(current, maker) && !sameBytes(change[1], maker);
    return change[0] === "pause";
  });
}

// E14: exactly the suspended are paused, nobody else.
function takesUp(suspended: readonly ChainId[], epoch: Epoch): boolean {
  const paused = epoch.change.filter((change) => change[0] === "pause").map((change) => change[1]);
  const isPaused = (chain: ChainId) => paused.some((other) => sameBytes(other, chain));
  return paused.length === suspended.length && suspended.every(isPaused);
}

const isCoordinator = (current: Current, maker: ChainId): boolean =>
  rowOf(current.epoch.roster, maker)?.role === "coordinator";

// E13.
function mayReplace(epoch: Epoch, current: Current, maker: ChainId, old: ChainId, chain: ChainId): boolean {
  const before = rowOf(current.epoch.roster, old);
  const after = rowOf(epoch.roster, chain);
  if (before === null || after === null || epoch.change.length !== 1) return false;
  if (before.paused || after.paused || sameBytes(old, maker)) return false;
  const sameStanding = before.kind === after.kind && before.role === after.role;
  return sameStanding && after.since === epoch.at && sameBytes(after.by, maker);
}
