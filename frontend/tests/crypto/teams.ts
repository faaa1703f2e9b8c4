/** A team in a log: who founded it, and what its members do to its roster. */
import * as crypto from "../../src/crypto";
import { makeLeave } from "../../src/crypto/messages";
import type { Person } from "./cast";
import { asRow, codeOf, Ledger, NOON, ORGANISATION, person, present, renew, seeded } from "./cast";

export const anna = person("anna");
export const bruno = person("bruno");
export const chloe = person("chloe");
/** No health professional. */
export const dora = person("dora", "other");
export const everybody = [anna, bruno, chloe, dora];

export const entrant = (who: Person, role: crypto.RowRole = "member"): crypto.Newcomer => ({
  ...asRow(who),
  kind: who === dora ? "other" : "professional",
  role,
});

export type Team = { readonly ledger: Ledger; readonly first: crypto.MadeEpoch };
/** Anna coordinates. */
export function found(others: readonly crypto.Newcomer[], altered: object = {}): Team {
  const input = { device: anna.device, own: asRow(anna), organisation: ORGANISATION, others };
  const first = crypto.beginTeam({ ...input, at: NOON, random: seeded("team"), ...altered });
  const ledger = new Ledger(
    first.conversation,
    everybody.map(({ log }) => log),
  );
  ledger.append(first.statement);
  return { ledger, first };
}

let left = 0;
export function leave(ledger: Ledger, by: Person, altered: Partial<crypto.ToLeave> = {}): Uint8Array {
  return makeLeave({
    epoch: present(ledger.current).epoch,
    device: by.device,
    sending: crypto.firstSending,
    seen: ledger.place,
    head: by.log.head,
    clientId: crypto.makeClientId(seeded(`leave ${String(left++)}`)),
    ...altered,
  }).entry;
}

type Asked = Pick<crypto.ToRenew, "add" | "remove" | "roles" | "resume" | "current">;
export const change = (ledger: Ledger, by: Person, asked: Partial<Asked> = {}): crypto.MadeEpoch =>
  renew(ledger, by, asked);
export const verdictOf = (ledger: Ledger, by: Person, asked: Partial<Asked> = {}): string =>
  codeOf(ledger.look(change(ledger, by, asked).statement));
/** Does it, and fails where it is not accepted. */
export function does(ledger: Ledger, by: Person, asked: Partial<Asked> = {}): crypto.MadeEpoch {
  const made = change(ledger, by, asked);
  const verdict = codeOf(ledger.append(made.statement));
  if (verdict !== "accepted") throw new Error(verdict);
  return made;
}
