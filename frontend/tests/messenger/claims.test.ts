import { describe, expect, it } from "vitest";
import { CommandError } from "../../src/messenger/commands";
import { toText } from "../../src/crypto";
import type { Conversations, Entries, Person, SessionState } from "../../src/protocol";
import type { TestHost, TestPerson } from "./world/host";
import type { Pair } from "./world/client";
import { pair, say, TestClient } from "./world/client";

const LISTED = "GET /api/conversations";
const ENTRIES = "GET /api/entries";
const DAY = 24 * 3600 * 1000;

type Listed = Conversations["conversations"][number];
const listing = (host: TestHost, change: (one: Listed) => readonly Listed[]): void => {
  host.lies.set(LISTED, (honest) => {
    const { now, conversations } = honest as Conversations;
    return { now, conversations: conversations.flatMap(change) };
  });
};

const chainOf = ({ log }: TestPerson): string => toText(log?.chain ?? new Uint8Array(32));

const selfOf = (host: TestHost, person: TestPerson): string =>
  host.logsOf(person).find(({ current }) => current?.founding.kind === "self")?.id ?? "";

type Stranger = Pair & { readonly m: TestClient; readonly foreign: string };

/** A third person has begun a conversation with A, who was away. */
async function stranger(): Promise<Stranger> {
  const world = await pair();
  const m = await new TestClient(world.host, world.host.addPerson("Malo")).join();
  world.a.stop();
  const foreign = await m.commands.openDirect({ person: world.a.session.person.id });
  await m.settle();
  return { ...world, m, foreign };
}

/** The conversation of the stranger is called the own one, and shows nothing of itself yet. */
function callItOwn({ host, foreign }: Stranger): void {
  const log = host.logs.get(foreign);
  listing(host, (one) => [one.id === foreign ? { ...one, kind: "self", head: 0, persons: [] } : one]);
  host.lies.set(ENTRIES, (honest) =>
    (honest as Entries).hash === log?.hash
      ? { entries: [], head: 0, hash: toText(log.hashes[0] ?? new Uint8Array(32)) }
      : honest,
  );
}

const ofM = ({ m, foreign }: Stranger) => m.show(foreign).then((all) => all.filter(({ own }) => !own));

describe("which conversation is the own one", () => {
  it("is never one that the host only calls so: nothing of it goes to a stranger", async () => {
    const world = await stranger();
    const { host, a, b, m, foreign, conversation } = world;
    callItOwn(world);
    await a.reload();
    await a.settle(10_000);
    await a.reload();
    await host.timers.pass(DAY);
    await say(b, conversation, "confidentiel");
    await a.settle(30_000);
    expect(a.view(conversation).alarm).toMatchObject({ kind: "entry_refused", cause: "altered" });
    host.lies.delete(ENTRIES);
    host.lies.delete(LISTED);
    for (const text of ["bonjour", "encore"]) {
      await say(m, foreign, text);
      await a.reload();
      await a.settle(60_000);
      await host.timers.pass(DAY);
    }
    await m.settle(30_000);
    expect((await ofM(world)).filter(({ body }) => body.kind !== "system")).toEqual([]);
    // The own state went where it belongs.
    expect(host.logs.get(selfOf(host, a.session.person))?.head).toBeGreaterThan(2);
  });

  it("stays unknown on a new browser until its founding says so", async () => {
    const world = await stranger();
    const { host, a, m, foreign, conversation } = world;
    const own = selfOf(host, a.session.person);
    callItOwn(world);
    const called = host.lies.get(LISTED);
    host.lies.set(LISTED, (honest) => {
      const { now, conversations } = called?.(honest) as Conversations;
      return { now, conversations: conversations.filter(({ id }) => id !== own) };
    });
    const n = new TestClient(host, a.session.person);
    await n.commands.open();
    await n.commands.recover({ code: a.recovery.join("") });
    await n.settle(20_000);
    host.lies.delete(ENTRIES);
    listing(host, (one) => (one.id === own ? [] : [one]));
    await n.reload();
    await n.settle(20_000);
    await host.timers.pass(DAY);
    await say(m, foreign, "bonjour");
    await n.reload();
    await n.settle(60_000);
    await m.settle(30_000);
    expect((await ofM(world)).filter(({ body }) => body.kind !== "system")).toEqual([]);
    host.lies.clear();
    await n.reload();
    await n.settle(60_000);
    expect(n.view(conversation)).toMatchObject({ alarm: null, peer: { given: "Damien" } });
    expect(n.view(foreign)).toMatchObject({ alarm: null, peer: { given: "Malo" } });
  });

  it("blocks a conversation that the host lists as another kind, as long as it does", async () => {
    const { host, a, b, conversation } = await pair();
    listing(host, (one) => [one.id === conversation ? { ...one, kind: "self" } : one]);
    await a.reload();
    await a.settle(10_000);
    expect(a.view(conversation).alarm).toMatchObject({
      kind: "entry_refused",
      cause: "altered",
      blocks: true,
    });
    await say(a, conversation, "retenu");
    await a.settle(30_000);
    expect(a.view(conversation).queued).toBe(1);
    host.lies.clear();
    await a.reload();
    await a.settle(30_000);
    expect(a.view(conversation).alarm).toBeNull();
    expect(await b.texts(conversation)).toEqual(["retenu"]);
  });
});

