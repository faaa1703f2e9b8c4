import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "../../src/crypto/secret";
import { person } from "./cast";

const bytes = Uint8Array.of(1, 2, 3, 222);

test("A9 a secret prints nowhere", () => {
  const secret = new Secret("epoch", bytes);
  const printed = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }),
    `${secret}`,
    inspect(secret, true),
  ];
  for (const text of printed) {
    expect(text).toContain("[secret]");
    expect(text).not.toMatch(/222|de/);
  }
});

test("A9 nothing of a secret is an own property or survives a copy", () => {
  const secret = new Secret("vault", bytes);
  expect(Object.keys(secret)).toEqual(["role"]);
  expect({ ...secret }).toEqual({ role: "vault" });
});

test("A9 nobody's keys print with the person", () => {
  const alice = person("alice");
  const printed = inspect(alice, { depth: 9, maxArrayLength: null }) + JSON.stringify(alice);
  const secrets = [
    alice.device.sign,
    alice.device.unseal,
    alice.self.secret,
    alice.code,
    ...alice.person.seeds.values(),
  ];
  for (const secret of secrets) {
    const list = [...secret.expose()].slice(0, 8);
    expect(printed).not.toContain(list.join(", "));
    expect(printed).not.toContain(list.map((byte, i) => `"${i}":${byte}`).join(","));
  }
});

test("wiping overwrites the bytes in place", () => {
  const held = Uint8Array.of(9, 9);
  new Secret("message", held).wipe();
  expect([...held]).toEqual([0, 0]);
});
