/** S: what a person's devices tell each other: pins, marks, checked places, past secrets. */
import type { Checked, KeptSecret, Muted, OwnState, Pin, Verified } from "./stating";
import { sameBytes } from "./codec";
import { toText } from "./base64url";

/** `from`: the place of the message that first named this chain; `null` when its writer is revoked since. */
export type KeptPin = Pin & { readonly from: number | null };
export type KeptState = Omit<OwnState, "pins"> & { readonly pins: readonly KeptPin[] };
export const emptyState: KeptState = {
  kind: "state",
  pins: [],
  verified: [],
  checked: [],
  secrets: [],
  muted: [],
};
/** A full batch of each sort stays well under the largest message. */
const BATCH = 50;

/** Where a message lies, up to where its writer had read, and whether that device is revoked at the highest known head. */
export type Written = { readonly seq: number; readonly seen: number; readonly revoked: boolean };

export type Merged = {
  readonly state: KeptState;
  /** S3: rows that name another hash for a place already known; the first stays, these are shown. */
  readonly conflicts: readonly (Pin | Checked)[];
  /** Pins of another chain by somebody who had not seen the one that is kept: no acknowledgement, but shown. */
  readonly competing: readonly Pin[];
};

/**
 * S3. What a revoked writer says fills gaps, vouches for nobody and gives way. Secrets are all kept: only the one that
 * matches its epoch's commitment ever counts.
 */
export function mergeState(known: KeptState, later: OwnState, written: Written): Merged {
  const { pins, conflicts, competing } = mergePins(known.pins, later.pins, written);
  const { revoked } = written;
  const checked = merge(known.checked, later.checked, checkedKey, (old, fresh) =>
    revoked ? old : further(old, fresh, (row) => row.place, conflicts),
  );
  const last = <T>(old: T, fresh: T): T => (revoked ? old : fresh);
  const verified = merge(known.verified, revoked ? [] : later.verified, verifiedKey, last);
  const muted = merge(known.muted, later.muted, mutedKey, last);
  const secrets = merge(known.secrets, later.secrets, secretKey, (old) => old);
  return { state: { kind: "state", pins, verified, checked, secrets, muted }, conflicts, competing };
}

function mergePins(before: readonly KeptPin[], later: readonly Pin[], { seq, seen, revoked }: Written) {
  const known = revoked ? before : before.filter((pin) => pin.from !== null || !isAnothers(later, pin));
  const conflicts: (Pin | Checked)[] = revoked ? [] : later.filter((pin) => isAnothers(known, pin));
  const competing: Pin[] = [];
  const rows = later.filter((pin) => !isAnothers(known, pin));
  const fresh = rows.map((pin): KeptPin => ({ ...pin, from: revoked ? null : seq }));
  const pins = merge(known, fresh, pinKey, (old, row) => {
    if (revoked) return old;
    if (old.from === null) return row;
    if (sameBytes(old.chain, row.chain))
      return { ...further(old, row, (pin) => pin.head, conflicts), from: old.from };
    // E13: who replaces a chain has seen it pinned; otherwise it is a first contact, kept from the first by the host.
    if (seen >= old.from) return row;
    competing.push(row);
    return old;
  });
  return { pins, conflicts, competing };
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
