/** What stands in a conversation now: its last accepted epoch, and what the log says of its rows since. */
import type { ChainId } from "./brands";
import { sameBytes } from "./codec";
import type { Epoch, Founding } from "./epochs";
import { isIn, rowOf } from "./roster";

export type Current = {
  readonly founding: Founding;
  readonly epoch: Epoch;
  /** Its place. */
  readonly seq: number;
  /** L2: by the server, since this epoch. */
  readonly suspended: readonly ChainId[];
  /** L11: since this epoch. */
  readonly left: readonly ChainId[];
};

/** Roles are read in the preceding roster. */
export const isCoordinator = (current: Current, chain: ChainId): boolean =>
  rowOf(current.epoch.roster, chain)?.role === "coordinator";

/** E21: somebody who coordinates and is neither paused, nor suspended since, nor gone. */
export const hasCoordinator = ({ epoch, suspended, left }: Current): boolean =>
  epoch.roster.some(
    ({ chain, role, paused }) =>
      role === "coordinator" && !paused && !isIn(suspended, chain) && !isIn(left, chain),
  );

/** E14: by a coordinator, and never oneself. */
export const mayResume = (chain: ChainId, current: Current, maker: ChainId): boolean =>
  isCoordinator(current, maker) && !sameBytes(chain, maker);
