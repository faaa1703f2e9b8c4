import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SealKey } from "../../src/crypto/brands";
import { isGoodKey, open, seal } from "../../src/crypto/sealing";
import { flipped, refused, seeded, stranger } from "./cast";

const random = seeded("sealing");
const keys = stranger("receiver");
const plain = random(32);
const sealed = seal(keys.unsealKey, ["seed", 1], plain, random);
const opens = (bytes: Uint8Array) => refused(() => open(keys.unseal, ["seed", 1], bytes));

describe("refused", () => {
  test("B6 another context, another receiver", () => {
    expect(refused(() => open(keys.unseal, ["seed", 2], sealed))).toBe("cannot_open");
    expect(refused(() => open(keys.unseal, ["wrap", 1], sealed))).toBe("cannot_open");
    expect(refused(() => open(stranger("other").unseal, ["seed", 1], sealed))).toBe("cannot_open");
  });

  test("B6 any changed byte", () => {
    for (let at = 0; at < sealed.length; at += 7) expect(opens(flipped(sealed, at))).toBe("cannot_open");
    for (let at = 1120; at < sealed.length; at++) expect(opens(flipped(sealed, at))).toBe("cannot_open");
  });

  test("B6 cut, empty or longer", () => {
    for (const length of [0, 1, 1119, 1120, 1135, 1136, sealed.length - 1]) {
      expect(opens(sealed.slice(0, length))).toBe("cannot_open");
    }
    expect(opens(Uint8Array.from([...sealed, 0]))).toBe("cannot_open");
  });

  const altered = (change: (key: Uint8Array) => void): SealKey => {
    const key = Uint8Array.from(keys.unsealKey);
    change(key);
    return key as SealKey;
  };
  test.each([
    ["1215 bytes", keys.unsealKey.slice(1) as SealKey],
    ["1217 bytes", Uint8Array.from([...keys.unsealKey, 0]) as SealKey],
    ["nothing", new Uint8Array() as SealKey],
    ["first coefficient 3329", altered((key) => key.set([0x01, ((key[1] ?? 0) & 0xf0) | 0x0d], 0))],
    ["second coefficient 4095", altered((key) => key.set([(key[1] ?? 0) | 0xf0, 0xff], 1))],
    ["last coefficient 4095", altered((key) => key.set([0xff, 0xff], 1150))],
    ["X25519 point zero", altered((key) => key.fill(0, 1184))],
    ["X25519 point one", altered((key) => key.fill(0, 1184).set([1], 1184))],
    [
      "X25519 point p",
      altered((key) => key.fill(0xff, 1184).set([0xed, ...Array<number>(30).fill(0xff), 0x7f], 1184)),
    ],
  ] as const)("B7 %s", (_, key) => {
    expect(isGoodKey(key)).toBe(false);
  });
});

test("B7 a key of a seed is good; coefficient 3328 too", () => {
  expect(isGoodKey(keys.unsealKey)).toBe(true);
  const most = Uint8Array.from(keys.unsealKey);
  most.set([0x00, ((most[1] ?? 0) & 0xf0) | 0x0d], 0);
  expect(isGoodKey(most as SealKey)).toBe(true);
});

test("B6 open ∘ seal is identity, for any content and context", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.string(), (bytes, word) => {
      const box = seal(keys.unsealKey, ["test", word], bytes, random);
      expect(open(keys.unseal, ["test", word], box)).toEqual(Uint8Array.from(bytes));
      expect(box.length).toBe(1120 + bytes.length + 16);
    }),
    { numRuns: 60 },
  );
});

test("B6 the same randomness gives the same bytes, another gives others", () => {
  const once = seal(keys.unsealKey, ["x"], plain, seeded("a"));
  expect(seal(keys.unsealKey, ["x"], plain, seeded("a"))).toEqual(once);
  expect(seal(keys.unsealKey, ["x"], plain, seeded("b"))).not.toEqual(once);
});
