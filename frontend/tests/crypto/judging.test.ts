import { beforeEach, describe, expect, test } from "vitest";
import * as crypto from "../../src/crypto";
import type { Device } from "../../src/crypto/device";
import { encode } from "../../src/crypto/codec";
import type { Value } from "../../src/crypto/codec";
import { H } from "../../src/crypto/hashing";
import { signObject } from "../../src/crypto/objects";
import { paperKeys } from "../../src/crypto/recovery";
import {
  codeOf,
  fieldsOf,
  flipped,
  Ledger,
  NOON,
  ORGANISATION,
  person,
  present,
  refused,
  renew,
  renewal,
  revocation,
  say,
  secondBrowser,
  seeded,
  signed,
  suspension,
  talk,
  without,
} from "./cast";

const alice = person("alice");
const bob = person("bob");
const charlie = person("charlie");
const other = H(["test", "another hash"]);

let ledger: Ledger;
let first: crypto.MadeEpoch;
let secret: crypto.EpochSecret;
beforeEach(() => {
  ({ ledger, first } = talk(alice, bob));
  secret = first.secret;
});
const verdict = (entry: Uint8Array): string => codeOf(ledger.look(entry));
const message = (altered: object = {}) => say(ledger, alice, secret, altered).entry;

/** A message with another header, signed as its device would. */
function withHeader(altered: object, by: Device = alice.device): Uint8Array {
  const { commit, body, header } = fieldsOf(message());
  const fields = { ...(crypto.decode(header as Uint8Array) as object), ...altered };
  const bytes = encode({
    commit: present(commit),
    body: present(body),
    header: encode(fields as crypto.Fields),
  });
  return signObject("message", bytes, by);
}
/** The next epoch with other fields, signed as its maker would. */
const withEpoch = (altered: object, by: Device = alice.device): Uint8Array =>
  signed("epoch", { ...fieldsOf(renew(ledger, alice).statement), ...altered }, by);
const withRoster = (
  alter: (rows: Record<string, Value>[]) => readonly Value[],
  change: Value = [],
): Uint8Array => {
  const { roster } = fieldsOf(renew(ledger, alice).statement);
  const rows = (roster as readonly crypto.Fields[]).map((row) => ({ ...row }));
  return withEpoch({ roster: alter(rows), change });
};
const eachRow = (altered: object) => withRoster((rows) => rows.map((row) => ({ ...row, ...altered })));

