/** The code that two people compare: the same on both sides, another for any other pair of identities. */
import type { ChainId } from "./brands";
import { compareBytes } from "./codec";
import { H } from "./hashing";

const GROUPS = 12;
const CHUNK = 5;

/** Twelve groups of five digits (about 199 bits). */
export function compareCode(one: ChainId, other: ChainId): readonly string[] {
  const [lower, higher] = compareBytes(one, other) <= 0 ? [one, other] : [other, one];
  const stream = [1, 2].flatMap((part) => [...H(["compare", part, lower, higher])]);
  return Array.from({ length: GROUPS }, (_, group) =>
    digits(stream.slice(group * CHUNK, (group + 1) * CHUNK)),
  );
}

function digits(chunk: readonly number[]): string {
  const value = chunk.reduce((number, byte) => number * 256 + byte, 0);
  return String(value % 100_000).padStart(5, "0");
}
