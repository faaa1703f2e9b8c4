/** M6, S: what a message says, once opened. */
import type { ChainId, ConversationId, Hash, Position } from "./brands";
import type { Value } from "./codec";
import { decode, encode } from "./codec";
import type { Kind } from "./epochs";
import type { Shape } from "./fields";
import * as is from "./fields";
import { Refused } from "./refused";
import type { EpochSecret } from "./secret";
import { Secret } from "./secret";

export const MAX_TEXT = 8000; // characters (code points)
export const STATE_ROWS = 200;

export type Text = { readonly kind: "text"; readonly text: string; readonly quote: Hash | null };
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
export type OwnState = {
  readonly kind: "state";
  readonly pins: readonly Pin[];
  readonly verified: readonly Verified[];
  readonly checked: readonly Checked[];
  readonly secrets: readonly KeptSecret[];
};
export type Content = Text | OwnState;

const said: Shape<string> = (value) => {
  const text = is.text(value);
  const length = [...text].length;
  return length >= 1 && length <= MAX_TEXT ? text : is.malformed();
};
const text = is.record<Text>({ kind: is.oneOf("text"), text: said, quote: is.nullable(is.hash) });

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
const state = is.record<OwnState>({
  kind: is.oneOf("state"),
  pins: is.list(pin, STATE_ROWS),
  verified: is.list(verified, STATE_ROWS),
  checked: is.list(checked, STATE_ROWS),
  secrets: is.list(keptSecret, STATE_ROWS),
});

/** M6: own state is written in `self`, and nothing else is; text everywhere else. */
const fits = (said: Content["kind"], kind: Kind): boolean => (said === "state") === (kind === "self");

/** Refuses `malformed`, or `newer_version` for a kind that this client does not know in such a conversation. */
export function readContent(bytes: Uint8Array, kind: Kind): Content {
  const fields = decode(bytes);
  if (!is.isFields(fields)) return is.malformed();
  const said = is.text(fields["kind"] ?? null);
  if ((said !== "text" && said !== "state") || !fits(said, kind)) throw new Refused("newer_version");
  return said === "text" ? text(fields) : state(fields);
}

/** Refuses `too_long` or `malformed`, before anything is sealed. */
export function writeContent(content: Content, kind: Kind): Uint8Array {
  if (!fits(content.kind, kind)) return is.malformed();
  if (content.kind === "state") return encode(fromState(content));
  if ([...content.text].length > MAX_TEXT) throw new Refused("too_long");
  said(content.text);
  return encode(content);
}

function fromState({ kind, pins, verified, checked, secrets }: OwnState): Value {
  const lists = [pins, verified, checked, secrets];
  if (lists.some((rows) => rows.length > STATE_ROWS)) throw new Refused("too_long");
  return {
    kind,
    pins: pins.map((row) => [row.person, row.chain, row.head.n, row.head.hash]),
    verified: verified.map((row) => [row.chain, row.verified]),
    checked: checked.map((row) => [row.conversation, row.number, row.epoch, row.place.n, row.place.hash]),
    secrets: secrets.map((row) => [row.conversation, row.number, row.secret.expose()]),
  };
}
