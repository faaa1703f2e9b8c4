/** E: making an epoch: a fresh secret, sealed once for each person who is not paused, in a signed statement. */
import type { ChainId, ConversationId, Hash, Position, Random, Sealed } from "./brands";
import { compareBytes, sameBytes } from "./codec";
import type { Device } from "./device";
import type { Epoch, EpochFields, Founding } from "./epochs";
import { commitTo, readEpoch, writeEpoch } from "./epochs";
import type { KeyLog } from "./keylog";
import { readObject, signObject } from "./objects";
import type { Change, Roster, Row } from "./roster";
import { inOrder } from "./roster";
import type { Current } from "./rules";
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

/** E11: the person's own conversation. */
export const beginSelf = (
  input: By & { readonly own: KeyLog; readonly organisation: Uint8Array },
): MadeEpoch => begin(input, { kind: "self", organisation: input.organisation }, [input.own]);

/** E12. Both logs current, and each with a person key. */
export function beginDirect(
  input: By & { readonly own: KeyLog; readonly peer: KeyLog; readonly organisation: Uint8Array },
): MadeEpoch {
  return begin(input, { kind: "direct", organisation: input.organisation }, [input.own, input.peer]);
}

function begin(by: By, founding: Founding, logs: readonly KeyLog[]): MadeEpoch {
  const row = { kind: "professional", role: "coordinator", by: by.device.chain, since: by.at, paused: false };
  const rows = logs.map((log) => ({ ...row, chain: log.chain }) as Standing);
  return make(by, {
    conversation: null,
    number: 0,
    prev: null,
    founding: { ...founding, patient: null },
    seen: null,
    change: [],
    rows,
    logs,
  });
}

export type ToRenew = By & {
  readonly current: Current;
  /** The newest known log of each person in the new roster. */
  readonly logs: readonly KeyLog[];
  readonly seen: Position;
  /** E13, after the user acknowledged the new identity. */
  readonly replace?: { readonly old: ChainId; readonly chain: ChainId };
  readonly resume?: readonly ChainId[];
};

/** The next epoch: current heads and generations, the suspended paused, and what was asked. */
export function nextEpoch(input: ToRenew): MadeEpoch {
  const { epoch, suspended } = input.current;
  const resume = input.resume ?? [];
  const change: readonly Change[] = [
    ...suspended.map((chain): Change => ["pause", chain]),
    ...resume.map((chain): Change => ["resume", chain]),
    ...(input.replace === undefined ? [] : [["replace", input.replace.old, input.replace.chain] as const]),
  ];
  return make(input, {
    conversation: epoch.conversation,
    number: epoch.number + 1,
    prev: epoch.hash,
    founding: null,
    seen: input.seen,
    change: inOrder(change),
    rows: epoch.roster.map((row) => standing(row, input, resume)),
    logs: input.logs,
  });
}

/** A row before anything is sealed for it. */
type Standing = Omit<Row, "head" | "generation" | "wrap">;

function standing(row: Row, input: ToRenew, resume: readonly ChainId[]): Standing {
  const isIn = (chains: readonly ChainId[]) => chains.some((chain) => sameBytes(chain, row.chain));
  const { replace, current, device, at } = input;
  if (replace !== undefined && sameBytes(replace.old, row.chain)) {
    return { ...row, chain: replace.chain, by: device.chain, since: at };
  }
  return { ...row, paused: (row.paused || isIn(current.suspended)) && !isIn(resume) };
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
