/** K18: whose fault it is that a device does not hold its person's newest key. */
import { sameBytes } from "./codec";
import type { Opener } from "./device";
import type { KeyLog } from "./keylog";
import { activeAt } from "./keylog";
import { Refused } from "./refused";
import { sealedSeedHash } from "./sealing";
import type { SealedSeed } from "./seeds";
import { currentKey, openPerson } from "./seeds";

/** `withheld`: the server gives none, or another than the log names. `junk`: the log names one that is no such key. */
export type SeedFault = "withheld" | "junk";

export function seedFault(device: Opener, log: KeyLog, seeds: readonly SealedSeed[]): SeedFault | null {
  const own = activeAt(log, device.id, log.head.n);
  const { generation, earlier } = currentKey(log);
  const sealed = seeds.find(
    (one) => one.generation === generation && sameBytes(one.device, device.id),
  )?.sealed;
  if (own?.seed === undefined || own.seed === null || sealed === undefined) return "withheld";
  if (!sameBytes(sealedSeedHash(sealed), own.seed)) return "withheld";
  try {
    const { seeds: opened } = openPerson(device, log, seeds);
    return earlier === null || opened.has(earlier.generation) ? null : "junk";
  } catch (error) {
    if (error instanceof Refused) return "junk";
    throw error;
  }
}
