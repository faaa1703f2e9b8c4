import { beforeEach, describe, expect, test } from "vitest";
import * as crypto from "../../src/crypto";
import { codeOf, fieldsOf, Ledger, NOON, present, renewal, say, signed, suspension } from "./cast";
import { anna, bruno, change, chloe, does, dora, entrant, everybody, found, leave } from "./teams";

let ledger: Ledger;
let first: crypto.MadeEpoch;
let joins: crypto.MadeEpoch;
let view: Ledger;
const logs = everybody.map(({ log }) => log);
beforeEach(() => {
  ({ ledger, first } = found([entrant(bruno)]));
  ledger.append(say(ledger, bruno, first.secret).entry);
  joins = change(ledger, anna, { add: [entrant(chloe)] });
  view = viewOf();
});
/** As the host lets Chloé see it. */
const viewOf = (anchor = ledger.place) =>
  new Ledger(ledger.conversation, logs, { chain: chloe.log.chain, anchor });
const look = (entry: Uint8Array) => codeOf(view.look(entry));
const altered = (fields: object, by = anna.device) =>
  signed("epoch", { ...fieldsOf(joins.statement), ...fields }, by);
const withRows = (part: object, of: crypto.ChainId = chloe.log.chain) => {
  const roster = (fieldsOf(joins.statement)["roster"] as readonly crypto.Fields[]).map((row) =>
    crypto.sameBytes(row["chain"] as Uint8Array, of) ? { ...row, ...part } : row,
  );
  return altered({ roster });
};

describe("L14 refused", () => {
  test("L12 whatever else arrives whole before it", () => {
    expect(look(say(ledger, bruno, first.secret).entry)).toBe("past_epoch");
    expect(look(leave(ledger, bruno))).toBe("past_epoch");
    expect(look(suspension(first.conversation, bruno.log.chain))).toBe("past_epoch");
    expect(look(change(ledger, anna).statement)).toBe("past_epoch");
    expect(look(change(ledger, anna, { add: [entrant(dora)] }).statement)).toBe("past_epoch");
    expect(look(first.statement)).toBe("past_epoch");
  });
  test("wrong_conversation, unknown_kind", () => {
    expect(look(altered({ conversation: anna.self.conversation }))).toBe("wrong_conversation");
    const founding = { ...joins.epoch.founding, kind: "self" };
    expect(look(altered({ founding }))).toBe("unknown_kind");
    expect(look(altered({ founding: { ...founding, kind: "party" } }))).toBe("unknown_kind");
  });
  test("not_a_member: by nobody in its roster, by a paused row, or by the reader", () => {
    expect(look(altered({}, dora.device))).toBe("not_a_member");
    expect(look(altered({}, chloe.device))).toBe("not_a_member");
    expect(look(withRows({ paused: true, wrap: null }, anna.log.chain))).toBe("not_a_member");
  });
  test("unknown_device, bad_signature", () => {
    expect(look(altered({}, { ...bruno.device, id: anna.device.id }))).toBe("bad_signature");
  });
  test("L13 forked: a seen that is not exactly the anchor", () => {
    const early = { n: 1, hash: present(ledger.hashAt(1)) };
    view = viewOf(early);
    view.stub(joins.hash);
    expect(look(joins.statement)).toBe("forked");
    view = viewOf({ ...ledger.place, hash: joins.hash });
    expect(look(joins.statement)).toBe("forked");
  });
  test("L5 replayed", () => {
    view.stub(joins.hash);
    expect(look(joins.statement)).toBe("replayed");
  });
  test.each<[string, object]>([
    ["by another", { by: bruno.log.chain }],
    ["since another time", { since: NOON }],
    ["paused", { paused: true, wrap: null }],
    ["E4 a role of later versions", { role: "owner" }],
    ["E4 no wrap", { wrap: null }],
    ["E7 another generation", { generation: 2 }],
  ])("bad_roster: the reader's row %s", (_, part) => {
    expect(look(withRows(part))).toBe("bad_roster");
  });
  test("bad_roster: no row of the reader, or somebody removed who is there", () => {
    const rows = fieldsOf(joins.statement)["roster"] as readonly crypto.Fields[];
    const roster = rows.filter((row) => !crypto.sameBytes(row["chain"] as Uint8Array, chloe.log.chain));
    expect(look(altered({ roster }))).toBe("bad_roster");
    const direct = { founding: { ...joins.epoch.founding, kind: "direct" } };
    expect(look(altered({ ...direct, change: [["replace", dora.log.chain, chloe.log.chain]] }))).toBe(
      "bad_roster",
    );
    expect(look(altered(direct))).toBe("past_epoch");
    const both = [
      ["add", chloe.log.chain],
      ["remove", bruno.log.chain],
    ] as const;
    expect(look(altered({ change: both }))).toBe("bad_roster");
  });
  test("E7 waiting for a key log that is not here", () => {
    view = new Ledger(ledger.conversation, [chloe.log, anna.log], {
      chain: chloe.log.chain,
      anchor: ledger.place,
    });
    expect(view.look(joins.statement)).toMatchObject({ kind: "waiting", chain: bruno.log.chain });
  });
});

