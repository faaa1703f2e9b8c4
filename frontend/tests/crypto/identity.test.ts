import { describe, expect, test } from "vitest";
import * as crypto from "../../src/crypto";
import { makeRecoveryCode } from "../../src/crypto/recovery";
import { earlierContext, seal } from "../../src/crypto/sealing";
import {
  codeOf,
  flipped,
  keyFields,
  Ledger,
  NOON,
  ORGANISATION,
  person,
  present,
  refused,
  renewal,
  revocation,
  secondBrowser,
  seeded,
  signed,
  stranger,
  talk,
} from "./cast";

const alice = person("alice");
const bob = person("bob");
const random = seeded("identity");
const recovers = (altered: object) =>
  refused(() =>
    crypto.recoverPerson({
      code: alice.code,
      log: alice.log,
      seeds: alice.seeds,
      at: NOON,
      random,
      ...altered,
    }),
  );

describe("P5 refused", () => {
  test("another code", () => {
    expect(recovers({ code: makeRecoveryCode(random) })).toBe("bad_recovery_code");
  });
  test("the code of a colleague", () => expect(recovers({ code: bob.code })).toBe("bad_recovery_code"));
  test("another person's log under this code", () => {
    expect(recovers({ log: bob.log, seeds: bob.seeds })).toBe("bad_recovery_code");
  });
  test("no seed, another seed, a changed seed", () => {
    expect(recovers({ seeds: [] })).toBe("key_log_refused");
    expect(recovers({ seeds: bob.seeds })).toBe("key_log_refused");
    const changed = alice.seeds.map((seed) => ({
      ...seed,
      sealed: crypto.asSealed(flipped(seed.sealed, 1150)),
    }));
    expect(recovers({ seeds: changed })).toBe("key_log_refused");
  });
  test("a log that grew behind the seeds", () => {
    const longer = crypto.extend(alice.log, renewal(alice.log, alice.device));
    expect(recovers({ log: longer })).toBe("key_log_refused");
  });
  test("a log without a person key", () => {
    expect(recovers({ log: crypto.fold(alice.statements.slice(0, 2)) })).toBe("key_log_refused");
  });
});

test("P5 the new browser opens what the lost one could", () => {
  const two = crypto.recoverPerson({
    code: alice.code,
    log: alice.log,
    seeds: alice.seeds,
    at: NOON,
    random,
  });
  expect(crypto.fold([...alice.statements, ...two.statements])).toEqual(two.log);
  const opened = crypto.openPerson(two.device, two.log, two.seeds);
  expect(present(opened.seeds.get(1)).expose()).toEqual(present(alice.person.seeds.get(1)).expose());
});

test("K13 a seed opens for its own device and generation only", () => {
  const paperSeed = present(alice.seeds.find((seed) => !crypto.sameBytes(seed.device, alice.device.id)));
  const posing = [{ ...paperSeed, device: alice.device.id }];
  expect(refused(() => crypto.openPerson(alice.device, alice.log, posing))).toBe("cannot_open");
  const later = alice.seeds.map((seed) => ({ ...seed, generation: 2 }));
  expect(refused(() => crypto.openPerson(alice.device, alice.log, later))).toBe("cannot_open");
  expect(crypto.openPerson(alice.device, alice.log, alice.seeds).seeds.size).toBe(1);
});

describe("K7 earlier generations", () => {
  const two = secondBrowser(alice);
  const { seed, seeds, fields } = keyFields(two.log, two.device, random, alice.device);
  const withEarlier = (old: Uint8Array) => {
    const context = earlierContext({
      signer: two.device.id,
      chain: alice.log.chain,
      earlier: 1,
      generation: 2,
    });
    const sealed = seal(fields.public, context, old, random);
    const revoke = { kind: "device.revoke", ...fields, device: alice.device.id, earlier: [1, sealed] };
    return crypto.extend(two.log, signed("key-log", revoke, two.device));
  };
  test("open through the newest", () => {
    const old = present(alice.person.seeds.get(1));
    const opened = crypto.openPerson(two.device, withEarlier(old.expose()), seeds);
    expect(present(opened.seeds.get(2)).expose()).toEqual(seed);
    expect(present(opened.seeds.get(1)).expose()).toEqual(old.expose());
  });
  test("a wrong earlier seed leaves the newest", () => {
    const opened = crypto.openPerson(two.device, withEarlier(random(32)), seeds);
    expect([...opened.seeds.keys()]).toEqual([2]);
  });
  test("the revoked device opens nothing of it", () => {
    const after = withEarlier(random(32));
    expect(refused(() => crypto.openPerson(alice.device, after, seeds))).toBe("cannot_open");
  });
});

