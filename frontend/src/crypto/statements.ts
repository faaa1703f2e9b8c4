/** K: the three kinds of key-log statement, as they are written and read. */
import type { ChainId, DeviceId, Hash, SealKey, Sealed, SignKey, Signature } from "./brands";
import { asSealed, asSealKey, asSignKey } from "./brands";
import type { Fields, Value } from "./codec";
import { compareBytes, decode, encode } from "./codec";
import type { DeviceKeys, Sort } from "./device";
import { signBytes } from "./device";
import type { Shape } from "./fields";
import * as is from "./fields";
import { SEALED_SECRET } from "./sealing";
import { KEM } from "./sodium";

type Common = {
  readonly chain: ChainId | null;
  readonly n: number;
  readonly prev: Hash | null;
  readonly at: number;
};
export type NewDevice = {
  readonly id: DeviceId;
  readonly sign: SignKey;
  readonly unseal: SealKey;
  readonly sort: Sort;
};
export type SeedRow = readonly [DeviceId, Hash];
export type NewKey = {
  readonly generation: number;
  readonly public: SealKey;
  readonly wraps: readonly SeedRow[];
  readonly earlier: readonly [number, Sealed] | null;
  readonly unseal: SealKey | null;
};
export type DeviceAdd = Common & {
  readonly kind: "device.add";
  readonly device: NewDevice;
  readonly seed_hash: Hash | null;
  readonly countersign: Signature;
};
export type KeyNew = Common & NewKey & { readonly kind: "key.new" };
export type DeviceRevoke = Common & NewKey & { readonly kind: "device.revoke"; readonly device: DeviceId };
export type Statement = DeviceAdd | KeyNew | DeviceRevoke;

// A log has at most 16 active devices, so a longer list of wraps cannot be one of them.
const MOST_WRAPS = 16;

const sealKey = is.bytes(KEM.public, asSealKey);
const sealedSecret = is.bytes(SEALED_SECRET, asSealed);
const seedRow: Shape<SeedRow> = is.tuple(is.deviceId, is.hash);
const seedRows: Shape<readonly SeedRow[]> = (value) => {
  const rows = is.list(seedRow, MOST_WRAPS)(value);
  return isAscending(rows.map(([device]) => device)) ? rows : is.malformed();
};
const common = {
  chain: is.nullable(is.chainId),
  n: is.count,
  prev: is.nullable(is.hash),
  at: is.time,
};
const newKey = {
  generation: is.count,
  public: sealKey,
  wraps: seedRows,
  earlier: is.nullable(is.tuple(is.count, sealedSecret)),
  unseal: is.nullable(sealKey),
};
const newDevice = is.record<NewDevice>({
  id: is.deviceId,
  sign: is.bytes(32, asSignKey),
  unseal: sealKey,
  sort: is.oneOf("browser", "paper"),
});
const deviceAdd = is.record<DeviceAdd>({
  ...common,
  kind: is.oneOf("device.add"),
  device: newDevice,
  seed_hash: is.nullable(is.hash),
  countersign: is.signature,
});
const keyNew = is.record<KeyNew>({ ...common, ...newKey, kind: is.oneOf("key.new") });
const deviceRevoke = is.record<DeviceRevoke>({
  ...common,
  ...newKey,
  kind: is.oneOf("device.revoke"),
  device: is.deviceId,
});

export function readStatement(bytes: Uint8Array): Statement {
  const fields = decode(bytes);
  if (!is.isFields(fields)) return is.malformed();
  if (fields["kind"] === "device.add") return deviceAdd(fields);
  if (fields["kind"] === "key.new") return keyNew(fields);
  return deviceRevoke(fields);
}

/** What a new device signs: the statement without its own signature (K5). */
export function joinBody(statement: Omit<DeviceAdd, "countersign">): Value {
  const { chain, n, prev, at, device, seed_hash } = statement;
  const body: Fields = { kind: "device.add", chain, n, prev, at, device, seed_hash };
  return [1, "device-join", encode(body)];
}

export function writeDeviceAdd(statement: Omit<DeviceAdd, "countersign">, added: DeviceKeys): Uint8Array {
  return encode({ ...statement, countersign: signBytes(added, joinBody(statement)) });
}

export function isAscending(rows: readonly Uint8Array[]): boolean {
  return rows.every((row, i) => {
    const before = rows[i - 1];
    return before === undefined || compareBytes(before, row) < 0;
  });
}
