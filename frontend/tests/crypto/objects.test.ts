import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode } from "../../src/crypto/codec";
import type { Value } from "../../src/crypto/codec";
import { objectHash } from "../../src/crypto/hashing";
import { isSignedBy, LARGEST, readObject, signObject } from "../../src/crypto/objects";
import { flipped, refused, stranger } from "./cast";

const keys = stranger("signer");
const whole = signObject("marker", Uint8Array.of(0), keys);
const object = readObject(whole, "marker");
const parts: readonly Value[] = [1, "marker", Uint8Array.of(0), keys.id, object.signature];
const reads = (list: Value) => refused(() => readObject(encode(list), "marker"));
const replaced = (at: number, value: Value): Value => parts.map((part, i) => (i === at ? value : part));

describe("refused", () => {
  test.each([
    ["O1 not an array", { suite: 1 }],
    ["O1 empty", []],
    ["O1 four parts", parts.slice(0, 4)],
    ["O1 six parts", [...parts, null]],
    ["O1 suite as text", replaced(0, "1")],
    ["B1 suite 0", replaced(0, 0)],
    ["O3 another label", replaced(1, "message")],
    ["O3 label of a join (K5)", replaced(1, "device-join")],
    ["O3 label of a session (H7)", replaced(1, "session-device")],
    ["O1 label as bytes", replaced(1, Uint8Array.of(1))],
    ["O1 bytes as text", replaced(2, "0")],
    ["O1 bytes as array", replaced(2, [0])],
    ["O1 short signer", replaced(3, new Uint8Array(31))],
    ["O1 no signer", replaced(3, null)],
    ["O1 short signature", replaced(4, new Uint8Array(63))],
    ["O1 no signature", replaced(4, null)],
  ])("%s", (_, list) => {
    expect(reads(list)).toBe("malformed");
  });

  test("B1 a greater suite asks for a newer client, whatever follows", () => {
    expect(reads(replaced(0, 2))).toBe("newer_version");
    expect(reads([2, "anything"])).toBe("newer_version");
  });

  test("O6 one byte too many is refused unread", () => {
    const room = LARGEST.marker - whole.length;
    const just = signObject("marker", new Uint8Array(room - 1), keys);
    expect(just.length).toBe(LARGEST.marker);
    expect(refused(() => readObject(just, "marker"))).toBeNull();
    expect(refused(() => readObject(signObject("marker", new Uint8Array(room), keys), "marker"))).toBe(
      "malformed",
    );
  });

  test("O2 any changed byte", () => {
    for (let at = 0; at < whole.length; at++) {
      const changed = flipped(whole, at);
      const holds = refused(() => readObject(changed, "marker")) === null;
      if (holds) expect(isSignedBy(readObject(changed, "marker"), keys.signKey)).toBe(false);
    }
  });

  test("O2 the same signature under another label or signer", () => {
    expect(isSignedBy({ ...object, label: "message" }, keys.signKey)).toBe(false);
    expect(isSignedBy({ ...object, signer: stranger("other").id }, keys.signKey)).toBe(false);
    expect(isSignedBy(object, stranger("other").signKey)).toBe(false);
  });

  test("B3 a key or signature of another length", () => {
    expect(isSignedBy(object, keys.signKey.slice(1) as typeof keys.signKey)).toBe(false);
    const cut = object.signature.slice(1) as typeof object.signature;
    expect(isSignedBy({ ...object, signature: cut }, keys.signKey)).toBe(false);
  });
  test("B3 a small-order key signs nothing", () => {
    const identity = new Uint8Array(32);
    identity[0] = 1;
    const signature = new Uint8Array(64);
    signature[0] = 1;
    const forged = { ...object, signature: signature as typeof object.signature };
    expect(isSignedBy(forged, identity as typeof keys.signKey)).toBe(false);
  });

  test("B3 a signature with S beyond the group order", () => {
    const order = Buffer.from("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", "hex");
    const lax = Uint8Array.from(object.signature);
    let carry = 0;
    for (let i = 0; i < 32; i++) {
      const sum = (lax[32 + i] ?? 0) + (order[i] ?? 0) + carry;
      lax[32 + i] = sum & 255;
      carry = sum >> 8;
    }
    expect(isSignedBy({ ...object, signature: lax as typeof object.signature }, keys.signKey)).toBe(false);
  });
});

test("O2 what a device signs verifies", () => {
  expect(isSignedBy(object, keys.signKey)).toBe(true);
});

test("O4 the hash covers the signature", () => {
  expect(objectHash(whole)).toEqual(object.hash);
  expect(objectHash(flipped(whole, whole.length - 1))).not.toEqual(object.hash);
});

test("O3 random bytes are refused with a code", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(refused(() => readObject(bytes, "message"))).toMatch(/malformed|newer_version/);
    }),
  );
});
