import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Value } from "../../src/crypto/codec";
import { decode, encode } from "../../src/crypto/codec";
import { refused } from "./cast";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (value: Value): string => Buffer.from(encode(value)).toString("hex");
const nested = (depth: number): Value => (depth === 0 ? null : [nested(depth - 1)]);

describe("refused", () => {
  test.each([
    ["C1 negative", "20"],
    ["C1 tag", "c000"],
    ["C1 half float", "f90000"],
    ["C1 double", "fb0000000000000000"],
    ["C1 undefined", "f7"],
    ["C1 simple value", "f0"],
    ["C1 simple value of two bytes", "f8ff"],
    ["C1 break alone", "ff"],
    ["C1 integer of 2^53", "1b0020000000000000"],
    ["C1 integer of 2^64-1", "1bffffffffffffffff"],
    ["C2 23 in two bytes", "1817"],
    ["C2 255 in three bytes", "1900ff"],
    ["C2 65535 in five bytes", "1a0000ffff"],
    ["C2 2^32-1 in nine bytes", "1b00000000ffffffff"],
    ["C2 length in two bytes", "580161"],
    ["C2 reserved head", "1c"],
    ["C2 indefinite bytes", "5f4101ff"],
    ["C2 indefinite text", "7f6161ff"],
    ["C2 indefinite array", "9f01ff"],
    ["C2 indefinite map", "bf616101ff"],
    ["C3 lone surrogate", "63eda080"],
    ["C3 overlong", "62c080"],
    ["C3 beyond Unicode", "64f4908080"],
    ["C3 cut character", "61c3"],
    ["C3 stray continuation", "6180"],
    ["C4 unordered keys", "a2616201616101"],
    ["C4 repeated key", "a2616101616102"],
    ["C4 longer key first", "a262616101616201"],
    ["C4 integer key", "a10101"],
    ["C4 bytes key", "a1416101"],
    ["C6 trailing byte", "0000"],
    ["C6 nothing", ""],
    ["C6 cut head", "19"],
    ["C6 cut bytes", "420a"],
    ["C6 cut array", "8201"],
    ["C6 cut map", "a16161"],
    ["C6 huge bytes", "5b001fffffffffffff"],
    ["C6 huge array", "9b001fffffffffffff"],
    ["C6 huge map", "bb001fffffffffffff"],
  ])("%s", (_, input) => {
    expect(refused(() => decode(bytes(input)))).toBe("malformed");
  });

  test("C5 a container inside eight others, read and written", () => {
    expect(refused(() => decode(bytes("818181818181818180")))).toBe("malformed");
    expect(refused(() => encode(nested(9)))).toBe("malformed");
  });

  test("C5 hostile depth is no stack overflow", () => {
    expect(refused(() => decode(new Uint8Array(100_000).fill(0x81)))).toBe("malformed");
  });

  test.each([
    ["C1 negative", -1],
    ["C1 negative zero", -0],
    ["C1 fraction", 0.5],
    ["C1 not a number", Number.NaN],
    ["C1 infinity", Number.POSITIVE_INFINITY],
    ["C1 2^53", 2 ** 53],
    ["C3 lone surrogate", "a\ud800"],
    ["C3 lone surrogate as key", { "\udc00": 1 }],
  ])("writing %s", (_, value) => {
    expect(refused(() => encode(value as Value))).toBe("malformed");
  });
});

describe("accepted", () => {
  test.each([
    ["C1 zero", 0, "00"],
    ["C2 23", 23, "17"],
    ["C2 24", 24, "1818"],
    ["C2 255", 255, "18ff"],
    ["C2 256", 256, "190100"],
    ["C2 65535", 65_535, "19ffff"],
    ["C2 65536", 65_536, "1a00010000"],
    ["C2 2^32-1", 2 ** 32 - 1, "1affffffff"],
    ["C2 2^32", 2 ** 32, "1b0000000100000000"],
    ["C1 2^53-1", Number.MAX_SAFE_INTEGER, "1b001fffffffffffff"],
    ["C1 false", false, "f4"],
    ["C1 true", true, "f5"],
    ["C1 null", null, "f6"],
    ["C1 empty bytes", new Uint8Array(), "40"],
    ["C3 text is not normalised", "é", "63" + "65cc81"],
    ["C3 byte order mark stays", "\ufeff", "63efbbbf"],
    ["C3 four bytes", "\u{10ffff}", "64f48fbfbf"],
    ["C4 shorter keys first", { b: 1, aa: 2 }, "a261620162616102"],
    ["C4 empty key", { "": null }, "a160f6"],
    ["C5 eight containers", nested(8), "8181818181818181f6"],
  ])("%s", (_, value, expected) => {
    const written = value === "é" ? "e\u0301" : value;
    expect(hex(written)).toBe(expected);
    expect(hex(decode(bytes(expected)))).toBe(expected);
  });

  test("C4 __proto__ is a key like any other", () => {
    const read = decode(bytes("a1695f5f70726f746f5f5f a1 657a6f6e6b65 01".replaceAll(" ", "")));
    expect(Object.keys(read as object)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(read)).toBeNull();
    expect(({} as Record<string, unknown>)["zonke"]).toBeUndefined();
    expect(hex(read)).toBe("a1695f5f70726f746f5f5fa1657a6f6e6b6501");
  });

  test("C6 a value does not hold on to the frame it came in", () => {
    const frame = bytes("4201024100").slice(0, 3);
    const read = decode(frame) as Uint8Array;
    frame.fill(9);
    expect([...read]).toEqual([1, 2]);
  });
});

describe("any input", () => {
  const leaf = fc.oneof(
    fc.maxSafeNat(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ unit: "binary" }),
    fc.uint8Array({ maxLength: 300 }),
  );
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 7 },
      leaf as fc.Arbitrary<Value>,
      fc.array(tie("value"), { maxLength: 5 }),
      fc.dictionary(fc.string({ unit: "binary", maxLength: 30 }), tie("value"), { maxKeys: 5 }),
    ),
  }));

  test("C1 what is written reads back, byte for byte", () => {
    fc.assert(
      fc.property(value, (written) => {
        const once = encode(written);
        expect(encode(decode(once))).toEqual(once);
      }),
    );
  });

  test("C2 random bytes are refused, or the one encoding of what they say", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (input) => {
        const code = refused(() => decode(input));
        if (code === null) expect(encode(decode(input))).toEqual(Uint8Array.from(input));
        else expect(code).toBe("malformed");
      }),
      { numRuns: 20_000 },
    );
  });
});
