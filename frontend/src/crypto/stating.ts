/** S1, S2: own state as it is written and read. */
import type { ChainId, ConversationId, Hash, Position } from "./brands";
import type { Value } from "./codec";
import type { Shape } from "./fields";
import * as is from "./fields";
import { Refused } from "./refused";
import type { EpochSecret } from "./secret";
import { Secret } from "./secret";

export const STATE_ROWS = 200;

export type Pin = { readonly person: Uint8Array; readonly chain: ChainId; readonly head: Position };
export type Verified = { readonly chain: ChainId; readonly verified: boolean };
export type Checked = {
  readonly conversation: ConversationId;
  readonly number: number;
  readonly epoch: Hash;
  readonly place: Position;
};
export type KeptSecret = {
  readonly conversation: ConversationId;
  readonly number: number;
  readonly secret: EpochSecret;
};
export type Muted = { readonly conversation: ConversationId; readonly muted: boolean };
export type OwnState = {
  readonly kind: "state";
  readonly pins: readonly Pin[];
  readonly verified: readonly Verified[];
  readonly checked: readonly Checked[];
  readonly secrets: readonly KeptSecret[];
  readonly muted: readonly Muted[];
};

const pin: Shape<Pin> = (value) => {
  const [person, chain, n, hash] = is.tuple(is.bytes(16), is.chainId, is.count, is.hash)(value);
  return { person, chain, head: { n, hash } };
};
const verified: Shape<Verified> = (value) => {
  const [chain, isVerified] = is.tuple(is.chainId, is.flag)(value);
  return { chain, verified: isVerified };
};
const checked: Shape<Checked> = (value) => {
  const shape = is.tuple(is.conversationId, is.count, is.hash, is.count, is.hash);
  const [conversation, number, epoch, n, hash] = shape(value);
  return { conversation, number, epoch, place: { n, hash } };
};
const keptSecret: Shape<KeptSecret> = (value) => {
  const [conversation, number, secret] = is.tuple(is.conversationId, is.count, is.bytes(32))(value);
  return { conversation, number, secret: new Secret("epoch", secret) };
};
const muted: Shape<Muted> = (value) => {
  const [conversation, isMuted] = is.tuple(is.conversationId, is.flag)(value);
  return { conversation, muted: isMuted };
};
export const state = is.record<OwnState>({
  kind: is.oneOf("state"),
  pins: is.list(pin, STATE_ROWS),
  verified: is.list(verified, STATE_ROWS),
  checked: is.list(checked, STATE_ROWS),
  secrets: is.list(keptSecret, STATE_ROWS),
  muted: is.list(muted, STATE_ROWS),
});

export function fromState({ kind, ...rows }: OwnState): Value {
  if (Object.values(rows).some(({ length }) => length > STATE_ROWS)) throw new Refused("too_long");
  return {
    kind,
    pins: rows.pins.map((row) => [row.person, row.chain, row.head.n, row.head.hash]),
    verified: rows.verified.map((row) => [row.chain, row.verified]),
    checked: rows.checked.map((row) => [
      row.conversation,
      row.number,
      row.epoch,
      row.place.n,
      row.place.hash,
    ]),
    secrets: rows.secrets.map((row) => [row.conversation, row.number, row.secret.expose()]),
    muted: rows.muted.map((row) => [row.conversation, row.muted]),
  };
}
