import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as crypto from "../../src/crypto";
import { encode } from "../../src/crypto/codec";
import type { Value } from "../../src/crypto/codec";
import { readContent } from "../../src/crypto/content";
import { H } from "../../src/crypto/hashing";
import { pad, paddedLength, unpad } from "../../src/crypto/padding";
import { concat } from "../../src/crypto/sealing";
import { aeadSeal } from "../../src/crypto/sodium";
import { flipped, person, refused, renew, say, seeded, talk } from "./cast";

const alice = person("alice");
const bob = person("bob");
const { ledger, first } = talk(alice, bob);
const { secret } = first;
const read = (entry: Uint8Array): crypto.Message => {
  const found = crypto.readAccepted(entry);
  if (found.type !== "message") throw new Error("no message");
  return found;
};
const opened = (message: crypto.Message, key: crypto.EpochSecret | null = secret) => {
  const result = crypto.openMessage(message, key, "direct");
  return result.ok ? "ok" : result.cause;
};
const message = read(say(ledger, alice, secret).entry);

/** The message with other bytes inside, sealed as its sender would. */
function sealedAs(plain: Uint8Array): crypto.Message {
  const key = H(["seal", crypto.messageKey(message, secret).expose()]);
  const nonce = new Uint8Array(24);
  const bound = concat(message.headerBytes, message.commit);
  return { ...message, body: crypto.asSealed(concat(nonce, aeadSeal({ key, nonce, bound }, plain))) };
}

describe("M5 what does not open is a cause, never an exception", () => {
  test("without the epoch's secret", () => expect(opened(message, null)).toBe("not_for_me"));
  test("M2 with the secret of another epoch", () => {
    expect(opened(message, renew(ledger, alice).secret)).toBe("altered");
  });
  test("M3 any changed byte of header, commitment or body", () => {
    for (const part of ["headerBytes", "commit", "body"] as const) {
      for (let at = 0; at < message[part].length; at++) {
        expect(opened({ ...message, [part]: flipped(message[part], at) })).toBe("altered");
      }
    }
  });
  test("M5 a body under 40 bytes", () => {
    for (const length of [0, 23, 24, 39]) {
      expect(opened({ ...message, body: crypto.asSealed(new Uint8Array(length)) })).toBe("altered");
    }
  });
  test.each([
    ["no mark", new Uint8Array(256)],
    ["empty", new Uint8Array()],
    ["no step", pad(encode("x")).slice(0, 255)],
    ["a step too far", concat(pad(encode("x")), new Uint8Array(256))],
    ["another mark", flipped(pad(encode("x")), 2)],
  ])("M4 padding: %s", (_, plain) => {
    expect(opened(sealedAs(plain))).toBe("altered");
  });
  test.each([
    ["not an encoding", Uint8Array.of(0xff)],
    [
      "trailing byte",
      concat(encode({ kind: "text", text: "x", quote: null, mentions: [] }), new Uint8Array([1])),
    ],
    ["no map", encode(["text"])],
    ["no kind", encode({ text: "x", quote: null, mentions: [] })],
    ["one field more", encode({ kind: "text", text: "x", quote: null, mentions: [], more: 1 })],
    ["one field less", encode({ kind: "text", text: "x" })],
    ["empty text", encode({ kind: "text", text: "", quote: null, mentions: [] })],
    ["8001 characters", encode({ kind: "text", text: "a".repeat(8001), quote: null, mentions: [] })],
    ["a short quote", encode({ kind: "text", text: "x", quote: new Uint8Array(31) })],
  ])("C7, M6 content: %s", (_, content) => {
    expect(opened(sealedAs(pad(content)))).toBe("malformed");
  });
  test("M6 a kind of later versions; one of another sort of conversation is neither read nor sealed", () => {
    expect(opened(sealedAs(pad(encode({ kind: "grant", of: null }))))).toBe("newer_version");
    expect(opened(sealedAs(pad(encode({ kind: "title", title: "x" }))))).toBe("newer_version");
    const state = { kind: "state", pins: [], verified: [], checked: [], secrets: [], muted: [] };
    expect(opened(sealedAs(pad(encode(state))))).toBe("newer_version");
    const text = { kind: "text", text: "x", quote: null, mentions: [] } as const;
    expect(refused(() => readContent(encode(text), "self"))).toBe("newer_version");
    expect(refused(() => say(ledger, alice, secret, { content: crypto.emptyState }))).toBe("malformed");
    expect(refused(() => say(ledger, alice, secret, { kind: "self" }))).toBe("malformed");
  });
});

