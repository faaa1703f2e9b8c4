/** K: a person's key log. A value: statements give the next one, and it answers for any place in it. */
import type { ChainId, DeviceId, Hash, Position, Sealed, SealKey, SignKey } from "./brands";
import { asChainId } from "./brands";
import { sameBytes } from "./codec";
import type { Sort } from "./device";
import { toText } from "./base64url";
import type { DeviceAdd, NewKey, Statement } from "./statements";

export type DeviceRecord = {
  readonly id: DeviceId;
  readonly sign: SignKey;
  readonly unseal: SealKey;
  readonly sort: Sort;
  readonly at: number;
  /** n of the statement that added it, and of the one that revoked it. */
  readonly added: number;
  readonly revoked: number | null;
  /** Hash of the newest seed sealed to it that the log names. */
  readonly seed: Hash | null;
  /** Who sealed that seed. */
  readonly sealedBy: DeviceId;
};
export type Generation = {
  readonly generation: number;
  readonly n: number;
  readonly maker: DeviceId;
  readonly public: SealKey;
  readonly earlier: { readonly generation: number; readonly sealed: Sealed } | null;
};
export type KeyLog = {
  readonly chain: ChainId;
  readonly head: Position;
  /** `hashes[n]` is the hash of statement n. */
  readonly hashes: readonly Hash[];
  /** Keyed by the text of their id; revoked ones stay. */
  readonly devices: ReadonlyMap<string, DeviceRecord>;
  /** The last is the current one. */
  readonly generations: readonly Generation[];
};

export const hashAt = (log: KeyLog, n: number): Hash | null => log.hashes[n] ?? null;

/** K12. */
export function activeAt(log: KeyLog, device: DeviceId, n: number): DeviceRecord | null {
  const found = log.devices.get(toText(device));
  return found !== undefined && isActive(found, n) ? found : null;
}

export const activeDevices = (log: KeyLog, n: number = log.head.n): readonly DeviceRecord[] =>
  [...log.devices.values()].filter((device) => isActive(device, n));

export const generationAt = (log: KeyLog, n: number): Generation | null =>
  log.generations.filter((made) => made.n <= n).at(-1) ?? null;

/** Whether a device was revoked after statement n. */
export const revokedSince = (log: KeyLog, n: number): boolean =>
  [...log.devices.values()].some((device) => device.revoked !== null && device.revoked > n);

type Pin = { readonly chain: ChainId; readonly head: Position };
/** K15: what is wrong with a served log, already folded, for a person once pinned. */
export function againstPin(log: KeyLog, pin: Pin): "identity_changed" | "key_log_refused" | null {
  if (!sameBytes(log.chain, pin.chain)) return "identity_changed";
  const there = hashAt(log, pin.head.n);
  return there !== null && sameBytes(there, pin.head.hash) ? null : "key_log_refused";
}

const isActive = (device: DeviceRecord, n: number): boolean =>
  device.added <= n && (device.revoked === null || device.revoked > n);

/** The log after a statement that was judged. */
export function apply(log: KeyLog | null, signer: DeviceId, hash: Hash, statement: Statement): KeyLog {
  const devices = new Map(log?.devices);
  const generations = [...(log?.generations ?? [])];
  if (statement.kind === "device.add") add(devices, signer, statement);
  else {
    if (statement.kind === "device.revoke") change(devices, statement.device, { revoked: statement.n });
    renew(devices, signer, statement);
    generations.push(generationOf(signer, statement));
  }
  return {
    chain: log?.chain ?? asChainId(hash),
    head: { n: statement.n, hash },
    hashes: [...(log?.hashes ?? []), hash],
    devices,
    generations,
  };
}

type Devices = Map<string, DeviceRecord>;

function add(devices: Devices, signer: DeviceId, { device, n, at, seed_hash }: DeviceAdd): void {
  const record = { ...device, at, added: n, revoked: null, seed: seed_hash, sealedBy: signer };
  devices.set(toText(device.id), record);
}

function renew(devices: Devices, signer: DeviceId, made: NewKey): void {
  if (made.unseal !== null) change(devices, signer, { unseal: made.unseal });
  for (const [device, seed] of made.wraps) change(devices, device, { seed, sealedBy: signer });
}

function change(devices: Devices, device: DeviceId, part: Partial<DeviceRecord>): void {
  const known = devices.get(toText(device));
  if (known !== undefined) devices.set(toText(device), { ...known, ...part });
}

function generationOf(maker: DeviceId, made: NewKey & { readonly n: number }): Generation {
  const earlier = made.earlier === null ? null : { generation: made.earlier[0], sealed: made.earlier[1] };
  return { generation: made.generation, n: made.n, maker, public: made.public, earlier };
}
