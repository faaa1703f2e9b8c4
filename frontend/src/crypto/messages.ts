/** M: sealing and opening one message. Its log verdict is another question (`judging.ts`) and needs no secret. */
import type { ClientId, Hash, Position, Random } from "./brands";
import { asClientId } from "./brands";
import { encode, sameBytes } from "./codec";
import type { Content } from "./content";
import { readContent, writeContent } from "./content";
import type { Device } from "./device";
import type { Header, Message } from "./entries";
import { writeHeader } from "./entries";
import type { Epoch, Kind } from "./epochs";
import { H, objectHash } from "./hashing";
import { signObject } from "./objects";
import { pad, unpad } from "./padding";
import { Refused } from "./refused";
import { concat } from "./sealing";
import type { EpochSecret, MessageKey } from "./secret";
import { Secret } from "./secret";
import { AEAD, aeadOpen, aeadSeal } from "./sodium";

/** What a device counts for each conversation (M1). Kept before the entry leaves. */
export type Sending = { readonly deviceSeq: number; readonly prevOwn: Hash | null };
export const firstSending: Sending = { deviceSeq: 1, prevOwn: null };

export type ToSeal = {
  /** The founding's, which decides what may be said here. */
  readonly kind: Kind;
  readonly epoch: Epoch;
  readonly secret: EpochSecret;
  readonly device: Device;
  readonly sending: Sending;
  readonly seen: Position;
  readonly head: Position;
  readonly clientId: ClientId;
  readonly content: Content;
  readonly random: Random;
};
export type SealedMessage = { readonly entry: Uint8Array; readonly hash: Hash; readonly next: Sending };

export const makeClientId = (random: Random): ClientId => asClientId(random(16));

/** Refuses `too_long` and `malformed` content. */
export function sealMessage(input: ToSeal): SealedMessage {
  const padded = pad(writeContent(input.content, input.kind));
  const header = writeHeader(headerOf(input));
  const key = keyOf(input.secret, header);
  const commit = commitOf(key);
  const nonce = input.random(AEAD.nonce);
  const body = concat(nonce, aeadSeal({ key: boxKey(key), nonce, bound: concat(header, commit) }, padded));
  const entry = signObject("message", encode({ header, commit, body }), input.device);
  const hash = objectHash(entry);
  return { entry, hash, next: { deviceSeq: input.sending.deviceSeq + 1, prevOwn: hash } };
}

export type ToLeave = Omit<ToSeal, "kind" | "secret" | "content" | "random">;

/** L11: leaving needs no secret, and can be taken up by anybody. */
export function makeLeave(input: ToLeave): SealedMessage {
  const entry = signObject("leave", encode({ header: writeHeader(headerOf(input)) }), input.device);
  const hash = objectHash(entry);
  return { entry, hash, next: { deviceSeq: input.sending.deviceSeq + 1, prevOwn: hash } };
}

const headerOf = ({ epoch, device, sending, seen, head, clientId }: ToLeave): Header => ({
  conversation: epoch.conversation,
  epoch: epoch.number,
  epochHash: epoch.hash,
  person: device.chain,
  device: device.id,
  ...sending,
  seen,
  head,
  clientId,
});

/** `not_for_me`: the epoch's secret is not (yet) here. `altered`: commitment, tag or padding do not hold. */
export type OpenCause = "not_for_me" | "altered" | "malformed" | "newer_version";
export type Opened =
  { readonly ok: true; readonly content: Content } | { readonly ok: false; readonly cause: OpenCause };

/** M5: a value or a cause, whatever the bytes. */
export function openMessage(message: Message, secret: EpochSecret | null, kind: Kind): Opened {
  if (secret === null) return { ok: false, cause: "not_for_me" };
  return openWithKey(message, messageKey(message, secret), kind);
}

/** M10: this key opens this message and none beside it. */
export const messageKey = (message: Message, secret: EpochSecret): MessageKey =>
  keyOf(secret, message.headerBytes);

export function openWithKey(message: Message, key: MessageKey, kind: Kind): Opened {
  const content = unpadded(message, key);
  if (content === null) return { ok: false, cause: "altered" };
  try {
    return { ok: true, content: readContent(content, kind) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ok: false, cause: error.code === "newer_version" ? "newer_version" : "malformed" };
  }
}

function unpadded({ headerBytes, commit, body }: Message, key: MessageKey): Uint8Array | null {
  if (body.length < AEAD.nonce + AEAD.tag || !sameBytes(commit, commitOf(key))) return null;
  const box = { key: boxKey(key), nonce: body.subarray(0, AEAD.nonce), bound: concat(headerBytes, commit) };
  try {
    return unpad(aeadOpen(box, body.subarray(AEAD.nonce)));
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

// M2.
const keyOf = (secret: EpochSecret, header: Uint8Array): MessageKey =>
  new Secret("message", H(["message", secret.expose(), H(["header", header])]));
const boxKey = (key: MessageKey): Uint8Array => H(["seal", key.expose()]);
const commitOf = (key: MessageKey): Hash => H(["commit", key.expose()]);
