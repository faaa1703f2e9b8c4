import { beforeAll, describe, expect, it } from "vitest";
import { ready } from "../../src/crypto";
import { CommandError } from "../../src/messenger/commands";
import type { SessionState } from "../../src/protocol";
import type { Change, Storage, Storages } from "../../src/vault";
import { MemoryStorages, StorageFailed } from "../../src/vault";
import { pair, say, TestClient } from "./world/client";
import { TestHost } from "./world/host";
import { TestTimers } from "./world/timers";

/** A disk that is full from some moment on. */
class Full implements Storages {
  readonly #inner = new MemoryStorages();
  isFull = false;

  names = () => this.#inner.names();
  erase = (name: string) => this.#inner.erase(name);
  async open(name: string): Promise<Storage> {
    const storage = await this.#inner.open(name);
    const commit = (changes: readonly Change[]) =>
      this.isFull ? Promise.reject(new StorageFailed()) : storage.commit(changes);
    return { ...storage, commit };
  }
}

/** Everything of a storage, as whoever copies the profile has it. */
async function copied(storages: Storages): Promise<string> {
  const stores = [
    "profile",
    "identity",
    "persons",
    "keylogs",
    "conversations",
    "entries",
    "journal",
    "secrets",
    "outbox",
    "drafts",
    "markers",
    "noted",
  ];
  const texts: string[] = [];
  for (const name of await storages.names()) {
    const storage = await storages.open(name);
    for (const store of stores)
      for (const { bytes } of await storage.list(store, ""))
        texts.push(Buffer.from(bytes).toString("latin1"));
  }
  return texts.join("\n");
}

