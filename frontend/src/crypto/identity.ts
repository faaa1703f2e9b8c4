/** K14, K6, K9: beginning a person, and the statements by which their key log grows. */
import type { ChainId, DeviceId, Random, Sealed, SealKey } from "./brands";
import { asChainId } from "./brands";
import { compareBytes, encode, sameBytes } from "./codec";
import type { Device, DeviceKeys, PersonKeys, Sort } from "./device";
import { makeDeviceKeys } from "./device";
import { objectHash } from "./hashing";
import type { DeviceRecord, KeyLog } from "./keylog";
import { activeDevices } from "./keylog";
import { extend } from "./keyrules";
import type { MadeEpoch } from "./making";
import { beginSelf } from "./making";
import { signObject } from "./objects";
import { paperKeys } from "./recovery";
import { Refused } from "./refused";
import type { RowKind } from "./roster";
import { earlierContext, seal, sealedSeedHash, seedContext } from "./sealing";
import type { SealedSeed } from "./seeds";
import { currentKey } from "./seeds";
import type { RecoveryCode, UnsealSeed } from "./secret";
import { Secret } from "./secret";
import { sealKeyOf } from "./sodium";
import type { DeviceAdd, NewKey } from "./statements";
import { writeDeviceAdd } from "./statements";

export type Beginning = {
  readonly device: Device;
  readonly person: PersonKeys;
  readonly log: KeyLog;
  readonly statements: readonly Uint8Array[];
  readonly seeds: readonly SealedSeed[];
  readonly self: MadeEpoch;
};
type When = { readonly at: number; readonly random: Random };

/** K14, H8: first browser, paper device, first person key and the person's `self` conversation. */
export function beginPerson(
  input: When & {
    readonly code: RecoveryCode;
    readonly organisation: Uint8Array;
    /** What the directory says this person is (E22). */
    readonly kind: RowKind;
  },
): Beginning {
  const { at, random } = input;
  const browser = makeDeviceKeys(random);
  const first = addFirst(browser, at);
  const alone = extend(null, first);
  const device: Device = { ...browser, chain: asChainId(objectHash(first)) };
  const second = addDevice(device, paperKeys(input.code), "paper", { log: alone, seed: null, at });
  const both = extend(alone, second);
  const made = makeKey(device, both, { at, random });
  const log = extend(both, made.statement);
  const own = { log, kind: input.kind };
  const self = beginSelf({ device, own, organisation: input.organisation, at, random });
  const person = { chain: log.chain, seeds: new Map([[1, made.seed]]) };
  const statements = [first, second, made.statement];
  return { device, person, log, statements, seeds: made.seeds, self };
}

function addFirst(keys: DeviceKeys, at: number): Uint8Array {
  const place = { chain: null, n: 0, prev: null, at };
  const body = writeDeviceAdd(newDevice(keys, "browser", null, place), keys);
  return signObject("key-log", body, keys);
}

type Joining = { readonly log: KeyLog; readonly seed: Sealed | null; readonly at: number };
export function addDevice(
  by: Device,
  keys: DeviceKeys,
  sort: "browser" | "paper",
  joining: Joining,
): Uint8Array {
  const place = nextPlace(joining.log, joining.at);
  return signObject("key-log", writeDeviceAdd(newDevice(keys, sort, joining.seed, place), keys), by);
}

type Place = Pick<DeviceAdd, "chain" | "n" | "prev" | "at">;
const newDevice = (keys: DeviceKeys, sort: Sort, seed: Sealed | null, place: Place) =>
  addition({ id: keys.id, sign: keys.signKey, unseal: keys.unsealKey, sort }, seed, place);

const addition = (device: DeviceAdd["device"], seed: Sealed | null, place: Place) => ({
  kind: "device.add" as const,
  ...place,
  device,
  seed_hash: seed === null ? null : sealedSeedHash(seed),
});

/** D4: what the new device is still to sign. */
export const nextAddition = (log: KeyLog, at: number, device: DeviceAdd["device"], seed: Sealed) =>
  addition(device, seed, nextPlace(log, at));

