/** S: what a person's devices tell each other: pins, marks, checked places, past secrets. */
import type { Checked, KeptSecret, Muted, OwnState, Pin, Verified } from "./stating";
import { sameBytes } from "./codec";
import { toText } from "./base64url";

export const emptyState: OwnState = {
  kind: "state",
  pins: [],
  verified: [],
  checked: [],
  secrets: [],
  muted: [],
};
/** A full batch of each sort stays well under the largest message. */
const BATCH = 50;

export type Merged = {
  readonly state: OwnState;
  /** S3: rows that name another hash for a place already known; the first stays, these are shown. */
  readonly conflicts: readonly (Pin | Checked)[];
};

/**
 * S3. `writerRevoked`: the later rows come from a device revoked at the highest known head of the own key log; they fill
 * gaps and change nothing. Secrets are all kept: only the one that matches its epoch's commitment ever counts.
 */
export function mergeState(known: OwnState, later: OwnState, writerRevoked: boolean): Merged {
  const conflicts: (Pin | Checked)[] = [];
  const served = later.pins.filter((pin) => !isAnothers(known.pins, pin));
  conflicts.push(...later.pins.filter((pin) => isAnothers(known.pins, pin)));
  const pins = merge(known.pins, served, pinKey, (old, fresh) => {
    if (writerRevoked) return old;
    if (!sameBytes(old.chain, fresh.chain)) return fresh;
    return further(old, fresh, (pin) => pin.head, conflicts);
  });
  const checked = merge(known.checked, later.checked, checkedKey, (old, fresh) =>
    writerRevoked ? old : further(old, fresh, (row) => row.place, conflicts),
  );
  const last = <T>(old: T, fresh: T): T => (writerRevoked ? old : fresh);
  const verified = merge(known.verified, later.verified, verifiedKey, last);
  const muted = merge(known.muted, later.muted, mutedKey, last);
  const secrets = merge(known.secrets, later.secrets, secretKey, (old) => old);
  return { state: { kind: "state", pins, verified, checked, secrets, muted }, conflicts };
}

// K15: a chain pinned to one person is not another's.
const isAnothers = (known: readonly Pin[], fresh: Pin): boolean =>
  known.some((pin) => sameBytes(pin.chain, fresh.chain) && !sameBytes(pin.person, fresh.person));

const pinKey = (row: Pin): string => toText(row.person);
const verifiedKey = (row: Verified): string => toText(row.chain);
const mutedKey = (row: Muted): string => toText(row.conversation);
const checkedKey = (row: Checked): string => toText(row.conversation);
const secretKey = (row: KeptSecret): string =>
  `${toText(row.conversation)}/${row.number}/${toText(row.secret.expose())}`;

type Choose<T> = (old: T, fresh: T) => T;
function merge<T>(
  known: readonly T[],
  later: readonly T[],
  keyOf: (row: T) => string,
  choose: Choose<T>,
): readonly T[] {
  const rows = new Map(known.map((row) => [keyOf(row), row]));
  for (const row of later) {
    const old = rows.get(keyOf(row));
    rows.set(keyOf(row), old === undefined ? row : choose(old, row));
  }
  return [...rows.values()];
}

type Place = Pin["head"];
function further<T extends Pin | Checked>(
  old: T,
  fresh: T,
  placeOf: (row: T) => Place,
  conflicts: (Pin | Checked)[],
): T {
  const [before, after] = [placeOf(old), placeOf(fresh)];
  if (before.n === after.n && !sameBytes(before.hash, after.hash)) conflicts.push(fresh);
  return after.n > before.n ? fresh : old;
}

/** The messages that carry this state: each within the limits of one. */
export function inBatches(state: OwnState): readonly OwnState[] {
  const { kind, pins, verified, checked, secrets, muted } = state;
  const longest = Math.max(...[pins, verified, checked, secrets, muted].map(({ length }) => length));
  return Array.from({ length: Math.ceil(longest / BATCH) }, (_, i) => {
    const part = <T>(rows: readonly T[]) => rows.slice(i * BATCH, (i + 1) * BATCH);
    return {
      kind,
      pins: part(pins),
      verified: part(verified),
      checked: part(checked),
      secrets: part(secrets),
      muted: part(muted),
    };
  });
}
