import { describe, expect, test } from "vitest";
import * as crypto from "../../src/crypto";
import { H } from "../../src/crypto/hashing";
import { seal, sealedWrapHash, wrapContext } from "../../src/crypto/sealing";
import {
  asRow,
  codeOf,
  flipped,
  NOON,
  ORGANISATION,
  person,
  present,
  renew,
  renewal,
  revocation,
  secondBrowser,
  seeded,
  talk,
} from "./cast";

const alice = person("alice");
const bob = person("bob");
const charlie = person("charlie");
const { ledger, first } = talk(alice, bob);
const wrapOf = (made: crypto.MadeEpoch, who: crypto.Beginning) =>
  present(made.wraps.find((wrap) => crypto.sameBytes(wrap.chain, who.log.chain))).sealed;

describe("E9, E17 opening a wrap", () => {
  const cause = (epoch: crypto.Epoch, sealed: crypto.Sealed | null, of: crypto.PersonKeys) => {
    const opened = crypto.openWrap(epoch, sealed, of);
    return opened.ok ? null : opened.cause;
  };
  test("none, another's, or changed by the server", () => {
    expect(cause(first.epoch, null, bob.person)).toBe("missing");
    expect(cause(first.epoch, wrapOf(first, alice), bob.person)).toBe("missing");
    const changed = crypto.asSealed(flipped(wrapOf(first, bob), 1140));
    expect(cause(first.epoch, changed, bob.person)).toBe("missing");
  });
  test("a person without a row", () => {
    expect(cause(first.epoch, wrapOf(first, bob), charlie.person)).toBe("not_for_me");
  });
  test("a generation this device does not hold", () => {
    expect(cause(first.epoch, wrapOf(first, bob), { chain: bob.log.chain, seeds: new Map() })).toBe(
      "no_seed",
    );
  });
  test("the seed of somebody else", () => {
    const posing = { chain: bob.log.chain, seeds: charlie.person.seeds };
    expect(cause(first.epoch, wrapOf(first, bob), posing)).toBe("faulty");
  });
  test("a secret that is not the one committed to", () => {
    const lying = { ...first.epoch, commit: H(["test", "other"]) };
    expect(cause(lying, wrapOf(first, bob), bob.person)).toBe("faulty");
  });
  test("a maker who seals another secret than it commits to", () => {
    const row = present(crypto.rowOf(first.epoch.roster, bob.log.chain));
    const { number, commit, signer: maker } = first.epoch;
    const place = { maker, chain: row.chain, generation: row.generation, conversation: null, number, commit };
    const key = present(bob.log.generations.at(-1)).public;
    const wrap = seal(key, wrapContext(place), seeded("another")(32), seeded("lie"));
    const roster = first.epoch.roster.map((each) =>
      each === row ? { ...row, wrap: sealedWrapHash(wrap) } : each,
    );
    expect(cause({ ...first.epoch, roster }, wrap, bob.person)).toBe("faulty");
  });
  test("the wrap of a person in another epoch", () => {
    const next = renew(ledger, alice);
    const moved = { ...first.epoch, roster: next.epoch.roster };
    expect(cause(moved, wrapOf(next, bob), bob.person)).toBe("faulty");
  });
  test("both open their own, to the same secret", () => {
    for (const who of [alice, bob]) {
      const opened = crypto.openWrap(first.epoch, wrapOf(first, who), who.person);
      expect(opened.ok && opened.secret.expose()).toEqual(first.secret.expose());
    }
  });
});

test("E8, S3 a secret from elsewhere counts only if it matches", () => {
  expect(crypto.matchesCommit(first.epoch, renew(ledger, alice).secret)).toBe(false);
  expect(crypto.matchesCommit(first.epoch, first.secret)).toBe(true);
});

test("E1 the conversation id is the hash of epoch 0", () => {
  expect(first.conversation).toEqual(crypto.objectHash(first.statement));
});

test("E8 every epoch has a fresh secret", () => {
  const secrets = [first, renew(ledger, alice), renew(ledger, alice)].map(({ secret }) =>
    crypto.toText(secret.expose()),
  );
  expect(new Set(secrets).size).toBe(3);
});

