import { beforeEach, describe, expect, test } from "vitest";
import * as crypto from "../../src/crypto";
import { H } from "../../src/crypto/hashing";
import type { Row } from "../../src/crypto/roster";
import { isWellFormed } from "../../src/crypto/roster";
import { encode } from "../../src/crypto/codec";
import type { Value } from "../../src/crypto/codec";
import {
  codeOf,
  fieldsOf,
  Ledger,
  NOON,
  ORGANISATION,
  present,
  renew,
  renewal,
  signed,
  suspension,
} from "./cast";
import { alice, begin, bob, charlie, eachRow, first, ledger, verdict, withEpoch, withRoster } from "./scene";

beforeEach(begin);

describe("L9 bad_roster: form", () => {
  test.each([
    ["E4 until", { until: NOON }],
    ["E4 outside", { inside: false }],
    ["E4 basis", { basis: "consent" }],
    ["E4 sessions", { sessions: [1] }],
    ["E4 role", { role: "owner" }],
    ["E4 kind", { kind: "robot" }],
  ])("%s is not of this version", (_, altered) => {
    expect(verdict(eachRow(altered))).toBe("bad_roster");
  });
  test("E3 retention, E6 changes that are none", () => {
    expect(verdict(withEpoch({ retention: 90 }))).toBe("bad_roster");
    expect(verdict(withEpoch({ change: [["promote", alice.log.chain]] }))).toBe("bad_roster");
    expect(verdict(withEpoch({ change: [1] }))).toBe("bad_roster");
  });
  test("E5 nobody, or more than 200", () => {
    expect(beginning(() => [])).toBe("not_a_member");
    const crowd = Array.from({ length: 201 }, (_, i) => H(["test", i])).sort(crypto.compareBytes);
    const { roster } = fieldsOf(first.statement);
    const row = (roster as readonly crypto.Fields[])[0] ?? {};
    const rows = crowd.map((chain): Row => ({
      ...(row as unknown as Row),
      chain: crypto.asChainId(chain),
      paused: false,
    }));
    expect(isWellFormed(rows.slice(1))).toBe(true);
    expect(isWellFormed(rows)).toBe(false);
    expect(isWellFormed([])).toBe(false);
  });

  test.each<[string, (rows: Record<string, Value>[]) => readonly Value[]]>([
    ["E5 descending", (rows) => [...rows].reverse()],
    ["E5 a row twice", (rows) => [...rows, ...rows.slice(1)]],
  ])("%s", (_, alter) => {
    expect(verdict(withRoster(alter))).toBe("bad_roster");
  });
  test("E4 no wrap for a row that is not paused, a wrap for one that is", () => {
    const bobs = (row: Record<string, Value>) => crypto.sameBytes(row["chain"] as Uint8Array, bob.log.chain);
    const alter = (part: object) =>
      withRoster((rows) => rows.map((row) => (bobs(row) ? { ...row, ...part } : row)));
    expect(verdict(alter({ wrap: null }))).toBe("bad_roster");
    expect(verdict(alter({ paused: true }))).toBe("bad_roster");
  });
  test.each([
    ["since", { since: NOON + 1 }],
    ["by", { by: bob.log.chain }],
    ["kind", { kind: "other" }],
  ])("E6 %s of a row that stays", (_, altered) => {
    expect(verdict(eachRow(altered))).toBe("bad_roster");
  });
  test("E6 a role changed in silence", () => expect(verdict(eachRow({ role: "member" }))).toBe("bad_roster"));
  test.each<[string, () => Value]>([
    ["a change that is none", () => [["pause", bob.log.chain]]],
    ["an addition that is none", () => [["add", charlie.log.chain]]],
    ["a replacement of nobody", () => [["replace", charlie.log.chain, bob.log.chain]]],
    ["a replacement by oneself", () => [["replace", bob.log.chain, bob.log.chain]]],
  ])("E6 %s", (_, change) => {
    expect(verdict(withEpoch({ change: change() }))).toBe("bad_roster");
  });
  test("E1 a change in epoch 0", () => {
    const altered = { ...fieldsOf(first.statement), change: [["add", bob.log.chain]] };
    const statement = signed("epoch", altered, alice.device);
    const fresh = new Ledger(crypto.asConversationId(crypto.objectHash(statement)), ledger.logs);
    expect(codeOf(fresh.look(statement))).toBe("bad_roster");
  });
  test("E7 a generation that is not the one at that head", () => {
    expect(verdict(eachRow({ generation: 2 }))).toBe("bad_roster");
    expect(verdict(eachRow({ generation: 0 }))).toBe("bad_roster");
  });
  test("E7 a head that goes back", () => {
    const longer = crypto.extend(bob.log, renewal(bob.log, bob.device));
    ledger.learn(longer);
    ledger.append(renew(ledger, alice).statement);
    expect(verdict(renew(ledger, alice, { logs: [alice.log, bob.log] }).statement)).toBe("bad_roster");
  });
});

