/** P5, P6: adding a browser by the code de secours, and putting out all others where they are lost or stolen. */
import type { Random } from "./brands";
import { sameBytes } from "./codec";
import type { Device, DeviceKeys, PersonKeys } from "./device";
import { makeDeviceKeys } from "./device";
import { addDevice, sealCurrent } from "./identity";
import type { KeyLog } from "./keylog";
import { activeAt } from "./keylog";
import { extend } from "./keyrules";
import { othersThan, revokeAll } from "./paper";
import { paperKeys } from "./recovery";
import { Refused } from "./refused";
import type { SealedSeed } from "./seeds";
import { currentKey, openPerson } from "./seeds";
import type { RecoveryCode } from "./secret";

export type Recovery = {
  readonly device: Device;
  readonly person: PersonKeys;
  readonly log: KeyLog;
  readonly statements: readonly Uint8Array[];
  readonly seeds: readonly SealedSeed[];
};
type ToRecover = {
  readonly code: RecoveryCode;
  /** As judged by `fold`, and within the pin where there is one. */
  readonly log: KeyLog;
  /** The server's sealed seeds; the one for the paper device is picked. */
  readonly seeds: readonly SealedSeed[];
  /** Whether all other browsers, and codes younger than this one, are revoked first. */
  readonly alone?: boolean;
  readonly at: number;
  readonly random: Random;
};

/**
 * With the paper device as signer. Refuses `bad_recovery_code` when the code is not this log's, `key_log_refused` when
 * the server's log or seed cannot be right.
 */
export function recoverPerson({ code, log, seeds, alone = false, at, random }: ToRecover): Recovery {
  const paper = asDevice(paperKeys(code), log);
  const opened = openTrusted(paper, log, seeds);
  const by = { device: paper, log, person: opened, at, random };
  const done = revokeAll(by, alone ? othersThan(log, paper.id) : []);
  const keys = makeDeviceKeys(random);
  const shown = { id: keys.id, unseal: keys.unsealKey };
  const sealed = sealCurrent(paper, shown, { log: done.log, keys: done.person, random });
  const statement = addDevice(paper, keys, "browser", { log: done.log, seed: sealed, at });
  const { generation } = currentKey(done.log);
  return {
    device: { ...keys, chain: log.chain },
    person: done.person,
    log: extend(done.log, statement),
    statements: [...done.statements, statement],
    seeds: [...done.seeds, { device: keys.id, generation, sealed }],
  };
}

// An honest server keeps no log without a person key, and no seed that its own log does not name.
function openTrusted(paper: Device, log: KeyLog, seeds: readonly SealedSeed[]): PersonKeys {
  try {
    return openPerson(paper, log, seeds);
  } catch (error) {
    throw error instanceof Refused ? new Refused("key_log_refused") : error;
  }
}

/** The paper device, where this code is one of the log's. */
export function asDevice(keys: DeviceKeys, log: KeyLog): Device {
  const found = activeAt(log, keys.id, log.head.n);
  const isIt =
    found !== null &&
    found.sort === "paper" &&
    sameBytes(found.sign, keys.signKey) &&
    sameBytes(found.unseal, keys.unsealKey);
  if (!isIt) throw new Refused("bad_recovery_code");
  return { ...keys, chain: log.chain };
}
