import { readdirSync, readFileSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import { fill, language, plural, t } from "../../src/ui/i18n";
import { clock, dayOf, dayTitle, delay, shortWhen } from "../../src/ui/i18n/dates";
import { en } from "../../src/ui/i18n/en";
import { fr } from "../../src/ui/i18n/fr";
import { preferred } from "../../src/ui/i18n/language.svelte";
import { frenchSpaces } from "../../src/ui/i18n/typeset";

const FRENCH = Object.entries(fr);
const ENGLISH = Object.entries(en);
const names = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();
const local = (day: number, hour: number): number => new Date(2026, 1, day, hour, 5).getTime() / 1000;

beforeEach(async () => {
  await language.choose("fr");
});

test("a plain space before : % » ; ? ! is caught by the rule that the catalogue is checked with", () => {
  expect("Où ?").toMatch(/ [:%»;?!]/);
  const spaced = "«\u00a0Où\u202f?\u00a0»\u00a0: 50\u00a0%\u202f; oui\u202f!";
  expect(frenchSpaces("« Où ? » : 50 % ; oui !")).toBe(spaced);
});

const offending = (entries: readonly (readonly [string, string])[], wrong: RegExp): readonly string[] =>
  entries.filter(([, text]) => wrong.test(text)).map(([key]) => key);

test("every French sentence has French spaces and apostrophes", () => {
  expect(offending(FRENCH, / [:%»;?!]|« |'/)).toEqual([]);
  expect(offending(FRENCH, /[^\s\u00a0\u202f][?!;»](?!\S)/u)).toEqual([]);
});

test("English has the same keys, none left over, none empty", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(fr).sort());
  expect(offending(ENGLISH, /^\s*$|^\s|\s$|'/)).toEqual([]);
});

test("English is filled with the same values as French", () => {
  const differing = FRENCH.filter(
    ([key, text]) => String(names(text)) !== String(names(en[key as keyof typeof en])),
  );
  expect(differing).toEqual([]);
});

test("no sentence needs the words of cryptography", () => {
  const words =
    /chiffre(?:ment|r|é)|(?<!\p{L})clés?(?!\p{L}| USB)|empreinte(?!, visage)|époque|cryptograph|encrypt|(?<!USB )\bkeys?\b|fingerprint(?!, face)|\bepoch/iu;
  expect("Votre clé").toMatch(words);
  expect(offending([...FRENCH, ...ENGLISH], words)).toEqual([]);
});

test("French says vous", () => {
  expect(offending(FRENCH, /(?<!\p{L})(tu|toi|ton|ta|tes)(?!\p{L})/iu)).toEqual([]);
});

test("every sentence has a screen that says it", () => {
  const folder = new URL("../../src/ui/", import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(svelte|ts)$/.test(name),
  );
  const code = files
    .filter((name) => !/i18n.(fr|en)\./.test(name))
    .map((name) => readFileSync(new URL(name, folder), "utf8"));
  const text = code.join("\n");
  const made = [...text.matchAll(/`([a-z]+\.[^`\s]*\$\{[^`]*)`/g)].map((match) => match[1] ?? "");
  const patterns = made.map(
    (key) => new RegExp(`^${key.replace(/\$\{[^}]*\}/g, "[a-z_]+").replace(".", "\\.")}$`),
  );
  const said = (key: string): boolean => new RegExp(`["']${key.replace(".", "\\.")}["']`).test(text);
  const unsaid = Object.keys(fr).filter(
    (key) =>
      !said(key) && !said(key.replace(/_(one|other)$/, "")) && !patterns.some((pattern) => pattern.test(key)),
  );
  expect(unsaid).toEqual([]);
});

test("an unknown value stays visible instead of vanishing", () => {
  expect(fill("{name} et {other}", { name: "Inès" })).toBe("Inès et {other}");
});

test("counts follow the plural of each language: zero is singular in French only", async () => {
  expect([0, 1, 2].map((n) => plural("list.results", n))).toEqual([
    "0 résultat",
    "1 résultat",
    "2 résultats",
  ]);
  await language.choose("en");
  expect([0, 1, 2].map((n) => plural("list.results", n))).toEqual(["0 results", "1 result", "2 results"]);
});

test("the chosen language is the one that speaks", async () => {
  expect(t("app.continue")).toBe("Continuer");
  await language.choose("en");
  expect(t("app.continue")).toBe("Continue");
});

test("of two choices in a hurry the last one stands, however slowly the first arrives", async () => {
  await Promise.all([language.choose("en"), language.choose("fr")]);
  expect(language.current).toBe("fr");
});

test.each([
  [["de-DE", "it"], "fr"],
  [["en-US", "fr"], "en"],
  [["de", "en-GB"], "en"],
  [["fr-CH"], "fr"],
  [[], "fr"],
] as const)("a browser that asks for %j is answered in %s", (asked, expected) => {
  expect(preferred(asked)).toBe(expected);
});

test("days are named from today", () => {
  expect(dayTitle(local(3, 8), local(3, 12))).toBe("Aujourd’hui, mardi 3 février");
  expect(dayTitle(local(2, 23), local(3, 0))).toBe("Hier, lundi 2 février");
  expect(dayTitle(local(1, 9), local(3, 12))).toBe("Dimanche 1 février");
});

test("a list row says the hour, then yesterday, then the weekday, then the date", () => {
  const now = local(20, 12);
  expect(shortWhen(local(20, 8), now)).toBe("08:05");
  expect(shortWhen(local(19, 8), now)).toBe("hier");
  expect(shortWhen(local(16, 8), now)).toBe("lundi");
  expect(shortWhen(local(3, 8), now)).toBe("03/02/26");
});

test("midnight parts two days that a minute separates", () => {
  const before = new Date(2026, 1, 2, 23, 59).getTime() / 1000;
  expect(dayOf(before)).not.toBe(dayOf(before + 60));
  expect(dayOf(before)).toBe(dayOf(before - 3600));
  expect(clock(before)).toBe("23:59");
});

test("a wait is told in the largest unit that fits", () => {
  expect(delay(30)).toMatch(/^30\s(secondes)$/);
  expect(delay(240)).toMatch(/^4\sminutes$/);
  expect(delay(90)).toMatch(/^2\sminutes$/);
});