describe("L9 shape", () => {
  test.each([
    ["nothing", new Uint8Array()],
    ["random bytes", seeded("junk")(500)],
    ["four parts", encode([1, "message", new Uint8Array(), new Uint8Array(32)])],
    ["a suspension that somebody signs", signObject("message", new Uint8Array(), alice.device)],
    ["O6 a message of 41 KiB", signObject("message", new Uint8Array(41 * 1024), alice.device)],
    ["O6 an epoch of 257 KiB", signObject("epoch", new Uint8Array(257 * 1024), alice.device)],
  ])("%s is malformed", (_, entry) => {
    expect(verdict(entry)).toBe("malformed");
  });
  test("L2, B1 another label or suite asks for a newer client", () => {
    expect(verdict(signed("marker", {}, alice.device))).toBe("newer_version");
    expect(verdict(encode([1, "grant", new Uint8Array(), null, null]))).toBe("newer_version");
    expect(verdict(encode([2, "message"]))).toBe("newer_version");
  });
  test.each(["header", "commit", "body"])("C7 a message without %s", (name) => {
    expect(verdict(signed("message", without(fieldsOf(message()), name), alice.device))).toBe("malformed");
  });
  test("C7, M1 a header without any one field, or with one more", () => {
    const header = crypto.decode(fieldsOf(message())["header"] as Uint8Array) as crypto.Fields;
    for (const name of Object.keys(header)) {
      const { commit, body } = fieldsOf(message());
      const bytes = { header: encode(without(header, name) as crypto.Fields), commit, body };
      expect(verdict(signed("message", bytes, alice.device))).toBe("malformed");
    }
    expect(verdict(withHeader({ priority: 1 }))).toBe("malformed");
  });
  test.each([
    ["M1 class", { class: "urgent" }],
    ["M1 device_seq 0", { device_seq: 0 }],
    ["M1 a short client id", { client_id: new Uint8Array(15) }],
    ["C8 seen of three", { seen: [1, other, 1] }],
    ["M1 a device that is not the signer", { device: bob.device.id }],
  ])("%s", (_, altered) => {
    expect(verdict(withHeader(altered))).toBe("malformed");
  });
  test("C7 an epoch without any one field", () => {
    const fields = fieldsOf(renew(ledger, alice).statement);
    for (const name of Object.keys(fields)) {
      expect(verdict(signed("epoch", without(fields, name), alice.device))).toBe("malformed");
    }
  });
  test("C7, E4 a row without any one field", () => {
    const { roster } = fieldsOf(renew(ledger, alice).statement);
    for (const name of Object.keys((roster as readonly object[])[0] ?? {})) {
      expect(verdict(withRoster((rows) => rows.map((row) => without(row, name) as crypto.Fields)))).toBe(
        "malformed",
      );
    }
  });
  test.each([
    [
      "E1 a later epoch with a founding",
      { founding: { kind: "direct", organisation: ORGANISATION, patient: null } },
    ],
    ["E2 a later epoch without seen", { seen: null }],
    ["E2 a later epoch without prev", { prev: null }],
    ["E2 a later epoch without conversation", { conversation: null }],
    ["E3 retention", { retention: 90 }],
    ["E6 an unknown change", { change: [["promote", alice.log.chain]] }],
  ])("%s", (_, altered) => {
    expect(verdict(withEpoch(altered))).toBe("malformed");
  });
  test.each([
    ["E4 until", { until: NOON }],
    ["E4 outside", { inside: false }],
    ["E4 basis", { basis: "consent" }],
    ["E4 sessions", { sessions: [1] }],
    ["E4 role", { role: "owner" }],
    ["E4 kind", { kind: "robot" }],
  ])("%s is not of this version", (_, altered) => {
    expect(verdict(eachRow(altered))).toBe("malformed");
  });
  test.each(["conversation", "chain", "at"])("L2 a suspension without %s", (name) => {
    const fields = without({ conversation: first.conversation, chain: bob.log.chain, at: NOON }, name);
    expect(verdict(encode([1, "suspended", encode(fields as crypto.Fields), null, null]))).toBe("malformed");
  });
});

