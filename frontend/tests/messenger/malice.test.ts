/** A host that lies about a team: caught by whoever it lies to at the first later entry, within the time a person may wait. */
import { describe, expect, it } from "vitest";
import type { Fields, Value } from "../../src/crypto";
import { decode, encode, fromText, objectHash, toText } from "../../src/crypto";
import type { Conversations, Entries, EntryRow, FromServer, KeyLog } from "../../src/protocol";
import { say, TestClient } from "./world/client";
import { chainOf } from "./world/host";
import type { Team } from "./world/team";
import { add, bodies, idOf, NOBODY, remove, rosterOf, team, teamView, three } from "./world/team";

const ENTRIES = "GET /api/entries";
const KEY_LOG = "GET /api/keys/log";
const CONVERSATIONS = "GET /api/conversations";

type Alter = (row: EntryRow) => EntryRow | null;

/** To B alone, by pages: the host changes an entry, or leaves it out (`null`). */
function lies({ host, b, conversation }: Pick<Team, "host" | "b" | "conversation">, alter: Alter): void {
  host.lies.set("entry", (frame) => {
    const told = frame as Extract<FromServer, { type: "entry" }>;
    const hash = host.logs.get(told.conversation)?.hash ?? "";
    return { type: "behind", conversation: told.conversation, head: told.seq, hash };
  });
  const isOurs = ({ entry, stub }: EntryRow) =>
    host.logs.get(conversation)?.entries.some(({ hash }) => toText(hash) === (stub ?? hashOf(entry)));
  host.lies.set(`${ENTRIES} ${idOf(b)}`, (honest) => {
    const page = honest as Entries;
    return { ...page, entries: page.entries.flatMap((row) => (isOurs(row) ? (alter(row) ?? []) : row)) };
  });
}
const hashOf = (entry: string | null): string => toText(objectHash(fromText(entry ?? "")));

/** An epoch with other fields under its maker's signature: the host can sign nothing. */
function altered(entry: string | null, alter: (fields: Fields) => Fields): string {
  const [suite, label, bytes, ...signed] = decode(fromText(entry ?? "")) as readonly Value[];
  const fields = decode(bytes as Uint8Array) as Fields;
  return toText(encode([suite ?? 0, label ?? "", encode(alter(fields)), ...signed]));
}
const rowsOf = (fields: Fields): readonly Fields[] => fields["roster"] as readonly Fields[];
const isEpoch = (number: number, entry: string | null): boolean => {
  const [, label, bytes] = decode(fromText(entry ?? "")) as readonly [number, string, Uint8Array];
  return label === "epoch" && (decode(bytes) as Fields)["number"] === number;
};

/** Nobody is in it who should not be, nothing more leaves, and the sentence is there in time. */
async function expectCaught({ host, a, b, conversation }: Team, kinds: readonly string[]): Promise<void> {
  await a.settle(4_500);
  const { alarm } = teamView(b, conversation);
  expect(kinds).toContain(alarm?.kind);
  const head = host.logs.get(conversation)?.head;
  if (alarm?.blocks !== true) return;
  await say(b, conversation, "retenu");
  await b.settle(30_000);
  expect(host.logs.get(conversation)?.head).toBe(head);
}

describe("E20, L9: a host that changes an epoch on its way to one member", () => {
  it.each<[string, (world: Team, fields: Fields) => Fields]>([
    [
      "adds a person",
      ({ c }, fields) => {
        const [row = {}] = rowsOf(fields);
        const chain = fromText(chainOf(c.session.person));
        return { ...fields, roster: [...rowsOf(fields), { ...row, chain }] };
      },
    ],
    [
      "gives a role",
      (_, fields) => ({ ...fields, roster: rowsOf(fields).map((row) => ({ ...row, role: "member" })) }),
    ],
    ["names another time", (_, fields) => ({ ...fields, at: (fields["at"] as number) + 1 })],
  ])("%s", async (_, alter) => {
    const world = await team();
    const { a, b, conversation } = world;
    const before = rosterOf(b, conversation);
    lies(world, (row) =>
      isEpoch(1, row.entry) ? { ...row, entry: altered(row.entry, (fields) => alter(world, fields)) } : row,
    );
    const roles = [{ person: idOf(b), role: "coordinator" as const }];
    await a.commands.changeTeam({ conversation, ...NOBODY, roles });
    await expectCaught(world, ["entry_refused", "log_forked"]);
    expect(rosterOf(b, conversation)).toEqual(before);
  });
});

