import { describe, expect, it } from "vitest";
import type { TestClient } from "./world/client";
import { pair, say } from "./world/client";
import { add, bothWays, idOf, team, teamView } from "./world/team";

const bodyOf = async (client: TestClient, conversation: string, key: string) =>
  (await client.show(conversation)).find((one) => one.key === key)?.body;
/** The key under which somebody else sees it. */
const theirs = async (client: TestClient, conversation: string, text: string) =>
  (await client.show(conversation)).find(({ body }) => body.kind === "text" && body.text === text)?.key ?? "";

describe("what is said of a message, refused", () => {
  it("M11: nobody edits or takes back what another said", async () => {
    const { a, b, conversation } = await pair();
    await say(a, conversation, "à moi");
    await a.settle();
    const key = await theirs(b, conversation, "à moi");
    const mentions: string[] = [];
    await expect(b.commands.edit({ conversation, key, text: "à toi", mentions })).rejects.toMatchObject({
      code: "not_allowed",
    });
    await expect(b.commands.retract({ conversation, key })).rejects.toMatchObject({ code: "not_allowed" });
  });

  it("M11, M12: what was taken back is over, and a line of the roster is no message", async () => {
    const { a, b, conversation } = await team();
    const key = await say(a, conversation, "trop vite");
    await a.settle();
    expect(await a.commands.retract({ conversation, key })).toBe("trop vite");
    await a.settle();
    const there = (await b.show(conversation)).find(({ body }) => body.kind === "retracted")?.key ?? "";
    await expect(b.commands.react({ conversation, key: there, sign: "heart" })).rejects.toMatchObject({
      code: "not_allowed",
    });
    await expect(a.commands.edit({ conversation, key, text: "encore", mentions: [] })).rejects.toMatchObject({
      code: "not_allowed",
    });
    await expect(a.commands.react({ conversation, key: "e1", sign: "heart" })).rejects.toMatchObject({
      code: "not_allowed",
    });
    await expect(a.commands.retract({ conversation, key: "e99" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("what is said of a message", () => {
  it("M11: edited, visibly, everywhere, also where it is quoted and in the list", async () => {
    const { a, b, conversation } = await pair();
    const key = await say(a, conversation, "10 h");
    await a.settle();
    const quote = await theirs(b, conversation, "10 h");
    await b.commands.send({ conversation, text: "entendu", quote, mentions: [] });
    await a.settle();
    await b.show(conversation);
    await a.commands.edit({ conversation, key, text: "11 h", mentions: [] });
    await a.settle();
    for (const client of [a, b]) {
      const [live, reloaded] = await bothWays(
        client,
        conversation,
        () => client.store.thread(conversation).messages,
      );
      expect(reloaded).toEqual(live);
      expect(live.map(({ body }) => (body.kind === "text" ? body.text : body.kind))).toEqual([
        "system",
        "11 h",
        "entendu",
      ]);
      expect(live[1]?.body).toMatchObject({ edited: a.host.timers.seconds > 0 ? expect.any(Number) : null });
      expect(live[2]?.body).toMatchObject({ quote: { excerpt: "11 h" } });
    }
    await a.commands.edit({ conversation, key, text: "midi", mentions: [] });
    await a.settle();
    expect(await bodyOf(a, conversation, key)).toMatchObject({ text: "midi" });
  });

  it("M11: taken back within a moment, the text comes back to whoever wrote it", async () => {
    const { host, a, b, conversation } = await pair();
    const key = await say(a, conversation, "erreur");
    await a.settle();
    expect(b.view(conversation).preview?.text).toBe("erreur");
    expect(await a.commands.retract({ conversation, key })).toBe("erreur");
    await a.settle();
    expect(await bodyOf(b, conversation, "e2")).toMatchObject({ kind: "retracted" });
    expect(b.view(conversation).preview).toBeNull();
    host.isSilent = true;
    const sealed = await say(a, conversation, "parti ?");
    await a.settle(200);
    await expect(a.commands.retract({ conversation, key: sealed })).rejects.toMatchObject({
      code: "offline",
    });
    await a.settle(60_000);
    const queued = await say(a, conversation, "pas parti");
    expect(await a.commands.retract({ conversation, key: queued })).toBe("pas parti");
    expect(a.view(conversation).queued).toBe(1);
  });

  it("M12: one sign a person, the last counts, and none is kept of what was taken back", async () => {
    const { a, b, c, conversation } = await team();
    await add(a, conversation, c);
    await a.settle();
    const key = await say(a, conversation, "qui vient ?");
    await a.settle();
    const there = await theirs(b, conversation, "qui vient ?");
    await b.commands.react({ conversation, key: there, sign: "agree" });
    await c.commands.react({
      conversation,
      key: await theirs(c, conversation, "qui vient ?"),
      sign: "agree",
    });
    await a.settle();
    expect(await bodyOf(a, conversation, key)).toMatchObject({
      reactions: [{ sign: "agree", persons: expect.arrayContaining([idOf(b), idOf(c)]) }],
    });
    await b.commands.react({ conversation, key: there, sign: "question" });
    await c.commands.react({ conversation, key: await theirs(c, conversation, "qui vient ?"), sign: null });
    await a.settle();
    for (const client of [a, b, c])
      expect((await client.show(conversation)).map(({ body }) => body)).toContainEqual(
        expect.objectContaining({ reactions: [{ sign: "question", persons: [idOf(b)] }] }),
      );
    expect(a.view(conversation)).toMatchObject({ unread: 0 });
  });

  it("M14: a mention counts for whoever is named, muted or not, and only for members", async () => {
    const { a, b, c, conversation } = await team();
    await b.commands.mute({ conversation, muted: true });
    await say(a, conversation, "rien pour Damien");
    await a.commands.send({ conversation, text: "@Damien", quote: null, mentions: [idOf(b), idOf(c)] });
    await a.settle();
    expect(teamView(b, conversation)).toMatchObject({ unread: 2, mentioned: 1, muted: true });
    expect((await b.show(conversation)).at(-1)?.body).toMatchObject({ mentions: [idOf(b)] });
    await b.commands.markRead({ conversation, seq: 99 });
    expect(teamView(b, conversation)).toMatchObject({ unread: 0, mentioned: 0 });
    const [live, reloaded] = await bothWays(b, conversation, () => teamView(b, conversation));
    expect(reloaded).toEqual(live);
  });

  it("R1: who has it, and since when; a later marker moves no earlier time", async () => {
    const { host, a, b, c, conversation } = await team();
    await add(a, conversation, c);
    await a.settle();
    await a.commands.look({ conversation });
    const key = await say(a, conversation, "lisez ceci");
    await a.settle();
    const first = await a.commands.receipts({ conversation, key });
    expect(first.map(({ person, read }) => [person.given, read])).toEqual(
      expect.arrayContaining([
        ["Damien", null],
        ["Chloé", null],
      ]),
    );
    const arrived = first.find(({ person }) => person.id === idOf(b))?.arrived ?? 0;
    expect(arrived).toBeGreaterThan(0);
    await host.timers.pass(60_000);
    await b.commands.markRead({ conversation, seq: 99 });
    await a.settle();
    const then = await a.commands.receipts({ conversation, key });
    expect(then.find(({ person }) => person.id === idOf(b))).toMatchObject({ arrived, readable: arrived });
    expect(then.find(({ person }) => person.id === idOf(b))?.read ?? 0).toBeGreaterThanOrEqual(arrived + 60);
    const shown = (await a.show(conversation)).find((one) => one.key === key);
    expect(shown).toMatchObject({ state: "readable", reach: { arrived: 2, readable: 2, read: 1, of: 2 } });
    await c.commands.markRead({ conversation, seq: 99 });
    await a.settle();
    expect((await a.show(conversation)).find((one) => one.key === key)).toMatchObject({ state: "read" });
    await a.reload();
    expect(await a.commands.receipts({ conversation, key })).toHaveLength(2);
  });

  it("F13, F14: typing and presence pass, and can be turned off", async () => {
    const { host, a, b, conversation } = await team();
    await a.commands.look({ conversation });
    await a.settle(200);
    expect(teamView(a, conversation).present).toEqual([idOf(b)]);
    await b.commands.typing({ conversation, on: true });
    await a.settle(200);
    expect(teamView(a, conversation).typing).toEqual([idOf(b)]);
    await a.settle(10_000);
    expect(teamView(a, conversation).typing).toEqual([]);
    await b.commands.setPresence({ on: false });
    await a.settle(200);
    expect(teamView(a, conversation).present).toEqual([]);
    await b.reload();
    await a.settle(120_000);
    expect(b.store.session.view.presence).toBe(false);
    expect(teamView(a, conversation).present).toEqual([]);
    await b.commands.setPresence({ on: true });
    await a.settle(200);
    expect(teamView(a, conversation).present).toEqual([idOf(b)]);
    host.isSilent = true;
    host.timers.after(0, () => undefined);
    await a.settle(120_000);
    expect(teamView(a, conversation).present).toEqual([]);
  });

  it("H18: once an hour, how many messages were shown and how many would not open", async () => {
    const { host, a, b, conversation } = await pair();
    await say(b, conversation, "un");
    await say(b, conversation, "deux");
    await a.settle();
    expect(host.figures).toEqual([]);
    await host.timers.pass(3_700_000);
    expect(host.figures).toHaveLength(2);
    expect(host.figures).toContainEqual({ shown: 2, unreadable: [] });
    await host.timers.pass(3_700_000);
    expect(host.figures).toHaveLength(2);
    await a.reload();
  });
});
