/** K13, K7: opening a person's seeds, the newest first and through it those before. */
import type { DeviceId, Sealed } from "./brands";
import { sameBytes } from "./codec";
import type { Opener, PersonKeys } from "./device";
import type { DeviceRecord, Generation, KeyLog } from "./keylog";
import { activeAt } from "./keylog";
import { Refused } from "./refused";
import { earlierContext, open, sealedSeedHash, seedContext } from "./sealing";
import type { UnsealSeed } from "./secret";
import { Secret } from "./secret";
import { sealKeyOf } from "./sodium";

export type SealedSeed = {
  readonly device: DeviceId;
  readonly generation: number;
  readonly sealed: Sealed;
};

/**
 * K13, K7: opens the current seed sealed to this device and, through `earlier`, those before it as far as they hold.
 * Refuses `cannot_open` when the current one does not open to the published key.
 */
export function openPerson(device: Opener, log: KeyLog, seeds: readonly SealedSeed[]): PersonKeys {
  const seed = openSeed(device, log, currentKey(log), seeds);
  return { chain: log.chain, seeds: seedsFrom(log, seed) };
}

function openSeed(device: Opener, log: KeyLog, key: Generation, seeds: readonly SealedSeed[]): UnsealSeed {
  const own = activeAt(log, device.id, log.head.n);
  const isFor = (seed: SealedSeed) => seed.generation === key.generation && sameBytes(seed.device, device.id);
  const { sealed } = seeds.find(isFor) ?? { sealed: null };
  if (own === null || own.seed === null || sealed === null || !sameBytes(sealedSeedHash(sealed), own.seed)) {
    throw new Refused("cannot_open");
  }
  return checkedSeed(open(device.unseal, seedContext(placeOf(own, log, key)), sealed), key);
}

// Whoever named the seed sealed it: the generation's maker, or the signer of a later `device.add`.
const placeOf = (own: DeviceRecord, log: KeyLog, key: Generation) => ({
  signer: own.sealedBy,
  receiver: own.id,
  chain: log.chain,
  generation: key.generation,
  public: key.public,
});

export function checkedSeed(bytes: Uint8Array, key: Generation): UnsealSeed {
  if (bytes.length !== 32 || !sameBytes(sealKeyOf(bytes), key.public)) throw new Refused("cannot_open");
  return new Secret("unseal", bytes);
}

/** The current seed, and every one that leads back from it. */
export function seedsFrom(log: KeyLog, seed: UnsealSeed): ReadonlyMap<number, UnsealSeed> {
  const found = new Map<number, UnsealSeed>();
  let key: Generation | null = currentKey(log);
  let opened: UnsealSeed | null = seed;
  while (key !== null && opened !== null) {
    found.set(key.generation, opened);
    const before = earlierOf(log, key);
    opened = before === null ? null : openEarlier(log, key, before, opened);
    key = before;
  }
  return found;
}

function earlierOf(log: KeyLog, key: Generation): Generation | null {
  const { earlier } = key;
  return earlier === null ? null : (log.generations[earlier.generation - 1] ?? null);
}

/** `null` when the maker sealed something else there: what is newer still opens. */
function openEarlier(log: KeyLog, key: Generation, before: Generation, seed: UnsealSeed): UnsealSeed | null {
  if (key.earlier === null) return null;
  const place = {
    signer: key.maker,
    chain: log.chain,
    earlier: before.generation,
    generation: key.generation,
  };
  try {
    return checkedSeed(open(seed, earlierContext(place), key.earlier.sealed), before);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

export function currentKey(log: KeyLog): Generation {
  const current = log.generations.at(-1);
  if (current === undefined) throw new Refused("bad_generation");
  return current;
}
