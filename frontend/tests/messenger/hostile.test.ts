import { describe, expect, it } from "vitest";
import { makeClientId, sealMessage, firstSending, systemRandom, toText, Secret } from "../../src/crypto";
import { CommandError } from "../../src/messenger/commands";
import type { Conversations, KeyLog, Person } from "../../src/protocol";
import { pair, say, TestClient } from "./world/client";
import { Says } from "./world/host";
import { KEY_LOG, byPages, alarmOf, bodies, soon, expectBlocked } from "./world/lying";

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
