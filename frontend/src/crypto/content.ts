/** M6, M11 to M13: what a message says, once opened. */
import type { ChainId, Hash } from "./brands";
import { decode, encode } from "./codec";
import type { Kind } from "./epochs";
import type { Shape } from "./fields";
import * as is from "./fields";
import { Refused } from "./refused";
import type { OwnState } from "./stating";
import { fromState, state } from "./stating";
import { isAscending } from "./statements";

export const MAX_TEXT = 8000; // characters (code points)
export const MAX_TITLE = 80;
export const MAX_MENTIONS = 50;

export type Text = {
  readonly kind: "text";
  readonly text: string;
  readonly quote: Hash | null;
  /** M14: ascending, each once. */
  readonly mentions: readonly ChainId[];
};
export type Edit = {
  readonly kind: "edit";
  readonly target: Hash;
  readonly text: string;
  readonly mentions: readonly ChainId[];
};
export type Retract = { readonly kind: "retract"; readonly target: Hash };
const SIGNS = ["agree", "thanks", "seen", "heart", "smile", "question"] as const;
export type Sign = (typeof SIGNS)[number];
/** M12: `null` takes it back. */
export type React = { readonly kind: "react"; readonly target: Hash; readonly sign: Sign | null };
export type Title = { readonly kind: "title"; readonly title: string };
export type Content = Text | Edit | Retract | React | Title | OwnState;

const isWithin = (text: string, most: number): boolean => {
  const { length } = [...text];
  return length >= 1 && length <= most;
};
const said: Shape<string> = (value) => {
  const text = is.text(value);
  return isWithin(text, MAX_TEXT) ? text : is.malformed();
};
const titled: Shape<string> = (value) => {
  const title = is.text(value);
  return isWithin(title, MAX_TITLE) && !/\p{Cc}/u.test(title) ? title : is.malformed();
};
const mentions: Shape<readonly ChainId[]> = (value) => {
  const chains = is.list(is.chainId, MAX_MENTIONS)(value);
  return isAscending(chains) ? chains : is.malformed();
};

const text = is.record<Text>({
  kind: is.oneOf("text"),
  text: said,
  quote: is.nullable(is.hash),
  mentions,
});
const edit = is.record<Edit>({ kind: is.oneOf("edit"), target: is.hash, text: said, mentions });
const retract = is.record<Retract>({ kind: is.oneOf("retract"), target: is.hash });
const react = is.record<React>({
  kind: is.oneOf("react"),
  target: is.hash,
  sign: is.nullable(is.oneOf(...SIGNS)),
});
const title = is.record<Title>({ kind: is.oneOf("title"), title: titled });
const SHAPES: { readonly [K in Content["kind"]]: Shape<Content> } = {
  text,
  edit,
  retract,
  react,
  title,
  state,
};

/** M6: what may be said where. */
const SAID: { readonly [K in Kind]: readonly Content["kind"][] } = {
  self: ["state"],
  direct: ["text", "edit", "retract", "react"],
  team: ["text", "edit", "retract", "react", "title"],
};

/** Refuses `malformed`, or `newer_version` for a kind that this client does not know in such a conversation. */
export function readContent(bytes: Uint8Array, kind: Kind): Content {
  const fields = decode(bytes);
  if (!is.isFields(fields)) return is.malformed();
  const word = is.text(fields["kind"] ?? null);
  const known = SAID[kind].find((one) => one === word);
  if (known === undefined) throw new Refused("newer_version");
  return SHAPES[known](fields);
}

/** Refuses `too_long` or `malformed`, before anything is sealed. */
export function writeContent(content: Content, kind: Kind): Uint8Array {
  if (!SAID[kind].includes(content.kind)) return is.malformed();
  if (content.kind === "state") return encode(fromState(content));
  if (isTooLong(content)) throw new Refused("too_long");
  SHAPES[content.kind](content);
  return encode(content);
}

function isTooLong(content: Exclude<Content, OwnState>): boolean {
  if (content.kind === "text" || content.kind === "edit") return [...content.text].length > MAX_TEXT;
  return content.kind === "title" && [...content.title].length > MAX_TITLE;
}