describe("L9 the message's checks, in their order", () => {
  test("L4 wrong_conversation", () => {
    expect(verdict(withHeader({ conversation: alice.self.conversation, epoch: 9 }))).toBe(
      "wrong_conversation",
    );
    const there = talk(alice, charlie);
    expect(verdict(say(there.ledger, alice, there.first.secret).entry)).toBe("wrong_conversation");
  });
  test("L4 past_epoch: another number, another hash, or before any", () => {
    expect(verdict(withHeader({ epoch: 1, person: other }))).toBe("past_epoch");
    expect(verdict(withHeader({ epoch_hash: other, person: other }))).toBe("past_epoch");
    expect(codeOf(new Ledger(first.conversation, ledger.logs).look(message()))).toBe("past_epoch");
  });
  test("L4 an entry under the epoch that is over", () => {
    const late = message();
    expect(codeOf(ledger.append(renew(ledger, bob).statement))).toBe("accepted");
    expect(verdict(late)).toBe("past_epoch");
  });
  test("L4 not_a_member: a stranger, a paused person", () => {
    const theirs = withHeader({ person: charlie.log.chain, device: charlie.device.id }, charlie.device);
    ledger.learn(charlie.log);
    expect(verdict(theirs)).toBe("not_a_member");
    ledger.append(suspension(first.conversation, alice.log.chain));
    const paused = renew(ledger, bob);
    ledger.append(paused.statement);
    expect(verdict(message({ epoch: paused.epoch }))).toBe("not_a_member");
  });
  test("L4 unknown_device: never added, in another's name, paper", () => {
    expect(verdict(withHeader({ device: charlie.device.id }, charlie.device))).toBe("unknown_device");
    expect(verdict(withHeader({ device: bob.device.id }, bob.device))).toBe("unknown_device");
    const paper = { ...paperKeys(alice.code), chain: alice.log.chain };
    expect(verdict(withHeader({ device: paper.id }, paper))).toBe("unknown_device");
  });
  test("L4 a device added after the head that the epoch names", () => {
    const two = secondBrowser(alice);
    ledger.learn(two.log);
    expect(verdict(say(ledger, { ...alice, device: two.device }, secret).entry)).toBe("unknown_device");
    ledger.append(renew(ledger, bob).statement);
    expect(verdict(say(ledger, { ...alice, device: two.device }, secret).entry)).toBe("accepted");
  });
  test("L3 a device revoked later is judged as before; under the next epoch it is unknown", () => {
    const two = secondBrowser(alice);
    ledger.learn(crypto.extend(two.log, revocation(two.log, two.device, alice.device)));
    expect(verdict(message())).toBe("accepted");
    ledger.append(renew(ledger, bob).statement);
    expect(verdict(message())).toBe("unknown_device");
  });
  test("B3 bad_signature", () => {
    const forger = { ...bob.device, id: alice.device.id };
    expect(verdict(withHeader({ seen: [9, other] }, forger))).toBe("bad_signature");
  });
  test("L6 seen: below the epoch, here or later, another hash", () => {
    ledger.append(message());
    ledger.append(renew(ledger, bob).statement);
    const epoch = present(ledger.current).epoch;
    const seen = (n: number, hash: crypto.Hash | null = ledger.hashAt(n)) =>
      verdict(message({ epoch, seen: { n, hash: hash ?? other } }));
    expect(seen(2)).toBe("past_epoch");
    expect(seen(0)).toBe("past_epoch");
    expect(seen(4)).toBe("forked");
    expect(seen(99)).toBe("forked");
    expect(seen(3, other)).toBe("forked");
    expect(seen(3)).toBe("accepted");
  });
  test("L5 replayed: the same bytes again, whatever their verdict was", () => {
    const once = message();
    ledger.append(once);
    expect(verdict(once)).toBe("replayed");
    const twice = message({ seen: { n: 2, hash: present(ledger.hashAt(2)) } });
    ledger.append(twice);
    expect(verdict(twice)).toBe("replayed");
  });
  test("L5 duplicate: a client id used again by its device, but not by another", () => {
    const clientId = crypto.makeClientId(seeded("once"));
    ledger.append(message({ clientId }));
    expect(verdict(message({ clientId, text: "other" }))).toBe("duplicate");
    expect(verdict(say(ledger, bob, secret, { clientId }).entry)).toBe("accepted");
  });
  test("L5 a client id of a refused message is free", () => {
    const clientId = crypto.makeClientId(seeded("twice"));
    ledger.append(message({ clientId, seen: { n: 0, hash: present(ledger.hashAt(0)) } }));
    expect(verdict(message({ clientId }))).toBe("accepted");
  });
  test("M7 counters, own previous and own head decide nothing", () => {
    const sending = { deviceSeq: 77, prevOwn: other };
    expect(verdict(message({ sending, head: { n: 50, hash: other } }))).toBe("accepted");
  });
  test("O2 any changed byte", () => {
    const entry = message();
    for (let at = 0; at < entry.length; at++) expect(verdict(flipped(entry, at))).not.toBe("accepted");
  });
});

