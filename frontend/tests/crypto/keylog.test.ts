import { describe, expect, test } from "vitest";
import * as crypto from "../../src/crypto";
import type { DeviceKeys } from "../../src/crypto/device";
import { deviceKeys } from "../../src/crypto/device";
import { H } from "../../src/crypto/hashing";
import { signObject } from "../../src/crypto/objects";
import { paperKeys } from "../../src/crypto/recovery";
import type { SealKey } from "../../src/crypto/brands";
import {
  addition,
  fieldsOf,
  flipped,
  keyFields,
  NOON,
  person,
  present,
  refused,
  renewal,
  revocation,
  secondBrowser,
  seeded,
  signed,
  stranger,
  without,
} from "./cast";

const alice = person("alice");
const bob = person("bob");
const { log, device } = alice;
const [first, second, third] = alice.statements as [Uint8Array, Uint8Array, Uint8Array];
const fresh = stranger("fresh");
const paper: DeviceKeys = paperKeys(alice.code);
const takes = (statement: Uint8Array, onto: crypto.KeyLog | null = log) =>
  refused(() => crypto.extend(onto, statement));
const other = H(["test", "another hash"]);
const badKey = new Uint8Array(1216).fill(255) as SealKey;

describe("K17 shape", () => {
  const fields = fieldsOf(renewal(log, device));
  test.each(Object.keys(fields))("C7 without %s", (name) => {
    expect(takes(signed("key-log", without(fields, name), device))).toBe("malformed");
  });
  test.each(Object.keys(fieldsOf(second)))("C7 a device.add without %s", (name) => {
    expect(takes(signed("key-log", without(fieldsOf(second), name), device), crypto.fold([first]))).toBe(
      "malformed",
    );
  });
  test.each([
    ["C7 one field more", { extra: null }],
    ["C7 a __proto__ more", JSON.parse('{"__proto__":null}') as object],
    ["K unknown kind", { kind: "device.rename" }],
    ["C8 time beyond 9999", { at: 253_402_300_800 }],
    ["C8 time as text", { at: "now" }],
    ["K1 short prev", { prev: new Uint8Array(31) }],
    ["K6 short public", { public: new Uint8Array(1215) }],
    [
      "K6 wraps repeated",
      {
        wraps: [
          [device.id, other],
          [device.id, other],
        ],
      },
    ],
    ["K6 wraps descending", { wraps: [...(fields["wraps"] as readonly crypto.Value[])].reverse() }],
    ["K6 wrap of three", { wraps: [[device.id, other, other]] }],
    ["K7 earlier of another length", { earlier: [1, new Uint8Array(10)] }],
    ["K8 short unseal", { unseal: new Uint8Array(5) }],
  ])("%s", (_, altered) => {
    expect(takes(renewal(log, device, altered))).toBe("malformed");
  });
  test("O6 larger than 16 KiB", () => {
    expect(takes(signObject("key-log", new Uint8Array(16 * 1024), device))).toBe("malformed");
  });
  test("O3 a statement under another label", () => {
    expect(takes(signed("marker", fields, device))).toBe("malformed");
  });
});

describe("K1 bad_chain", () => {
  test.each([
    ["n skipped", { n: log.head.n + 2 }],
    ["n repeated", { n: log.head.n }],
    ["another prev", { prev: other }],
    ["no prev", { prev: null }],
    ["another chain", { chain: bob.log.chain }],
    ["no chain", { chain: null }],
  ])("%s", (_, altered) => {
    expect(takes(renewal(log, device, altered))).toBe("bad_chain");
  });
  test("a second first statement", () => expect(takes(first)).toBe("bad_chain"));
  test("a log that begins with its second statement", () => expect(takes(second, null)).toBe("bad_chain"));
  test("a log that begins with a key", () => {
    expect(takes(signed("key-log", fieldsOf(third), device), null)).toBe("bad_chain");
  });
  test("an empty log is no log", () => expect(refused(() => crypto.fold([]))).toBe("bad_chain"));
  test("a first device of paper", () => {
    const fields = fieldsOf(first);
    const asPaper = { ...fields, device: { ...(fields["device"] as object), sort: "paper" } };
    expect(takes(signed("key-log", asPaper, device), null)).toBe("bad_chain");
  });
  test("a first statement signed by another", () => {
    expect(takes(signed("key-log", fieldsOf(first), fresh), null)).toBe("bad_chain");
  });
  test("a statement of another person's log", () =>
    expect(takes(present(bob.statements[2]))).toBe("bad_chain"));
  test("K17 a refused statement refuses all after it", () => {
    expect(refused(() => crypto.fold([first, third]))).toBe("bad_chain");
    expect(refused(() => crypto.fold([first, third, second]))).toBe("bad_chain");
  });
});

