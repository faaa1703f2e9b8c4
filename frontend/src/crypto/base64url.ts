/** Bytes as text for JSON and map keys: base64url without padding, exactly one text a value. */
import { Refused } from "./refused";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES: ReadonlyMap<string, number> = new Map([...ALPHABET].map((letter, value) => [letter, value]));

export function toText(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += letter(group >> 18) + letter(group >> 12);
    if (left > 1) text += letter(group >> 6);
    if (left > 2) text += letter(group);
  }
  return text;
}

export function fromText(text: string): Uint8Array {
  if (text.length % 4 === 1) throw new Refused("malformed");
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const character of text) {
    held = ((held << 6) | valueOf(character)) & 0xffff;
    bits += 6;
    if (bits >= 8) bytes[at++] = (held >> (bits -= 8)) & 0xff;
  }
  // Bits left over must be zero, or two texts would stand for the same bytes.
  if ((held & ((1 << bits) - 1)) !== 0) throw new Refused("malformed");
  return bytes;
}

const letter = (bits: number): string => ALPHABET.charAt(bits & 63);

function valueOf(character: string): number {
  const value = VALUES.get(character);
  if (value === undefined) throw new Refused("malformed");
  return value;
}
