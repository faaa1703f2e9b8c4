/** The generated inputs of `codec.fuzz` (tests/vectors/README.md), alike in both languages. */
import { decode, encode } from "../../src/crypto/codec";
import { concat } from "../../src/crypto/sealing";
import { blake2b } from "../../src/crypto/sodium";
import { refused } from "./cast";

export type Fuzz = { readonly seed: number; readonly count: number; readonly corpus: readonly Uint8Array[] };
const LIMIT = 65_536;
const REPORT = 10_000;

function xorshift(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (s ^ (s << 13)) >>> 0;
    s = (s ^ (s >>> 17)) >>> 0;
    s = (s ^ (s << 5)) >>> 0;
    return s;
  };
}

function mutate(bytes: number[], next: () => number): number[] {
  const mutation = next() % 5;
  const { length } = bytes;
  if (mutation === 4) return bytes.slice(0, next() % (length + 1));
  if (mutation === 2) {
    bytes.splice(next() % (length + 1), 0, next() % 256);
    return bytes;
  }
  if (length === 0) return bytes;
  const at = next() % length;
  if (mutation === 0) bytes[at] = next() % 256;
  else if (mutation === 1) bytes[at] = (bytes[at] ?? 0) ^ (1 << (next() % 8));
  else bytes.splice(at, 1);
  return bytes;
}

export function runFuzz({ seed, count, corpus }: Fuzz): { accepted: number; digests: readonly Uint8Array[] } {
  const next = xorshift(seed);
  const digests: Uint8Array[] = [];
  let accepted = 0;
  let digest: Uint8Array = new Uint8Array(32);
  for (let i = 1; i <= count; i++) {
    let bytes = [...(corpus[next() % corpus.length] ?? [])];
    for (let left = 1 + (next() % 3); left > 0; left--) bytes = mutate(bytes, next);
    const input = Uint8Array.from(bytes);
    const isRefused = input.length > LIMIT || refused(() => decode(input)) !== null;
    if (!isRefused) accepted += 1;
    const said = isRefused ? Uint8Array.of(0) : concat(Uint8Array.of(1), encode(decode(input)));
    digest = blake2b(concat(digest, said));
    if (i % REPORT === 0) digests.push(digest);
  }
  return { accepted, digests };
}
