import { describe, expect, it } from "vitest";
import { CommandError } from "../../src/messenger/commands";
import { pair, say } from "./world/client";

describe("talking", () => {
  it("refuses what cannot be sent", async () => {
    const { a, conversation } = await pair();
    await expect(say(a, conversation, "  ")).rejects.toEqual(new CommandError("too_long"));
    await expect(say(a, conversation, "x".repeat(8001))).rejects.toEqual(new CommandError("too_long"));
    await expect(say(a, "nowhere", "x")).rejects.toEqual(new CommandError("not_found"));
  });

  it("shows a message on both sides, once, and how far it came", async () => {
    const { a, b, conversation } = await pair();
    await b.commands.look({ conversation });
    await a.commands.look({ conversation });
    const key = await say(a, conversation, "Bonjour");
    await a.settle();
    expect(await b.texts(conversation)).toEqual(["Bonjour"]);
    expect(b.view(conversation)).toMatchObject({
      unread: 1,
      firstUnread: 2,
      preview: { text: "Bonjour", own: false },
    });
    expect((await a.show(conversation)).find((one) => one.key === key)).toMatchObject({
      seq: 2,
      state: "readable",
    });
    await b.commands.markRead({ conversation, seq: 2 });
    await a.settle();
    expect(b.view(conversation)).toMatchObject({ unread: 0, firstUnread: null });
    expect((await a.show(conversation)).find((one) => one.key === key)).toMatchObject({ state: "read" });
  });

  it("quotes by key, on both sides", async () => {
    const { a, b, conversation } = await pair();
    await say(a, conversation, "Le pansement est refait.");
    await a.settle();
    const [, shown] = await b.show(conversation);
    await b.commands.send({ conversation, text: "Merci", quote: shown?.key ?? "", mentions: [] });
    await a.settle();
    const answer = (await a.show(conversation)).at(-1);
    const { id } = a.session.person;
    expect(answer?.body).toMatchObject({
      text: "Merci",
      quote: { author: id, excerpt: "Le pansement est refait." },
    });
  });

  it("keeps what is written offline through a reload, and sends it once, in order", async () => {
    const { host, a, b, conversation } = await pair();
    host.isSilent = true;
    for (const text of ["un", "deux", "trois"]) await say(a, conversation, text);
    await a.settle(12_000);
    const queued = (await a.show(conversation)).filter(({ state }) => state === "queued");
    expect(queued.map(({ late }) => late)).toEqual([true, true, true]);
    await a.reload();
    expect(a.store.session.view).toMatchObject({ stage: "locked", offline: true });
    host.isSilent = false;
    await a.settle(60_000);
    expect(await b.texts(conversation)).toEqual(["un", "deux", "trois"]);
    expect(await a.texts(conversation)).toEqual(["un", "deux", "trois"]);
    expect(a.view(conversation).queued).toBe(0);
  });

  it("gives back what was not sealed yet, and nothing that may have left", async () => {
    const { host, a, b, conversation } = await pair();
    host.isSilent = true;
    await a.settle(60_000); // the line notices
    const key = await say(a, conversation, "hors ligne");
    expect(await a.commands.cancel({ conversation, key })).toBe("hors ligne");
    expect(a.view(conversation).queued).toBe(0);
    host.isSilent = false;
    await a.settle(60_000);
    expect(await b.texts(conversation)).toEqual([]);
    const sent = await say(a, conversation, "parti");
    await a.settle();
    await expect(a.commands.cancel({ conversation, key: sent })).rejects.toEqual(
      new CommandError("not_allowed"),
    );
  });

  it("sends the same bytes again when the answer was lost", async () => {
    const { host, a, b, conversation } = await pair();
    host.lies.set("appended", () => []);
    host.lies.set("entry", () => []);
    await say(a, conversation, "Répondu dans le vide");
    await a.settle(1_000);
    host.lies.clear();
    await a.settle(120_000);
    expect(await b.texts(conversation)).toEqual(["Répondu dans le vide"]);
    expect(await a.texts(conversation)).toEqual(["Répondu dans le vide"]);
    expect(a.view(conversation)).toMatchObject({ queued: 0, alarm: null });
  });

  it("keeps a draft, sealed, until it is sent", async () => {
    const { a, conversation } = await pair();
    await a.commands.saveDraft({ conversation, text: "à suivre" });
    await a.reload();
    expect(a.view(conversation).draft).toBe("à suivre");
    await say(a, conversation, "à suivre");
    expect(a.view(conversation).draft).toBe("");
  });

  it("begins one conversation a pair, whoever begins it", async () => {
    const { a, b, conversation } = await pair();
    expect(await a.commands.openDirect({ person: b.session.person.id })).toBe(conversation);
    expect(await b.commands.openDirect({ person: a.session.person.id })).toBe(conversation);
    await expect(a.commands.openDirect({ person: a.session.person.id })).rejects.toEqual(
      new CommandError("not_allowed"),
    );
  });
});
