/** P: the code de secours, a device made of paper. */
import type { Random } from "./brands";
import type { DeviceKeys } from "./device";
import { deviceKeys } from "./device";
import { H } from "./hashing";
import { Refused } from "./refused";
import type { RecoveryCode } from "./secret";
import { Secret } from "./secret";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_BYTES = 20;
const CODE_LETTERS = 32;
const CHECK_LETTERS = 4;

export const makeRecoveryCode = (random: Random): RecoveryCode => new Secret("recovery", random(CODE_BYTES));

/** P1: nine groups of four. */
export function writeRecoveryCode(code: RecoveryCode): readonly string[] {
  const letters = toLetters(code.expose()) + checkOf(code.expose());
  return letters.match(/.{4}/g) ?? [];
}

/** P2: as people type it. */
export function readRecoveryCode(typed: string): RecoveryCode {
  // Before folding case: some letters beyond ASCII have capitals within it.
  if (!/^[0-9A-Za-z -]*$/.test(typed)) throw new Refused("bad_recovery_code");
  const letters = typed.toUpperCase().replace(/[ -]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  if (letters.length !== CODE_LETTERS + CHECK_LETTERS) throw new Refused("bad_recovery_code");
  const bytes = fromLetters(letters.slice(0, CODE_LETTERS));
  if (checkOf(bytes) !== letters.slice(CODE_LETTERS)) throw new Refused("bad_recovery_code");
  return new Secret("recovery", bytes);
}

/** P3. */
export const paperKeys = (code: RecoveryCode): DeviceKeys =>
  deviceKeys(H(["paper", "sign", code.expose()]), H(["paper", "unseal", code.expose()]));

const checkOf = (bytes: Uint8Array): string =>
  toLetters(H(["recovery-check", bytes]).subarray(0, 5)).slice(0, CHECK_LETTERS);

export function toLetters(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{5}/g) ?? []).map((five) => CROCKFORD.charAt(Number.parseInt(five, 2))).join("");
}

export function fromLetters(letters: string): Uint8Array {
  const bits = [...letters].map((letter) => valueOf(letter).toString(2).padStart(5, "0")).join("");
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

function valueOf(letter: string): number {
  const value = CROCKFORD.indexOf(letter);
  if (value < 0) throw new Refused("bad_recovery_code");
  return value;
}
