import { describe, expect, it } from "vitest";
import { pair, say, TestClient } from "./world/client";
import { flush } from "./world/timers";

/** What has happened once everything that waits for nothing outside has run, without a second passing. */
async function atOnce<T>(asked: Promise<T>): Promise<T | "waits"> {
  let answer: T | "waits" = "waits";
  void asked.then((value) => (answer = value));
  await flush();
  return answer;
}

describe("what was read", () => {
  it("R3: on another device is read on a new browser from its first catching up", async () => {
    const { host, a, b, conversation } = await pair();
    for (const text of ["un", "deux", "trois"]) await say(b, conversation, text);
    await a.settle();
    await a.commands.markRead({ conversation, seq: 3 });
    await a.settle();
    const anew = new TestClient(host, a.session.person);
    await anew.commands.open();
    await anew.commands.recover({ code: a.recovery.join("") });
    await anew.settle();
    expect(anew.view(conversation)).toMatchObject({ unread: 1, firstUnread: 4, head: 4 });
  });

  it("R3: goes by the highest of the person's devices, and never back", async () => {
    const { host, a, b, conversation } = await pair();
    for (const text of ["un", "deux"]) await say(b, conversation, text);
    await a.settle();
    await a.commands.markRead({ conversation, seq: 3 });
    await a.settle();
    const anew = new TestClient(host, a.session.person);
    await anew.commands.open();
    await anew.commands.recover({ code: a.recovery.join("") });
    await anew.settle();
    await anew.reload();
    await anew.settle();
    expect(anew.view(conversation)).toMatchObject({ unread: 0, firstUnread: null });
    // Own markers are no sign that the other has read.
    await say(a, conversation, "trois");
    b.stop();
    await a.settle();
    expect((await a.show(conversation)).at(-1)).toMatchObject({ state: "sent" });
  });

  it("is what stood before an answer of one's own", async () => {
    const { a, b, conversation } = await pair();
    for (const text of ["un", "deux"]) await say(b, conversation, text);
    await a.settle();
    expect(a.view(conversation).unread).toBe(2);
    await say(a, conversation, "réponse");
    await a.settle();
    expect(a.view(conversation)).toMatchObject({ unread: 0, firstUnread: null });
    const answered = (await b.show(conversation)).filter(({ own }) => own);
    await b.commands.look({ conversation });
    await b.settle();
    expect(answered).toHaveLength(2);
    expect((await b.show(conversation)).filter(({ own }) => own).map(({ state }) => state)).toEqual([
      "read",
      "read",
    ]);
  });

  it("is what stood before an answer from another browser, whose markers count no more", async () => {
    const { host, a, b, conversation } = await pair();
    for (const text of ["un", "deux"]) await say(b, conversation, text);
    await a.settle();
    await say(a, conversation, "réponse");
    await a.settle();
    host.markers.clear();
    const anew = new TestClient(host, a.session.person);
    await anew.commands.open();
    await anew.commands.recover({ code: a.recovery.join("") });
    await anew.settle();
    expect(anew.view(conversation)).toMatchObject({ unread: 0, firstUnread: null });
    await say(b, conversation, "trois");
    await anew.settle();
    expect(anew.view(conversation)).toMatchObject({ unread: 1, firstUnread: 5 });
  });

  it("is nothing that came while an answer waited for the network", async () => {
    const { host, a, b, conversation } = await pair();
    host.isSilent = true;
    await say(a, conversation, "écrit hors ligne");
    a.stop();
    host.isSilent = false;
    await b.settle(60_000);
    await say(b, conversation, "pas encore lu");
    await b.settle();
    await a.reload();
    await a.settle(60_000);
    expect([...(await a.texts(conversation))].sort()).toEqual(["pas encore lu", "écrit hors ligne"].sort());
    expect(a.view(conversation).unread).toBe(1);
  });
});

describe("behind an append whose answer is lost", () => {
  it("marking read, drafts and looking answer at once, and what comes is shown", async () => {
    const { host, a, b, conversation } = await pair();
    await say(b, conversation, "à lire");
    await a.settle();
    host.lies.set("appended", () => []);
    host.lies.set("entry", (frame) => ((frame as { seq: number }).seq === 3 ? [] : frame));
    await say(a, conversation, "sans réponse");
    await flush();
    expect(await atOnce(a.commands.markRead({ conversation, seq: 2 }))).toBeUndefined();
    expect(a.view(conversation)).toMatchObject({ unread: 0, firstUnread: null });
    expect(await atOnce(a.commands.saveDraft({ conversation, text: "plus tard" }))).toBeUndefined();
    expect(a.view(conversation).draft).toBe("plus tard");
    expect(await atOnce(a.commands.look({ conversation }))).toBeUndefined();
    host.lies.clear();
    await say(b, conversation, "entre-temps");
    await a.settle(500);
    expect(await a.texts(conversation)).toContain("entre-temps");
  });

  it("what was read at that moment is kept through a reload", async () => {
    const { host, a, b, conversation } = await pair();
    await say(b, conversation, "à lire");
    await a.settle();
    host.lies.set("appended", () => []);
    await a.commands.saveDraft({ conversation, text: "x" });
    await a.commands.markRead({ conversation, seq: 2 });
    host.lies.clear();
    await a.reload();
    expect(a.view(conversation)).toMatchObject({ unread: 0 });
  });
});
