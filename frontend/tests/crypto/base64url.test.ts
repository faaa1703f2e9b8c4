import fc from "fast-check";
import { expect, test } from "vitest";
import { fromText, toText } from "../../src/crypto/base64url";
import { refused } from "./cast";

test.each(["A", "AAAAA", "AA=", "AA==", "A+", "A/", "A A", "é", "AB", "AAB"])(
  "H: %s is no text of bytes",
  (text) => {
    expect(refused(() => fromText(text))).toBe("malformed");
  },
);

test("H: as the platform writes it, and back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(toText(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
      expect(fromText(toText(bytes))).toEqual(Uint8Array.from(bytes));
    }),
  );
});
