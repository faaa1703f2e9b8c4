/** E16, E18: when a client makes the next epoch before it seals, or seals nothing until its user has looked. */
import { sameBytes } from "./codec";
import type { Current } from "./current";
import type { Opener } from "./device";
import type { Epoch } from "./epochs";
import type { KeyLog } from "./keylog";
import { activeAt, revokedSince } from "./keylog";
import { toText } from "./base64url";
import type { Row } from "./roster";
import { rowOf } from "./roster";
import type { EpochSecret } from "./secret";

export type RenewReason = "revoked" | "suspended" | "left" | "own_head" | "no_secret" | "day";
export type ToLookAt = {
  readonly current: Current;
  /** The newest known log of each person in the roster. */
  readonly logs: readonly KeyLog[];
  readonly device: Opener;
  readonly secret: EpochSecret | null;
  /** The server's time. */
  readonly now: number;
};

/** E16: why the next epoch comes before the next message, or `null`. */
export function renewalNeeded({ current, logs, device, secret, now }: ToLookAt): RenewReason | null {
  const { epoch, suspended, left } = current;
  const logOf = (row: Row) => logs.find((log) => sameBytes(log.chain, row.chain));
  const hasMoved = (row: Row) => {
    const log = logOf(row);
    return log !== undefined && revokedSince(log, row.head.n);
  };
  if (epoch.roster.some(hasMoved)) return "revoked";
  if (suspended.length > 0) return "suspended";
  if (left.length > 0) return "left";
  const own = rowOf(epoch.roster, device.chain);
  const log = own === null ? undefined : logOf(own);
  if (own === null || log === undefined || activeAt(log, device.id, own.head.n) === null) return "own_head";
  if (secret === null) return "no_secret";
  return parisDay(epoch.at) === parisDay(now) ? null : "day";
}

/** E18: the epoch's maker is revoked in its newest known log, and this epoch does not name that. */
export function makerRevoked(epoch: Epoch, makerLog: KeyLog): boolean {
  const revoked = makerLog.devices.get(toText(epoch.signer))?.revoked ?? null;
  const row = rowOf(epoch.roster, makerLog.chain);
  return revoked !== null && row !== null && revoked > row.head.n;
}

const paris = new Intl.DateTimeFormat("fr-FR", {
  timeZone: "Europe/Paris",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});
const parisDay = (seconds: number): string => paris.format(seconds * 1000);
