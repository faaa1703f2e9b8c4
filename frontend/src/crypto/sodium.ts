/** The only file that knows libsodium (1.0.22, whose plain `crypto_kem` is X-Wing). */
import sodium from "libsodium-wrappers";
import type { Random, SealKey, SignKey, Signature } from "./brands";
import { asSealKey, asSignKey, asSignature } from "./brands";
import { Refused } from "./refused";

export const ready: Promise<void> = sodium.ready;
export const KEM = { seed: 32, public: 1216, encapsulation: 1120, randomness: 64 } as const;
export const AEAD = { nonce: 24, tag: 16 } as const;

/** The one source of randomness of the product; callers pass it on as a parameter. */
export const systemRandom: Random = (length) => sodium.randombytes_buf(length);

export const blake2b = (bytes: Uint8Array): Uint8Array => sodium.crypto_generichash(32, bytes, null);

type SigningPair = { readonly public: SignKey; readonly private: Uint8Array };
export function signingPair(seed: Uint8Array): SigningPair {
  const pair = sodium.crypto_sign_seed_keypair(seed);
  return { public: asSignKey(pair.publicKey), private: pair.privateKey };
}
export const signDetached = (bytes: Uint8Array, key: Uint8Array): Signature =>
  asSignature(sodium.crypto_sign_detached(bytes, key));

/** B3: canonical S and key, no small order; libsodium refuses the rest, and throws at other lengths. */
export const verifyDetached = (signature: Signature, bytes: Uint8Array, key: SignKey): boolean =>
  signature.length === 64 && key.length === 32 && sodium.crypto_sign_verify_detached(signature, bytes, key);

export const sealKeyOf = (seed: Uint8Array): SealKey =>
  asSealKey(sodium.crypto_kem_xwing_seed_keypair(seed).publicKey);

type Encapsulated = { readonly encapsulation: Uint8Array; readonly shared: Uint8Array };
export function encapsulate(to: SealKey, randomness: Uint8Array): Encapsulated {
  const made = guarded("bad_key", () => sodium.crypto_kem_xwing_enc_deterministic(to, randomness));
  return { encapsulation: made.ciphertext, shared: made.sharedSecret };
}
export const decapsulate = (encapsulation: Uint8Array, seed: Uint8Array): Uint8Array =>
  guarded("cannot_open", () => sodium.crypto_kem_xwing_dec(encapsulation, seed));

/** Whether X25519 of a scalar with this point is something else than zero. */
export function isStrongPoint(point: Uint8Array): boolean {
  try {
    sodium.crypto_scalarmult(new Uint8Array(32).fill(1), point);
    return true;
  } catch {
    return false;
  }
}

type Box = { readonly key: Uint8Array; readonly nonce: Uint8Array; readonly bound: Uint8Array };
export const aeadSeal = (box: Box, plain: Uint8Array): Uint8Array =>
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, box.bound, null, box.nonce, box.key);
export function aeadOpen(box: Box, sealed: Uint8Array): Uint8Array {
  const open = () =>
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, box.bound, box.nonce, box.key);
  return guarded("cannot_open", open);
}

// libsodium throws bare errors for bad input; here they become one of ours.
function guarded<T>(code: "bad_key" | "cannot_open", attempt: () => T): T {
  try {
    return attempt();
  } catch {
    throw new Refused(code);
  }
}
