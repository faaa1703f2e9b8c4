/** E: the statement of an epoch as it is written and read, its secret and its wraps. */
import type { ChainId, ConversationId, DeviceId, Hash, Position, Sealed } from "./brands";
import { asConversationId } from "./brands";
import type { Value } from "./codec";
import { decode, encode, sameBytes } from "./codec";
import type { PersonKeys } from "./device";
import type { Shape } from "./fields";
import * as is from "./fields";
import { H } from "./hashing";
import type { SignedObject } from "./objects";
import { Refused } from "./refused";
import type { Change, ReadRow, Roster } from "./roster";
import { fromRow, readChange, row, rowOf } from "./roster";
import { open, sealedWrapHash, wrapContext } from "./sealing";
import type { EpochSecret } from "./secret";
import { Secret } from "./secret";

export type Kind = "self" | "direct" | "team";
export type Founding = { readonly kind: Kind; readonly organisation: Uint8Array };
/** `kind` as written: another than we know is refused later than the shape. */
type WrittenFounding = { readonly kind: string; readonly organisation: Uint8Array; readonly patient: null };

/** The fields as a maker writes them. */
export type EpochFields = {
  /** `null` in epoch 0. */
  readonly conversation: ConversationId | null;
  readonly number: number;
  readonly prev: Hash | null;
  readonly founding: WrittenFounding;
  readonly roster: Roster;
  readonly change: readonly Change[];
  readonly secret_commit: Hash;
  readonly seen: Position | null;
  readonly retention: null;
  readonly at: number;
};
export type Epoch = {
  readonly type: "epoch";
  readonly hash: Hash;
  readonly signer: DeviceId;
  /** In epoch 0 its own hash. */
  readonly conversation: ConversationId;
  readonly number: number;
  readonly prev: Hash | null;
  readonly founding: WrittenFounding;
  readonly roster: Roster;
  readonly change: readonly Change[];
  /** False when a row, a change or the retention is none of this version (E3 to E6): never accepted then. */
  readonly formed: boolean;
  readonly commit: Hash;
  readonly seen: Position | null;
  readonly at: number;
};

const founding = is.record<WrittenFounding>({
  kind: is.text,
  organisation: is.bytes(16),
  patient: is.nothing,
});
type ReadFields = Omit<EpochFields, "roster" | "change" | "retention"> & {
  readonly roster: readonly ReadRow[];
  readonly change: readonly Value[];
  readonly retention: Value;
};
const fields = is.record<ReadFields>({
  conversation: is.nullable(is.conversationId),
  number: is.count,
  prev: is.nullable(is.hash),
  founding,
  roster: is.list(row),
  change: is.list(is.any),
  secret_commit: is.hash,
  seen: is.nullable(is.position),
  retention: is.any,
  at: is.time,
});

const isFirst = (epoch: ReadFields): boolean =>
  epoch.conversation === null && epoch.prev === null && epoch.seen === null;
const isLater = (epoch: ReadFields): boolean =>
  epoch.conversation !== null && epoch.prev !== null && epoch.seen !== null;

// E1, E2: the two forms.
const eitherForm: Shape<ReadFields> = (value) => {
  const epoch = fields(value);
  return (epoch.number === 0 ? isFirst(epoch) : isLater(epoch)) ? epoch : is.malformed();
};

export function readEpoch(object: SignedObject): Epoch {
  const { secret_commit, conversation, retention, ...rest } = eitherForm(decode(object.bytes));
  const change = readChange(rest.change);
  return {
    ...rest,
    roster: rest.roster.map(({ row }) => row),
    change: change ?? [],
    formed: change !== null && retention === null && rest.roster.every(({ formed }) => formed),
    type: "epoch",
    hash: object.hash,
    signer: object.signer,
    conversation: conversation ?? asConversationId(object.hash),
    commit: secret_commit,
  };
}

export function writeEpoch(epoch: EpochFields): Uint8Array {
  const roster: readonly Value[] = epoch.roster.map(fromRow);
  return encode({ ...epoch, roster, seen: is.fromPosition(epoch.seen) });
}

const isKind = (word: string): word is Kind => word === "self" || word === "direct" || word === "team";

/** `null` for a kind that this client does not know (E1). */
export function foundingOf({ founding: { kind, organisation } }: Epoch): Founding | null {
  return isKind(kind) ? { kind, organisation } : null;
}

/** E1: what a conversation is never changes. */
export const isSameFounding = (one: Founding, other: Founding): boolean =>
  one.kind === other.kind && sameBytes(one.organisation, other.organisation);

/** E8. */
export const commitTo = (number: number, prev: Hash | null, secret: EpochSecret): Hash =>
  H(["epoch", number, prev, secret.expose()]);

/** E8, S3: a secret from elsewhere counts only if it is the one committed to. */
export const matchesCommit = (epoch: Epoch, secret: EpochSecret): boolean =>
  sameBytes(commitTo(epoch.number, epoch.prev, secret), epoch.commit);

/**
 * Why an epoch's secret is not ours. `missing`: the server gave no wrap or another one than the row names. `faulty`:
 * the maker sealed something else. `no_seed`: this device does not hold that generation. `not_for_me`: no row, or paused.
 */
export type WrapCause = "missing" | "faulty" | "no_seed" | "not_for_me";
export type OpenedWrap =
  { readonly ok: true; readonly secret: EpochSecret } | { readonly ok: false; readonly cause: WrapCause };

/** E9, E17. */
export function openWrap(epoch: Epoch, sealed: Sealed | null, person: PersonKeys): OpenedWrap {
  const own = rowOf(epoch.roster, person.chain);
  if (own === null || own.wrap === null) return { ok: false, cause: "not_for_me" };
  if (sealed === null || !sameBytes(sealedWrapHash(sealed), own.wrap)) return { ok: false, cause: "missing" };
  const seed = person.seeds.get(own.generation);
  if (seed === undefined) return { ok: false, cause: "no_seed" };
  try {
    const secret = new Secret("epoch", open(seed, contextOf(epoch, person.chain, own.generation), sealed));
    return matchesCommit(epoch, secret) ? { ok: true, secret } : { ok: false, cause: "faulty" };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, cause: "faulty" };
    throw error;
  }
}

const contextOf = (epoch: Epoch, chain: ChainId, generation: number) =>
  wrapContext({
    maker: epoch.signer,
    chain,
    generation,
    conversation: epoch.number === 0 ? null : epoch.conversation,
    number: epoch.number,
    commit: epoch.commit,
  });