describe("L8, L12: a host that keeps an epoch back", () => {
  it.each<[string, Alter]>([
    ["drops it", (row) => (isEpoch(1, row.entry) ? null : row)],
    [
      "gives its hash alone",
      (row) => (isEpoch(1, row.entry) ? { ...row, entry: null, stub: hashOf(row.entry) } : row),
    ],
  ])("%s: shown, and over when it gives it", async (_, alter) => {
    const world = await team();
    const { host, a, b, c, conversation } = world;
    lies(world, (row) => (row.entry === null ? row : alter(row)));
    await a.commands.changeTeam({ conversation, ...NOBODY, add: [{ person: idOf(c), role: "member" }] });
    await expectCaught(world, ["entry_refused"]);
    expect(teamView(b, conversation).alarm).toMatchObject({ cause: "removed_by_host", blocks: true });
    host.lies.clear();
    await say(a, conversation, "encore là ?");
    await b.settle(60_000);
    expect(teamView(b, conversation).alarm).toBeNull();
    expect(rosterOf(b, conversation)).toHaveLength(3);
  });
});

describe("L13: a host that begins a view elsewhere", () => {
  it("names another anchor than the epoch bears out: refused, and nothing is sealed", async () => {
    const { host, a, c, conversation } = await team();
    host.lies.set(CONVERSATIONS, (honest) => {
      const listed = honest as Conversations;
      const start = [1, host.logs.get(conversation)?.hashText(1) ?? ""] as const;
      return {
        ...listed,
        conversations: listed.conversations.map((one) => (one.start[0] > 1 ? { ...one, start } : one)),
      };
    });
    await say(a, conversation, "avant");
    await add(a, conversation, c);
    await a.settle(4_500);
    const view = c.store.conversations.get(conversation);
    expect(view?.alarm).not.toBeNull();
    await say(c, conversation, "retenu").catch(() => undefined);
    await c.settle(30_000);
    expect(await a.texts(conversation)).toEqual(["avant"]);
  });

  it("shows a log from later on than another browser of the person knows", async () => {
    const { host, a, b, conversation } = await team();
    await say(a, conversation, "su");
    await b.settle(10_000);
    for (const text of ["puis", "encore"]) await say(a, conversation, text);
    await b.settle(10_000);
    const second = new TestClient(host, b.session.person);
    host.lies.set(CONVERSATIONS, (honest) => {
      const listed = honest as Conversations;
      const log = host.logs.get(conversation);
      const start = [log?.head ?? 0, log?.hash ?? ""] as const;
      const isIt = ({ id }: { id: string }) => id === conversation;
      return {
        ...listed,
        conversations: listed.conversations.map((one) => (isIt(one) ? { ...one, start } : one)),
      };
    });
    await second.commands.open();
    await second.commands.recover({ code: b.recovery.join("-") });
    await second.settle(10_000);
    expect(second.store.conversations.get(conversation)?.alarm).toMatchObject({
      kind: "log_rolled_back",
      blocks: true,
    });
  });
});

