/** R: how far a device has received, can read, and has read a conversation. */
import type { ChainId, ConversationId, DeviceId, Position } from "./brands";
import { decode, encode, sameBytes } from "./codec";
import type { Device } from "./device";
import type { Epoch } from "./epochs";
import * as is from "./fields";
import type { KeyLog } from "./keylog";
import { activeAt } from "./keylog";
import { readObject, isSignedBy, signObject } from "./objects";
import { Refused } from "./refused";
import { rowOf } from "./roster";

export type Places = {
  readonly arrived: Position | null;
  readonly readable: Position | null;
  readonly read: Position | null;
};
export type Marker = Places & {
  readonly conversation: ConversationId;
  readonly chain: ChainId;
  readonly device: DeviceId;
  readonly counter: number;
};

const marker = is.record<Marker>({
  conversation: is.conversationId,
  chain: is.chainId,
  device: is.deviceId,
  counter: is.count,
  arrived: is.nullable(is.position),
  readable: is.nullable(is.position),
  read: is.nullable(is.position),
});

export type ToMark = Places & { readonly conversation: ConversationId; readonly counter: number };
export function makeMarker({ conversation, counter, ...places }: ToMark, device: Device): Uint8Array {
  const bytes = encode({
    conversation,
    chain: device.chain,
    device: device.id,
    counter,
    arrived: is.fromPosition(places.arrived),
    readable: is.fromPosition(places.readable),
    read: is.fromPosition(places.read),
  });
  return signObject("marker", bytes, device);
}

export type MarkerFacts = {
  /** The last accepted epoch of this conversation. */
  readonly epoch: Epoch;
  keyLog(chain: ChainId): KeyLog | null;
  /** The newest marker kept of the device, if any. */
  last(device: DeviceId): Marker | null;
};

/**
 * R1 to R3, but for the hashes: the caller compares each place with its own log, and keeps a marker beyond its log aside
 * until the log gets there. Refuses.
 */
export function readMarker(whole: Uint8Array, facts: MarkerFacts): Marker {
  const object = readObject(whole, "marker");
  const found = marker(decode(object.bytes));
  if (!sameBytes(found.device, object.signer) || !isOrdered(found)) return is.malformed();
  if (!sameBytes(found.conversation, facts.epoch.conversation)) throw new Refused("wrong_conversation");
  const row = rowOf(facts.epoch.roster, found.chain);
  if (row === null || row.paused) throw new Refused("not_a_member");
  const log = facts.keyLog(found.chain);
  const device = log === null ? null : activeAt(log, found.device, row.head.n);
  if (device === null || device.sort !== "browser") throw new Refused("unknown_device");
  if (!isSignedBy(object, device.sign)) throw new Refused("bad_signature");
  if (!advances(facts.last(found.device), found)) throw new Refused("bad_marker");
  return found;
}

const placeOf = (position: Position | null): number => position?.n ?? 0;

const isOrdered = ({ arrived, readable, read }: Places): boolean =>
  placeOf(read) <= placeOf(readable) && placeOf(readable) <= placeOf(arrived);

function advances(last: Marker | null, next: Marker): boolean {
  if (last === null) return true;
  const places = ["arrived", "readable", "read"] as const;
  return next.counter > last.counter && places.every((name) => placeOf(next[name]) >= placeOf(last[name]));
}
