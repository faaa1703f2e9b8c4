import { beforeEach, describe, expect, test } from "vitest";
import * as crypto from "../../src/crypto";
import type { Value } from "../../src/crypto/codec";
import {
  codeOf,
  fieldsOf,
  Ledger,
  NOON,
  ORGANISATION,
  present,
  renew,
  say,
  signed,
  suspension,
  talk,
} from "./cast";
import { anna, bruno, change, chloe, does, dora, entrant, found, leave, verdictOf } from "./teams";

let ledger: Ledger;
let first: crypto.MadeEpoch;
beforeEach(() => {
  ({ ledger, first } = found([entrant(bruno), entrant(dora)]));
});
const chainsOf = (...of: readonly { readonly log: crypto.KeyLog }[]) => of.map(({ log }) => log.chain);
const suspend = (who: typeof anna) => codeOf(ledger.append(suspension(first.conversation, who.log.chain)));
const goes = (who: typeof anna) => codeOf(ledger.append(leave(ledger, who)));

function beginning(alter: (row: crypto.Fields) => crypto.Fields): string {
  const fields = fieldsOf(first.statement);
  const roster: Value = (fields["roster"] as readonly crypto.Fields[]).map(alter);
  const statement = signed("epoch", { ...fields, roster }, anna.device);
  const conversation = crypto.asConversationId(crypto.objectHash(statement));
  return codeOf(new Ledger(conversation, ledger.logs).look(statement));
}

describe("E19 founding, refused", () => {
  test.each<[string, crypto.Fields]>([
    ["by somebody else", { by: bruno.log.chain }],
    ["since another time", { since: NOON - 1 }],
    ["without a coordinator", { role: "member" }],
    ["paused from the first", { paused: true, wrap: null }],
  ])("%s", (name, altered) => {
    const isAltered = (row: crypto.Fields) =>
      name !== "paused from the first" || crypto.sameBytes(row["chain"] as Uint8Array, bruno.log.chain);
    expect(beginning((row) => (isAltered(row) ? { ...row, ...altered } : row))).toBe("bad_roster");
  });
  test("the maker is a mere member", () => {
    const flip = (row: crypto.Fields) => ({
      ...row,
      role: row["role"] === "member" ? "coordinator" : "member",
    });
    expect(beginning(flip)).toBe("bad_roster");
  });
});
test("E19 one person alone, and everybody as coordinator", () => {
  expect(found([]).ledger.current).not.toBeNull();
  expect(found([entrant(bruno, "coordinator")]).ledger.current).not.toBeNull();
});

describe("E1, E2 the founding", () => {
  test.each<[string, object, string]>([
    ["another kind", { kind: "direct", organisation: ORGANISATION, patient: null }, "bad_roster"],
    ["another organisation", { kind: "team", organisation: new Uint8Array(16), patient: null }, "bad_roster"],
    ["an unknown kind", { kind: "party", organisation: ORGANISATION, patient: null }, "unknown_kind"],
    ["a patient", { kind: "team", organisation: ORGANISATION, patient: "x" }, "malformed"],
    ["none", { founding: null }, "malformed"],
  ])("%s in a later epoch", (_, founding, code) => {
    const fields = fieldsOf(change(ledger, anna).statement);
    expect(codeOf(ledger.look(signed("epoch", { ...fields, founding }, anna.device)))).toBe(code);
  });
});

