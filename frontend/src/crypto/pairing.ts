/** D: adding a device from another. The code never leaves the two screens; whoever carries the rest does not know it. */
import { asSignature } from "./brands";
import type { ChainId, DeviceId, Hash, Random, Sealed, SealKey, Signature, SignKey } from "./brands";
import type { Value } from "./codec";
import { decode, encode, sameBytes } from "./codec";
import type { Device, DeviceKeys, PersonKeys } from "./device";
import { deviceIdOf, signBytes } from "./device";
import * as is from "./fields";
import { H } from "./hashing";
import { nextAddition, sealCurrent } from "./identity";
import type { KeyLog } from "./keylog";
import { activeAt } from "./keylog";
import { extend, fold } from "./keyrules";
import { readObject, signObject } from "./objects";
import { fromLetters, toLetters } from "./recovery";
import { Refused } from "./refused";
import { isGoodKey, open, seedContext } from "./sealing";
import { checkedSeed, currentKey, seedsFrom } from "./seeds";
import { Secret } from "./secret";
import type { PairingCode } from "./secret";

/** What a device shows of itself. */
export type ShownKeys = { readonly id: DeviceId; readonly sign: SignKey; readonly unseal: SealKey };
export type PairingAnswer = {
  /** The `device.add` without the new device's signature. */
  readonly addition: Uint8Array;
  readonly sealed: Sealed;
  readonly mac: Hash;
};
type Between = { readonly code: PairingCode; readonly person: Uint8Array };

const CODE_BYTES = 10;
const CODE_LETTERS = 16;

export const makePairingCode = (random: Random): PairingCode => new Secret("pairing", random(CODE_BYTES));

/** D1: four groups of four. */
export const writePairingCode = (code: PairingCode): readonly string[] =>
  toLetters(code.expose()).match(/.{4}/g) ?? [];

/** As people type it, or as a link carries it. */
export function readPairingCode(typed: string): PairingCode {
  if (!/^[0-9A-Za-z -]*$/.test(typed)) throw new Refused("bad_code");
  const letters = typed.toUpperCase().replace(/[ -]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  if (letters.length !== CODE_LETTERS || letters.includes("U")) throw new Refused("bad_code");
  return new Secret("pairing", fromLetters(letters));
}

export const shownKeys = ({ id, signKey, unsealKey }: DeviceKeys): ShownKeys => ({
  id,
  sign: signKey,
  unseal: unsealKey,
});

/** D2. */
export const offerMac = ({ code, person }: Between, { id, sign, unseal }: ShownKeys): Hash =>
  H(["pairing-offer", code.expose(), person, id, sign, unseal]);

type Answering = Between & {
  readonly chain: ChainId;
  readonly added: ShownKeys;
  readonly by: ShownKeys;
  readonly addition: Uint8Array;
};

/** D4. */
export function answerMac({ code, person, chain, added, by, addition }: Answering): Hash {
  const offered = offerMac({ code, person }, added);
  const keys = [added, by].flatMap(({ id, sign, unseal }): readonly Value[] => [id, sign, unseal]);
  return H(["pairing-answer", code.expose(), person, chain, ...keys, offered, addition]);
}

/** D3. Refuses `bad_code`, whichever of them was wrong. */
export function checkOffer(between: Between, added: ShownKeys, mac: Uint8Array): void {
  const isRight =
    sameBytes(mac, offerMac(between, added)) &&
    sameBytes(added.id, deviceIdOf(added.sign, added.unseal)) &&
    isGoodKey(added.unseal);
  if (!isRight) throw new Refused("bad_code");
}

type ToAnswer = Between & {
  readonly added: ShownKeys;
  readonly mac: Uint8Array;
  readonly device: Device;
  readonly keys: PersonKeys;
  readonly log: KeyLog;
  readonly at: number;
  readonly random: Random;
};

/** D4, by the device that adds. */
export function answerOffer({ mac, device, keys, log, at, random, ...between }: ToAnswer): PairingAnswer {
  const { code, person, added } = between;
  checkOffer(between, added, mac);
  const sealed = sealCurrent(device, added, { log, keys, random });
  const addition = encode(nextAddition(log, at, { ...added, sort: "browser" }, sealed));
  const by = { id: device.id, sign: device.signKey, unseal: device.unsealKey };
  return { addition, sealed, mac: answerMac({ code, person, chain: log.chain, added, by, addition }) };
}

type ToAccept = Between & {
  readonly keys: DeviceKeys;
  readonly answer: PairingAnswer;
  /** As served; judged here. */
  readonly statements: readonly Uint8Array[];
  readonly by: DeviceId;
};
export type Acceptance = {
  readonly countersign: Signature;
  readonly device: Device;
  readonly person: PersonKeys;
  readonly log: KeyLog;
};

/** D5, by the new device: nothing is signed before all of it is right. Refuses `key_log_refused`, whatever was wrong. */
export function acceptAnswer(input: ToAccept): Acceptance {
  try {
    return accepted(input);
  } catch (error) {
    throw error instanceof Refused ? new Refused("key_log_refused") : error;
  }
}

function accepted({ keys, answer, statements, by, ...between }: ToAccept): Acceptance {
  const log = fold(statements);
  checkAnswer(between, shownKeys(keys), { answer, log, by });
  const { generation, public: key } = currentKey(log);
  const place = { signer: by, receiver: keys.id, chain: log.chain, generation, public: key };
  const seed = checkedSeed(open(keys.unseal, seedContext(place), answer.sealed), currentKey(log));
  return {
    countersign: signBytes(keys, [1, "device-join", answer.addition]),
    device: { ...keys, chain: log.chain },
    person: { chain: log.chain, seeds: seedsFrom(log, seed) },
    log,
  };
}

type Given = { readonly answer: PairingAnswer; readonly log: KeyLog; readonly by: DeviceId };

function checkAnswer(between: Between, added: ShownKeys, { answer, log, by }: Given): void {
  const old = activeAt(log, by, log.head.n);
  if (old?.sort !== "browser" || log.generations.length === 0) throw new Refused("key_log_refused");
  const { addition, sealed, mac } = answer;
  if (!sameBytes(mac, answerMac({ ...between, chain: log.chain, added, by: old, addition })))
    throw new Refused("key_log_refused");
  const next = encode(nextAddition(log, timeOf(addition), { ...added, sort: "browser" }, sealed));
  if (!sameBytes(addition, next)) throw new Refused("key_log_refused");
}

function timeOf(addition: Uint8Array): number {
  const fields = decode(addition);
  if (!is.isFields(fields) || fields["at"] === undefined) return is.malformed();
  return is.time(fields["at"]);
}

export type Completed = { readonly statement: Uint8Array; readonly log: KeyLog };

/** D6, by the device that adds: refused when it is not the next statement of its own log. */
export function completeAddition(
  log: KeyLog,
  device: DeviceKeys,
  addition: Uint8Array,
  countersign: Uint8Array,
): Completed {
  const fields = decode(addition);
  if (!is.isFields(fields)) return is.malformed();
  const body = encode({ ...fields, countersign: asSignature(countersign) });
  const statement = signObject("key-log", body, device);
  return { statement, log: extend(log, statement) };
}

/** D5: the log went on with exactly what this device signed, in the name of the one that answered. */
export function isCompletion(statement: Uint8Array, by: DeviceId, addition: Uint8Array): boolean {
  const object = readObject(statement, "key-log");
  const fields = decode(object.bytes);
  if (!is.isFields(fields) || !sameBytes(object.signer, by)) return false;
  const { countersign, ...rest } = fields;
  return countersign !== undefined && sameBytes(encode(rest), addition);
}
