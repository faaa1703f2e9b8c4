import { beforeEach, describe, expect, it } from "vitest";
import type { KeyLog } from "../../src/crypto";
import { openPerson, readRecoveryCode, renewKey, systemRandom, toText } from "../../src/crypto";
import { makeDeviceKeys } from "../../src/crypto/device";
import { paperKeys } from "../../src/crypto/recovery";
import { CommandError } from "../../src/messenger/commands";
import { sealedSeed } from "../../src/messenger/identity";
import type { OwnKeys } from "../../src/protocol";
import { MemoryStorages } from "../../src/vault";
import type { Pair } from "./world/client";
import { pair, say, TestClient } from "./world/client";
import { copyOf } from "./world/copies";

let world: Pair;
let second: TestClient;
let storages: MemoryStorages;
let firstOfA = "";
beforeEach(async () => {
  world = await pair();
  firstOfA = await idOf(world.a);
  storages = new MemoryStorages();
  second = new TestClient(world.host, world.a.session.person, storages);
  await second.commands.open();
  await second.commands.recover({ code: world.a.recovery.join("") });
  await second.settle(10_000);
});

const idOf = async (client: TestClient): Promise<string> =>
  (await client.commands.devices()).devices.find(({ here }) => here)?.id ?? "";
const epochs = (): number => world.host.logs.get(world.conversation)?.current?.epoch.number ?? -1;
const statements = (): readonly Uint8Array[] => world.a.session.person.statements;

describe("K21: what another device did", () => {
  it("is told until it was seen, over a reload, and only on the others", async () => {
    const added = await idOf(second);
    for (let i = 0; i < 2; i++) {
      const { notices } = await world.a.commands.devices();
      expect(notices).toMatchObject([{ n: 3, event: "added", device: { id: added, sort: "browser" } }]);
      await world.a.reload();
      await world.a.settle();
    }
    await world.a.commands.seenDevices({ n: 3 });
    expect((await world.a.commands.devices()).notices).toEqual([]);
    expect((await second.commands.devices()).notices).toEqual([]);
  });

  it("comes to an open screen by itself", async () => {
    const told = world.a.events.flatMap((event) => (event.type === "devices" ? [event.devices] : []));
    expect(told.at(-1)?.notices).toMatchObject([{ event: "added" }]);
  });
});

describe("revoking a device", () => {
  it("refuses this device, one that is none, and one that is revoked", async () => {
    const gone = await idOf(second);
    await world.a.commands.revokeDevice({ device: gone });
    for (const device of [await idOf(world.a), "A".repeat(43), gone])
      await expect(world.a.commands.revokeDevice({ device })).rejects.toBeInstanceOf(CommandError);
    expect(statements()).toHaveLength(5);
  });

  it("K9, E16: everything after it stays closed to it, with its whole vault and all that the host has", async () => {
    const { a, b, conversation } = world;
    await say(b, conversation, "avant");
    await second.settle(10_000);
    expect(await second.texts(conversation)).toEqual(["avant"]); // the control: it could read
    const before = epochs();
    await a.commands.revokeDevice({ device: await idOf(second) });
    await say(a, conversation, "après");
    await say(b, conversation, "et encore");
    await a.settle(30_000);
    expect(epochs()).toBeGreaterThan(before);
    expect(await b.texts(conversation)).toEqual(["avant", "après", "et encore"]);
    // This host serves the revoked device as it serves its person: entries, wraps, seeds, the vault's half.
    await second.reload();
    await second.settle(60_000);
    expect(await second.texts(conversation)).toEqual(["avant"]);
  });

  it("K21: a message long after it under the old epoch is shown, and answered by the next one", async () => {
    const { a, b, conversation, host } = world;
    await say(second, conversation, "la veille"); // so that the epoch names it
    await a.settle(30_000);
    const before = epochs();
    const route = `GET /api/keys/log ${toText((a.session.person.log as KeyLog).chain)}`;
    const { head } = a.session.person.log as KeyLog;
    b.stop();
    await a.commands.revokeDevice({ device: await idOf(second) });
    await a.settle(0); // its own news reached it
    // This host goes on under the old epoch, and keeps the news from the colleague.
    host.logs.forEach((log) => (log.isStale = false));
    host.lies.set(route, () => ({ statements: [], head: { n: head.n, hash: toText(head.hash) } }));
    await host.timers.pass(90_000);
    await b.reload();
    await b.settle(10_000);
    host.lies.delete(route);
    expect(a.view(conversation).alarm).toBeNull();
    a.events = [];
    await say(b, conversation, "comme si de rien n'était");
    await a.settle(30_000);
    const told = a.events.flatMap((event) => (event.type === "conversations" ? event.conversations : []));
    expect(told.map(({ alarm }) => alarm?.kind)).toContain("device_revoked_since");
    expect(epochs()).toBe(before + 1);
    expect(a.view(conversation).alarm).toBeNull();
  });

  it("S: what the others then tell each other in own state is closed to it too", async () => {
    const { a, b, conversation } = world;
    const self = [...world.host.logs.values()].find((log) => log.current?.founding.kind === "self");
    const before = self?.current?.epoch.number ?? -1;
    await a.commands.revokeDevice({ device: await idOf(second) });
    await a.commands.markVerified({ person: b.session.person.id, verified: true });
    await a.settle(30_000);
    expect(self?.current?.epoch.number).toBeGreaterThan(before);
    await second.reload();
    await second.settle(60_000);
    expect(second.store.conversations.get(conversation)).not.toMatchObject({ peer: { trust: "verified" } });
  });
});