type Held = { readonly log: KeyLog; readonly keys: PersonKeys; readonly random: Random };
type Receiver = { readonly id: DeviceId; readonly unseal: SealKey };
/** K4: the current seed for a device that is not in the log yet. */
export function sealCurrent(by: Device, to: Receiver, { log, keys, random }: Held): Sealed {
  const { public: key, generation } = currentKey(log);
  const seed = keys.seeds.get(generation);
  // An honest server keeps none of its own devices from the newest key.
  if (seed === undefined) throw new Refused("key_log_refused");
  const place = { signer: by.id, receiver: to.id, chain: log.chain, generation, public: key };
  return seal(to.unseal, seedContext(place), seed.expose(), random);
}

const nextPlace = (log: KeyLog, at: number): Place & { readonly chain: ChainId } => ({
  chain: log.chain,
  n: log.head.n + 1,
  prev: log.head.hash,
  at,
});

/** K6: the person's first key. */
function makeKey(device: Device, log: KeyLog, { at, random }: When) {
  const made = freshKey(device, log, activeDevices(log), random);
  const body = encode({ kind: "key.new", ...nextPlace(log, at), ...made.fields, earlier: null });
  return { ...made, statement: signObject("key-log", body, device) };
}

export type Renewed = {
  readonly person: PersonKeys;
  readonly log: KeyLog;
  readonly statement: Uint8Array;
  readonly seeds: readonly SealedSeed[];
};
type ToRenewKey = When & { readonly device: Device; readonly log: KeyLog; readonly person: PersonKeys };

/** K6, K7: a later generation, through which the earlier ones are still reached. */
export function renewKey(input: ToRenewKey): Renewed {
  return nextKey(input, activeDevices(input.log), { kind: "key.new" });
}

/** K9: a device is put out, and the others get a new key in the same statement. */
export function revokeDevice({ revoked, ...input }: ToRenewKey & { readonly revoked: DeviceId }): Renewed {
  const staying = activeDevices(input.log).filter(({ id }) => !sameBytes(id, revoked));
  return nextKey(input, staying, { kind: "device.revoke", device: revoked });
}

type Kind = { readonly kind: "key.new" } | { readonly kind: "device.revoke"; readonly device: DeviceId };
function nextKey(input: ToRenewKey, receivers: readonly DeviceRecord[], kind: Kind): Renewed {
  const { device, log, person, at, random } = input;
  const { fields, seed, seeds } = freshKey(device, log, receivers, random);
  const { generation, public: to } = fields;
  const newest = Math.max(...person.seeds.keys());
  const known = person.seeds.get(newest);
  if (known === undefined) throw new RangeError("the earlier seed is always held");
  const place = { signer: device.id, chain: log.chain, earlier: newest, generation };
  const earlier = [newest, seal(to, earlierContext(place), known.expose(), random)];
  const body = encode({ ...kind, ...nextPlace(log, at), ...fields, earlier });
  const statement = signObject("key-log", body, device);
  const held = { chain: log.chain, seeds: new Map([...person.seeds, [generation, seed]]) };
  return { person: held, log: extend(log, statement), statement, seeds };
}

/** The key of the next generation, sealed to these devices (K6, K13). */
function freshKey(device: Device, log: KeyLog, receivers: readonly DeviceRecord[], random: Random) {
  const bytes = random(32);
  const key = sealKeyOf(bytes);
  const generation = log.generations.length + 1;
  const seeds = receivers.map((to): SealedSeed => {
    const place = { signer: device.id, receiver: to.id, chain: log.chain, generation, public: key };
    return { device: to.id, generation, sealed: seal(to.unseal, seedContext(place), bytes, random) };
  });
  seeds.sort((a, b) => compareBytes(a.device, b.device));
  const wraps: NewKey["wraps"] = seeds.map(({ device: to, sealed }) => [to, sealedSeedHash(sealed)]);
  const seed: UnsealSeed = new Secret("unseal", bytes);
  return { fields: { generation, public: key, wraps, unseal: null }, seed, seeds };
}
