/** O: signed objects `[suite, label, bytes, signer, signature]`. */
import type { DeviceId, Hash, SignKey, Signature } from "./brands";
import type { Value } from "./codec";
import { decode, encode, isList } from "./codec";
import type { DeviceKeys } from "./device";
import { signBytes } from "./device";
import { anyBytes, count, deviceId, malformed, signature, text } from "./fields";
import { objectHash } from "./hashing";
import { Refused } from "./refused";
import { verifyDetached } from "./sodium";

export const SUITE = 1;
export type Label = "key-log" | "epoch" | "message" | "leave" | "marker";
/** O6, in bytes of the whole object. */
export const LARGEST: { readonly [L in Label]: number } = {
  "key-log": 16 * 1024,
  epoch: 256 * 1024,
  message: 40 * 1024,
  leave: 2 * 1024,
  marker: 1024,
};

/** An object read, its signature not yet believed. */
export type SignedObject = {
  readonly bytes: Uint8Array;
  readonly signer: DeviceId;
  readonly signature: Signature;
  readonly hash: Hash;
  readonly label: Label;
};
/** The five parts of an object or of a server's entry, label and signer not yet looked at. */
export type Parts = {
  readonly label: string;
  readonly bytes: Uint8Array;
  readonly signer: Value;
  readonly signature: Value;
};

export function signObject(label: Label, bytes: Uint8Array, keys: DeviceKeys): Uint8Array {
  const signature = signBytes(keys, [SUITE, label, bytes, keys.id]);
  return encode([SUITE, label, bytes, keys.id, signature]);
}

export function readObject(whole: Uint8Array, label: Label): SignedObject {
  if (whole.length > LARGEST[label]) return malformed();
  const parts = readParts(whole);
  return parts.label === label ? asObject(parts, label, objectHash(whole)) : malformed();
}

export function readParts(whole: Uint8Array): Parts {
  const list = decode(whole);
  if (!isList(list)) return malformed();
  const [suite, label, bytes, signer, signature] = list;
  // The suite first: a newer one may have another shape.
  if (count(suite ?? null) > SUITE) throw new Refused("newer_version");
  if (suite !== SUITE || list.length !== 5) return malformed();
  return {
    label: text(label ?? null),
    bytes: anyBytes(bytes ?? null),
    signer: signer ?? null,
    signature: signature ?? null,
  };
}

export function asObject(parts: Parts, label: Label, hash: Hash): SignedObject {
  const { bytes } = parts;
  return { label, bytes, signer: deviceId(parts.signer), signature: signature(parts.signature), hash };
}

/** O2. */
export const isSignedBy = (object: SignedObject, key: SignKey): boolean =>
  verifyDetached(object.signature, encode([SUITE, object.label, object.bytes, object.signer]), key);