const NAMES = (person: TestPerson) => `GET /api/people/${person.id}`;

describe("who is who", () => {
  it("an answer about somebody else is no answer", async () => {
    const { host, a, b, conversation } = await pair();
    await a.commands.markVerified({ person: b.session.person.id, verified: true });
    await a.settle();
    const ghost = host.addPerson("Fantôme");
    listing(host, (one) =>
      one.id === conversation
        ? [{ ...one, persons: [...one.persons, { id: ghost.id, chain: chainOf(b.session.person) }] }]
        : [one],
    );
    host.lies.set(NAMES(ghost), (honest) => ({
      ...(honest as Person),
      id: b.session.person.id,
      given: "Carole",
      family: "FACTICE-9",
      chain: chainOf(b.session.person),
    }));
    await a.reload();
    await a.settle(10_000);
    expect(a.peer(conversation)).toMatchObject({ given: "Damien", trust: "verified" });
  });

  it("another name for somebody pinned is shown, loses the mark, and counts only once it was seen", async () => {
    const { host, a, b, conversation } = await pair();
    const { person } = b.session;
    await a.commands.markVerified({ person: person.id, verified: true });
    const renamed = (honest: unknown) => ({ ...(honest as Person), given: "Carole", place: "Ville" });
    host.lies.set(NAMES(person), renamed);
    host.lies.set("GET /api/people", () => ({ people: [renamed(host.described(person))] }));
    const [found] = await a.commands.findPeople({ query: "Carole" });
    expect(found).toMatchObject({ id: person.id, given: "Damien" });
    await a.reload();
    await a.settle(10_000);
    expect(a.view(conversation)).toMatchObject({
      peer: { given: "Damien", place: "Ville", trust: "changed" },
      alarm: { kind: "renamed", blocks: false, person: person.id },
    });
    await say(a, conversation, "toujours ouvert");
    await a.settle(30_000);
    expect(await b.texts(conversation)).toEqual(["toujours ouvert"]);
    await a.commands.acknowledge({ conversation });
    expect(a.view(conversation)).toMatchObject({
      peer: { given: "Carole", trust: "unverified" },
      alarm: null,
    });
  });

  it("K15: a conversation is with whom its roster names, not with whom the host names", async () => {
    const world = await stranger();
    const { host, a, b, m, foreign } = world;
    await a.reload();
    await a.commands.markVerified({ person: b.session.person.id, verified: true });
    a.stop();
    const { person } = b.session;
    for (const persons of [[], [{ id: person.id, chain: chainOf(person) }]]) {
      listing(host, (one) => [one.id === foreign ? { ...one, persons } : one]);
      await say(m, foreign, "doublez la dose");
      await m.settle();
      await a.reload();
      await a.settle(10_000);
      if (persons.length === 0) continue;
      expect(a.peer(foreign).given).not.toBe("Damien");
    }
  });

  it("K15: a first contact that the directory does not confirm is blocked until it does", async () => {
    const world = await stranger();
    const { host, a, b, m, foreign } = world;
    const { person } = b.session;
    await a.reload();
    await a.commands.markVerified({ person: person.id, verified: true });
    await a.settle();
    const c = await new TestClient(host, host.addPerson("Carole")).join();
    a.stop();
    const begun = await c.commands.openDirect({ person: a.session.person.id });
    await c.settle();
    for (const id of [person.id, m.session.person.id, c.session.person.id]) {
      const chain = id === c.session.person.id ? chainOf(person) : chainOf(c.session.person);
      listing(host, (one) => [one.id === begun ? { ...one, persons: [{ id, chain }] } : one]);
      await a.reload();
      await a.settle(10_000);
      expect(a.view(begun).alarm).toMatchObject({ blocks: true });
      expect(a.peer(begun).trust).not.toBe("verified");
      await say(a, begun, "retenu");
      await a.settle(30_000);
      expect(host.logs.get(begun)?.head).toBe(1);
    }
    host.lies.clear();
    await a.reload();
    await a.settle(60_000);
    expect(a.view(begun)).toMatchObject({ alarm: null, peer: { given: "Carole" } });
    expect(await c.texts(begun)).toHaveLength(3);
    expect(a.view(foreign).alarm).toBeNull();
  });
});

