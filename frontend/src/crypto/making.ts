/** E: making an epoch: a fresh secret, sealed once for each person who is not paused, in a signed statement. */
import type { ChainId, ConversationId, Hash, Position, Random, Sealed } from "./brands";
import { compareBytes, sameBytes } from "./codec";
import type { Current } from "./current";
import type { Device } from "./device";
import type { Epoch, EpochFields, Kind } from "./epochs";
import { commitTo, readEpoch, writeEpoch } from "./epochs";
import type { KeyLog } from "./keylog";
import { readObject, signObject } from "./objects";
import type { Change, Roster, Row, RowKind, RowRole } from "./roster";
import { alterations, inOrder, isIn } from "./roster";
import { seal, sealedWrapHash, wrapContext } from "./sealing";
import type { EpochSecret } from "./secret";
import { Secret } from "./secret";

export type SealedWrap = { readonly chain: ChainId; readonly sealed: Sealed };
export type MadeEpoch = {
  readonly statement: Uint8Array;
  readonly hash: Hash;
  readonly conversation: ConversationId;
  readonly epoch: Epoch;
  readonly secret: EpochSecret;
  readonly wraps: readonly SealedWrap[];
};
type By = { readonly device: Device; readonly at: number; readonly random: Random };

/** Somebody as the maker puts them in: their newest key log, and what the directory says they are (E22). */
export type Entrant = { readonly log: KeyLog; readonly kind: RowKind };
export type Newcomer = Entrant & { readonly role: RowRole };

type ToBegin = By & { readonly own: Entrant; readonly organisation: Uint8Array };

/** E11: the person's own conversation. */
export const beginSelf = (input: ToBegin): MadeEpoch =>
  begin(input, "self", [{ ...input.own, role: "coordinator" }]);

/** E12. Both logs current, and each with a person key. */
export const beginDirect = (input: ToBegin & { readonly peer: Entrant }): MadeEpoch =>
  begin(
    input,
    "direct",
    [input.own, input.peer].map((one) => ({ ...one, role: "coordinator" })),
  );

/** E19. */
export const beginTeam = (input: ToBegin & { readonly others: readonly Newcomer[] }): MadeEpoch =>
  begin(input, "team", [{ ...input.own, role: "coordinator" }, ...input.others]);

function begin(by: ToBegin, kind: Kind, members: readonly Newcomer[]): MadeEpoch {
  return make(by, {
    conversation: null,
    number: 0,
    prev: null,
    founding: { kind, organisation: by.organisation, patient: null },
    seen: null,
    change: [],
    rows: members.map((member) => entering(member, by)),
    logs: members.map(({ log }) => log),
  });
}

const entering = ({ log, kind, role }: Newcomer, { device, at }: By): Standing => ({
  chain: log.chain,
  kind,
  role,
  by: device.chain,
  since: at,
  paused: false,
});

export type ToRenew = By & {
  readonly current: Current;
  /** The newest known log of each person in the new roster who is not added. */
  readonly logs: readonly KeyLog[];
  readonly seen: Position;
  /** E13, after the user acknowledged the new identity. */
  readonly replace?: { readonly old: ChainId; readonly chain: ChainId };
  readonly resume?: readonly ChainId[];
  readonly add?: readonly Newcomer[];
  readonly remove?: readonly ChainId[];
  readonly roles?: readonly (readonly [ChainId, RowRole])[];
};

/** The next epoch: current heads and generations, the suspended paused, leavers gone, and what was asked. */
export function nextEpoch(input: ToRenew): MadeEpoch {
  const { epoch, left } = input.current;
  const { add = [], remove = [] } = input;
  const going = epoch.roster.filter(({ chain }) => isIn(left, chain) || isIn(remove, chain));
  const staying = epoch.roster.filter((row) => !going.includes(row));
  const rows = staying.map((row) => standing(row, input));
  return make(input, {
    conversation: epoch.conversation,
    number: epoch.number + 1,
    prev: epoch.hash,
    founding: epoch.founding,
    seen: input.seen,
    change: inOrder([
      ...(input.replace === undefined ? [] : [["replace", input.replace.old, input.replace.chain] as const]),
      ...staying.flatMap((row, i) => alterations(row, rows[i] ?? null)),
      ...going.map(({ chain }): Change => ["remove", chain]),
      ...add.map(({ log }): Change => ["add", log.chain]),
    ]),
    rows: [...rows, ...add.map((one) => entering(one, input))],
    logs: [...input.logs, ...add.map(({ log }) => log)],
  });
}

/** A row before anything is sealed for it. */
type Standing = Pick<Row, "chain" | "kind" | "role" | "by" | "since" | "paused">;

function standing(row: Row, { replace, current, device, at, resume = [], roles = [] }: ToRenew): Standing {
  if (replace !== undefined && sameBytes(replace.old, row.chain)) {
    return { ...row, chain: replace.chain, by: device.chain, since: at };
  }
  const [, role = row.role] = roles.find(([chain]) => sameBytes(chain, row.chain)) ?? [];
  const paused = (row.paused || isIn(current.suspended, row.chain)) && !isIn(resume, row.chain);
  return { ...row, role, paused };
}

type Plan = Omit<EpochFields, "roster" | "secret_commit" | "retention" | "at"> & {
  readonly rows: readonly Standing[];
  readonly logs: readonly KeyLog[];
};

function make(by: By, { rows, logs, ...plan }: Plan): MadeEpoch {
  const secret: EpochSecret = new Secret("epoch", by.random(32));
  const commit = commitTo(plan.number, plan.prev, secret);
  const ascending = [...rows].sort((a, b) => compareBytes(a.chain, b.chain));
  const sealed = ascending.map((row) => sealRow(row, logOf(row, logs), { by, plan, secret, commit }));
  const roster: Roster = sealed.map(({ row }) => row);
  const bytes = writeEpoch({ ...plan, roster, secret_commit: commit, retention: null, at: by.at });
  const statement = signObject("epoch", bytes, by.device);
  const epoch = readEpoch(readObject(statement, "epoch"));
  const wraps = sealed.flatMap(({ row, wrap }) =>
    wrap === null ? [] : [{ chain: row.chain, sealed: wrap }],
  );
  return {
    statement,
    hash: epoch.hash,
    conversation: epoch.conversation,
    epoch,
    secret,
    wraps,
  };
}

function logOf(row: Standing, logs: readonly KeyLog[]): KeyLog {
  const log = logs.find((each) => sameBytes(each.chain, row.chain));
  if (log === undefined) throw new RangeError("the key log of a person in the roster was not given");
  return log;
}

type Sealing = {
  readonly by: By;
  readonly plan: { readonly number: number; readonly conversation: ConversationId | null };
  readonly secret: EpochSecret;
  readonly commit: Hash;
};

// E9.
function sealRow(row: Standing, log: KeyLog, { by, plan, secret, commit }: Sealing) {
  const current = log.generations.at(-1);
  if (current === undefined) throw new RangeError("a person without a person key cannot be in a roster");
  const { generation } = current;
  const { conversation, number } = plan;
  const context = wrapContext({
    maker: by.device.id,
    chain: row.chain,
    generation,
    conversation,
    number,
    commit,
  });
  const wrap = row.paused ? null : seal(current.public, context, secret.expose(), by.random);
  const placed: Row = {
    ...row,
    head: log.head,
    generation,
    wrap: wrap === null ? null : sealedWrapHash(wrap),
  };
  return { row: placed, wrap };
}
