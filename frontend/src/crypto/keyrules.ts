/** K17: the checks of a key-log statement after its shape, in the order that gives the code. */
import type { DeviceId, SignKey } from "./brands";
import { encode, sameBytes } from "./codec";
import { deviceIdOf } from "./device";
import { toText } from "./base64url";
import type { DeviceRecord, KeyLog } from "./keylog";
import { apply } from "./keylog";
import type { SignedObject } from "./objects";
import { isSignedBy, readObject } from "./objects";
import type { Code } from "./refused";
import { Refused } from "./refused";
import { isGoodKey } from "./sealing";
import { verifyDetached } from "./sodium";
import type { DeviceAdd, DeviceRevoke, KeyNew, Statement } from "./statements";
import { joinBody, readStatement } from "./statements";

const MOST_DEVICES = 16;

/** The log with this statement, which is refused when it breaks a rule. */
export const extend = (log: KeyLog | null, whole: Uint8Array): KeyLog => take(log, whole, true);

/** A whole log, or the rest of one. A refused statement refuses all. */
export const fold = (statements: readonly Uint8Array[], log: KeyLog | null = null): KeyLog =>
  foldAll(statements, log, true);

/** For statements that this client judged before and read back from its own sealed vault: no check is made. */
export const refoldJudged = (statements: readonly Uint8Array[], log: KeyLog | null = null): KeyLog =>
  foldAll(statements, log, false);

function foldAll(statements: readonly Uint8Array[], log: KeyLog | null, check: boolean): KeyLog {
  let state = log;
  for (const statement of statements) state = take(state, statement, check);
  // An empty answer of a server is no log.
  if (state === null) throw new Refused("bad_chain");
  return state;
}

function take(log: KeyLog | null, whole: Uint8Array, check: boolean): KeyLog {
  const object = readObject(whole, "key-log");
  const statement = readStatement(object.bytes);
  if (check) checkStatement(log, object, statement);
  return apply(log, object.signer, object.hash, statement);
}

function checkStatement(log: KeyLog | null, object: SignedObject, statement: Statement): void {
  demand(log === null ? begins(object, statement) : follows(log, statement), "bad_chain");
  demand(log === null || isActive(log, object.signer), "not_active");
  if (statement.kind === "device.revoke") demand(canRevoke(log, object.signer, statement), "not_active");
  const signKey = signKeyOf(log, object.signer, statement);
  demand(signKey !== null && isSignedBy(object, signKey), "bad_signature");
  if (statement.kind === "device.add") checkAdd(log, statement);
  else checkKey(log, object.signer, statement);
}

function demand(holds: boolean, code: Code): void {
  if (!holds) throw new Refused(code);
}

// K1.
function begins(object: SignedObject, statement: Statement): boolean {
  const { chain, n, prev } = statement;
  if (statement.kind !== "device.add" || chain !== null || n !== 0 || prev !== null) return false;
  return statement.device.sort === "browser" && sameBytes(statement.device.id, object.signer);
}

function follows(log: KeyLog, { chain, n, prev }: Statement): boolean {
  if (chain === null || prev === null || n !== log.head.n + 1) return false;
  return sameBytes(chain, log.chain) && sameBytes(prev, log.head.hash);
}

const find = (log: KeyLog | null, device: DeviceId): DeviceRecord | null =>
  log?.devices.get(toText(device)) ?? null;

function isActive(log: KeyLog | null, device: DeviceId): boolean {
  const found = find(log, device);
  return found !== null && found.revoked === null;
}

// K9.
const canRevoke = (log: KeyLog | null, signer: DeviceId, { device }: DeviceRevoke): boolean =>
  isActive(log, device) && !sameBytes(device, signer);

function signKeyOf(log: KeyLog | null, signer: DeviceId, statement: Statement): SignKey | null {
  if (log === null) return statement.kind === "device.add" ? statement.device.sign : null;
  return find(log, signer)?.sign ?? null;
}

function checkAdd(log: KeyLog | null, statement: DeviceAdd): void {
  const { device, seed_hash, countersign } = statement;
  demand(sameBytes(device.id, deviceIdOf(device.sign, device.unseal)), "bad_device");
  demand(isNew(log, statement), "bad_device");
  demand(verifyDetached(countersign, encode(joinBody(statement)), device.sign), "bad_device");
  const hasKey = log !== null && log.generations.length > 0;
  demand(hasKey === (seed_hash !== null), "bad_device");
  demand(isGoodKey(device.unseal), "bad_key");
  demand(activeIds(log).length < MOST_DEVICES, "too_many");
}

// K3: neither the id nor the signing key may have served before, revoked or not.
function isNew(log: KeyLog | null, { device }: DeviceAdd): boolean {
  const known = [...(log?.devices.values() ?? [])];
  return known.every((other) => !sameBytes(other.id, device.id) && !sameBytes(other.sign, device.sign));
}

function checkKey(log: KeyLog | null, signer: DeviceId, made: KeyNew | DeviceRevoke): void {
  demand(isGoodKey(made.public), "bad_key");
  demand(made.unseal === null || isGoodKey(made.unseal), "bad_key");
  // K8: a code written on paper cannot change.
  demand(made.unseal === null || find(log, signer)?.sort !== "paper", "bad_key");
  demand(isNextGeneration(log, made), "bad_generation");
  demand(sealsToAll(log, made), "bad_wraps");
}

// K6, K7.
function isNextGeneration(log: KeyLog | null, { generation, earlier }: KeyNew | DeviceRevoke): boolean {
  const last = log?.generations.at(-1)?.generation ?? 0;
  if (generation !== last + 1) return false;
  if (earlier === null) return generation === 1;
  return earlier[0] >= 1 && earlier[0] < generation;
}

function sealsToAll(log: KeyLog | null, made: KeyNew | DeviceRevoke): boolean {
  const revoked = made.kind === "device.revoke" ? toText(made.device) : null;
  const expected = activeIds(log).filter((id) => id !== revoked);
  const named = new Set(made.wraps.map(([device]) => toText(device)));
  return named.size === expected.length && expected.every((id) => named.has(id));
}

const activeIds = (log: KeyLog | null): readonly string[] =>
  [...(log?.devices ?? [])].filter(([, device]) => device.revoked === null).map(([id]) => id);
