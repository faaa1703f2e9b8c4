/** M4: the length of a message says little about its text. */
import { Refused } from "./refused";

const STEP = 256;
const EVEN_UP_TO = 4096;
const MARK = 0x80;
export const LARGEST_PADDED = 32 * 1024;

export function pad(content: Uint8Array): Uint8Array {
  const length = paddedLength(content.length + 1);
  if (length > LARGEST_PADDED) throw new Refused("too_long");
  const padded = new Uint8Array(length);
  padded.set(content);
  padded[content.length] = MARK;
  return padded;
}

/** `null` when this is not the one padding of its content. */
export function unpad(padded: Uint8Array): Uint8Array | null {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  if (end < 0 || padded[end] !== MARK || padded.length > LARGEST_PADDED) return null;
  return paddedLength(end + 1) === padded.length ? padded.slice(0, end) : null;
}

export function paddedLength(length: number): number {
  if (length <= EVEN_UP_TO) return roundUp(length, STEP);
  const exponent = bitLength(length) - 1;
  return roundUp(length, 2 ** (exponent - bitLength(exponent)));
}

const bitLength = (n: number): number => 32 - Math.clz32(n);
const roundUp = (n: number, step: number): number => Math.ceil(n / step) * step;
