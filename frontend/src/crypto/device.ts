/** A device's own secrets, and what it signs. */
import type { ChainId, DeviceId, Random, SealKey, SignKey, Signature } from "./brands";
import { asChainId, asDeviceId } from "./brands";
import type { Value } from "./codec";
import { decode, encode } from "./codec";
import { bytes, chainId, count, list, oneOf, tuple } from "./fields";
import { H } from "./hashing";
import type { SignSeed, UnsealSeed } from "./secret";
import { Secret } from "./secret";
import { sealKeyOf, signDetached, signingPair } from "./sodium";

export type Sort = "browser" | "paper";
/** The two key pairs of a device, as seeds, before or without a chain. */
export type DeviceKeys = {
  readonly id: DeviceId;
  readonly sign: SignSeed;
  readonly unseal: UnsealSeed;
  readonly signKey: SignKey;
  readonly unsealKey: SealKey;
};
/** What a browser keeps sealed in its vault: its keys, in one person's key log. */
export type Device = DeviceKeys & { readonly chain: ChainId };
/** A device as far as it is named and opens: what is given this cannot sign. */
export type Opener = Omit<Device, "sign">;
/** The seeds of a person's generations that a device could open. */
export type PersonKeys = { readonly chain: ChainId; readonly seeds: ReadonlyMap<number, UnsealSeed> };

export const makeDeviceKeys = (random: Random): DeviceKeys => deviceKeys(random(32), random(32));

export function deviceKeys(signSeed: Uint8Array, unsealSeed: Uint8Array): DeviceKeys {
  const signKey = signingPair(signSeed).public;
  const unsealKey = sealKeyOf(unsealSeed);
  return {
    id: deviceIdOf(signKey, unsealKey),
    sign: new Secret("sign", signSeed),
    unseal: new Secret("unseal", unsealSeed),
    signKey,
    unsealKey,
  };
}

/** K3. */
export const deviceIdOf = (sign: SignKey, unseal: SealKey): DeviceId =>
  asDeviceId(H(["device", sign, unseal]));

export const signBytes = (keys: DeviceKeys, value: Value): Signature =>
  signDetached(encode(value), signingPair(keys.sign.expose()).private);

/** H7: binds a session to this device. */
export const signChallenge = (device: Device, challenge: Uint8Array): Signature =>
  signBytes(device, [1, "session-device", challenge, device.id]);

export function packDevice(device: Device): Uint8Array {
  return encode(["device", device.chain, device.id, device.sign.expose(), device.unseal.expose()]);
}

export function unpackDevice(packed: Uint8Array): Device {
  const shape = tuple(oneOf("device"), chainId, bytes(32, asDeviceId), bytes(32), bytes(32));
  const [, chain, id, sign, unseal] = shape(decode(packed));
  // The id stays when the unsealing key is replaced (K8), so it is kept, not derived.
  return { ...deviceKeys(sign, unseal), id, chain };
}

export function packPerson(person: PersonKeys): Uint8Array {
  const seeds = [...person.seeds].map(([generation, seed]) => [generation, seed.expose()]);
  return encode(["person", person.chain, seeds]);
}

export function unpackPerson(packed: Uint8Array): PersonKeys {
  const shape = tuple(oneOf("person"), bytes(32, asChainId), list(tuple(count, bytes(32))));
  const [, chain, rows] = shape(decode(packed));
  return {
    chain,
    seeds: new Map(rows.map(([generation, seed]) => [generation, new Secret("unseal", seed)])),
  };
}