describe("a later generation", () => {
  const two = crypto.recoverPerson({
    code: alice.code,
    log: alice.log,
    seeds: alice.seeds,
    at: NOON,
    random,
  });
  const input = { device: two.device, log: two.log, person: two.person, at: NOON, random };

  test("K6, K7 opens for all devices, and the earlier through it", () => {
    const made = crypto.renewKey(input);
    expect(crypto.extend(two.log, made.statement)).toEqual(made.log);
    for (const device of [alice.device, two.device]) {
      const opened = crypto.openPerson(device, made.log, made.seeds);
      expect([...opened.seeds.keys()].sort()).toEqual([1, 2]);
      expect(present(opened.seeds.get(1)).expose()).toEqual(present(alice.person.seeds.get(1)).expose());
    }
  });
  test("K9 with a revocation opens for those who stay", () => {
    const made = crypto.revokeDevice({ ...input, revoked: alice.device.id });
    expect(crypto.extend(two.log, made.statement)).toEqual(made.log);
    expect(made.seeds.map(({ device }) => crypto.sameBytes(device, alice.device.id))).not.toContain(true);
    expect([...crypto.openPerson(two.device, made.log, made.seeds).seeds.keys()].sort()).toEqual([1, 2]);
    expect(refused(() => crypto.openPerson(alice.device, made.log, made.seeds))).toBe("cannot_open");
    expect(made.person.seeds.size).toBe(2);
  });
  test("K9 not its own maker, nor one that is not there", () => {
    expect(refused(() => crypto.revokeDevice({ ...input, revoked: two.device.id }))).toBe("not_active");
    expect(refused(() => crypto.revokeDevice({ ...input, revoked: bob.device.id }))).toBe("not_active");
  });
});

test("K14 the own conversation is made with the person", () => {
  const ledger = new Ledger(alice.self.conversation, [alice.log]);
  expect(codeOf(ledger.append(alice.self.statement))).toBe("accepted");
  const opened = crypto.openWrap(alice.self.epoch, present(alice.self.wraps[0]).sealed, alice.person);
  expect(opened).toMatchObject({ ok: true });
  expect(crypto.foundingOf(alice.self.epoch)).toEqual({ kind: "self", organisation: ORGANISATION });
});

test("H7 the signature binds this device to this challenge", () => {
  const challenge = random(32);
  const signature = crypto.signChallenge(alice.device, challenge);
  expect(signature).toEqual(crypto.signChallenge(alice.device, challenge));
  expect(signature).not.toEqual(crypto.signChallenge(alice.device, random(32)));
  expect(signature).not.toEqual(crypto.signChallenge(secondBrowser(alice).device, challenge));
});

describe("V what the vault keeps comes back", () => {
  test("a device", () => {
    const back = crypto.unpackDevice(crypto.packDevice(alice.device));
    expect(back.id).toEqual(alice.device.id);
    expect(back.chain).toEqual(alice.device.chain);
    expect(back.sign.expose()).toEqual(alice.device.sign.expose());
    expect(back.unseal.expose()).toEqual(alice.device.unseal.expose());
  });
  test("a person's seeds", () => {
    const back = crypto.unpackPerson(crypto.packPerson(alice.person));
    expect(present(back.seeds.get(1)).expose()).toEqual(present(alice.person.seeds.get(1)).expose());
  });
  test("one is not taken for the other", () => {
    expect(refused(() => crypto.unpackDevice(crypto.packPerson(alice.person)))).toBe("malformed");
    expect(refused(() => crypto.unpackPerson(crypto.packDevice(alice.device)))).toBe("malformed");
  });
});

describe("compare code", () => {
  test("is alike for both, twelve groups of five digits", () => {
    const code = crypto.compareCode(alice.log.chain, bob.log.chain);
    expect(crypto.compareCode(bob.log.chain, alice.log.chain)).toEqual(code);
    expect(code).toHaveLength(12);
    for (const group of code) expect(group).toMatch(/^\d{5}$/);
  });
  test("is another for any other pair", () => {
    const charlie = person("charlie");
    const codes = [alice, bob, charlie].map(({ log }) =>
      crypto.compareCode(alice.log.chain, log.chain).join(""),
    );
    expect(new Set(codes).size).toBe(3);
  });
});

test("K16, P4 the code is in no statement, seed or wrap", () => {
  const { first } = talk(alice, bob);
  const sent = [
    ...alice.statements,
    ...alice.seeds.map((seed) => seed.sealed),
    alice.self.statement,
    first.statement,
  ];
  const code = Buffer.from(alice.code.expose());
  for (const bytes of sent) expect(Buffer.from(bytes).includes(code)).toBe(false);
});

test("K3 a device's id is of its two first keys", () => {
  expect(stranger("x").id).not.toEqual(stranger("y").id);
  const after = crypto.extend(
    secondBrowser(alice).log,
    revocation(secondBrowser(alice).log, secondBrowser(alice).device, alice.device),
  );
  expect(after.devices.size).toBe(3);
});
