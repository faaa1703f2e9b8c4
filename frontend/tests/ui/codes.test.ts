import { expect, test } from "vitest";
import { digits, groupsOf, sheetLetters, spaced, twoGroups } from "../../src/ui/codes";
import { passwordHints, passwordWillDo } from "../../src/ui/password";

test("what is typed by hand is read as the sheet has it", () => {
  expect(sheetLetters(" k7qf-2mxd 9rta\n4whn")).toBe("K7QF2MXD9RTA4WHN");
  expect(sheetLetters("OIL oil")).toBe("011011");
  expect(sheetLetters("U!é€ʞ")).toBe("");
});

test("tabs, line breaks and spaces of every width between groups do not matter", () => {
  for (const between of ["\t", "\r\n", "\u00a0", "\u202f", "\u200b", "\ufeff", " - "]) {
    expect(sheetLetters(["K7QF", "2MXD", "9RTA"].join(between))).toBe("K7QF2MXD9RTA");
  }
  expect(spaced("\u00a07QKF-2MXD-\r\n9RTA-\t4WHN\u200b\n")).toBe("7QKF-2MXD- 9RTA- 4WHN");
});

test("a code of six digits keeps only digits", () => {
  expect(digits("12 34-56 ")).toBe("123456");
});

test("nine groups of four, the missing ones empty", () => {
  expect(groupsOf("K7QF2M")).toEqual(["K7QF", "2M", "", "", "", "", "", "", ""]);
});

test("two different groups are asked, in reading order, and every pair can be", () => {
  const seen = new Set<string>();
  for (let a = 0; a < 9; a += 1) {
    for (let b = 0; b < 8; b += 1) {
      const numbers = [(a + 0.5) / 9, (b + 0.5) / 8];
      const [first, second] = twoGroups(() => numbers.shift() ?? 0);
      expect(first).toBeLessThan(second);
      expect(first).toBeGreaterThanOrEqual(1);
      expect(second).toBeLessThanOrEqual(9);
      seen.add(`${first.toString()} ${second.toString()}`);
    }
  }
  expect(seen.size).toBe(36);
});

test.each([
  "",
  "court",
  "abcdefghijkl",
  "Abcdefghij12",
  "motdepasse1234",
  "un deux trois quatre cinq six",
  "la la la la la la la la",
])("%j is not enough", (password) => {
  expect(passwordWillDo(password)).toBe(false);
});

test("each of the three shapes is enough and is told apart", () => {
  expect(passwordHints("Abcdefghi12!")).toEqual({ twelve: true, fourteen: false, words: false });
  expect(passwordHints("Abcdefghijkl12")).toEqual({ twelve: false, fourteen: true, words: false });
  expect(passwordHints("sept mots tirés dans un vieux livre bleu")).toMatchObject({ words: true });
});