describe("K9, K10 not_active", () => {
  test("a stranger adds themselves", () => expect(takes(addition(log, fresh, fresh))).toBe("not_active"));
  test("a stranger renews the key", () => expect(takes(renewal(log, fresh))).toBe("not_active"));
  test("a revoked device signs", () => {
    const two = secondBrowser(alice);
    const after = crypto.extend(two.log, revocation(two.log, two.device, device));
    expect(takes(renewal(after, device), after)).toBe("not_active");
    expect(takes(revocation(after, two.device, device), after)).toBe("not_active");
  });
  test("a device revokes itself", () => {
    const wraps = keyFields(log, device, seeded("x")).fields.wraps;
    expect(takes(revocation(log, device, device, { wraps }))).toBe("not_active");
  });
  test("a device that never was is revoked", () =>
    expect(takes(revocation(log, device, fresh))).toBe("not_active"));
});

describe("B3 bad_signature", () => {
  test("signed by another in a device's name", () => {
    const posing: DeviceKeys = { ...fresh, id: device.id };
    expect(takes(renewal(log, posing))).toBe("bad_signature");
  });
  test("the first statement by another key", () => {
    const posing: DeviceKeys = { ...fresh, id: device.id };
    expect(takes(signed("key-log", fieldsOf(first), posing), null)).toBe("bad_signature");
  });
  test("any changed byte of any statement", () => {
    const before = [null, crypto.fold([first]), crypto.fold([first, second])];
    alice.statements.forEach((statement, i) => {
      for (let at = 0; at < statement.length; at += 5) {
        expect(takes(flipped(statement, at), before[i] ?? null)).not.toBeNull();
      }
    });
  });
});

describe("K3, K4, K5 bad_device", () => {
  const plain = { id: fresh.id, sign: fresh.signKey, unseal: fresh.unsealKey, sort: "browser" as const };
  test("an id that is not of its keys", () => {
    const altered = { device: { ...plain, id: other as crypto.Hash & crypto.DeviceId } };
    expect(takes(addition(log, device, fresh, altered))).toBe("bad_device");
  });
  test("K3 a device added twice", () => expect(takes(addition(log, device, device))).toBe("bad_device"));
  test("K3 a signing key with another unsealing key", () => {
    const posing = deviceKeys(device.sign.expose(), fresh.unseal.expose());
    expect(takes(addition(log, device, posing))).toBe("bad_device");
  });
  test("K3 a revoked device added again", () => {
    const two = secondBrowser(alice);
    const after = crypto.extend(two.log, revocation(two.log, two.device, device));
    expect(takes(addition(after, two.device, device), after)).toBe("bad_device");
  });
  test("K4 no seed for the new device", () => {
    expect(takes(addition(log, device, fresh, { seed_hash: null }))).toBe("bad_device");
  });
  test("K4 a seed before the first key", () => {
    const early = crypto.fold([first]);
    expect(takes(addition(early, device, fresh, { seed_hash: other }), early)).toBe("bad_device");
  });
  test("K5 not countersigned by the new device", () => {
    const fields = { ...fieldsOf(addition(log, device, fresh)), countersign: new Uint8Array(64) };
    expect(takes(signed("key-log", fields, device))).toBe("bad_device");
  });
  test("K5 a countersignature moved to another time", () => {
    const fields = { ...fieldsOf(addition(log, device, fresh)), at: NOON + 1 };
    expect(takes(signed("key-log", fields, device))).toBe("bad_device");
  });
  test("K5 a countersignature moved to another person's log", () => {
    const there = fieldsOf(addition(bob.log, bob.device, fresh));
    const here = { ...there, chain: log.chain, prev: log.head.hash, n: log.head.n + 1 };
    expect(takes(signed("key-log", here, device))).toBe("bad_device");
  });
});

describe("B7 bad_key", () => {
  test("an unsealing key that nobody can seal to", () => {
    const posing: DeviceKeys = { ...fresh, unsealKey: badKey };
    const id = crypto.asDeviceId(H(["device", fresh.signKey, badKey]));
    const altered = { device: { id, sign: fresh.signKey, unseal: badKey, sort: "browser" as const } };
    expect(takes(addition(log, device, posing, altered))).toBe("bad_key");
  });
  test("a person key", () => expect(takes(renewal(log, device, { public: badKey }))).toBe("bad_key"));
  test("K8 a new unsealing key", () =>
    expect(takes(renewal(log, device, { unseal: badKey }))).toBe("bad_key"));
  test("K8 a new unsealing key of paper", () => {
    expect(takes(renewal(log, paper, { unseal: fresh.unsealKey }))).toBe("bad_key");
  });
});

