import { describe, expect, it } from "vitest";
import { toText } from "../../src/crypto";
import { CommandError } from "../../src/messenger/commands";
import type { Entries, OwnKeys } from "../../src/protocol";
import type { Pair } from "./world/client";
import { pair, say, TestClient } from "./world/client";

const DAY = 24 * 3600 * 1000;

const newBrowser = async ({ host, a }: Pair): Promise<TestClient> => {
  const client = new TestClient(host, a.session.person);
  expect((await client.commands.open()).session.stage).toBe("recover");
  return client;
};

describe("a new browser of the same person", () => {
  it("P2, P5: refuses a wrong code before anything is made", async () => {
    const world = await pair();
    const client = await newBrowser(world);
    for (const code of ["", "0000", "Z".repeat(36), world.b.recovery.join(" ")]) {
      await expect(client.commands.recover({ code })).rejects.toEqual(new CommandError("bad_recovery_code"));
    }
    expect(world.host.asked.filter((name) => name === "POST /api/keys/append")).toEqual([]);
    expect(world.a.session.person.statements).toHaveLength(3);
  });

  it("P5: signs nothing on a key log that the host altered", async () => {
    const world = await pair();
    const client = await newBrowser(world);
    let pages = 0;
    world.host.lies.set("GET /api/keys/mine", (honest) => {
      const keys = honest as OwnKeys;
      return pages++ < 2 ? keys : { ...keys, statements: [] };
    });
    const code = world.a.recovery.join(" ");
    await expect(client.commands.recover({ code })).rejects.toBeInstanceOf(CommandError);
    expect(world.a.session.person.statements).toHaveLength(3);
  });

  it("S: starts with its past, its pins and its marks, and both go on", async () => {
    const world = await pair();
    const { a, b, conversation } = world;
    await say(a, conversation, "avant");
    await say(b, conversation, "réponse");
    await a.commands.markVerified({ person: b.session.person.id, verified: true });
    await a.settle(10_000);
    const client = await newBrowser(world);
    expect((await client.commands.recover({ code: a.recovery.join("-").toLowerCase() })).stage).toBe("ready");
    await client.settle(10_000);
    expect(await client.texts(conversation)).toEqual(["avant", "réponse"]);
    expect(client.view(conversation)).toMatchObject({ peer: { trust: "verified" }, alarm: null });
    await say(client, conversation, "du nouveau navigateur");
    await say(a, conversation, "de l'ancien");
    await client.settle(30_000);
    for (const one of [a, b, client]) {
      const texts = await one.texts(conversation);
      expect(texts.slice(0, 2)).toEqual(["avant", "réponse"]);
      expect([...texts.slice(2)].sort()).toEqual(["de l'ancien", "du nouveau navigateur"]);
      expect(one.view(conversation).alarm).toBeNull();
    }
  });

  it("S3: is shown a log that ends before what another device had checked", async () => {
    const world = await pair();
    const { host, a, b, conversation } = world;
    for (let n = 0; n < 3; n++) await say(b, conversation, String(n));
    await a.settle(30_000);
    host.timers.now();
    await host.timers.pass(DAY);
    await say(b, conversation, "le lendemain");
    await a.settle(30_000);
    const client = await newBrowser(world);
    const log = host.logs.get(conversation);
    host.lies.set("GET /api/entries", (honest) => {
      const page = honest as Entries;
      if (page.hash !== log?.hash) return page;
      return {
        entries: page.entries.filter(({ seq }) => seq <= 2),
        head: 2,
        hash: toText(log.hashes[2] ?? new Uint8Array(32)),
      };
    });
    await client.commands.recover({ code: a.recovery.join("") });
    await client.settle();
    expect(client.view(conversation).alarm).toMatchObject({ kind: "log_rolled_back", blocks: true });
  });

  it("reads on one device what was read on the other", async () => {
    const world = await pair();
    const { a, b, conversation } = world;
    const client = await newBrowser(world);
    await client.commands.recover({ code: a.recovery.join("") });
    await client.settle();
    await say(client, conversation, "je suis là"); // from here on its device is named by the epoch
    await say(b, conversation, "à lire");
    await a.settle(10_000);
    expect(client.view(conversation).unread).toBe(1);
    await client.commands.look({ conversation });
    await a.commands.markRead({ conversation, seq: a.view(conversation).head });
    await a.settle();
    expect(client.view(conversation).unread).toBe(0);
  });
});

describe("epochs", () => {
  it("E16: a new day begins with a new epoch, of whoever writes first", async () => {
    const { host, a, b, conversation } = await pair();
    await say(a, conversation, "lundi");
    await a.settle();
    expect(host.logs.get(conversation)?.current?.epoch.number).toBe(0);
    await host.timers.pass(DAY);
    await Promise.all([say(a, conversation, "mardi"), say(b, conversation, "mardi aussi")]);
    await a.settle(60_000);
    expect(host.logs.get(conversation)?.current?.epoch.number).toBe(1);
    expect(await a.texts(conversation)).toEqual(await b.texts(conversation));
    expect(await a.texts(conversation)).toHaveLength(3);
    for (const one of [a, b]) expect(one.view(conversation).alarm).toBeNull();
  });

  it("M8: a message refused for a stale epoch is sealed again and shown once", async () => {
    const { host, a, b, conversation } = await pair();
    const log = host.logs.get(conversation);
    if (log === undefined) throw new Error("no log");
    log.isStale = true;
    const key = await say(a, conversation, "malgré tout");
    await a.settle(30_000);
    expect(log.current?.epoch.number).toBe(1);
    expect((await a.show(conversation)).filter((one) => one.key === key)).toHaveLength(1);
    expect(await b.texts(conversation)).toEqual(["malgré tout"]);
    expect(b.view(conversation).alarm).toBeNull();
  });
});