describe("the session", () => {
  beforeAll(() => ready);
  const hosted = () => new TestHost(new TestTimers());

  it("asks a newcomer to make keys, and checks the code that was written down", async () => {
    const host = hosted();
    const client = new TestClient(host, host.addPerson("Inès"));
    expect((await client.commands.open()).session.stage).toBe("first_steps");
    const groups = await client.commands.prepareKeys();
    expect(groups).toHaveLength(9);
    await expect(client.commands.finishKeys({ answers: {} })).rejects.toEqual(
      new CommandError("bad_recovery_code"),
    );
    await expect(client.commands.finishKeys({ answers: { 1: "0000", 2: groups[1] ?? "" } })).rejects.toEqual(
      new CommandError("bad_recovery_code"),
    );
    expect(host.asked).not.toContain("POST /api/keys/start");
    const typed = (groups[0] ?? "").toLowerCase().replace(/1/g, "l").replace(/0/g, "o");
    expect((await client.commands.finishKeys({ answers: { 1: typed } })).stage).toBe("ready");
  });

  it("does nothing of a person before their vault is open", async () => {
    const host = hosted();
    const client = new TestClient(host, host.addPerson("Inès"));
    await client.commands.open();
    for (const refused of [
      client.commands.findPeople({ query: "" }),
      client.commands.page({ conversation: "c", before: null, limit: 1 }),
      client.commands.send({ conversation: "c", text: "x", quote: null, mentions: [] }),
      client.commands.recover({ code: "x" }),
    ]) {
      await expect(refused).rejects.toEqual(new CommandError("not_allowed"));
    }
  });

  it("H7: goes on after first steps whose answer was lost", async () => {
    const host = hosted();
    const client = new TestClient(host, host.addPerson("Inès"));
    await client.commands.open();
    const groups = await client.commands.prepareKeys();
    host.lies.set("POST /api/keys/start", () => ({ chain: 7 }));
    await expect(client.commands.finishKeys({ answers: { 1: groups[0] ?? "" } })).rejects.toEqual(
      new CommandError("offline"),
    );
    await client.reload();
    expect(client.store.session.stage).toBe("ready");
  });

  it("locks: nothing stays in memory until a code is given", async () => {
    const { host, a, conversation } = await pair();
    a.session.stage = "locked";
    host.lies.set("welcome", () => []);
    await a.reload();
    expect(a.store.session.stage).toBe("locked");
    await expect(a.commands.page({ conversation, before: null, limit: 1 })).rejects.toEqual(
      new CommandError("not_allowed"),
    );
    host.lies.clear();
    expect((await a.commands.unlock({ code: "123 456" })).stage).toBe("ready");
    expect((await a.show(conversation)).length).toBe(1);
  });

  it("V1: what is kept opens nothing and says nothing without the host's half", async () => {
    const storages = new MemoryStorages();
    const { a, conversation } = await pair(storages);
    await say(a, conversation, "Mme Bornand, 14 mg");
    await a.commands.saveDraft({ conversation, text: "brouillon secret" });
    await a.settle();
    const kept = await copied(storages);
    for (const word of ["Bornand", "brouillon", "FACTICE", "Damien"]) expect(kept).not.toContain(word);
    expect(await copied(storages)).toContain(
      Buffer.from(
        (await (await storages.open((await storages.names())[0] ?? "")).read("profile", "profile")) ?? [],
      ).toString("latin1"),
    );
  });

  it("leaves a shared computer empty, checked, and an own one closed", async () => {
    const storages = new MemoryStorages();
    const { host, a } = await pair(storages);
    host.lies.set("POST /api/sign-in", () => signedIn(a));
    expect((await a.commands.signOut()).stage).toBe("signed_out");
    expect(await storages.names()).toHaveLength(1);
    a.session.stage = "signed_in";
    await a.commands.signIn({ email: "a", password: "b", shared: true });
    expect((await a.commands.signOut()).stage).toBe("signed_out");
    expect(await storages.names()).toEqual([]);
  });

  it("leaves without the host too, and tells it later", async () => {
    const { host, a } = await pair();
    host.isSilent = true;
    expect((await a.commands.signOut()).stage).toBe("signed_out");
    expect(a.session.stage).toBe("signed_in");
    host.isSilent = false;
    await a.settle(10_000);
    expect(a.session.stage).toBe("signed_out");
  });

  it("says when it is older than the host", async () => {
    const { host, a } = await pair();
    host.lies.set("GET /api/session", (honest) => ({ ...(honest as SessionState), protocol: 2 }));
    await a.reload();
    expect(a.store.session.stage).toBe("outdated");
  });

  it("tells a clock that is off, and orders by the host's", async () => {
    const host = hosted();
    const client = await new TestClient(host, host.addPerson("Inès")).join();
    expect(client.store.session.connection.clockOff).toBe(false);
    host.lies.set("GET /api/session", (honest) => ({
      ...(honest as SessionState),
      now: host.timers.seconds + 3_600,
    }));
    host.lies.set("welcome", (honest) => ({ ...(honest as object), now: host.timers.seconds + 3_600 }));
    host.lies.set("GET /api/conversations", (honest) => ({
      ...(honest as object),
      now: host.timers.seconds + 3_600,
    }));
    await client.reload();
    await client.settle();
    expect(client.store.session.connection.clockOff).toBe(true);
  });

  it("A6: a full disk sends nothing and shows nothing", async () => {
    const full = new Full();
    const { host, a, b, conversation } = await pair(full);
    full.isFull = true;
    const head = host.logs.get(conversation)?.head;
    await expect(say(a, conversation, "perdu")).rejects.toEqual(new CommandError("storage"));
    await say(b, conversation, "pas gardé");
    await a.settle();
    expect(host.logs.get(conversation)?.head).toBe((head ?? 0) + 1);
    expect(await a.texts(conversation)).toEqual([]);
    expect(
      a.events
        .flatMap((event) => (event.type === "messages" ? event.messages : []))
        .filter(({ own }) => !own),
    ).toEqual([]);
    full.isFull = false;
    await a.settle(60_000);
    expect(await a.texts(conversation)).toEqual(["pas gardé"]);
  });
});

function signedIn(client: TestClient): object {
  const url = new URL("http://host.example/api/session");
  client.session.stage = "signed_in";
  return client.host.serve(client.session, "GET", url, null);
}
