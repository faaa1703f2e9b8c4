import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as crypto from "../../src/crypto";
import { decode, encode, type Value } from "../../src/crypto/codec";
import { readContent } from "../../src/crypto/content";
import { readEntry } from "../../src/crypto/entries";
import { readObject, readParts } from "../../src/crypto/objects";
import { makePairingCode, readPairingCode, writePairingCode } from "../../src/crypto/pairing";
import { fromLetters, readRecoveryCode, writeRecoveryCode } from "../../src/crypto/recovery";
import { refusal } from "../../src/crypto/refused";
import { open, seal } from "../../src/crypto/sealing";
import { readStatement } from "../../src/crypto/statements";
import { openRecord, sealRecord } from "../../src/crypto/vaultkey";
import { counted } from "../messenger/scale";
import { Mutations } from "../mutations";
import { NOON, person, present, seeded, talk } from "./cast";

type Read = (bytes: Uint8Array) => unknown;

const SOURCE = new URL("../../src/crypto/", import.meta.url);
const VECTORS = new URL("../../../tests/vectors/", import.meta.url);
const COUNT = counted({ fast: 50, full: 1_000, long: 50_000 });
const alice = person("alice");
const { statements } = alice;
const log = crypto.fold(statements.slice(0, 2));
const { ledger } = talk(alice, person("bob"));
const facts: crypto.MarkerFacts = {
  epoch: present(ledger.current).epoch,
  keyLog: (chain) => ledger.keyLog(chain),
  last: () => null,
};
const nowhere = { arrived: null, readable: null, read: null };
const marker = crypto.makeMarker(
  { conversation: ledger.conversation, counter: 5, at: NOON, ...nowhere },
  alice.device,
);
const sealed = seal(alice.device.unsealKey, ["x"], Uint8Array.of(1, 2, 3), seeded("sealed"));
const key = new crypto.Secret("vault", new Uint8Array(32).fill(7));
const record = sealRecord(key, "entries", "1", Uint8Array.of(1, 2, 3), seeded("record"));

const files = readdirSync(VECTORS, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".json") && !name.startsWith("frames"),
);
const vectors: readonly Uint8Array[] = everyValue();

/** All bytes of all vectors, and what lies inside them. */
function everyValue(): readonly Uint8Array[] {
  const texts = files.flatMap((name) => [
    ...readFileSync(new URL(name, VECTORS), "utf8").matchAll(/"((?:[0-9a-f]{2}){4,})"/g),
  ]);
  const found = new Set(texts.map(([, hex]) => hex ?? ""));
  for (const hex of found) {
    refusal(() => {
      for (const inner of bytesIn(decode(Uint8Array.from(Buffer.from(hex, "hex")))))
        found.add(Buffer.from(inner).toString("hex"));
    });
  }
  return [...found].sort().map((hex) => Uint8Array.from(Buffer.from(hex, "hex")));
}

function bytesIn(value: Value): readonly Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value as Record<string, Value>).flatMap(bytesIn);
}

const found = (read: Read): readonly Uint8Array[] =>
  vectors.filter((bytes) => refusal(() => void read(bytes)) === null).slice(0, 80);

function canonical(bytes: Uint8Array): void {
  expect(encode(decode(bytes))).toEqual(bytes);
}

const BYTES: Readonly<Record<string, readonly [Read, readonly Uint8Array[]]>> = {
  decode: [canonical, found(decode)],
  readParts: [readParts, found(readParts)],
  readObject: [(bytes) => readObject(bytes, "key-log"), found((bytes) => readObject(bytes, "key-log"))],
  readStatement: [readStatement, found(readStatement)],
  extend: [(bytes) => crypto.extend(log, bytes), statements],
  readEntry: [readEntry, found(readEntry)],
  readContent: [(bytes) => readContent(bytes, "team"), found((bytes) => readContent(bytes, "team"))],
  "readContent of own state": [
    (bytes) => readContent(bytes, "self"),
    found((bytes) => readContent(bytes, "self")),
  ],
  readMarker: [
    (bytes) => crypto.readMarker(bytes, facts),
    [marker, ...found((bytes) => readObject(bytes, "marker"))],
  ],
  open: [(bytes) => open(alice.device.unseal, ["x"], bytes), [sealed]],
  openRecord: [(bytes) => openRecord(key, "entries", "1", bytes), [record]],
};

const TEXTS: Readonly<Record<string, readonly [(text: string) => unknown, string]>> = {
  readRecoveryCode: [readRecoveryCode, writeRecoveryCode(alice.code).join("-")],
  readPairingCode: [readPairingCode, writePairingCode(makePairingCode(seeded("pairing"))).join("-")],
  fromLetters: [fromLetters, "0123456789ABCDEF"],
  fromText: [crypto.fromText, "AAAA_-8"],
};
/** Named like readers; what others wrote reaches them through one of those above. */
const NONE = new Set([
  "readAccepted", // readEntry, of one's own vault
  "readEpoch", // of readEntry
  "readChange", // of readEpoch
  "openWrap", // open, in a context
  "openPerson", // open, in a context
  "openMessage", // decrypts; what is inside goes to readContent
  "openWithKey", // the same
]);

describe("B1: whatever comes is read or refused, and nothing else is thrown", () => {
  test("every reader is in a table", () => {
    const declared =
      /^export (?:function|const) ((?:(?:read|decode|open|extend)(?:[A-Z][A-Za-z]*)?|fromText|fromLetters))\b/gm;
    const readers = readdirSync(SOURCE)
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => [...readFileSync(new URL(name, SOURCE), "utf8").matchAll(declared)])
      .map(([, name]) => name ?? "");
    const known = [...Object.keys(BYTES), ...Object.keys(TEXTS)].map((name) => name.split(" ")[0] ?? "");
    expect(new Set(readers)).toEqual(new Set([...known, ...NONE]));
  });

  test.each(Object.entries(BYTES))("%s", (name, [read, corpus]) => {
    expect(corpus.length).toBeGreaterThan(0);
    const change = new Mutations(name.length);
    let refused = 0;
    for (let left = COUNT; left > 0; left--) {
      const bytes = change.bytes(corpus);
      if (refusal(() => void read(bytes)) !== null) refused += 1;
    }
    expect(refused).toBeGreaterThan(COUNT / 10);
  });

  test.each(Object.entries(TEXTS))("%s", (name, [read, good]) => {
    expect(refusal(() => void read(good))).toBeNull();
    const change = new Mutations(name.length);
    for (let left = COUNT; left > 0; left--) {
      const text = change.text(good);
      refusal(() => void read(text));
    }
  });
});