describe("L9 the epoch's checks, in their order", () => {
  test("L1, E1 entry 1 whose hash is not the conversation", () => {
    const fresh = new Ledger(alice.self.conversation, ledger.logs);
    expect(codeOf(fresh.look(first.statement))).toBe("wrong_conversation");
  });
  test("wrong_conversation: an epoch of another conversation", () => {
    expect(verdict(withEpoch({ conversation: alice.self.conversation, number: 7 }))).toBe(
      "wrong_conversation",
    );
  });
  test("E1 unknown_kind", () => {
    const founding = { kind: "team", organisation: ORGANISATION, patient: null };
    const team = signed("epoch", { ...fieldsOf(first.statement), founding }, alice.device);
    const fresh = new Ledger(crypto.asConversationId(crypto.objectHash(team)), ledger.logs);
    expect(codeOf(fresh.look(team))).toBe("unknown_kind");
    expect(verdict(team)).toBe("unknown_kind");
  });
  test.each([
    ["number repeated", { number: 0, prev: null, seen: null, conversation: null }],
    ["number skipped", { number: 2 }],
    ["another prev", { prev: other }],
  ])("E2 past_epoch: %s", (name, altered) => {
    const founding =
      name === "number repeated" ? { kind: "direct", organisation: ORGANISATION, patient: null } : null;
    expect(verdict(withEpoch({ ...altered, founding, roster: [] }))).toBe("past_epoch");
  });
  test("E2 the loser of a race", () => {
    const [one, two] = [renew(ledger, alice), renew(ledger, bob)];
    ledger.append(one.statement);
    expect(verdict(two.statement)).toBe("past_epoch");
  });
  test("L1 a log does not begin with a later epoch, a message or a suspension", () => {
    const fresh = () => new Ledger(first.conversation, ledger.logs);
    expect(codeOf(fresh().look(renew(ledger, alice).statement))).toBe("past_epoch");
    const ghost = suspension(first.conversation, bob.log.chain);
    expect(codeOf(fresh().look(ghost))).toBe("past_epoch");
    const late = fresh();
    late.append(ghost);
    expect(codeOf(late.look(first.statement))).toBe("past_epoch");
  });
  test("E10 not_a_member: a stranger, with or without a row of their own", () => {
    ledger.learn(charlie.log);
    expect(verdict(withEpoch({}, charlie.device))).toBe("not_a_member");
    const next = renew(ledger, charlie, {
      replace: { old: bob.log.chain, chain: charlie.log.chain },
      logs: [alice.log, charlie.log],
    });
    expect(verdict(next.statement)).toBe("not_a_member");
  });
  test("E10 not_a_member: a paused maker, before or after", () => {
    ledger.append(suspension(first.conversation, alice.log.chain));
    expect(verdict(renew(ledger, alice).statement)).toBe("not_a_member");
    ledger.append(renew(ledger, bob).statement);
    expect(verdict(renew(ledger, alice, { resume: [alice.log.chain] }).statement)).toBe("not_a_member");
  });
  test("E10 unknown_device: paper, revoked at the head named", () => {
    const paper = { ...paperKeys(alice.code), chain: alice.log.chain };
    expect(verdict(withEpoch({}, paper))).toBe("unknown_device");
    const two = secondBrowser(alice);
    ledger.learn(crypto.extend(two.log, revocation(two.log, two.device, alice.device)));
    expect(verdict(renew(ledger, alice).statement)).toBe("unknown_device");
    expect(verdict(renew(ledger, { ...alice, device: two.device }).statement)).toBe("accepted");
  });
  test("B3 bad_signature", () => {
    expect(verdict(withEpoch({ seen: [0, other] }, { ...bob.device, id: alice.device.id }))).toBe(
      "bad_signature",
    );
  });
  test("L6 seen", () => {
    const seen = (n: number, hash: crypto.Hash) =>
      verdict(renew(ledger, alice, { seen: { n, hash } }).statement);
    expect(seen(0, present(ledger.hashAt(0)))).toBe("past_epoch");
    expect(seen(1, other)).toBe("forked");
    expect(seen(2, other)).toBe("forked");
  });
  test("O2 any changed byte", () => {
    const { statement } = renew(ledger, alice);
    for (let at = 0; at < statement.length; at++)
      expect(verdict(flipped(statement, at))).not.toBe("accepted");
  });
});