/** Epoch 0 with other rows or founding. */
function beginning(
  alter: (rows: crypto.Fields[]) => readonly Value[],
  altered: object = {},
  by = alice.device,
): string {
  const fields = fieldsOf(first.statement);
  const roster = alter((fields["roster"] as readonly crypto.Fields[]).map((row) => ({ ...row })));
  const statement = signed("epoch", { ...fields, ...altered, roster }, by);
  return codeOf(
    new Ledger(crypto.asConversationId(crypto.objectHash(statement)), ledger.logs).look(statement),
  );
}

describe("L9 not_allowed: the table", () => {
  test("E12 one person alone, or self with two", () => {
    expect(
      beginning((rows) =>
        rows.filter((row) => crypto.sameBytes(row["by"] as Uint8Array, row["chain"] as Uint8Array)),
      ),
    ).toBe("not_allowed");
    const founding = { kind: "self", organisation: ORGANISATION, patient: null };
    expect(beginning((rows) => rows, { founding })).toBe("not_allowed");
  });
  test.each([
    ["E12 a mere member", { role: "member" }],
    ["E12 since another time", { since: NOON - 1 }],
    ["E12 by another", { by: charlie.log.chain }],
  ])("%s", (_, altered) => {
    expect(beginning((rows) => rows.map((row) => ({ ...row, ...altered })))).toBe("not_allowed");
  });
  test("E12 the other is paused from the first", () => {
    const isBob = (row: crypto.Fields) => crypto.sameBytes(row["chain"] as Uint8Array, bob.log.chain);
    expect(
      beginning((rows) => rows.map((row) => (isBob(row) ? { ...row, paused: true, wrap: null } : row))),
    ).toBe("not_allowed");
  });
  test("E12 nobody is added or removed, and a replacement is named so", () => {
    ledger.learn(charlie.log);
    const { roster } = fieldsOf(renew(ledger, alice).statement);
    const rows = roster as readonly crypto.Fields[];
    const isBob = (row: crypto.Fields) => crypto.sameBytes(row["chain"] as Uint8Array, bob.log.chain);
    const removed = withEpoch({
      roster: rows.filter((row) => !isBob(row)),
      change: [["remove", bob.log.chain]],
    });
    expect(verdict(removed)).toBe("not_allowed");
    const row = { ...present(rows.find(isBob)), chain: charlie.log.chain, head: [2, charlie.log.head.hash] };
    const more = [...rows, row].sort((a, b) =>
      crypto.compareBytes(a["chain"] as Uint8Array, b["chain"] as Uint8Array),
    );
    expect(verdict(withEpoch({ roster: more, change: [["add", charlie.log.chain]] }))).toBe("not_allowed");
  });
  test("E12 a role is not changed, even openly", () => {
    const change = ledger.logs.map((log): Value => ["role", log.chain, "member"]);
    change.sort((a, b) => crypto.compareBytes(encode(a), encode(b)));
    const altered = withRoster((rows) => rows.map((row) => ({ ...row, role: "member" })), change);
    expect(verdict(altered)).toBe("not_allowed");
  });
  test("E14 a pause that nothing asked for", () => {
    const current = { ...present(ledger.current), suspended: [bob.log.chain] };
    expect(verdict(renew(ledger, alice, { current }).statement)).toBe("not_allowed");
  });
  test("E14 a suspension that is not taken up", () => {
    const before = present(ledger.current);
    ledger.append(suspension(first.conversation, bob.log.chain));
    expect(verdict(renew(ledger, alice, { current: before }).statement)).toBe("not_allowed");
    expect(verdict(renew(ledger, alice).statement)).toBe("accepted");
  });
  test("E13 one does not replace oneself; since and by are the maker's; nothing else with it", () => {
    ledger.learn(charlie.log);
    const replace = { old: bob.log.chain, chain: charlie.log.chain };
    const good = renew(ledger, alice, { replace });
    expect(verdict(good.statement)).toBe("accepted");
    const alter = (part: object) => {
      const { roster, ...fields } = fieldsOf(good.statement);
      const rows = (roster as readonly crypto.Fields[]).map((row) =>
        crypto.sameBytes(row["chain"] as Uint8Array, charlie.log.chain) ? { ...row, ...part } : row,
      );
      return verdict(signed("epoch", { ...fields, roster: rows }, alice.device));
    };
    expect(alter({ since: NOON })).toBe("not_allowed");
    expect(alter({ by: bob.log.chain })).toBe("not_allowed");
    expect(alter({ role: "member" })).toBe("not_allowed");
    expect(alter({ kind: "other" })).toBe("not_allowed");
    // E14: only whom the roster keeps is paused.
    ledger.append(suspension(first.conversation, bob.log.chain));
    expect(verdict(good.statement)).toBe("accepted");
  });
  test("E11 an own conversation never changes hands", () => {
    const own = new Ledger(alice.self.conversation, [alice.log, bob.log]);
    own.append(alice.self.statement);
    expect(codeOf(own.look(renew(own, alice).statement))).toBe("accepted");
    expect(codeOf(own.look(renew(own, bob).statement))).toBe("not_a_member");
    const replaced = renew(own, alice, { replace: { old: alice.log.chain, chain: bob.log.chain } });
    expect(codeOf(own.look(replaced.statement))).toBe("not_a_member");
  });
});
