/** What an epoch says to people. Most say nothing: a new day's secret is no news. */
import type { ChainId, Change, Epoch, KeyLog, Row } from "../crypto";
import { activeDevices, isIn, rowOf, sameBytes } from "../crypto";
import type { RosterChange, Shown } from "./records";

type Logs = { get(chain: ChainId): KeyLog | null };
type Happening = {
  /** `null` where nothing of the log before it is known here. */
  readonly before: Epoch | null;
  readonly epoch: Epoch;
  readonly left: readonly ChainId[];
  readonly maker: ChainId | null;
};

export function eventOf({ before, epoch, left, maker }: Happening, logs: Logs): Shown {
  const changes = epoch.change.flatMap((change) => rosterChange(change, { left, maker, before }));
  if (changes.length > 0) return { kind: "roster", changes };
  if (before === null) return { kind: "system", event: "started", chain: maker };
  const replaced = epoch.change.find((change) => change[0] === "replace");
  if (replaced?.[0] === "replace") return { kind: "system", event: "identity_replaced", chain: replaced[2] };
  const grown = epoch.roster.find((row) => hasNewDevice(rowOf(before.roster, row.chain), row, logs));
  return grown === undefined
    ? { kind: "nothing" }
    : { kind: "system", event: "device_added", chain: grown.chain };
}

function hasNewDevice(before: Row | null, row: Row, logs: Logs): boolean {
  const log = logs.get(row.chain);
  if (before === null || log === null || before.head.n === row.head.n) return false;
  return activeDevices(log, row.head.n).some(({ added }) => added > before.head.n);
}

type Around = Omit<Happening, "epoch">;
const EVENTS = { add: "added", pause: "paused", resume: "resumed" } as const;

function rosterChange(change: Change, { left, maker, before }: Around): readonly RosterChange[] {
  const [act, chain] = change;
  if (act === "replace") return [];
  // Who left said so themselves, in a line of their own.
  if (act === "remove") return isIn(left, chain) ? [] : [{ event: "removed", chain }];
  if (act !== "role") return [{ event: EVENTS[act], chain }];
  return takesIt(change, maker, before)
    ? [{ event: "took_role", chain }]
    : [{ event: "role", chain, role: change[2] }];
}

// E21: nobody gave it.
const takesIt = ([, chain]: Change, maker: ChainId | null, before: Epoch | null): boolean =>
  maker !== null &&
  sameBytes(chain, maker) &&
  before !== null &&
  rowOf(before.roster, maker)?.role === "member";
