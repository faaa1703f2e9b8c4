import { describe, expect, test } from "vitest";
import * as crypto from "../../src/crypto";
import { H } from "../../src/crypto/hashing";
import {
  fieldsOf,
  flipped,
  NOON,
  person,
  present,
  refused,
  renewal,
  secondBrowser,
  signed,
  talk,
  without,
} from "./cast";
import { paperKeys } from "../../src/crypto/recovery";

const alice = person("alice");
const bob = person("bob");
const { ledger } = talk(alice, bob);
const { conversation } = ledger;
const place = (n: number): crypto.Position => ({ n, hash: H(["test", n]) });
const all = (n: number) => ({ arrived: place(n), readable: place(n), read: place(n) });
const mark = (altered: Partial<crypto.ToMark> = {}) =>
  crypto.makeMarker({ conversation, counter: 5, at: NOON, ...all(1), ...altered }, alice.device);
const facts: crypto.MarkerFacts = {
  epoch: present(ledger.current).epoch,
  keyLog: (chain) => ledger.keyLog(chain),
  last: () => null,
};
const reads = (whole: Uint8Array, altered: Partial<crypto.MarkerFacts> = {}) =>
  refused(() => crypto.readMarker(whole, { ...facts, ...altered }));
const after = (marker: Uint8Array): Partial<crypto.MarkerFacts> => ({
  last: () => crypto.readMarker(marker, facts),
});

describe("refused", () => {
  test.each(Object.keys(fieldsOf(mark())))("C7 without %s", (name) => {
    expect(reads(signed("marker", without(fieldsOf(mark()), name), alice.device))).toBe("malformed");
  });
  test("R1 read beyond readable, readable beyond arrived", () => {
    expect(reads(mark({ read: place(2) }))).toBe("bad_marker");
    expect(reads(mark({ readable: null }))).toBe("bad_marker");
    expect(reads(mark({ arrived: null }))).toBe("bad_marker");
    expect(reads(mark({ ...all(0) }))).toBe("bad_marker");
  });
  test("R3 places of another log, and places not reached yet", () => {
    const hashAt = (n: number) => (n <= 3 ? place(n).hash : null);
    const compares = (altered: Partial<crypto.Places>) =>
      crypto.comparePlaces({ ...all(2), ...altered }, 3, hashAt);
    const wrong = { n: 1, hash: H(["test", "wrong"]) };
    expect(compares({ read: wrong })).toBe("differs");
    expect(compares({ arrived: place(9), read: wrong })).toBe("differs");
    expect(compares({ arrived: place(9) })).toBe("beyond");
    expect(compares({ read: null })).toBe("fits");
  });
  test("R4 in an own conversation", () => {
    const own = { ...facts, epoch: alice.self.epoch };
    const marker = crypto.makeMarker(
      { conversation: alice.self.conversation, counter: 1, at: NOON, ...all(1) },
      alice.device,
    );
    expect(refused(() => crypto.readMarker(marker, own))).toBe("not_allowed");
  });
  test("R3 in another device's name", () => {
    expect(reads(signed("marker", { ...fieldsOf(mark()), device: bob.device.id }, alice.device))).toBe(
      "malformed",
    );
  });
  test("R3 of another conversation", () => {
    expect(reads(mark({ conversation: alice.self.conversation }))).toBe("wrong_conversation");
  });
  test("R3 of a stranger", () => {
    const charlie = person("charlie");
    const theirs = crypto.makeMarker({ conversation, counter: 1, at: NOON, ...all(1) }, charlie.device);
    expect(reads(theirs)).toBe("not_a_member");
  });
  test("R3 of a paused person", () => {
    const roster = facts.epoch.roster.map((row) => ({ ...row, paused: true }));
    expect(reads(mark(), { epoch: { ...facts.epoch, roster } })).toBe("not_a_member");
  });
  test("R3 of a device that the epoch does not know, or of paper", () => {
    const two = secondBrowser(alice);
    ledger.learn(two.log);
    expect(reads(crypto.makeMarker({ conversation, counter: 1, at: NOON, ...all(1) }, two.device))).toBe(
      "unknown_device",
    );
    const paper = { ...paperKeys(alice.code), chain: alice.log.chain };
    expect(reads(crypto.makeMarker({ conversation, counter: 1, at: NOON, ...all(1) }, paper))).toBe(
      "unknown_device",
    );
    expect(reads(mark(), { keyLog: () => null })).toBe("unknown_device");
  });
  test("R3 a forged signature", () => {
    const forged = signed("marker", fieldsOf(mark()), { ...bob.device, id: alice.device.id });
    expect(reads(forged)).toBe("bad_signature");
  });
  test("R2 a counter that does not grow, a place that goes back", () => {
    expect(reads(mark({ counter: 5 }), after(mark()))).toBe("bad_marker");
    expect(reads(mark({ counter: 4 }), after(mark()))).toBe("bad_marker");
    expect(reads(mark({ counter: 6 }), after(mark({ ...all(2) })))).toBe("bad_marker");
    expect(reads(mark({ counter: 6, read: null }), after(mark()))).toBe("bad_marker");
  });
  test("O2 any changed byte", () => {
    const whole = mark();
    for (let at = 0; at < whole.length; at++) expect(reads(flipped(whole, at))).not.toBeNull();
  });
});

test("R1, R3 a marker reads as it was made", () => {
  const made = { conversation, counter: 5, at: NOON, arrived: place(3), readable: place(2), read: null };
  const found = crypto.readMarker(crypto.makeMarker(made, alice.device), facts);
  expect(found).toEqual({ ...made, chain: alice.log.chain, device: alice.device.id });
  expect(reads(mark({ counter: 6, ...all(4) }), after(mark()))).toBeNull();
});

test("R3 a key log that grew since the epoch changes nothing", () => {
  const longer = crypto.extend(alice.log, renewal(alice.log, alice.device));
  expect(reads(mark(), { keyLog: () => longer })).toBeNull();
});