describe("E20 who may, refused", () => {
  test.each<[string, Parameters<typeof verdictOf>[2]]>([
    ["add", { add: [entrant(chloe)] }],
    ["remove", { remove: [dora.log.chain] }],
    ["remove themselves", { remove: [bruno.log.chain] }],
    ["give a role", { roles: [[dora.log.chain, "coordinator"]] }],
    ["take one", { roles: [[anna.log.chain, "member"]] }],
    ["promote themselves", { roles: [[bruno.log.chain, "coordinator"]] }],
  ])("a member does not %s", (_, asked) => {
    const expected = (asked?.remove ?? []).includes(bruno.log.chain) ? "not_a_member" : "not_allowed";
    expect(verdictOf(ledger, bruno, asked)).toBe(expected);
  });
  test("an added row: by another, since another time, paused", () => {
    const { roster, ...fields } = fieldsOf(change(ledger, anna, { add: [entrant(chloe)] }).statement);
    const look = (altered: object) => {
      const rows = (roster as readonly crypto.Fields[]).map((row) =>
        crypto.sameBytes(row["chain"] as Uint8Array, chloe.log.chain) ? { ...row, ...altered } : row,
      );
      return codeOf(ledger.look(signed("epoch", { ...fields, roster: rows }, anna.device)));
    };
    expect(look({})).toBe("accepted");
    expect(look({ by: bruno.log.chain })).toBe("not_allowed");
    expect(look({ since: NOON })).toBe("not_allowed");
    expect(look({ paused: true, wrap: null })).toBe("not_allowed");
  });
  test("a leaver who is kept", () => {
    const before = present(ledger.current);
    expect(goes(dora)).toBe("accepted");
    expect(verdictOf(ledger, anna, { current: before })).toBe("not_allowed");
    expect(verdictOf(ledger, bruno)).toBe("accepted");
  });
  test("a replacement", () => {
    const replace = { old: dora.log.chain, chain: chloe.log.chain };
    const logs = [anna.log, bruno.log, chloe.log];
    expect(codeOf(ledger.look(renew(ledger, anna, { replace, logs }).statement))).toBe("not_allowed");
  });
  test("E10 roles are read in the preceding roster", () => {
    const roles = [[bruno.log.chain, "coordinator"]] as const;
    expect(verdictOf(ledger, bruno, { roles, add: [entrant(chloe)] })).toBe("not_allowed");
    does(ledger, anna, { roles });
    expect(verdictOf(ledger, bruno, { add: [entrant(chloe)] })).toBe("accepted");
  });
});
test("E6, E20 one statement adds, removes, and changes roles", () => {
  const made = does(ledger, anna, {
    add: [entrant(chloe, "coordinator")],
    remove: [dora.log.chain],
    roles: [[bruno.log.chain, "coordinator"]],
  });
  expect(made.epoch.change).toHaveLength(3);
  expect(made.wraps).toHaveLength(3);
  expect(crypto.rowOf(made.epoch.roster, chloe.log.chain)).toMatchObject({
    role: "coordinator",
    since: NOON + 60,
  });
  expect(crypto.openWrap(made.epoch, null, dora.person)).toEqual({ ok: false, cause: "not_for_me" });
});

describe("E21 the last coordinator", () => {
  test("does not step down, nor go, by an epoch", () => {
    expect(verdictOf(ledger, anna, { roles: [[anna.log.chain, "member"]] })).toBe("not_allowed");
    const handed = {
      roles: [
        [anna.log.chain, "member"],
        [bruno.log.chain, "coordinator"],
      ],
    } as const;
    expect(verdictOf(ledger, anna, handed)).toBe("accepted");
  });
  test("a coordinator who is paused is none", () => {
    does(ledger, anna, { roles: [[bruno.log.chain, "coordinator"]] });
    suspend(bruno);
    does(ledger, anna);
    expect(verdictOf(ledger, anna, { roles: [[anna.log.chain, "member"]] })).toBe("not_allowed");
  });
  test("while somebody coordinates, nobody takes the role", () => {
    expect(crypto.mayTakeRole(present(ledger.current), bruno.log.chain)).toBe(false);
    expect(verdictOf(ledger, bruno, { roles: [[bruno.log.chain, "coordinator"]] })).toBe("not_allowed");
  });
  test.each([
    ["suspended", () => suspend(anna)],
    ["gone", () => goes(anna)],
  ])("%s: a professional takes it, nobody else, and nothing with it", (_, happens) => {
    expect(happens()).toBe("accepted");
    const takes = (who: typeof anna) => ({ roles: [[who.log.chain, "coordinator"]] as const });
    expect(crypto.mayTakeRole(present(ledger.current), bruno.log.chain)).toBe(true);
    expect(crypto.mayTakeRole(present(ledger.current), dora.log.chain)).toBe(false);
    expect(verdictOf(ledger, dora, takes(dora))).toBe("not_allowed");
    expect(verdictOf(ledger, dora, takes(bruno))).toBe("not_allowed");
    expect(verdictOf(ledger, bruno, { ...takes(bruno), add: [entrant(chloe)] })).toBe("not_allowed");
    does(ledger, bruno, takes(bruno));
    expect(crypto.hasCoordinator(present(ledger.current))).toBe(true);
  });
});

