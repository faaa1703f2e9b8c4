/** L2, M1: what stands in a log, read strictly and not yet judged. */
import type { ChainId, ClientId, ConversationId, DeviceId, Hash, Position, Sealed } from "./brands";
import { asClientId, asSealed } from "./brands";
import type { Value } from "./codec";
import { decode, encode, sameBytes } from "./codec";
import type { Epoch } from "./epochs";
import { readEpoch } from "./epochs";
import * as is from "./fields";
import { objectHash } from "./hashing";
import type { Label, Parts, SignedObject } from "./objects";
import { asObject, LARGEST, readParts } from "./objects";
import { Refused } from "./refused";

export type Header = {
  readonly conversation: ConversationId;
  readonly epoch: number;
  readonly epochHash: Hash;
  readonly person: ChainId;
  readonly device: DeviceId;
  readonly deviceSeq: number;
  readonly prevOwn: Hash | null;
  readonly seen: Position;
  readonly head: Position;
  readonly clientId: ClientId;
};
export type Message = {
  readonly type: "message";
  readonly hash: Hash;
  readonly header: Header;
  /** As it was written: hashed and bound as it is. */
  readonly headerBytes: Uint8Array;
  readonly commit: Uint8Array;
  readonly body: Sealed;
};
/** L11: by which the header's person leaves. */
export type Leave = {
  readonly type: "leave";
  readonly hash: Hash;
  readonly header: Header;
};
export type Suspended = {
  readonly type: "suspended";
  readonly hash: Hash;
  readonly conversation: ConversationId;
  readonly chain: ChainId;
  readonly at: number;
};
export type Entry = Epoch | Message | Leave | Suspended;
/** An entry with the signed object it came in; only the server's own kind has none. */
export type Read =
  | { readonly entry: Epoch; readonly object: SignedObject }
  | { readonly entry: Message | Leave; readonly object: SignedObject }
  | { readonly entry: Suspended; readonly object: null };

export function readEntry(whole: Uint8Array): Read {
  if (whole.length > LARGEST.epoch) return is.malformed();
  const parts = readParts(whole);
  const hash = objectHash(whole);
  if (parts.label === "suspended") return { entry: readSuspended(parts, hash), object: null };
  const { label } = parts;
  if (label !== "epoch" && label !== "message" && label !== "leave") throw new Refused("newer_version");
  const object = within(whole, parts, label, hash);
  if (label === "epoch") return { entry: readEpoch(object), object };
  return { entry: label === "leave" ? readLeave(object) : readMessage(object), object };
}

/** An entry once accepted, read back from the own vault: shape only, nothing is judged again. */
export const readAccepted = (whole: Uint8Array): Entry => readEntry(whole).entry;

function within(whole: Uint8Array, parts: Parts, label: Label, hash: Hash): SignedObject {
  if (whole.length > LARGEST[label]) return is.malformed();
  return asObject(parts, label, hash);
}

const suspended = is.record<{ conversation: ConversationId; chain: ChainId; at: number }>({
  conversation: is.conversationId,
  chain: is.chainId,
  at: is.time,
});

function readSuspended(parts: Parts, hash: Hash): Suspended {
  is.nothing(parts.signer);
  is.nothing(parts.signature);
  return { type: "suspended", hash, ...suspended(decode(parts.bytes)) };
}

type WrittenHeader = {
  readonly conversation: ConversationId;
  readonly epoch: number;
  readonly epoch_hash: Hash;
  readonly person: ChainId;
  readonly device: DeviceId;
  readonly device_seq: number;
  readonly prev_own: Hash | null;
  readonly seen: Position;
  readonly head: Position;
  readonly client_id: ClientId;
  readonly class: null;
};
const header = is.record<WrittenHeader>({
  conversation: is.conversationId,
  epoch: is.count,
  epoch_hash: is.hash,
  person: is.chainId,
  device: is.deviceId,
  device_seq: (value) => (is.count(value) >= 1 ? is.count(value) : is.malformed()),
  prev_own: is.nullable(is.hash),
  seen: is.position,
  head: is.position,
  client_id: is.bytes(16, asClientId),
  class: is.nothing,
});
const envelope = is.record<{ header: Uint8Array; commit: Uint8Array; body: Uint8Array }>({
  header: is.anyBytes,
  commit: is.bytes(32),
  body: is.anyBytes,
});

function readMessage(object: SignedObject): Message {
  const written = envelope(decode(object.bytes));
  return {
    type: "message",
    hash: object.hash,
    header: readHeader(written.header, object),
    headerBytes: written.header,
    commit: written.commit,
    body: asSealed(written.body),
  };
}

const leaving = is.record<{ header: Uint8Array }>({ header: is.anyBytes });

function readLeave(object: SignedObject): Leave {
  const written = leaving(decode(object.bytes));
  return { type: "leave", hash: object.hash, header: readHeader(written.header, object) };
}

function readHeader(bytes: Uint8Array, { signer }: SignedObject): Header {
  const { epoch_hash, device_seq, prev_own, client_id, class: _, ...rest } = header(decode(bytes));
  if (!sameBytes(rest.device, signer)) return is.malformed();
  return { ...rest, epochHash: epoch_hash, deviceSeq: device_seq, prevOwn: prev_own, clientId: client_id };
}

export function writeHeader(header: Header): Uint8Array {
  const { epochHash, deviceSeq, prevOwn, clientId, seen, head, ...rest } = header;
  const fields: { readonly [K in keyof WrittenHeader]: Value } = {
    ...rest,
    epoch_hash: epochHash,
    device_seq: deviceSeq,
    prev_own: prevOwn,
    client_id: clientId,
    seen: is.fromPosition(seen),
    head: is.fromPosition(head),
    class: null,
  };
  return encode(fields);
}
