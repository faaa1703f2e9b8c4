import { describe, expect, it } from "vitest";
import {
  fromText,
  makeClientId,
  sealMessage,
  firstSending,
  systemRandom,
  toText,
  Secret,
} from "../../src/crypto";
import { CommandError } from "../../src/messenger/commands";
import type { Conversations, Entries, FromServer, KeyLog, Person } from "../../src/protocol";
import type { Alarm, MessageView } from "../../src/store/model";
import type { Pair } from "./world/client";
import { pair, say, TestClient } from "./world/client";
import { Says } from "./world/host";

const ENTRIES = "GET /api/entries";
const KEY_LOG = "GET /api/keys/log";

/** Every entry comes by pages, where the test may change it. */
function byPages({ host }: Pair, change: (entries: Entries) => Entries): void {
  host.lies.set("entry", (frame) => {
    const { conversation, seq } = frame as Extract<FromServer, { type: "entry" }>;
    return { type: "behind", conversation, head: seq, hash: host.logs.get(conversation)?.hash ?? "" };
  });
  host.lies.set(ENTRIES, (honest) => change(honest as Entries));
}

const alarmOf = (client: TestClient, conversation: string): Alarm | null => client.view(conversation).alarm;

async function bodies(client: TestClient, conversation: string): Promise<readonly MessageView["body"][]> {
  return (await client.show(conversation)).map(({ body }) => body);
}

/** Within the five seconds that a person may wait for the alarm. */
const soon = ({ a }: Pair) => a.settle(4_500);

/** Nothing more leaves, and what was written stays to be seen. */
async function expectBlocked({ a, host, conversation }: Pair): Promise<void> {
  const head = host.logs.get(conversation)?.head;
  await say(a, conversation, "retenu");
  await a.settle(60_000);
  expect(host.logs.get(conversation)?.head).toBe(head);
  expect(a.view(conversation).queued).toBe(1);
}