const known = (host: TestHost, change: Partial<Person>, device?: null): void => {
  host.lies.set("GET /api/session", (honest) => {
    const state = honest as SessionState;
    const person = state.person === null ? null : { ...state.person, ...change };
    return { ...state, person, ...(device === undefined ? {} : { device }) };
  });
};

describe("a browser that is already one of its person's devices", () => {
  const other = toText(new Uint8Array(32).fill(7));
  for (const [name, change] of [
    ["no chain", { chain: null, key_head: null }],
    ["another chain", { chain: other }],
  ] as const) {
    it(`K16: is told of ${name} and goes to no first step`, async () => {
      const { host, a, b, conversation } = await pair();
      await say(a, conversation, "avant");
      await a.settle();
      known(host, change);
      await a.reload();
      await a.settle();
      expect(a.store.session.view.stage).toBe("ready");
      expect(a.view(conversation).alarm).toMatchObject({ kind: "key_log_refused", blocks: true });
      await expect(a.commands.prepareKeys()).rejects.toEqual(new CommandError("not_allowed"));
      await say(a, conversation, "retenu");
      await a.settle(60_000);
      expect(a.view(conversation).queued).toBe(1);
      host.lies.clear();
      await a.reload();
      await a.settle(30_000);
      expect(a.view(conversation).alarm).toBeNull();
      expect(await b.texts(conversation)).toEqual(["avant", "retenu"]);
    });
  }

  it("V2: stays locked when the host has neither its chain nor its half", async () => {
    const { host, a } = await pair();
    known(host, { chain: null, key_head: null }, null);
    host.refuses.set("POST /api/vault/open", "not_found");
    a.restart();
    expect((await a.commands.open()).session.stage).toBe("locked");
    await expect(a.commands.prepareKeys()).rejects.toEqual(new CommandError("not_allowed"));
  });

  it("V4: keeps its vault when a recovery fails on the way", async () => {
    const { host, a, conversation } = await pair();
    for (const route of ["POST /api/vault/make", "POST /api/keys/append"]) {
      host.refuses.set("POST /api/vault/open", "not_found");
      a.restart();
      expect((await a.commands.open()).session.stage).toBe("recover");
      host.refuses.set(route, "unavailable");
      await expect(a.commands.recover({ code: a.recovery.join("") })).rejects.toBeInstanceOf(CommandError);
      host.refuses.clear();
      await a.reload();
      expect(a.store.session.view.stage).toBe("ready");
      expect(a.peer(conversation).given).toBe("Damien");
    }
    expect((await a.storages.names()).length).toBeLessThanOrEqual(2);
  });

  it("V4: has one vault after a recovery, even if its answer was lost", async () => {
    const { host, a, conversation } = await pair();
    host.refuses.set("POST /api/vault/open", "not_found");
    a.restart();
    await a.commands.open();
    host.refuses.clear();
    host.lies.set("POST /api/keys/append", () => ({ nonsense: true }));
    await expect(a.commands.recover({ code: a.recovery.join("") })).rejects.toBeInstanceOf(CommandError);
    host.lies.clear();
    await a.reload();
    await a.settle(30_000);
    expect(a.store.session.view.stage).toBe("ready");
    expect(a.peer(conversation).given).toBe("Damien");
  });
});