describe("L9 bad_roster: form", () => {
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
    ledger.append(suspension(first.conversation, bob.log.chain));
    expect(verdict(good.statement)).toBe("not_allowed");
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

describe("L2 suspensions", () => {
  test("of another conversation, of a stranger, twice, of the last one standing", () => {
    expect(verdict(suspension(alice.self.conversation, bob.log.chain))).toBe("wrong_conversation");
    expect(verdict(suspension(first.conversation, charlie.log.chain))).toBe("not_a_member");
    ledger.append(suspension(first.conversation, bob.log.chain));
    expect(verdict(suspension(first.conversation, bob.log.chain))).toBe("not_a_member");
    expect(verdict(suspension(first.conversation, alice.log.chain))).toBe("not_allowed");
  });
  test("never in an own conversation", () => {
    const own = new Ledger(alice.self.conversation, [alice.log]);
    own.append(alice.self.statement);
    expect(codeOf(own.look(suspension(alice.self.conversation, alice.log.chain)))).toBe("not_allowed");
  });
  test("E14 paused, resumed by the other, then the same entry again", () => {
    const entry = suspension(first.conversation, bob.log.chain);
    ledger.append(entry);
    ledger.append(renew(ledger, alice).statement);
    expect(verdict(entry)).toBe("not_a_member");
    ledger.append(renew(ledger, alice, { resume: [bob.log.chain] }).statement);
    expect(verdict(entry)).toBe("replayed");
    expect(verdict(suspension(first.conversation, bob.log.chain, NOON + 1))).toBe("accepted");
  });
});

describe("L3 waiting", () => {
  test("E7 for a key log that is not here, or not that far", () => {
    const fresh = new Ledger(first.conversation, [alice.log]);
    expect(fresh.look(first.statement)).toMatchObject({
      kind: "waiting",
      chain: bob.log.chain,
      differs: false,
    });
    fresh.learn(crypto.fold(bob.statements.slice(0, 2)));
    expect(fresh.look(first.statement)).toMatchObject({ kind: "waiting", head: { n: 2 } });
    fresh.learn(bob.log);
    expect(codeOf(fresh.look(first.statement))).toBe("accepted");
  });
  test("E7 a key log with another hash there is told apart", () => {
    const mine = crypto.extend(bob.log, renewal(bob.log, bob.device));
    const theirs = crypto.extend(bob.log, renewal(bob.log, bob.device, { at: NOON + 9 }));
    const { statement } = renew(ledger, alice, { logs: [alice.log, mine] });
    ledger.learn(theirs);
    expect(ledger.look(statement)).toMatchObject({ kind: "waiting", chain: bob.log.chain, differs: true });
  });
  test("L3 two clients that know more or less of a key log decide alike", () => {
    const entries = [message(), renew(ledger, bob).statement];
    const longer = crypto.extend(alice.log, renewal(alice.log, alice.device));
    const before = entries.map(verdict);
    ledger.learn(longer);
    expect(entries.map(verdict)).toEqual(before);
  });
});

test("L1 a refused entry keeps its place in the log hash and changes nothing", () => {
  const junk = seeded("junk")(60);
  ledger.append(junk);
  const expected = crypto.logNext(present(ledger.hashAt(1)), 2, crypto.objectHash(junk));
  expect(ledger.hashAt(2)).toEqual(expected);
  expect(verdict(message())).toBe("accepted");
  expect(present(ledger.current).seq).toBe(1);
});

test("L9 the sender is told with the verdict", () => {
  expect(ledger.look(message())).toMatchObject({ sender: alice.log.chain });
  expect(ledger.look(renew(ledger, bob).statement)).toMatchObject({ sender: bob.log.chain });
  expect(ledger.look(suspension(first.conversation, bob.log.chain))).toMatchObject({ sender: null });
});

test("L3 the judge never throws, whatever stands there", () => {
  const random = seeded("fuzz");
  const entry = message();
  for (let i = 0; i < 2000; i++) {
    const [at = 0, length = 0] = random(2);
    const cut = entry.slice(0, (entry.length * at) / 255);
    const input = i % 2 === 0 ? random(length) : Uint8Array.from([...cut, ...random(length)]);
    expect(refused(() => ledger.look(input))).toBeNull();
  }
});
