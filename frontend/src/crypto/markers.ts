/** R: how far a device has received, can read, and has read a conversation. */
import type { ChainId, ConversationId, DeviceId, Hash, Position } from "./brands";
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
  /** The server's time as last told when it was made: shown, and never judged. */
  readonly at: number;
};

const marker = is.record<Marker>({
  conversation: is.conversationId,
  chain: is.chainId,
  device: is.deviceId,
  counter: is.count,
  arrived: is.nullable(is.position),
  readable: is.nullable(is.position),
  read: is.nullable(is.position),
  at: is.time,
});

export type ToMark = Places & Pick<Marker, "conversation" | "counter" | "at">;
export function makeMarker({ conversation, counter, at, ...places }: ToMark, device: Device): Uint8Array {
  const bytes = encode({
    conversation,
    chain: device.chain,
    device: device.id,
    counter,
    arrived: is.fromPosition(places.arrived),
    readable: is.fromPosition(places.readable),
    read: is.fromPosition(places.read),
    at,
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
 * R1 to R4, but for the hashes (`comparePlaces`): a marker beyond the own log is compared when the log gets there. Refuses.
 */
export function readMarker(whole: Uint8Array, facts: MarkerFacts): Marker {
  const object = readObject(whole, "marker");
  const found = marker(decode(object.bytes));
  if (!sameBytes(found.device, object.signer)) return is.malformed();
  if (!sameBytes(found.conversation, facts.epoch.conversation)) throw new Refused("wrong_conversation");
  if (facts.epoch.founding.kind === "self") throw new Refused("not_allowed");
  const row = rowOf(facts.epoch.roster, found.chain);
  if (row === null || row.paused) throw new Refused("not_a_member");
  const log = facts.keyLog(found.chain);
  const device = log === null ? null : activeAt(log, found.device, row.head.n);
  if (device === null || device.sort !== "browser") throw new Refused("unknown_device");
  if (!isSignedBy(object, device.sign)) throw new Refused("bad_signature");
  if (!isOrdered(found) || !advances(facts.last(found.device), found)) throw new Refused("bad_marker");
  return found;
}

const PLACES = ["arrived", "readable", "read"] as const;
const placeOf = (position: Position | null): number => position?.n ?? 0;

/** R1; places in a log begin at 1. */
function isOrdered(marker: Places): boolean {
  const { arrived, readable, read } = marker;
  const begins = PLACES.every((name) => marker[name]?.n !== 0);
  return begins && placeOf(read) <= placeOf(readable) && placeOf(readable) <= placeOf(arrived);
}

/** R3: `differs` when a place that the own log has got is another one there; `beyond` is kept aside until it gets there. */
export function comparePlaces(
  marker: Places,
  head: number,
  hashAt: (n: number) => Hash | null,
): "fits" | "beyond" | "differs" {
  const places = PLACES.flatMap((name) => marker[name] ?? []);
  const isOther = ({ n, hash }: Position) => {
    const there = hashAt(n);
    return n <= head && (there === null || !sameBytes(there, hash));
  };
  if (places.some(isOther)) return "differs";
  return places.some(({ n }) => n > head) ? "beyond" : "fits";
}

function advances(last: Marker | null, next: Marker): boolean {
  if (last === null) return true;
  return next.counter > last.counter && PLACES.every((name) => placeOf(next[name]) >= placeOf(last[name]));
}
