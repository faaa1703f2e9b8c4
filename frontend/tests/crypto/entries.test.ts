import { beforeEach, describe, expect, test } from "vitest";
import * as crypto from "../../src/crypto";
import { encode } from "../../src/crypto/codec";
import { signObject } from "../../src/crypto/objects";
import { fieldsOf, NOON, ORGANISATION, renew, seeded, signed, without } from "./cast";
import {
  alice,
  begin,
  bob,
  eachRow,
  first,
  ledger,
  message,
  other,
  verdict,
  withEpoch,
  withHeader,
  withRoster,
} from "./scene";

beforeEach(begin);

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
    ["E1 a later epoch without a founding", { founding: null }],
    ["E1 a founding of another form", { founding: { kind: "direct", organisation: ORGANISATION } }],
    ["E2 a later epoch without seen", { seen: null }],
    ["E2 a later epoch without prev", { prev: null }],
    ["E2 a later epoch without conversation", { conversation: null }],
    ["E6 a change that is no list", { change: null }],
  ])("%s", (_, altered) => {
    expect(verdict(withEpoch(altered))).toBe("malformed");
  });
  test.each([
    ["E4 role", { role: 1 }],
    ["E4 kind", { kind: null }],
    ["E4 wrap", { wrap: new Uint8Array(31) }],
    ["E4 paused", { paused: 0 }],
    ["E4 since", { since: -1 + 2 ** 53 }],
  ])("%s of a wrong type", (_, altered) => {
    expect(verdict(eachRow(altered))).toBe("malformed");
  });
  test.each(["conversation", "chain", "at"])("L2 a suspension without %s", (name) => {
    const fields = without({ conversation: first.conversation, chain: bob.log.chain, at: NOON }, name);
    expect(verdict(encode([1, "suspended", encode(fields as crypto.Fields), null, null]))).toBe("malformed");
  });
});
