import { beforeEach, describe, expect, test } from "vitest";
import * as crypto from "../../src/crypto";
import { paperKeys } from "../../src/crypto/recovery";
import {
  codeOf,
  fieldsOf,
  flipped,
  Ledger,
  NOON,
  ORGANISATION,
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
} from "./cast";
import {
  alice,
  begin,
  bob,
  charlie,
  first,
  ledger,
  message,
  other,
  secret,
  verdict,
  withEpoch,
  withHeader,
} from "./scene";

beforeEach(begin);

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
    expect(verdict(withHeader({ epoch: 1, epoch_hash: other }))).toBe("past_epoch");
    expect(codeOf(new Ledger(first.conversation, ledger.logs).look(message()))).toBe("past_epoch");
  });
  test("L6 forked: another epoch under a number that is taken, if its signer counts", () => {
    expect(verdict(withHeader({ epoch_hash: other }))).toBe("forked");
    expect(verdict(withHeader({ epoch_hash: other }, { ...bob.device, id: alice.device.id }))).toBe(
      "past_epoch",
    );
    const theirs = withHeader(
      { epoch_hash: other, person: bob.log.chain, device: charlie.device.id },
      charlie.device,
    );
    expect(verdict(theirs)).toBe("past_epoch");
    ledger.append(renew(ledger, bob).statement);
    expect(verdict(withHeader({ epoch: 0, epoch_hash: other }))).toBe("forked");
    expect(verdict(withHeader({ epoch: 0, epoch_hash: first.hash }))).toBe("past_epoch");
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
  test("L6 a store that already has the places after it helps nobody", () => {
    const hasAll: crypto.Facts = {
      conversation: first.conversation,
      current: ledger.current,
      joining: null,
      epochHash: () => null,
      hashAt: () => other,
      keyLog: (chain) => ledger.keyLog(chain),
      hasEntry: () => false,
      hasClientId: () => false,
    };
    const at = (n: number) => codeOf(crypto.judge(message({ seen: { n, hash: other } }), 2, hasAll));
    expect([at(2), at(3), at(1)]).toEqual(["forked", "forked", "accepted"]);
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
    const founding = { kind: "party", organisation: ORGANISATION, patient: null };
    const team = signed("epoch", { ...fieldsOf(first.statement), founding }, alice.device);
    const fresh = new Ledger(crypto.asConversationId(crypto.objectHash(team)), ledger.logs);
    expect(codeOf(fresh.look(team))).toBe("unknown_kind");
    expect(verdict(team)).toBe("unknown_kind");
  });
  test.each([
    ["number repeated", { number: 0, prev: null, seen: null, conversation: null }],
    ["number skipped", { number: 2 }],
    ["another prev", { prev: other }],
  ])("E2 past_epoch: %s", (_, altered) => {
    expect(verdict(withEpoch({ ...altered, roster: [] }))).toBe("past_epoch");
  });
  test("E2 the loser of a race", () => {
    const [one, two] = [renew(ledger, alice), renew(ledger, bob)];
    ledger.append(one.statement);
    expect(verdict(two.statement)).toBe("past_epoch");
  });
  test("L1 a log does not begin with a later epoch, a message or a suspension", () => {
    const fresh = () => new Ledger(first.conversation, ledger.logs);
    expect(codeOf(fresh().look(renew(ledger, alice).statement))).toBe("wrong_conversation");
    const ghost = suspension(first.conversation, bob.log.chain);
    expect(codeOf(fresh().look(ghost))).toBe("past_epoch");
    const late = fresh();
    late.append(ghost);
    expect(codeOf(late.look(renew(ledger, alice).statement))).toBe("past_epoch");
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
  test("L3 a maker that its own roster does not reach: the same, whoever knows the later key log", () => {
    const two = secondBrowser(alice);
    const early = renew(ledger, { ...alice, device: two.device });
    const before = verdict(early.statement);
    ledger.learn(two.log);
    expect([before, verdict(early.statement)]).toEqual(["not_a_member", "not_a_member"]);
  });
  test("L5 replayed: a refused epoch whose time has come", () => {
    const current = { ...present(ledger.current), suspended: [bob.log.chain] };
    const { statement } = renew(ledger, alice, { current });
    expect(codeOf(ledger.append(statement))).toBe("not_allowed");
    ledger.append(suspension(first.conversation, bob.log.chain));
    expect(verdict(statement)).toBe("replayed");
    expect(verdict(renew(ledger, alice).statement)).toBe("accepted");
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
