import { expect, test } from "vitest";
import { fr } from "../../src/ui/i18n/fr";
import { homonyms, initials, matches, occupation, tint } from "../../src/ui/people/person";
import { SEEN } from "../../src/ui/people/seen";
import { adele, anneLise, camille, camilleToo, everyone, loic, zoe } from "./stage/cast";

test.each(["zzz", "este", "médecin pharmacie", "anne lise testard cardiologue"])(
  "%j does not find Anne-Lise",
  (query) => {
    expect(matches(anneLise, query)).toBe(false);
  },
);

test.each(["anne", "TESTARD", "medecin gen", "tilleuls test", "lise", "  "])(
  "%j finds Anne-Lise, accents or not",
  (query) => {
    expect(matches(anneLise, query)).toBe(true);
  },
);

test("accents in a name do not matter", () => {
  expect(matches(zoe, "zoe echantillon")).toBe(true);
});

test("two people with one name are both marked, nobody else", () => {
  expect(homonyms(everyone)).toEqual(new Set([camille.id, camilleToo.id]));
});

test("a person's colour stays, and is one of five", () => {
  for (const person of everyone) {
    expect(tint(person.id)).toBe(tint(person.id));
    expect(tint(person.id)).toBeLessThan(5);
  }
});

test("initials and occupation are made of what the register says", () => {
  expect(initials(loic)).toBe("LD");
  expect(occupation(camilleToo)).toBe("Médecin pneumologue · Clinique des Aubépines");
  expect(occupation({ ...adele, place: "" })).toBe("Masseuse-kinésithérapeute");
});

test("the host sees what the server's columns say, each topic in one sentence and no other", () => {
  const said = Object.keys(fr).filter((key) => key.startsWith("host.sees_"));
  expect(said.sort()).toEqual(SEEN.map((topic) => `host.sees_${topic}`).sort());
});