describe("K6, K7 bad_generation", () => {
  const sealed = new Uint8Array(1168);
  test.each([
    ["repeated", { generation: 1 }],
    ["skipped", { generation: 3 }],
    ["no earlier seed", { earlier: null }],
    ["earlier seed 0", { earlier: [0, sealed] }],
    ["earlier seed of itself", { earlier: [2, sealed] }],
  ])("%s", (_, altered) => {
    expect(takes(renewal(log, device, altered))).toBe("bad_generation");
  });
  test("the first key with an earlier one", () => {
    const early = crypto.fold([first, second]);
    expect(takes(renewal(early, device, { earlier: [1, sealed] }), early)).toBe("bad_generation");
  });
});

describe("K6, K9 bad_wraps", () => {
  const wraps = fieldsOf(renewal(log, device))["wraps"] as readonly crypto.Value[];
  test("a device is left out", () => {
    expect(takes(renewal(log, device, { wraps: wraps.slice(1) }))).toBe("bad_wraps");
    expect(takes(renewal(log, device, { wraps: [] }))).toBe("bad_wraps");
  });
  test("a stranger is let in", () => {
    const more = [...wraps, [fresh.id, other]].sort((a, b) =>
      crypto.compareBytes((a as [Uint8Array])[0], (b as [Uint8Array])[0]),
    );
    expect(takes(renewal(log, device, { wraps: more }))).toBe("bad_wraps");
  });
  test("K9 the revoked device still gets the new key", () => {
    const two = secondBrowser(alice);
    const { wraps } = keyFields(two.log, two.device, seeded("x")).fields;
    expect(takes(revocation(two.log, two.device, device, { wraps }), two.log)).toBe("bad_wraps");
  });
});

test("K11 too_many: the seventeenth device, unless one left", () => {
  let full = log;
  for (let i = crypto.activeDevices(log).length; i < 16; i++) {
    full = crypto.extend(full, addition(full, device, stranger(`device ${i}`)));
  }
  expect(takes(addition(full, device, fresh), full)).toBe("too_many");
  const lessOne = crypto.extend(full, revocation(full, device, stranger("device 5")));
  expect(takes(addition(lessOne, device, fresh), lessOne)).toBeNull();
});

describe("accepted", () => {
  test("K1, K14 the first submission, of which the chain id is the first hash", () => {
    expect(log.chain).toEqual(crypto.objectHash(first));
    expect(log.head).toEqual({ n: 2, hash: crypto.objectHash(third) });
    expect(
      crypto
        .activeDevices(log)
        .map((found) => found.sort)
        .sort(),
    ).toEqual(["browser", "paper"]);
  });
  test("K10 the paper device adds a browser", () => {
    const { log: after, device: added } = secondBrowser(alice);
    expect(present(crypto.activeAt(after, added.id, after.head.n)).sort).toBe("browser");
  });
  test("K12 active at, generation at, revoked since", () => {
    const two = secondBrowser(alice);
    const after = crypto.extend(two.log, revocation(two.log, two.device, device));
    expect(crypto.activeAt(after, device.id, 3)).not.toBeNull();
    expect(crypto.activeAt(after, device.id, 4)).toBeNull();
    expect(crypto.activeAt(after, two.device.id, 2)).toBeNull();
    expect(crypto.generationAt(after, 1)).toBeNull();
    expect(crypto.generationAt(after, 3)?.generation).toBe(1);
    expect(crypto.generationAt(after, 4)?.generation).toBe(2);
    expect(crypto.revokedSince(after, 3)).toBe(true);
    expect(crypto.revokedSince(after, 4)).toBe(false);
    expect(crypto.revokedSince(two.log, 0)).toBe(false);
  });
  test("K8 a new unsealing key is in force, the id stays", () => {
    const after = crypto.extend(log, renewal(log, device, { unseal: fresh.unsealKey }));
    const found = present(crypto.activeAt(after, device.id, after.head.n));
    expect(found.unseal).toEqual(fresh.unsealKey);
    expect(found.id).toEqual(device.id);
  });
  test("K a log is a value: what follows changes nothing before", () => {
    const before = crypto.fold(alice.statements);
    crypto.extend(before, renewal(before, device));
    expect(before).toEqual(log);
  });
  test("V4 judged statements fold to the same log", () => {
    expect(crypto.refoldJudged(alice.statements)).toEqual(log);
  });
});

describe("K15 pins", () => {
  const longer = crypto.extend(log, renewal(log, device));
  const pin = { chain: log.chain, head: longer.head };
  test("a shorter log", () => expect(crypto.againstPin(log, pin)).toBe("key_log_refused"));
  test("another statement at the pin", () => {
    const forked = crypto.extend(log, renewal(log, device, { at: NOON + 5 }));
    expect(crypto.againstPin(forked, pin)).toBe("key_log_refused");
  });
  test("another chain", () => expect(crypto.againstPin(bob.log, pin)).toBe("identity_changed"));
  test("the same or a longer log", () => {
    expect(crypto.againstPin(longer, pin)).toBeNull();
    expect(crypto.againstPin(longer, { chain: log.chain, head: log.head })).toBeNull();
  });
});