describe("a host that lies", () => {
  it("MS1: a device that its owner never added makes the key log refused", async () => {
    const world = await pair();
    const { host, a, b, conversation } = world;
    const forged = toText(b.session.person.statements[1] ?? new Uint8Array());
    host.lies.set(KEY_LOG, (honest) => {
      const log = honest as KeyLog;
      const isTheirs =
        host.asked.length > 0 &&
        log.head.hash === toText(b.session.person.log?.head.hash ?? new Uint8Array());
      return isTheirs
        ? { statements: [...log.statements, forged], head: { n: log.head.n + 1, hash: log.head.hash } }
        : log;
    });
    await a.reload();
    await soon(world);
    expect(alarmOf(a, conversation)).toMatchObject({
      kind: "key_log_refused",
      blocks: true,
      person: b.session.person.id,
    });
    expect(a.peer(conversation).trust).toBe("changed");
    await expectBlocked(world);
    await expect(a.commands.acknowledge({ conversation })).rejects.toEqual(new CommandError("not_allowed"));
    host.lies.clear();
    await a.reload();
    await a.settle(60_000);
    expect(alarmOf(a, conversation)).toBeNull();
    expect(await b.texts(conversation)).toEqual(["retenu"]);
  });

  it("MS2, E13: another identity for a known person blocks until it is acknowledged, and loses the mark", async () => {
    const world = await pair();
    const { host, a, b, conversation } = world;
    await a.commands.markVerified({ person: b.session.person.id, verified: true });
    expect(a.peer(conversation).trust).toBe("verified");
    const { person } = b.session;
    const { log: before, statements } = person;
    Object.assign(person, { log: null, statements: [], seeds: [] });
    // The person began anew in another browser; the host must still know who was in the log before.
    host.people.push({ ...person, id: "f".repeat(32), log: before, statements });
    const anew = new TestClient(host, person);
    await anew.join();
    await soon(world);
    expect(alarmOf(a, conversation)).toMatchObject({
      kind: "identity_changed",
      blocks: true,
      person: person.id,
    });
    expect(a.peer(conversation).trust).toBe("changed");
    await expectBlocked(world);
    await a.commands.acknowledge({ conversation });
    await a.settle(60_000);
    expect(alarmOf(a, conversation)).toBeNull();
    expect(a.view(conversation)).toMatchObject({ queued: 0, peer: { trust: "unverified" } });
    expect(await anew.texts(conversation)).toEqual(["retenu"]);
    expect(await bodies(a, conversation)).toContainEqual({
      kind: "system",
      event: "identity_replaced",
      person: person.id,
    });
  });

  it("MS4: a name on the host's list that no roster has is shown, and is nobody", async () => {
    const world = await pair();
    const { host, a, conversation } = world;
    const ghost = await new TestClient(host, host.addPerson("Fantôme")).join();
    host.lies.set("GET /api/conversations", (honest) => {
      const { now, conversations } = honest as Conversations;
      const member = {
        id: ghost.session.person.id,
        chain: toText(ghost.session.person.log?.chain ?? new Uint8Array(32)),
      };
      return {
        now,
        conversations: conversations.map((one) =>
          one.kind === "direct" ? { ...one, persons: [...one.persons, member] } : one,
        ),
      };
    });
    await a.reload();
    await soon(world);
    expect(alarmOf(a, conversation)).toMatchObject({ kind: "entry_refused", cause: "unknown_device" });
    expect(a.peer(conversation).given).toBe("Damien");
  });

  it("MS8: a replayed entry is refused, shown as such, and its text once", async () => {
    const world = await pair();
    const { a, b, conversation } = world;
    await say(b, conversation, "une fois");
    await a.settle();
    byPages(world, (page) => {
      const first = page.entries.find(({ seq }) => seq === 2);
      const copy = page.entries.map((row) =>
        row.seq === 3 ? { ...row, entry: kept.entry ?? row.entry } : row,
      );
      kept.entry ??= first?.entry ?? null;
      return { ...page, entries: copy };
    });
    const kept: { entry: string | null } = {
      entry: toText(world.host.logs.get(conversation)?.entries[1]?.bytes ?? new Uint8Array()),
    };
    await say(b, conversation, "autre chose");
    await soon(world);
    expect(await bodies(a, conversation)).toContainEqual({ kind: "refused", cause: "replayed" });
    expect((await a.texts(conversation)).filter((text) => text === "une fois")).toHaveLength(1);
    // The log is not the one the host claims either.
    expect(alarmOf(a, conversation)).toMatchObject({ kind: "log_forked", blocks: true });
    await expectBlocked(world);
  });

  it("MS9: an entry of another conversation is refused and shown", async () => {
    const world = await pair();
    const { host, a, b, conversation } = world;
    const c = await new TestClient(host, host.addPerson("Maëlle")).join();
    const other = await b.commands.openDirect({ person: c.session.person.id });
    await say(b, other, "pour Maëlle seulement");
    await b.settle();
    const foreign = toText(host.logs.get(other)?.entries.at(-1)?.bytes ?? new Uint8Array());
    byPages(world, (page) => ({
      ...page,
      entries: page.entries.map((row) => (row.seq === 2 ? { ...row, entry: foreign } : row)),
    }));
    await say(b, conversation, "pour Inès");
    await soon(world);
    expect(await bodies(a, conversation)).toContainEqual({ kind: "refused", cause: "replayed" });
    expect(await a.texts(conversation)).toEqual([]);
  });

  it("MS10: two entries in the other order make the log another one", async () => {
    const world = await pair();
    const { a, b, conversation } = world;
    for (const hint of ["entry", "behind"]) world.host.lies.set(hint, () => []);
    await say(b, conversation, "un");
    await say(b, conversation, "deux");
    await b.settle(1_000);
    byPages(world, (page) => {
      const [one, two] = page.entries.filter(({ seq }) => seq > 1);
      if (one === undefined || two === undefined) return page;
      return {
        ...page,
        entries: [
          { ...one, entry: two.entry },
          { ...two, entry: one.entry },
        ],
      };
    });
    world.host.lies.delete("behind");
    await a.settle(30_000);
    expect(alarmOf(a, conversation)).toMatchObject({ kind: "log_forked", blocks: true });
    await expectBlocked(world);
  });

  it("MS11, L8: a dropped entry is asked for again, then seen to be missing", async () => {
    const world = await pair();
    const { host, a, b, conversation } = world;
    byPages(world, (page) => ({ ...page, entries: page.entries.filter(({ seq }) => seq !== 2) }));
    await say(b, conversation, "gardé par l'hébergeur");
    await say(b, conversation, "la suite");
    await soon(world);
    expect(alarmOf(a, conversation)).toMatchObject({
      kind: "entry_refused",
      cause: "removed_by_host",
      seq: 2,
      blocks: true,
    });
    expect(a.view(conversation).behind).toBe(true);
    host.lies.clear();
    await a.settle(60_000);
    expect(await a.texts(conversation)).toEqual(["gardé par l'hébergeur", "la suite"]);
    expect(alarmOf(a, conversation)).toBeNull();
  });

  it("MS11: an entry dropped without a gap shows at the next entry", async () => {
    const world = await pair();
    const { a, b, conversation } = world;
    await say(b, conversation, "un");
    await a.settle();
    byPages(world, (page) => ({
      ...page,
      entries: page.entries
        .filter(({ seq }) => seq !== 3)
        .map((row) => (row.seq > 3 ? { ...row, seq: row.seq - 1 } : row)),
    }));
    await say(b, conversation, "effacé");
    await say(b, conversation, "trois");
    await soon(world);
    expect(alarmOf(a, conversation)).toMatchObject({ kind: "log_forked", blocks: true });
  });

  it("MS13, L7: a shorter log is shown, blocks, and is forgiven once it is whole again", async () => {
    const world = await pair();
    const { host, a, b, conversation } = world;
    await say(b, conversation, "un");
    await say(b, conversation, "deux");
    await a.settle();
    const log = host.logs.get(conversation);
    host.lies.set(ENTRIES, (honest) => {
      const page = honest as Entries;
      if (page.hash !== log?.hash) return page;
      return { entries: [], head: 2, hash: toText(log.hashes[2] ?? new Uint8Array(32)) };
    });
    await a.reload();
    await soon(world);
    expect(alarmOf(a, conversation)).toMatchObject({ kind: "log_rolled_back", blocks: true });
    await expectBlocked(world);
    host.lies.clear();
    await a.reload();
    await a.settle(60_000);
    expect(alarmOf(a, conversation)).toBeNull();
    expect(await b.texts(conversation)).toEqual(["un", "deux", "retenu"]);
  });

  it("MS13, K15: a shorter key log is refused and shown", async () => {
    const world = await pair();
    const { host, a, b, conversation } = world;
    const theirs = toText(b.session.person.log?.head.hash ?? new Uint8Array());
    const earlier = b.session.person.log?.hashes[1] ?? new Uint8Array(32);
    host.lies.set(KEY_LOG, (honest) => {
      const log = honest as KeyLog;
      return log.head.hash === theirs ? { statements: [], head: { n: 1, hash: toText(earlier) } } : log;
    });
    await a.reload();
    await soon(world);
    expect(alarmOf(a, conversation)).toMatchObject({ kind: "key_log_refused", blocks: true });
  });

  it("MS15: a message under another device's name is refused and shown", async () => {
    const world = await pair();
    const { host, a, b, conversation } = world;
    const log = host.logs.get(conversation);
    const epoch = log?.current?.epoch;
    const own = a.session.person.log;
    if (epoch === undefined || log === undefined || own === null || own === undefined)
      throw new Error("no epoch");
    const { deviceKeys } = await import("../../src/crypto/device");
    // Keys that the host made up, in the name of B.
    const keys = deviceKeys(systemRandom(32), systemRandom(32));
    const { chain } = b.session.person.log ?? own;
    const forged = sealMessage({
      kind: "direct",
      epoch,
      secret: new Secret("epoch", systemRandom(32)),
      device: { ...keys, chain },
      sending: firstSending,
      seen: { n: 1, hash: log.hashes[1] ?? own.head.hash },
      head: own.head,
      clientId: makeClientId(systemRandom),
      content: { kind: "text", text: "faux", quote: null, mentions: [] },
      random: systemRandom,
    });
    byPages(world, (page) => ({
      ...page,
      entries: page.entries.map((row) => (row.seq === 2 ? { ...row, entry: toText(forged.entry) } : row)),
    }));
    await say(b, conversation, "vrai");
    await soon(world);
    expect(await bodies(a, conversation)).toContainEqual({ kind: "refused", cause: "unknown_device" });
    expect(await a.texts(conversation)).toEqual([]);
  });

  it("an altered byte is refused and shown", async () => {
    const world = await pair();
    const { a, b, conversation } = world;
    byPages(world, (page) => ({
      ...page,
      entries: page.entries.map((row) => {
        const bytes = fromText(row.entry ?? "");
        const at = bytes.length - 1;
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        return row.seq === 2 ? { ...row, entry: toText(bytes) } : row;
      }),
    }));
    await say(b, conversation, "intact");
    await soon(world);
    expect(await bodies(a, conversation)).toContainEqual({ kind: "refused", cause: "altered" });
    expect(alarmOf(a, conversation)).not.toBeNull();
  });

  it("E17: a wrap that the host keeps back is asked for again, then shown; nothing is sealed until the next epoch", async () => {
    const world = await pair();
    const { host, b } = world;
    const c = await new TestClient(host, host.addPerson("Maëlle")).join();
    host.lies.set(ENTRIES, (honest) => {
      const page = honest as Entries;
      return { ...page, entries: page.entries.map((row) => ({ ...row, wrap: null })) };
    });
    const conversation = await b.commands.openDirect({ person: c.session.person.id });
    await say(b, conversation, "fermé");
    await c.settle();
    expect(alarmOf(c, conversation)).toMatchObject({ kind: "wrap_withheld", cause: null, blocks: true });
    expect(await bodies(c, conversation)).toContainEqual({ kind: "unreadable", cause: "not_for_me" });
    await expectBlocked({ ...world, a: c, conversation });
    host.lies.clear();
    await host.timers.pass(24 * 3600 * 1000);
    await say(b, conversation, "le lendemain");
    await c.settle(30_000);
    expect(alarmOf(c, conversation)).toBeNull();
    expect(await bodies(c, conversation)).toContainEqual(expect.objectContaining({ text: "le lendemain" }));
  });

  it.each([
    [
      "says that there is none",
      (): never => {
        throw new Says("not_found");
      },
    ],
    ["answers with nonsense", () => ({})],
    ["never answers", () => new Promise(() => undefined)],
  ])("L3: an entry that waits for a key log is shown when the host %s", async (_, lie) => {
    const world = await pair();
    const { host, b } = world;
    const c = await new TestClient(host, host.addPerson("Maëlle")).join();
    const conversation = await b.commands.openDirect({ person: c.session.person.id });
    await b.settle();
    const anew = new TestClient(host, c.session.person);
    await anew.commands.open();
    const theirs = toText(b.session.person.log?.chain ?? new Uint8Array());
    host.lies.set(`${KEY_LOG} ${theirs}`, lie);
    await anew.commands.recover({ code: c.recovery.join("") });
    await anew.settle(4_900);
    expect(alarmOf(anew, conversation)).toMatchObject({ kind: "key_log_refused", blocks: true });
    host.lies.clear();
    await anew.settle(60_000);
    expect(alarmOf(anew, conversation)).toBeNull();
    await say(b, conversation, "enfin");
    await anew.settle();
    expect(await anew.texts(conversation)).toEqual(["enfin"]);
  });

  it("hostile names are only names", async () => {
    const { host, a } = await pair();
    const odd = {
      id: "e".repeat(32),
      given: "<img src=x>",
      family: "__proto__",
      profession: "\u202e",
      professional: false,
      place: "",
      rpps: null,
    };
    host.lies.set("GET /api/people", () => ({
      people: [{ ...odd, chain: null, key_head: null } satisfies Person],
    }));
    const [found] = await a.commands.findPeople({ query: "x" });
    expect(found).toMatchObject({
      given: "<img src=x>",
      family: "__proto__",
      ready: false,
      trust: "unverified",
    });
  });
});
