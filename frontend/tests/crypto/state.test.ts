import { describe, expect, test } from "vitest";
import * as crypto from "../../src/crypto";
import { encode } from "../../src/crypto/codec";
import { readContent, writeContent } from "../../src/crypto/content";
import { H } from "../../src/crypto/hashing";
import { Ledger, person, present, refused, say } from "./cast";

const id = (name: string): crypto.Hash => H(["test", name]);
const chainOf = (name: string): crypto.ChainId => crypto.asChainId(id(name));
const talkOf = (name: string): crypto.ConversationId => crypto.asConversationId(id(name));
const someone = id("person").slice(0, 16);
const pin = (n: number, hash = "h", chain = "chain"): crypto.Pin => ({
  person: someone,
  chain: chainOf(chain),
  head: { n, hash: id(hash + String(n)) },
});
const checked = (n: number, hash = "h"): crypto.Checked => ({
  conversation: talkOf("talk"),
  number: n,
  epoch: id("epoch"),
  place: { n, hash: id(hash + String(n)) },
});
const kept = (name: string): crypto.KeptSecret => ({
  conversation: talkOf("talk"),
  number: 1,
  secret: new crypto.Secret("epoch", id(name)),
});
const state = (part: Partial<crypto.OwnState>): crypto.OwnState => ({ ...crypto.emptyState, ...part });
type Rows = Partial<crypto.OwnState>;
const as = (seq: number, seen = seq - 1, revoked = false): crypto.Written => ({ seq, seen, revoked });
const FIRST = as(2);
/** Two messages in a row, the second by somebody who has read the first. */
const merged = (a: Rows, b: Rows, second = as(3)) =>
  crypto.mergeState(crypto.mergeState(crypto.emptyState, state(a), FIRST).state, state(b), second);
const REVOKED = as(3, 2, true);

describe("S3 refused to go back", () => {
  test("a pin", () =>
    expect(merged({ pins: [pin(4)] }, { pins: [pin(3)] }).state.pins).toMatchObject([pin(4)]));
  test("a checked place", () => {
    expect(merged({ checked: [checked(9)] }, { checked: [checked(8)] }).state.checked).toEqual([checked(9)]);
  });
  test("another hash at the same place: the first stays, the other is shown", () => {
    const pins = merged({ pins: [pin(4)] }, { pins: [pin(4, "x")] });
    expect(pins).toMatchObject({ state: { pins: [pin(4)] }, conflicts: [pin(4, "x")] });
    const places = merged({ checked: [checked(4)] }, { checked: [checked(4, "x")] });
    expect(places).toMatchObject({ state: { checked: [checked(4)] }, conflicts: [checked(4, "x")] });
  });
  test("K15 a chain pinned to one person and then to another", () => {
    const moved = { ...pin(4), person: id("somebody else").slice(0, 16) };
    expect(merged({ pins: [pin(4)] }, { pins: [moved] })).toMatchObject({
      state: { pins: [pin(4)] },
      conflicts: [moved],
    });
  });
  test("a writer since revoked raises and replaces nothing", () => {
    const mark = { chain: chainOf("chain"), verified: true };
    const later = { pins: [pin(9)], checked: [checked(9)], verified: [{ ...mark, verified: false }] };
    const known = { pins: [pin(1)], checked: [checked(1)], verified: [mark] };
    expect(merged(known, later, REVOKED).state).toMatchObject(known);
  });
  test("a writer since revoked vouches for nobody, not even where nothing was said", () => {
    const later = { pins: [pin(9)], verified: [{ chain: chainOf("chain"), verified: true }] };
    expect(merged({}, later, REVOKED).state).toMatchObject({ pins: [pin(9)], verified: [] });
  });
  test("K15 what a revoked writer says of a chain that is another's is not even shown", () => {
    const moved = { ...pin(4), person: id("somebody else").slice(0, 16) };
    const { state: now, conflicts } = merged({ pins: [pin(4)] }, { pins: [moved] }, REVOKED);
    expect([now.pins, conflicts]).toMatchObject([[pin(4)], []]);
  });
  test("E13 another chain by who had not seen the first pin: the first stays, the other is shown", () => {
    const other = pin(2, "h", "new chain");
    const unread = merged({ pins: [pin(8)] }, { pins: [other] }, as(9, 1));
    expect(unread).toMatchObject({ state: { pins: [pin(8)] }, competing: [other] });
    const raised = crypto.mergeState(
      merged({ pins: [pin(3)] }, { pins: [pin(8)] }).state,
      state({ pins: [other] }),
      as(9, 2),
    );
    expect(raised).toMatchObject({ state: { pins: [other] }, competing: [] }); // the head says nothing of who is who
  });
});

