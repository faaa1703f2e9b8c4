/** E20, E21: who may change what in a team. */
import type { ChainId } from "./brands";
import { sameBytes } from "./codec";
import type { Current } from "./current";
import { hasCoordinator, isCoordinator, mayResume } from "./current";
import type { Epoch } from "./epochs";
import type { Change, Row } from "./roster";
import { isAddedBy, isIn, rowOf } from "./roster";

export function mayFollowTeam(epoch: Epoch, current: Current, maker: ChainId): boolean {
  const { change, roster } = epoch;
  const isGone = (chain: ChainId) => rowOf(roster, chain) === null;
  if (!current.left.every(isGone)) return false;
  if (!change.every((one) => mayChange(one, epoch, current, maker))) return false;
  // Only a coordinator takes away the last one; who takes up a leaver does not.
  return !isCoordinator(current, maker) || roster.some((row) => row.role === "coordinator" && !row.paused);
}

function mayChange(change: Change, epoch: Epoch, current: Current, maker: ChainId): boolean {
  const [act, chain] = change;
  if (act === "pause") return true;
  if (act === "resume") return mayResume(chain, current, maker);
  if (act === "remove") return isIn(current.left, chain) || isCoordinator(current, maker);
  if (act === "add")
    return isCoordinator(current, maker) && isNewcomer(rowOf(epoch.roster, chain), epoch, maker);
  if (act === "role") return isCoordinator(current, maker) || takesRole(change, current, maker);
  return false;
}

const isNewcomer = (row: Row | null, { at }: Epoch, maker: ChainId): boolean =>
  row !== null && !row.paused && isAddedBy(row, at, maker);

function takesRole(change: Change, current: Current, maker: ChainId): boolean {
  const [, chain, role] = change;
  return role === "coordinator" && sameBytes(chain, maker) && mayTakeRole(current, maker);
}

/** E21: nobody coordinates, and this is a professional who may. */
export function mayTakeRole(current: Current, chain: ChainId): boolean {
  const row = rowOf(current.epoch.roster, chain);
  return row !== null && row.kind === "professional" && row.role === "member" && !hasCoordinator(current);
}
