/** E4 to E6: the rows of a roster and what changed between two of them. */
import type { ChainId, Hash, Position } from "./brands";
import type { Fields, Value } from "./codec";
import { compareBytes, encode, isList, sameBytes } from "./codec";
import { toText } from "./base64url";
import type { Shape } from "./fields";
import * as is from "./fields";
import { refusal } from "./refused";
import { isAscending } from "./statements";

export type RowKind = "professional" | "other" | "connector";
export type RowRole = "member" | "coordinator";
export type Row = {
  readonly chain: ChainId;
  readonly kind: RowKind;
  /** Place in that person's key log which this epoch is sealed for. */
  readonly head: Position;
  readonly generation: number;
  /** `null` exactly when paused. */
  readonly wrap: Hash | null;
  readonly role: RowRole;
  readonly by: ChainId;
  readonly since: number;
  readonly paused: boolean;
};
export type Roster = readonly Row[];
export type Change =
  | readonly ["pause" | "resume" | "add" | "remove", ChainId]
  | readonly ["replace", ChainId, ChainId]
  | readonly ["role", ChainId, RowRole];

export const MOST_ROWS = 200;
const KINDS: readonly string[] = ["professional", "other", "connector"] satisfies RowKind[];
const ROLES: readonly string[] = ["member", "coordinator"] satisfies RowRole[];

/** Fields whose one value in this version is a matter of form (E4), not of shape. */
type Written = Omit<Row, "kind" | "role"> & {
  readonly kind: string;
  readonly role: string;
  readonly until: Value;
  readonly inside: Value;
  readonly basis: Value;
  readonly sessions: Value;
};
const written = is.record<Written>({
  chain: is.chainId,
  kind: is.text,
  head: is.position,
  generation: is.count,
  wrap: is.nullable(is.hash),
  role: is.text,
  by: is.chainId,
  since: is.time,
  until: is.any,
  paused: is.flag,
  inside: is.any,
  basis: is.any,
  sessions: is.any,
});

/** A row as read; its words are only to be believed when it is `formed`. */
export type ReadRow = { readonly row: Row; readonly formed: boolean };
export const row: Shape<ReadRow> = (value) => {
  const { until, inside, basis, sessions, ...rest } = written(value);
  const isNeutral = until === null && inside === true && basis === null && isEmptyList(sessions);
  const formed = isNeutral && KINDS.includes(rest.kind) && ROLES.includes(rest.role);
  return { row: { ...rest, kind: rest.kind as RowKind, role: rest.role as RowRole }, formed };
};

const isEmptyList = (value: Value): boolean => isList(value) && value.length === 0;

export const fromRow = (row: Row): Fields => ({
  ...row,
  head: is.fromPosition(row.head),
  until: null,
  inside: true,
  basis: null,
  sessions: [],
});

const role = is.oneOf("member", "coordinator");
const oneChange: Shape<Change> = (value) => {
  const act = isList(value) ? value[0] : null;
  if (act === "replace") return is.tuple(is.oneOf("replace"), is.chainId, is.chainId)(value);
  if (act === "role") return is.tuple(is.oneOf("role"), is.chainId, role)(value);
  return is.tuple(is.oneOf("pause", "resume", "add", "remove"), is.chainId)(value);
};
/** `null` when there is something in it that is no change. */
export function readChange(values: readonly Value[]): readonly Change[] | null {
  const changes: Change[] = [];
  const code = refusal(() => changes.push(...values.map(oneChange)));
  return code === null ? changes : null;
}

export const isIn = (chains: readonly ChainId[], chain: ChainId): boolean =>
  chains.some((one) => sameBytes(one, chain));

export const rowOf = (roster: Roster, chain: ChainId): Row | null =>
  roster.find((row) => sameBytes(row.chain, chain)) ?? null;

export const isAddedBy = (row: Row, at: number, maker: ChainId): boolean =>
  row.since === at && sameBytes(row.by, maker);

/** E5, and the pairing of wrap and pause of E4. */
export const isWellFormed = (roster: Roster): boolean =>
  roster.length >= 1 &&
  roster.length <= MOST_ROWS &&
  isAscending(roster.map((row) => row.chain)) &&
  roster.every((row) => row.paused === (row.wrap === null));

/** E6. A replacement is the author's word for one row that went and one that came. */
export function isExactly(change: readonly Change[], before: Roster, after: Roster): boolean {
  const replaced = change.filter((one) => one[0] === "replace");
  if (!replaced.every(([, old, chain]) => went(before, after, old) && went(after, before, chain)))
    return false;
  if (!before.every((row) => keepsItsPlace(row, rowOf(after, row.chain)))) return false;
  const expected = differences(before, after, replaced);
  return sameBytes(encode(inOrder(expected)), encode(change));
}

const went = (from: Roster, to: Roster, chain: ChainId): boolean =>
  rowOf(from, chain) !== null && rowOf(to, chain) === null;

const keepsItsPlace = (row: Row, later: Row | null): boolean =>
  later === null || (row.kind === later.kind && row.since === later.since && sameBytes(row.by, later.by));

type Replacement = readonly ["replace", ChainId, ChainId];
function differences(before: Roster, after: Roster, replaced: readonly Replacement[]): readonly Change[] {
  const named = new Set(replaced.flatMap(([, old, chain]) => [toText(old), toText(chain)]));
  const unnamed = (roster: Roster, other: Roster) =>
    roster.filter((row) => rowOf(other, row.chain) === null && !named.has(toText(row.chain)));
  return [
    ...dedupe(replaced),
    ...unnamed(after, before).map((row): Change => ["add", row.chain]),
    ...unnamed(before, after).map((row): Change => ["remove", row.chain]),
    ...before.flatMap((row) => alterations(row, rowOf(after, row.chain))),
  ];
}

// One row may be named by one replacement only; a second naming then differs from what is expected.
function dedupe(replaced: readonly Replacement[]): readonly Replacement[] {
  const seen = new Set<string>();
  return replaced.filter(([, old, chain]) => {
    const fresh = !seen.has(toText(old)) && !seen.has(toText(chain));
    seen.add(toText(old)).add(toText(chain));
    return fresh;
  });
}

/** What E6 says of a row that stays. */
export function alterations(
  row: Row,
  later: Pick<Row, "chain" | "paused" | "role"> | null,
): readonly Change[] {
  // A row that was replaced is named by its replacement.
  if (later === null || !sameBytes(row.chain, later.chain)) return [];
  const changes: Change[] = [];
  if (row.paused !== later.paused) changes.push([later.paused ? "pause" : "resume", row.chain]);
  if (row.role !== later.role) changes.push(["role", row.chain, later.role]);
  return changes;
}

export const inOrder = (change: readonly Change[]): readonly Change[] & readonly Value[] =>
  [...change].sort((a, b) => compareBytes(encode(a), encode(b)));
