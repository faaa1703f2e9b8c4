/** `table.teams` of tests/vectors/README.md: every team of three, every maker, every pair of deeds; nothing is signed. */
import * as crypto from "../../src/crypto";
import { H } from "../../src/crypto/hashing";
import type { Change, Row } from "../../src/crypto/roster";
import { inOrder } from "../../src/crypto/roster";
import { refuseRoster } from "../../src/crypto/rules";
import { present } from "./cast";

type LogOf = (name: string, n: number) => crypto.KeyLog;
type Plight = "able" | "paused" | "suspended" | "left";
type Deed = { readonly rows: readonly Row[]; readonly change: readonly Change[] };

const ROLES = ["member", "coordinator"] as const;
const PLIGHTS: readonly Plight[] = ["able", "paused", "suspended", "left"];
const ELEMENTS = Array.from({ length: 15 }, (_, i) => i);
const ZERO = new Uint8Array(32);
const FOUNDING = { kind: "team", organisation: new Uint8Array(16), patient: null } as const;
const LETTERS = { accepted: "a", not_a_member: "m", bad_roster: "r", not_allowed: "n" } as const;
type Outcome = keyof typeof LETTERS;

/** None, each alone, and each pair of them. */
const CHOICES: readonly (readonly number[])[] = [
  [],
  ...ELEMENTS.map((i) => [i]),
  ...ELEMENTS.flatMap((i) => ELEMENTS.filter((j) => j > i).map((j) => [i, j])),
];

export function tableOfTeams(logOf: LogOf) {
  const counts = { accepted: 0, not_a_member: 0, not_allowed: 0, bad_roster: 0 };
  const cast = new Cast(logOf);
  const digests = cast.teams().map((current) => {
    const outcomes = cast.members.flatMap((maker) =>
      CHOICES.map((choice) => cast.judge(current, maker, choice)),
    );
    for (const outcome of outcomes) counts[outcome] += 1;
    return H(["table", outcomes.map((outcome) => LETTERS[outcome]).join("")]);
  });
  return { counts, digests };
}

class Cast {
  readonly members: readonly crypto.KeyLog[];
  readonly #dora: crypto.KeyLog;

  constructor(logOf: LogOf) {
    this.members = [logOf("anna", 6), logOf("bruno", 3), logOf("chloe", 3)];
    this.#dora = logOf("dora", 3);
  }

  teams(): readonly crypto.Current[] {
    const three = <T>(each: readonly T[]): readonly (readonly T[])[] =>
      each.flatMap((a) => each.flatMap((b) => each.map((c) => [a, b, c])));
    return three(ROLES).flatMap((roles) => three(PLIGHTS).map((plights) => this.#team(roles, plights)));
  }

  #team(roles: readonly crypto.RowRole[], plights: readonly Plight[]): crypto.Current {
    const rows = this.members.map((log, i) => ({
      ...this.#row(log, i === 2 ? "other" : "professional", present(roles[i]), 1000),
      by: present(this.members[0]).chain,
      paused: plights[i] === "paused",
    }));
    const inPlight = (plight: Plight) =>
      this.members.filter((_, i) => plights[i] === plight).map(({ chain }) => chain);
    const epoch = epochOf({ rows, change: [] }, 1000);
    const founding = { kind: "team", organisation: FOUNDING.organisation } as const;
    return { founding, epoch, seq: 1, suspended: inPlight("suspended"), left: inPlight("left") };
  }

  #row(
    { chain, head, generations }: crypto.KeyLog,
    kind: crypto.RowKind,
    role: crypto.RowRole,
    since: number,
  ): Row {
    const { generation } = present(generations.at(-1));
    return { chain, kind, head, generation, wrap: null, role, by: chain, since, paused: false };
  }

  judge(current: crypto.Current, maker: crypto.KeyLog, choice: readonly number[]): Outcome {
    const start: Deed = { rows: current.epoch.roster, change: [] };
    const done = choice.reduce((deed, element) => this.#do(deed, element, maker.chain), start);
    const epoch = epochOf(done, 1001);
    const isThere = (roster: readonly Row[]) => crypto.rowOf(roster, maker.chain)?.paused === false;
    if (!isThere(current.epoch.roster) || !isThere(epoch.roster) || crypto.isIn(current.left, maker.chain))
      return "not_a_member";
    const code = refuseRoster(epoch, current.founding, current, maker.chain) ?? "accepted";
    return code in LETTERS ? (code as Outcome) : "bad_roster";
  }

  #do(deed: Deed, element: number, maker: crypto.ChainId): Deed {
    const { chain } = present(this.members[element % 3]);
    const row = crypto.rowOf(deed.rows, chain);
    if (element < 3)
      return row === null || row.paused ? deed : altered(deed, row, { paused: true }, ["pause", chain]);
    if (element < 6)
      return row?.paused === true ? altered(deed, row, { paused: false }, ["resume", chain]) : deed;
    if (element < 9) return row === null ? deed : flipped(deed, row);
    if (element < 12)
      return row === null ? deed : { rows: without(deed, row), change: [...deed.change, ["remove", chain]] };
    return element < 14
      ? this.#add(deed, element === 12 ? "member" : "coordinator", maker)
      : this.#replace(deed, maker);
  }

  #add({ rows, change }: Deed, role: crypto.RowRole, maker: crypto.ChainId): Deed {
    const { chain } = this.#dora;
    if (crypto.rowOf(rows, chain) !== null) return { rows, change };
    const row = { ...this.#row(this.#dora, "professional", role, 1001), by: maker };
    return { rows: [...rows, row], change: [...change, ["add", chain]] };
  }

  #replace(deed: Deed, maker: crypto.ChainId): Deed {
    const { chain } = this.#dora;
    const bruno = crypto.rowOf(deed.rows, present(this.members[1]).chain);
    if (bruno === null || crypto.rowOf(deed.rows, chain) !== null) return deed;
    const row = {
      ...this.#row(this.#dora, "professional", bruno.role, 1001),
      by: maker,
      paused: bruno.paused,
    };
    return {
      rows: [...without(deed, bruno), row],
      change: [...deed.change, ["replace", bruno.chain, chain]],
    };
  }
}

const without = ({ rows }: Deed, row: Row): readonly Row[] => rows.filter((one) => one !== row);

const altered = ({ rows, change }: Deed, row: Row, part: Partial<Row>, one: Change): Deed => ({
  rows: rows.map((each) => (each === row ? { ...each, ...part } : each)),
  change: [...change, one],
});

function flipped(deed: Deed, row: Row): Deed {
  const role = row.role === "member" ? "coordinator" : "member";
  return altered(deed, row, { role }, ["role", row.chain, role]);
}

function epochOf({ rows, change }: Deed, at: number): crypto.Epoch {
  const ascending = [...rows].sort((a, b) => crypto.compareBytes(a.chain, b.chain));
  const roster = ascending.map((row) => ({
    ...row,
    wrap: row.paused ? null : H(["sealed-wrap", row.chain]),
  }));
  return {
    type: "epoch",
    hash: crypto.asHash(ZERO),
    signer: crypto.asDeviceId(ZERO),
    conversation: crypto.asConversationId(ZERO),
    number: 1,
    prev: null,
    founding: FOUNDING,
    roster,
    change: inOrder(change),
    formed: true,
    commit: crypto.asHash(ZERO),
    seen: null,
    at,
  };
}