describe("E7 the maker takes up what is newest", () => {
  test("heads and generations", () => {
    const longer = crypto.extend(bob.log, renewal(bob.log, bob.device));
    const next = renew(ledger, alice, { logs: [alice.log, longer] });
    expect(crypto.rowOf(next.epoch.roster, bob.log.chain)).toMatchObject({
      generation: 2,
      head: longer.head,
    });
  });
  test("a person whose log was not given is the caller's mistake", () => {
    expect(() => renew(ledger, alice, { logs: [alice.log] })).toThrow(RangeError);
  });
  test("a person without a key cannot be sealed to", () => {
    const early = crypto.fold(bob.statements.slice(0, 2));
    const input = {
      device: alice.device,
      own: asRow(alice),
      peer: asRow({ log: early }),
      organisation: ORGANISATION,
    };
    expect(() => crypto.beginDirect({ ...input, at: NOON, random: seeded("early") })).toThrow(RangeError);
  });
});

describe("E14 pausing", () => {
  const current = { ...present(ledger.current), suspended: [bob.log.chain] };
  const next = renew(ledger, alice, { current });
  test("nothing is sealed to a paused row", () => {
    expect(next.wraps.map(({ chain }) => chain)).toEqual([alice.log.chain]);
    expect(crypto.rowOf(next.epoch.roster, bob.log.chain)).toMatchObject({ paused: true, wrap: null });
    expect(crypto.openWrap(next.epoch, null, bob.person)).toEqual({ ok: false, cause: "not_for_me" });
  });
  test("resuming seals again", () => {
    const paused = { ...current, epoch: next.epoch, seq: 2, suspended: [] };
    const back = renew(ledger, alice, { current: paused, resume: [bob.log.chain] });
    expect(crypto.openWrap(back.epoch, wrapOf(back, bob), bob.person).ok).toBe(true);
  });
});

describe("E16 renewal", () => {
  const two = secondBrowser(alice);
  const revoked = crypto.extend(two.log, revocation(two.log, two.device, alice.device));
  const current = present(ledger.current);
  const asked = {
    current,
    logs: [alice.log, bob.log],
    device: alice.device,
    secret: first.secret,
    now: NOON,
  };
  const why = (altered: Partial<crypto.ToLookAt>) => crypto.renewalNeeded({ ...asked, ...altered });
  test.each([
    ["somebody revoked a device", { logs: [revoked, bob.log] }, "revoked"],
    ["the server suspended somebody", { current: { ...current, suspended: [bob.log.chain] } }, "suspended"],
    ["somebody left", { current: { ...current, left: [bob.log.chain] } }, "left"],
    ["this device is not at the head named", { device: two.device, logs: [two.log, bob.log] }, "own_head"],
    ["the secret would not open", { secret: null }, "no_secret"],
    ["the next day", { now: NOON + 24 * 3600 }, "day"],
    ["the day before", { now: NOON - 24 * 3600 }, "day"],
  ])("%s", (_, altered, reason) => {
    expect(why(altered)).toBe(reason);
  });
  test("not for an addition or a key made without revocation", () => {
    expect(why({ logs: [two.log, crypto.extend(bob.log, renewal(bob.log, bob.device))] })).toBeNull();
  });
  test("the day is that of Paris, in winter and in summer", () => {
    const at = (seconds: number) => ({ ...current, epoch: { ...current.epoch, at: seconds } });
    const winter = Date.UTC(2026, 0, 10, 22, 59, 59) / 1000;
    expect(why({ current: at(winter), now: winter + 1 })).toBe("day");
    expect(why({ current: at(winter + 1), now: winter + 3600 })).toBeNull();
    const summer = Date.UTC(2026, 6, 10, 21, 59, 59) / 1000;
    expect(why({ current: at(summer), now: summer + 1 })).toBe("day");
    expect(why({ current: at(summer + 1), now: summer + 3600 })).toBeNull();
  });
  test("E18 the maker is known as revoked, until an epoch names it", () => {
    expect(crypto.makerRevoked(first.epoch, revoked)).toBe(true);
    expect(crypto.makerRevoked(first.epoch, two.log)).toBe(false);
    const next = renew(ledger, { ...alice, device: two.device }, { logs: [revoked, bob.log] });
    expect(crypto.makerRevoked(next.epoch, revoked)).toBe(false);
  });
  test("what is renewed is accepted once the key log is known", () => {
    const next = renew(ledger, { ...alice, device: two.device }, { logs: [revoked, bob.log] });
    const { ledger: fresh } = talk(alice, bob);
    expect(codeOf(fresh.look(next.statement))).toBe("waiting");
    fresh.learn(revoked);
    expect(codeOf(fresh.look(next.statement))).toBe("accepted");
  });
});