describe("M6 refused before sealing", () => {
  const says = (text: string) => refused(() => say(ledger, alice, secret, { text }));
  test("nothing", () => expect(says("")).toBe("malformed"));
  test("half a character", () => expect(says("a\ud83d")).toBe("malformed"));
  test("8001 characters", () => expect(says("a".repeat(8001))).toBe("too_long"));
  test("8000 of four bytes each still fit", () => expect(says("\u{1f600}".repeat(8000))).toBeNull());
  test("8000 of two bytes", () => expect(says("é".repeat(8000))).toBeNull());
});

describe("M4 padding", () => {
  test.each([
    [1, 256],
    [256, 256],
    [257, 512],
    [4096, 4096],
    [4097, 4352],
    [9000, 9216],
    [10_000, 10_240],
    [32_768, 32_768],
  ])("%i bytes become %i", (length, padded) => {
    expect(paddedLength(length)).toBe(padded);
  });
  test("more than 32 KiB", () => expect(refused(() => pad(new Uint8Array(32 * 1024)))).toBe("too_long"));
  test("unpad ∘ pad is identity, and the only padding", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9000 }), (content) => {
        const padded = pad(content);
        expect(unpad(padded)).toEqual(Uint8Array.from(content));
        expect(unpad(padded.slice(0, -1))).toBeNull();
        expect(unpad(concat(padded, new Uint8Array(1)))).toBeNull();
        expect(padded.length / (content.length + 1) < 1.13 || padded.length <= content.length + 256).toBe(
          true,
        );
      }),
    );
  });
});

test("M3 open ∘ seal is identity, for any text and quote", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 });
  const quote = fc.option(
    fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => crypto.asHash(Uint8Array.from(bytes))),
  );
  fc.assert(
    fc.property(text, quote, (text, quote) => {
      const content = { kind: "text" as const, text, quote, mentions: [] };
      const { entry } = say(ledger, alice, secret, { content });
      expect(crypto.openMessage(read(entry), secret, "direct")).toEqual({ ok: true, content });
    }),
  );
});

test("M6 what was written to the limit reads back", () => {
  const { entry } = say(ledger, alice, secret, { text: "é".repeat(8000) });
  expect(opened(read(entry))).toBe("ok");
});

test("M1 each message names the one before it of its device", () => {
  const one = say(ledger, alice, secret);
  const two = say(ledger, alice, secret, { sending: one.next });
  expect(read(one.entry).header).toMatchObject({ deviceSeq: 1, prevOwn: null });
  expect(read(two.entry).header).toMatchObject({ deviceSeq: 2, prevOwn: one.hash });
  expect(one.hash).toEqual(crypto.objectHash(one.entry));
});

test("M10 a message's key opens it and none of its neighbours", () => {
  const messages = Array.from({ length: 20 }, () => read(say(ledger, alice, secret).entry));
  const key = crypto.messageKey(messages[7] as crypto.Message, secret);
  const open = messages.filter((each) => crypto.openWithKey(each, key, "direct").ok);
  expect(open).toEqual([messages[7]]);
});

test("M2 the key hangs on the whole header", () => {
  const random = () => seeded("same");
  const same = { clientId: crypto.makeClientId(random()), random: random() };
  const one = read(say(ledger, alice, secret, same).entry);
  const two = read(say(ledger, alice, secret, { ...same, sending: { deviceSeq: 2, prevOwn: null } }).entry);
  expect(crypto.messageKey(one, secret).expose()).not.toEqual(crypto.messageKey(two, secret).expose());
});

test("M6 a __proto__ in content is one field more", () => {
  const written = JSON.parse('{"kind":"text","text":"x","quote":null,"__proto__":{"admin":true}}') as Value;
  expect(opened(sealedAs(pad(encode(written))))).toBe("malformed");
});