describe("L11 leaving", () => {
  test("refused: a stranger, a paused person, twice, in a direct conversation", () => {
    expect(codeOf(ledger.look(leave(ledger, chloe)))).toBe("not_a_member");
    expect(goes(dora)).toBe("accepted");
    expect(codeOf(ledger.look(leave(ledger, dora)))).toBe("not_a_member");
    suspend(bruno);
    does(ledger, anna);
    expect(codeOf(ledger.look(leave(ledger, bruno)))).toBe("not_a_member");
    const direct = talk(anna, bruno);
    expect(codeOf(direct.ledger.look(leave(direct.ledger, anna)))).toBe("not_allowed");
  });
  test("L4, E10 who left says and makes nothing any more", () => {
    expect(goes(bruno)).toBe("accepted");
    expect(codeOf(ledger.look(say(ledger, bruno, first.secret).entry))).toBe("not_a_member");
    expect(verdictOf(ledger, bruno)).toBe("not_a_member");
    expect(codeOf(ledger.look(say(ledger, anna, first.secret).entry))).toBe("accepted");
  });
  test("shape, another's name, a past epoch, a fork, the same again", () => {
    const good = leave(ledger, dora);
    const header = {
      ...(crypto.decode(fieldsOf(good)["header"] as Uint8Array) as object),
      person: bruno.log.chain,
    };
    const inAnothers = signed("leave", { header: crypto.encode(header as crypto.Fields) }, dora.device);
    expect(codeOf(ledger.look(inAnothers))).toBe("unknown_device");
    expect(codeOf(ledger.look(signed("leave", { ...fieldsOf(good), body: 1 }, dora.device)))).toBe(
      "malformed",
    );
    expect(codeOf(ledger.look(signed("leave", { header: new Uint8Array(3000) }, dora.device)))).toBe(
      "malformed",
    );
    const seen = { n: 1, hash: crypto.objectHash(good) };
    expect(codeOf(ledger.look(leave(ledger, dora, { seen })))).toBe("forked");
    does(ledger, anna);
    expect(codeOf(ledger.look(good))).toBe("past_epoch");
  });
  test("not while all the others are paused, suspended or gone; but the last of all may", () => {
    expect(goes(dora)).toBe("accepted");
    expect(suspend(bruno)).toBe("accepted");
    expect(goes(anna)).toBe("not_allowed");
    does(ledger, anna, { remove: [bruno.log.chain] });
    expect(goes(anna)).toBe("accepted");
  });
  test("L2 nobody who left is suspended, and they stand for nobody", () => {
    expect(goes(dora)).toBe("accepted");
    expect(suspend(dora)).toBe("not_a_member");
    expect(goes(bruno)).toBe("accepted");
    expect(suspend(anna)).toBe("not_allowed");
  });
  test("E14 suspended, and then gone: removed, not paused", () => {
    expect(suspend(dora)).toBe("accepted");
    expect(goes(dora)).toBe("accepted");
    expect(does(ledger, bruno).epoch.change).toEqual([["remove", dora.log.chain]]);
  });
  test("E16 comes before the next message, and the leaver cannot open what follows", () => {
    expect(goes(dora)).toBe("accepted");
    const asked = {
      current: present(ledger.current),
      logs: ledger.logs,
      device: bruno.device,
      secret: first.secret,
    };
    expect(crypto.renewalNeeded({ ...asked, now: NOON })).toBe("left");
    const next = does(ledger, bruno);
    expect(next.wraps.map(({ chain }) => chain)).not.toContain(dora.log.chain);
    for (const { sealed } of next.wraps)
      expect(crypto.openWrap(next.epoch, sealed, { ...dora.person, chain: dora.log.chain }).ok).toBe(false);
  });
});

test("E14 resumed by a coordinator, never by a member or oneself", () => {
  suspend(dora);
  does(ledger, bruno);
  expect(verdictOf(ledger, bruno, { resume: chainsOf(dora) })).toBe("not_allowed");
  expect(verdictOf(ledger, anna, { resume: chainsOf(dora) })).toBe("accepted");
});

test("E5, E19 two hundred persons, and one more", () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, n) => {
      const chain = crypto.asChainId(crypto.H(["test", "crowd", n]));
      return { ...entrant(bruno), log: { ...bruno.log, chain } };
    });
  const look = (count: number) => {
    const others = rows(count);
    const made = crypto.beginTeam({
      device: anna.device,
      own: entrant(anna),
      organisation: ORGANISATION,
      others,
      at: NOON,
      random: crypto.systemRandom,
    });
    const crowd = new Ledger(made.conversation, [anna.log, ...others.map(({ log }) => log)]);
    return [codeOf(crowd.look(made.statement)), made.statement.length] as const;
  };
  const [verdict, length] = look(199);
  expect(verdict).toBe("accepted");
  expect(length).toBeLessThan(256 * 1024);
  expect(look(200)[0]).toBe("bad_roster");
});
