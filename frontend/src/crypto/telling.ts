/** What a judged statement of a key log says to its person (K21). */
import type { DeviceId } from "./brands";
import { readObject } from "./objects";
import { readStatement } from "./statements";

export type Told = {
  readonly n: number;
  readonly at: number;
  readonly by: DeviceId;
  readonly event: "added" | "revoked" | "renewed";
  /** `null` for a new key alone. */
  readonly device: DeviceId | null;
};

export function tellStatement(statement: Uint8Array): Told {
  const object = readObject(statement, "key-log");
  const said = readStatement(object.bytes);
  const { n, at } = said;
  const told = { n, at, by: object.signer };
  if (said.kind === "device.add") return { ...told, event: "added", device: said.device.id };
  if (said.kind === "device.revoke") return { ...told, event: "revoked", device: said.device };
  return { ...told, event: "renewed", device: null };
}
