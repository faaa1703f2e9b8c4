/** K19, P6: codes de secours that come and go. The oldest has the last word. */
import type { DeviceId, Hash, Random, Signature } from "./brands";
import { encode, sameBytes } from "./codec";
import type { Device, PersonKeys } from "./device";
import { signBytes } from "./device";
import { objectHash } from "./hashing";
import type { Renewed } from "./identity";
import { addDevice, revokeDevice, sealCurrent } from "./identity";
import type { DeviceRecord, KeyLog } from "./keylog";
import { activeAt, activeDevices } from "./keylog";
import { extend } from "./keyrules";
import { readObject } from "./objects";
import { paperKeys } from "./recovery";
import type { RecoveryCode } from "./secret";
import type { SealedSeed } from "./seeds";
import { currentKey } from "./seeds";
import { readStatement } from "./statements";
import { verifyDetached } from "./sodium";

type By = {
  readonly device: Device;
  readonly log: KeyLog;
  readonly person: PersonKeys;
  readonly at: number;
  readonly random: Random;
};

/** Another code de secours for the same person. */
export function addPaper(by: By, code: RecoveryCode): Omit<Renewed, "person"> {
  const { device, log, person, at, random } = by;
  const keys = paperKeys(code);
  const shown = { id: keys.id, sign: keys.signKey, unseal: keys.unsealKey };
  const sealed = sealCurrent(device, shown, { log, keys: person, random });
  const statement = addDevice(device, keys, "paper", { log, seed: sealed, at });
  const seeds: readonly SealedSeed[] = [{ device: keys.id, generation: currentKey(log).generation, sealed }];
  return { log: extend(log, statement), statement, seeds };
}

const consentBody = (statement: Hash) => [1, "paper-consent", statement] as const;

/** K19: the code agrees that this very statement revokes it. */
export const consentTo = (code: RecoveryCode, statement: Uint8Array): Signature =>
  signBytes(paperKeys(code), consentBody(objectHash(statement)));

export const paperIdOf = (code: RecoveryCode): DeviceId => paperKeys(code).id;

/** K19, for a statement that the log before it accepts; one that revokes no paper device always does. */
export function standsAtOnce(log: KeyLog, statement: Uint8Array, consent: Signature | null): boolean {
  const object = readObject(statement, "key-log");
  const said = readStatement(object.bytes);
  const revoked = said.kind === "device.revoke" ? activeAt(log, said.device, log.head.n) : null;
  if (revoked?.sort !== "paper") return true;
  const signer = activeAt(log, object.signer, log.head.n);
  if (signer?.sort === "paper" && signer.added < revoked.added) return true;
  return consent !== null && verifyDetached(consent, encode(consentBody(object.hash)), revoked.sign);
}

/** P6: what the recovering code puts out: every browser, and every code younger than itself. */
export function othersThan(log: KeyLog, paper: DeviceId): readonly DeviceRecord[] {
  const own = activeAt(log, paper, log.head.n);
  if (own === null) return [];
  const isYounger = ({ sort, added }: DeviceRecord) => sort === "browser" || added > own.added;
  return activeDevices(log).filter((device) => !sameBytes(device.id, paper) && isYounger(device));
}

export type Several = {
  readonly person: PersonKeys;
  readonly log: KeyLog;
  readonly statements: readonly Uint8Array[];
  readonly seeds: readonly SealedSeed[];
};

/** One after another, for one submission. */
export function revokeAll(by: By, revoked: readonly DeviceRecord[]): Several {
  const start: Several = { person: by.person, log: by.log, statements: [], seeds: [] };
  return revoked.reduce<Several>((done, { id }) => {
    const next = revokeDevice({ ...by, person: done.person, log: done.log, revoked: id });
    return {
      person: next.person,
      log: next.log,
      statements: [...done.statements, next.statement],
      seeds: [...done.seeds, ...next.seeds],
    };
  }, start);
}
