import { expect, test } from "vitest";
import type { AlarmKind } from "../../src/store/model";
import { alarmWords } from "../../src/ui/thread/alarm";
import { fullName, initials } from "../../src/ui/people/person";
import { anneLise } from "./stage/cast";

const words = (kind: AlarmKind) =>
  alarmWords({ kind, person: null, cause: null, seq: null, blocks: true }, "Anne-Lise MOREL");

test("whoever keeps back what a conversation is read with is the host, not a message and not its author", () => {
  const { title, what, advice } = words("wrap_withheld");
  expect(title).toMatch(/^L’hébergeur/);
  expect(title + what).not.toMatch(/message|falsifié/);
  expect(what).toContain("pas Anne-Lise MOREL");
  expect(advice).not.toContain("appelez");
});

test("another name in the directory is not called a new identity", () => {
  expect(words("identity_changed").title).toContain("nouvelle identité");
  expect(words("renamed").title).toContain("Anne-Lise MOREL");
  expect(words("renamed").title + words("renamed").what).not.toContain("identité");
});

test("whom nobody names is called so, never by an empty name", () => {
  const nobody = { ...anneLise, given: "", family: "" };
  expect(fullName(nobody)).toBe("Personne inconnue de l’annuaire");
  expect(initials(nobody)).toBe("?");
});