describe("S3 what a revoked writer said gives way", () => {
  const first = (later: Rows) =>
    crypto.mergeState(
      crypto.mergeState(crypto.emptyState, state({ pins: [pin(9, "x")] }), as(2, 1, true)).state,
      state(later),
      as(3, 1),
    );
  test.each([
    ["to another chain", pin(2, "h", "true chain")],
    ["to a lower head", pin(2)],
    ["to the person whose chain it is", { ...pin(2), person: id("its owner").slice(0, 16) }],
  ])("%s", (_, row) => {
    const { state: now, conflicts, competing } = first({ pins: [row] });
    expect(now.pins).toMatchObject([row]);
    expect([...conflicts, ...competing]).toEqual([]);
  });
});

describe("S3 later rows win", () => {
  test("a pin and a place further on", () => {
    const { state: now } = merged(
      { pins: [pin(1)], checked: [checked(1)] },
      { pins: [pin(2)], checked: [checked(2)] },
    );
    expect(now).toMatchObject({ pins: [pin(2)], checked: [checked(2)] });
  });
  test("a new identity of a person replaces the pin", () => {
    const { state: now } = merged({ pins: [pin(8)] }, { pins: [pin(2, "h", "new chain")] });
    expect(now.pins).toMatchObject([pin(2, "h", "new chain")]);
  });
  test("a mark taken back", () => {
    const on = { chain: chainOf("chain"), verified: true };
    expect(
      merged({ verified: [on] }, { verified: [{ ...on, verified: false }] }).state.verified[0]?.verified,
    ).toBe(false);
  });
  test("secrets are all kept, once", () => {
    const { state: now } = merged({ secrets: [kept("a")] }, { secrets: [kept("a"), kept("b")] });
    expect(now.secrets.map(({ secret }) => crypto.toText(secret.expose()))).toEqual([
      crypto.toText(id("a")),
      crypto.toText(id("b")),
    ]);
  });
});

describe("S1, S2 rows as written", () => {
  const rows = state({
    pins: [pin(1)],
    verified: [{ chain: chainOf("chain"), verified: true }],
    checked: [checked(3)],
    secrets: [kept("s")],
  });
  test("read back the same", () => {
    const back = readContent(writeContent(rows, "self"), "self");
    expect(back).toEqual(rows);
    expect(back.kind === "state" && back.secrets[0]?.secret.expose()).toEqual(id("s"));
  });
  test("201 of a sort are refused, written and read", () => {
    const many = state({ pins: Array.from({ length: 201 }, (_, n) => pin(n)) });
    expect(refused(() => writeContent(many, "self"))).toBe("too_long");
    const written = { kind: "state", pins: [], checked: [], secrets: [] };
    const verified = Array.from({ length: 201 }, () => [id("chain"), true]);
    expect(refused(() => readContent(encode({ ...written, verified }), "self"))).toBe("malformed");
  });
  test.each([
    ["a short person id", { pins: [[someone.slice(1), id("a"), 1, id("b")]] }],
    ["a pin of five", { pins: [[someone, id("a"), 1, id("b"), 1]] }],
    ["a mark that is a number", { verified: [[id("a"), 1]] }],
    ["a short secret", { secrets: [[id("a"), 1, id("b").slice(1)]] }],
  ])("%s", (_, altered) => {
    const written = { kind: "state", pins: [], verified: [], checked: [], secrets: [], ...altered };
    expect(refused(() => readContent(encode(written), "self"))).toBe("malformed");
  });
});

test("S4 a year of rows goes in batches that each fit one message", () => {
  const alice = person("alice");
  const ledger = new Ledger(alice.self.conversation, [alice.log]);
  ledger.append(alice.self.statement);
  const many = state({
    pins: Array.from({ length: 120 }, (_, n) => ({
      ...pin(n, "h", `chain ${n}`),
      person: id(`p${n}`).slice(0, 16),
    })),
    checked: Array.from({ length: 210 }, (_, n) => ({ ...checked(n), conversation: talkOf(`c${n}`) })),
    secrets: Array.from({ length: 130 }, (_, n) => kept(`s${n}`)),
  });
  const batches = crypto.inBatches(many);
  let back = crypto.emptyState;
  for (const content of batches) {
    const { entry } = say(ledger, alice, alice.self.secret, { content });
    const verdict = ledger.append(entry);
    expect(verdict.kind).toBe("accepted");
    const message = crypto.readAccepted(entry);
    const opened = message.type === "message" ? crypto.openMessage(message, alice.self.secret, "self") : null;
    if (opened?.ok && opened.content.kind === "state")
      back = crypto.mergeState(back, opened.content, FIRST).state;
  }
  expect(back).toMatchObject(many);
  expect(present(batches[0]).pins).toHaveLength(50);
});