describe("L14 joining", () => {
  test("the signer vouches: only its own roster is judged, whoever was there before", () => {
    expect(look(joins.statement)).toBe("accepted");
    view.append(joins.statement);
    expect(view.joining).toBeNull();
    ledger.append(joins.statement);
    const said = say(ledger, bruno, joins.secret).entry;
    expect([look(said), codeOf(ledger.look(said))]).toEqual(["accepted", "accepted"]);
  });
  test("L12 stubs before it, and the log hash as everybody has it", () => {
    const race = say(ledger, bruno, first.secret);
    ledger.append(race.entry);
    view.stub(race.hash);
    view.append(joins.statement);
    ledger.append(joins.statement);
    expect(view.place).toEqual(ledger.place);
  });
});

describe("L14 coming back", () => {
  let out: crypto.MadeEpoch;
  const rejoins = () => change(ledger, anna, { add: [entrant(chloe)] });
  beforeEach(() => {
    ledger.append(joins.statement);
    view.append(joins.statement);
    out = does(ledger, anna, { remove: [chloe.log.chain] });
    view.append(out.statement);
    const unseen = say(ledger, bruno, out.secret);
    ledger.append(unseen.entry);
    view.stub(unseen.hash);
  });
  test("refused: an epoch number that is not above, another founding", () => {
    const { number } = out.epoch;
    const noted = (to: number, seq: number) => {
      view.joining = { ...present(view.joining), noted: { number: to, seq } };
      return look(rejoins().statement);
    };
    expect([noted(3, view.place.n), noted(2, view.place.n)]).toEqual(["past_epoch", "accepted"]);
    // What own state says of this very place and later ones says nothing of this number.
    expect([noted(3, view.next), noted(9, view.next + 5)]).toEqual(["accepted", "accepted"]);
    const again = { ...fieldsOf(rejoins().statement) };
    expect(look(signed("epoch", { ...again, number }, anna.device))).toBe("past_epoch");
    const founding = { ...out.epoch.founding, organisation: new Uint8Array(16) };
    expect(look(signed("epoch", { ...again, founding }, anna.device))).toBe("bad_roster");
  });
  test("refused: a seen from before the last epoch that the reader knows, or of another history", () => {
    const seen = (n: number, hash = present(ledger.hashAt(n))) =>
      look(signed("epoch", { ...fieldsOf(rejoins().statement), seen: [n, hash] }, anna.device));
    expect(seen(3)).toBe("forked");
    expect(seen(4)).toBe("accepted");
    expect(seen(5, out.hash)).toBe("forked");
    expect(seen(99, out.hash)).toBe("forked");
  });
  test("E7 refused: a head that goes back from the last roster that the reader accepted", () => {
    const longer = crypto.extend(bruno.log, renewal(bruno.log, bruno.device));
    const known = present(present(view.joining).known);
    const { n, hash } = longer.head;
    const roster = known.epoch.roster.map((row) =>
      crypto.sameBytes(row.chain, bruno.log.chain) ? { ...row, head: { n, hash } } : row,
    );
    view.learn(longer);
    expect(look(rejoins().statement)).toBe("accepted");
    view.joining = { ...present(view.joining), known: { ...known, epoch: { ...known.epoch, roster } } };
    expect(look(rejoins().statement)).toBe("bad_roster");
  });
  test("accepted at any place since, by whoever signs", () => {
    does(ledger, anna, { roles: [[bruno.log.chain, "coordinator"]] });
    view.stub(present(ledger.current).epoch.hash);
    const made = change(ledger, bruno, { add: [entrant(chloe)] });
    expect(look(made.statement)).toBe("accepted");
    view.append(made.statement);
    ledger.append(made.statement);
    expect(view.place).toEqual(ledger.place);
    expect(crypto.openWrap(made.epoch, present(made.wraps.find(isChloes)).sealed, chloe.person).ok).toBe(
      true,
    );
  });
});
const isChloes = ({ chain }: crypto.SealedWrap): boolean => crypto.sameBytes(chain, chloe.log.chain);

test("L14 a replacement in a direct conversation brings the new chain in", () => {
  const anchor = { n: 3, hash: crypto.H(["test", "anchor"]) };
  const first = crypto.beginDirect({
    device: anna.device,
    own: entrant(anna),
    peer: entrant(bruno),
    organisation: new Uint8Array(16),
    at: NOON,
    random: crypto.systemRandom,
  });
  const current = {
    founding: present(crypto.foundingOf(first.epoch)),
    epoch: first.epoch,
    seq: 1,
    suspended: [],
    left: [],
  };
  const made = crypto.nextEpoch({
    current,
    device: anna.device,
    logs: [anna.log, chloe.log],
    seen: anchor,
    at: NOON,
    random: crypto.systemRandom,
    replace: { old: bruno.log.chain, chain: chloe.log.chain },
  });
  const view = new Ledger(first.conversation, logs, { chain: chloe.log.chain, anchor });
  expect(codeOf(view.look(made.statement))).toBe("accepted");
});

test("E7 a head named that a newer key log has passed is on the log as well", () => {
  view.learn(crypto.extend(bruno.log, renewal(bruno.log, bruno.device)));
  expect(look(joins.statement)).toBe("accepted");
});
