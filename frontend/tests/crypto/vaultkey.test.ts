import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openRecord, sealRecord, vaultKey } from "../../src/crypto/vaultkey";
import { flipped, refused, seeded } from "./cast";

const random = seeded("vault");
const [vault, local, server] = [random(16), random(32), random(32)];
const key = vaultKey(vault, local, server);
const record = random(100);
const sealed = sealRecord(key, "entries", "7", record, random);
const opens = (store: string, id: string, bytes: Uint8Array = sealed) =>
  refused(() => openRecord(key, store, id, bytes));

describe("refused", () => {
  test("V3 no record takes another's place", () => {
    expect(opens("entries", "8")).toBe("cannot_open");
    expect(opens("outbox", "7")).toBe("cannot_open");
    expect(opens("entries7", "")).toBe("cannot_open");
  });
  test("V1 any other half, or another vault", () => {
    const others = [
      vaultKey(random(16), local, server),
      vaultKey(vault, random(32), server),
      vaultKey(vault, local, random(32)),
      vaultKey(vault, server, local),
    ];
    for (const other of others) {
      expect(refused(() => openRecord(other, "entries", "7", sealed))).toBe("cannot_open");
    }
  });
  test("V3 any changed byte, any cut", () => {
    for (let at = 0; at < sealed.length; at++) {
      expect(opens("entries", "7", flipped(sealed, at))).toBe("cannot_open");
      expect(opens("entries", "7", sealed.slice(0, at))).toBe("cannot_open");
    }
  });
});

test("V3 open ∘ seal is identity", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), fc.string(), fc.string(), (bytes, store, id) => {
      const box = sealRecord(key, store, id, bytes, random);
      expect(openRecord(key, store, id, box)).toEqual(Uint8Array.from(bytes));
    }),
  );
});

test("V3 the same record is sealed to other bytes each time", () => {
  expect(sealRecord(key, "entries", "7", record, random)).not.toEqual(sealed);
});