describe("thief and owner", () => {
  it("P6: the code de secours has the last word over a thief who came first", async () => {
    const { a, conversation } = world;
    await second.commands.revokeDevice({ device: await idOf(a) });
    const owner = new TestClient(world.host, a.session.person);
    await owner.commands.open();
    await owner.commands.recover({ code: a.recovery.join(""), alone: true });
    await owner.settle(10_000);
    await say(owner, conversation, "de retour");
    await owner.settle(10_000);
    await second.reload();
    await second.settle(60_000);
    expect(await second.texts(conversation)).toEqual([]);
    const { devices } = await owner.commands.devices();
    const active = devices.filter(({ revoked }) => !revoked).map(({ sort, here }) => [sort, here]);
    expect(active).toEqual([
      ["paper", false],
      ["browser", true],
    ]);
  });

  it("K19: nor does a code of the thief's own, or a removal asked for, take it away", async () => {
    const { a } = world;
    const paper = (await second.commands.devices()).devices.find(({ sort }) => sort === "paper")?.id ?? "";
    await expect(second.commands.revokeDevice({ device: paper })).rejects.toEqual(
      new CommandError("paper_protected"),
    );
    const theirs = await second.commands.prepareCode();
    await second.commands.finishCode({ answers: { 1: theirs[0] ?? "" }, old: null });
    await a.settle();
    expect((await a.commands.devices()).notices.map(({ event }) => event)).toContain("removal");
    await a.commands.keepCode({ device: paper });
    await world.host.timers.pass(80 * 3600 * 1000);
    await expect(second.commands.revokeDevice({ device: paper })).rejects.toEqual(
      new CommandError("paper_protected"),
    );
    const owner = new TestClient(world.host, a.session.person);
    await owner.commands.open();
    await owner.commands.recover({ code: a.recovery.join(""), alone: true });
    const late = new TestClient(world.host, a.session.person);
    await late.commands.open();
    await expect(late.commands.recover({ code: theirs.join("") })).rejects.toEqual(
      new CommandError("bad_recovery_code"),
    );
  });

  it("of two revocations at once one stands, and the other side is out", async () => {
    const { a } = world;
    const [mine, theirs] = [await idOf(a), await idOf(second)];
    const done = await Promise.allSettled([
      a.commands.revokeDevice({ device: theirs }),
      second.commands.revokeDevice({ device: mine }),
    ]);
    expect(done.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(statements()).toHaveLength(5);
  });
});

describe("K19: a new code de secours", () => {
  const renew = async (old: string | null): Promise<readonly string[]> => {
    const groups = await world.a.commands.prepareCode();
    await world.a.commands.finishCode({ answers: { 2: groups[1] ?? "" }, old });
    return groups;
  };
  const recovers = async (code: readonly string[]): Promise<boolean> => {
    const client = new TestClient(world.host, world.a.session.person);
    await client.commands.open();
    return client.commands.recover({ code: code.join("") }).then(
      () => true,
      () => false,
    );
  };

  it("is not made when the groups or the old code are wrong", async () => {
    const groups = await world.a.commands.prepareCode();
    const bad = new CommandError("bad_recovery_code");
    await expect(world.a.commands.finishCode({ answers: { 1: "0000" }, old: null })).rejects.toEqual(bad);
    const answers = { 1: groups[0] ?? "" };
    for (const old of ["", world.b.recovery.join("")])
      await expect(world.a.commands.finishCode({ answers, old })).rejects.toEqual(bad);
    expect(statements()).toHaveLength(4);
  });

  it("with the old one in hand takes its place at once", async () => {
    const code = await renew(world.a.recovery.join(" "));
    expect(await recovers(world.a.recovery)).toBe(false);
    expect(await recovers(code)).toBe(true);
  });

  it("without it both work until the days are over", async () => {
    const code = await renew(null);
    expect(await recovers(world.a.recovery)).toBe(true);
    expect(await recovers(code)).toBe(true);
    const old = (await world.a.commands.devices()).devices.find(({ removal }) => removal !== null)?.id ?? "";
    await world.host.timers.pass(72 * 3600 * 1000);
    await world.a.commands.revokeDevice({ device: old });
    expect(await recovers(world.a.recovery)).toBe(false);
    expect(await recovers(code)).toBe(true);
  });
});

describe("K18: a key that does not open", () => {
  /** The paper device makes a new key whose seed for A goes to somebody else. */
  const junk = (): void => {
    const { person } = world.a.session;
    const log = person.log as KeyLog;
    const paper = { ...paperKeys(readRecoveryCode(world.a.recovery.join(""))), chain: log.chain };
    const keys = openPerson(paper, log, person.seeds.map(sealedSeed));
    const first = firstOfA;
    const swapped = [...log.devices].map(
      ([id, device]) =>
        [id, id === first ? { ...device, unseal: makeDeviceKeys(systemRandom).unsealKey } : device] as const,
    );
    const wrong = { ...log, devices: new Map(swapped) };
    const at = world.host.timers.seconds;
    const made = renewKey({ device: paper, log: wrong, person: keys, at, random: systemRandom });
    world.host.serve(world.a.session, "POST", new URL("http://h/api/keys/append"), {
      statements: [toText(made.statement)],
      seeds: made.seeds.map(({ device, generation, sealed }) => ({
        device: toText(device),
        generation,
        sealed: toText(sealed),
      })),
      consent: null,
    });
  };

  it("named so by the log: the next generation is made at once, and once", async () => {
    junk();
    await world.a.settle(10_000);
    expect(statements()).toHaveLength(6);
    await world.a.commands.devices();
    expect(statements()).toHaveLength(6);
    await say(world.a, world.conversation, "toujours là");
    await world.a.settle(30_000);
    expect(await world.b.texts(world.conversation)).toEqual(["toujours là"]);
    expect(await second.texts(world.conversation)).toEqual(["toujours là"]);
  });

  const APPEND = "POST /api/keys/append";

  it("that its user is told of, with the device that made it, until it was seen", async () => {
    junk();
    await world.a.settle(10_000);
    const mended = { n: 5, event: "mended", by: { sort: "paper" } };
    const notices = async () => (await world.a.commands.devices()).notices;
    expect((await notices()).filter(({ n }) => n === 5)).toMatchObject([mended]);
    await world.a.reload();
    await world.a.settle();
    expect((await notices()).at(-1)).toMatchObject(mended);
    await world.a.commands.seenDevices({ n: 5 });
    expect(await notices()).toEqual([]);
    const others = (await second.commands.devices()).notices.filter(({ n }) => n === 5);
    expect(others).toMatchObject([{ event: "renewed" }]);
  });

  it("the next generation is made all the same when the host takes nothing for a while", async () => {
    const { a, b, conversation, host } = world;
    junk();
    host.refuses.set(APPEND, "throttled");
    await a.settle(10_000);
    expect(statements()).toHaveLength(5);
    expect((await a.commands.devices()).notices.map(({ event }) => event)).not.toContain("mended");
    host.refuses.clear();
    await a.settle(60_000);
    expect(statements()).toHaveLength(6);
    await say(b, conversation, "pour tous");
    await a.settle(30_000);
    expect(await a.texts(conversation)).toEqual(["pour tous"]);
    expect(a.view(conversation).alarm).toBeNull();
  });

  it("M9: is answered by no copied profile", async () => {
    const { a, conversation, host } = world;
    const copy = await copyOf(a);
    await say(a, conversation, "de l'original");
    await a.settle();
    a.stop();
    const twin = new TestClient(host, a.session.person, copy);
    await twin.commands.open();
    await twin.settle();
    junk();
    await twin.settle(60_000);
    expect((await twin.commands.devices()).devices).not.toEqual([]);
    expect(statements()).toHaveLength(5);
  });

  it("whose answer was lost is not made a second time, not even after a reload", async () => {
    const { a, host } = world;
    const sent: string[] = [];
    host.lies.set(`${APPEND} ${a.session.person.id}`, () => {
      sent.push("lost");
      throw new TypeError("network");
    });
    expect(junk).toThrow();
    await a.settle(10_000);
    host.lies.clear();
    await a.reload();
    await a.settle(60_000);
    expect(sent).toHaveLength(2); // the faulty key, and the next
    expect(statements()).toHaveLength(6);
    expect((await a.commands.devices()).notices.at(-1)).toMatchObject({ n: 5, event: "mended" });
  });

  it("and is sent again as it was, never signed anew for the same place", async () => {
    const { a, host } = world;
    const sent: string[] = [];
    const serve = host.serve.bind(host);
    host.serve = (session, method, url, body) => {
      if (url.pathname === "/api/keys/append" && session === a.session && statements().length === 5) {
        sent.push(JSON.stringify(body));
        if (sent.length < 3) throw new TypeError("network");
      }
      return serve(session, method, url, body);
    };
    junk();
    await a.settle(10_000);
    await a.reload();
    await a.settle(60_000);
    expect(sent).toHaveLength(3);
    expect(new Set(sent).size).toBe(1);
    expect(statements()).toHaveLength(6);
  });

  it("kept back by the host: shown, and nothing is made or sealed", async () => {
    world.host.lies.set("GET /api/keys/mine", (honest) => ({ ...(honest as OwnKeys), seeds: [] }));
    await second.commands.revokeDevice({ device: await idOf(world.a) }).catch(() => undefined);
    const before = statements().length;
    await second.settle(10_000);
    expect(second.view(world.conversation).alarm).toMatchObject({ kind: "key_log_refused", blocks: true });
    expect(statements()).toHaveLength(before);
  });

  it("kept back by the host: the log itself, which fits, does not end that; the seed does", async () => {
    const { conversation, host } = world;
    host.lies.set("GET /api/keys/mine", (honest) => ({ ...(honest as OwnKeys), seeds: [] }));
    await second.commands.revokeDevice({ device: await idOf(world.a) }).catch(() => undefined);
    await second.settle(10_000);
    second.events = [];
    await second.commands.devices();
    const told = second.events.flatMap((event) =>
      event.type === "conversations" ? event.conversations : [],
    );
    expect(told.filter(({ alarm }) => alarm === null)).toEqual([]);
    host.lies.clear();
    await second.commands.devices();
    await second.settle(10_000);
    expect(second.view(conversation).alarm).toBeNull();
  });
});
