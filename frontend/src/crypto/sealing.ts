/** B6, B7, E9, K13: sealing to a key. */
import type { ChainId, ConversationId, DeviceId, Hash, Random, SealKey, Sealed } from "./brands";
import { asSealed } from "./brands";
import type { Value } from "./codec";
import { encode } from "./codec";
import { H } from "./hashing";
import { Refused } from "./refused";
import type { UnsealSeed } from "./secret";
import { AEAD, aeadOpen, aeadSeal, decapsulate, encapsulate, isStrongPoint, KEM, sealKeyOf } from "./sodium";

export type Context = readonly [string, ...Value[]];
/** The key is used once, so the nonce may be zero. */
const ZERO_NONCE = new Uint8Array(AEAD.nonce);
const ML_KEM_PRIME = 3329;
const ML_KEM_COEFFICIENTS = 1152;
export const SEALED_SECRET = KEM.encapsulation + 32 + AEAD.tag;

export function seal(to: SealKey, context: Context, plain: Uint8Array, random: Random): Sealed {
  const bound = encode(context);
  const { encapsulation, shared } = encapsulate(to, random(KEM.randomness));
  const key = H(["seal-to", shared, bound, encapsulation, to]);
  return asSealed(concat(encapsulation, aeadSeal({ key, nonce: ZERO_NONCE, bound }, plain)));
}

export function open(seed: UnsealSeed, context: Context, sealed: Uint8Array): Uint8Array {
  if (sealed.length < KEM.encapsulation + AEAD.tag) throw new Refused("cannot_open");
  const bound = encode(context);
  const encapsulation = sealed.subarray(0, KEM.encapsulation);
  const shared = decapsulate(encapsulation, seed.expose());
  const key = H(["seal-to", shared, bound, encapsulation, sealKeyOf(seed.expose())]);
  return aeadOpen({ key, nonce: ZERO_NONCE, bound }, sealed.subarray(KEM.encapsulation));
}

/** B7: such a key cannot make every honest sender fail, or seal to nothing. */
export function isGoodKey(key: SealKey): boolean {
  if (key.length !== KEM.public || !isStrongPoint(key.subarray(KEM.public - 32))) return false;
  for (let at = 0; at < ML_KEM_COEFFICIENTS; at += 3) {
    const [low = 0, middle = 0, high = 0] = key.subarray(at, at + 3);
    if ((low | ((middle & 15) << 8)) >= ML_KEM_PRIME) return false;
    if (((middle >> 4) | (high << 4)) >= ML_KEM_PRIME) return false;
  }
  return true;
}

export const sealedSeedHash = (sealed: Sealed): Hash => H(["sealed-seed", sealed]);
export const sealedWrapHash = (sealed: Sealed): Hash => H(["sealed-wrap", sealed]);

type SeedPlace = {
  readonly signer: DeviceId;
  readonly receiver: DeviceId;
  readonly chain: ChainId;
  readonly generation: number;
  readonly public: SealKey;
};
export const seedContext = (at: SeedPlace): Context => [
  "seed",
  1,
  at.signer,
  at.receiver,
  at.chain,
  at.generation,
  at.public,
];

type EarlierPlace = {
  readonly signer: DeviceId;
  readonly chain: ChainId;
  readonly earlier: number;
  readonly generation: number;
};
export const earlierContext = (at: EarlierPlace): Context => [
  "earlier-seed",
  1,
  at.signer,
  at.chain,
  at.earlier,
  at.generation,
];

type WrapPlace = {
  readonly maker: DeviceId;
  readonly chain: ChainId;
  readonly generation: number;
  readonly conversation: ConversationId | null;
  readonly number: number;
  readonly commit: Hash;
};
export const wrapContext = (at: WrapPlace): Context => [
  "wrap",
  1,
  at.maker,
  at.chain,
  at.generation,
  at.conversation,
  at.number,
  at.commit,
];

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
