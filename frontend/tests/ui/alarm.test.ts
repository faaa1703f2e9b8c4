import { expect, test } from "vitest";
import type { AlarmKind, Cause } from "../../src/store/model";
import { alarmWords } from "../../src/ui/thread/alarm";
import { fullName, initials } from "../../src/ui/people/person";
import { anneLise } from "./stage/cast";

const words = (kind: AlarmKind, cause: Cause | null = null) =>
  alarmWords({ kind, person: null, cause, seq: null, blocks: true }, "Anne-Lise MOREL");

test("whoever keeps back what a conversation is read with is the host, not a message and not its author", () => {
  const { title, what, advice } = words("wrap_withheld");
  expect(title).toMatch(/^L’hébergeur/);
  expect(title + what).not.toMatch(/message|falsifié/);
  expect(what).toContain("pas Anne-Lise MOREL");
  expect(advice).not.toContain("appelez");
});

test.each(["removed_by_host", "not_for_me"] as const)("L12, E17: nobody forged what is %s", (cause) => {
  const { title, what, advice } = words("entry_refused", cause);
  expect(title + what).not.toMatch(/falsifié|refusé|Anne-Lise/);
  expect(advice).not.toContain("appelez");
  expect(words("entry_refused", "altered").title).toContain("falsifié");
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

test("M9: a copied profile is told what to do from elsewhere, not to call its own user", () => {
  const { title, what, advice } = words("profile_copied");
  expect(title + what + advice).not.toMatch(/Anne-Lise|falsifié|appelez/);
  expect(advice).toContain("Mes appareils");
  expect(advice).toContain("code de secours");
});

test("T5: a host that was restored is told of calmly: nobody lied, nothing is asked of anybody", () => {
  const { title, what, advice } = words("restored");
  expect(title).toMatch(/^L’hébergeur a été rétabli/);
  expect(title + what + advice).not.toMatch(/Anne-Lise|falsifié|refusé|appelez|prévenez/);
  expect(words("log_rolled_back").advice).toContain("prévenez");
});
