/** What an epoch says to people. Most say nothing: a new day's secret is no news. */
import type { ChainId, Epoch, KeyLog, Row } from "../crypto";
import { activeDevices, rowOf } from "../crypto";
import type { Shown } from "./records";

type Logs = { get(chain: ChainId): KeyLog | null };

export function eventOf(before: Epoch | null, epoch: Epoch, maker: ChainId | null, logs: Logs): Shown {
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