describe("K15, K16: a host that lies about keys", () => {
  it("adds a device to a member's key log: refused, shown, and nothing is sealed", async () => {
    const world = await team();
    const { host, a, b, conversation } = world;
    const foreign = toText(b.session.person.statements[1] ?? new Uint8Array());
    const chain = chainOf(a.session.person);
    host.lies.set(`${KEY_LOG} ${chain}`, (honest) => {
      const log = honest as KeyLog;
      return { statements: [...log.statements, foreign], head: { ...log.head, n: log.head.n + 1 } };
    });
    await b.reload();
    await expectCaught(world, ["key_log_refused"]);
    expect(teamView(b, conversation).alarm).toMatchObject({ person: idOf(a), blocks: true });
  });

  it("shows an old key log of a member", async () => {
    const world = await team();
    const { host, a, b } = world;
    const chain = chainOf(a.session.person);
    host.lies.set(`${KEY_LOG} ${chain}`, () => ({
      statements: [],
      head: { n: 1, hash: toText(objectHash(a.session.person.statements[1] ?? new Uint8Array())) },
    }));
    await b.reload();
    await expectCaught(world, ["key_log_refused"]);
  });

  it("names somebody else for a row: the roster and the pins decide", async () => {
    const world = await team();
    const { host, a, b, c, conversation } = world;
    host.lies.set(CONVERSATIONS, (honest) => {
      const listed = honest as Conversations;
      const persons = [{ id: idOf(c), chain: chainOf(a.session.person) }];
      return { ...listed, conversations: listed.conversations.map((one) => ({ ...one, persons })) };
    });
    await b.reload();
    await b.settle(10_000);
    expect(rosterOf(b, conversation)).toEqual(["Inès coordinator", "Damien member"]);
  });
});

describe("E17: a host that gives one member a bad wrap", () => {
  it("asked once more, it heals by itself", async () => {
    const world = await team();
    const { b, a, conversation } = world;
    let answers = 0;
    lies(world, (row) =>
      row.wrap !== null && isEpoch(1, row.entry) && answers++ === 0 ? { ...row, wrap: "AAAA" } : row,
    );
    await a.commands.changeTeam({
      conversation,
      ...NOBODY,
      roles: [{ person: idOf(b), role: "coordinator" }],
    });
    await say(a, conversation, "lisible");
    await b.settle(4_500);
    expect(teamView(b, conversation).alarm).toBeNull();
    expect(await b.texts(conversation)).toEqual(["lisible"]);
  });

  it("again and again: shown and nothing is sealed, until the next epoch", async () => {
    const world = await team();
    const { host, a, b, conversation } = world;
    lies(world, (row) => (isEpoch(1, row.entry) ? { ...row, wrap: "AAAA" } : row));
    const roles = [{ person: idOf(b), role: "coordinator" as const }];
    await a.commands.changeTeam({ conversation, ...NOBODY, roles });
    await expectCaught(world, ["wrap_withheld"]);
    await a.commands.changeTeam({ conversation, ...NOBODY, roles: [{ person: idOf(b), role: "member" }] });
    await b.settle(10_000);
    expect(teamView(b, conversation).alarm).toBeNull();
    expect(await a.texts(conversation)).toEqual(["retenu"]);
    expect(host.logs.get(conversation)?.current?.epoch.number).toBe(2);
  });
});

describe("F11, L11: who is out", () => {
  it("cannot read what follows with the host's help, nor be told that they are still in", async () => {
    const { host, a, b, c, conversation } = await three().then(async (people) => {
      const members = [people.b, people.c].map((one) => ({ person: idOf(one), role: "member" as const }));
      const made = await people.a.commands.createTeam({ title: "Trois", members });
      await people.a.settle();
      return { ...people, conversation: made };
    });
    await remove(a, conversation, c);
    await say(b, conversation, "sans Chloé");
    await a.settle();
    const log = host.logs.get(conversation);
    const view = log?.views.get(chainOf(c.session.person));
    if (view !== undefined) view.stays.splice(0, view.stays.length, { from: 1, to: null });
    host.lies.set("gone", () => []);
    await c.reload();
    await c.settle(60_000);
    expect(await c.texts(conversation)).toEqual([]);
    expect(bodies(await c.show(conversation))).toContainEqual({ kind: "unreadable", cause: "not_for_me" });
    await say(c, conversation, "encore là").catch(() => undefined);
    await c.settle(30_000);
    expect(await a.texts(conversation)).toEqual(["sans Chloé"]);
  });
});
