import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeRecoveryCode, paperKeys, readRecoveryCode, writeRecoveryCode } from "../../src/crypto/recovery";
import { Secret } from "../../src/crypto/secret";
import { refused, seeded } from "./cast";

const code = makeRecoveryCode(seeded("code"));
const written = writeRecoveryCode(code).join(" ");
const reads = (typed: string) => refused(() => readRecoveryCode(typed));

describe("P2 refused", () => {
  test.each([
    ["nothing", ""],
    ["one letter short", written.slice(0, -1)],
    ["one letter more", `${written}0`],
    ["U is no letter of it", `U${written.slice(1)}`],
    ["a tab", written.replaceAll(" ", "\t")],
    ["another sign", `.${written.slice(1)}`],
    ["a letter with its capital in ASCII", `ß${written.slice(2)}`],
    ["an accent", `é${written.slice(1)}`],
  ])("%s", (_, typed) => {
    expect(reads(typed)).toBe("bad_recovery_code");
  });

  test("any one wrong letter", () => {
    const letters = written.replaceAll(" ", "");
    for (let at = 0; at < letters.length; at++) {
      const other = letters[at] === "7" ? "8" : "7";
      expect(reads(letters.slice(0, at) + other + letters.slice(at + 1))).toBe("bad_recovery_code");
    }
  });

  test("two groups exchanged", () => {
    const [first, second, ...rest] = writeRecoveryCode(code);
    expect(reads([second, first, ...rest].join(""))).toBe("bad_recovery_code");
  });
});

test("P1 nine groups of four from Crockford's letters", () => {
  const groups = writeRecoveryCode(code);
  expect(groups).toHaveLength(9);
  for (const group of groups) expect(group).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}$/);
});

test("P1 most significant bit first", () => {
  const bytes = new Uint8Array(20);
  bytes[0] = 0b00001_000;
  expect(writeRecoveryCode(new Secret("recovery", bytes))[0]).toBe("1000");
});

test("P2 as people type it", () => {
  const zeros = writeRecoveryCode(new Secret("recovery", new Uint8Array(20))).join("");
  const ones = writeRecoveryCode(readRecoveryCode(written)).join("-").toLowerCase();
  expect(readRecoveryCode(ones).expose()).toEqual(code.expose());
  expect(readRecoveryCode(zeros.replaceAll("0", "o")).expose()).toEqual(new Uint8Array(20));
  const typed = written.replaceAll("1", "l").replaceAll("0", "O");
  expect(readRecoveryCode(typed).expose()).toEqual(code.expose());
});

test("P1 writing and reading is nothing lost", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
      const groups = writeRecoveryCode(new Secret("recovery", bytes));
      expect(readRecoveryCode(groups.join("")).expose()).toEqual(Uint8Array.from(bytes));
    }),
  );
});

test("P3 the two seeds differ, and another code gives other keys", () => {
  const keys = paperKeys(code);
  expect(keys.sign.expose()).not.toEqual(keys.unseal.expose());
  expect(paperKeys(makeRecoveryCode(seeded("other"))).id).not.toEqual(keys.id);
  expect(paperKeys(readRecoveryCode(written)).id).toEqual(keys.id);
});
