import { afterEach, describe, expect, it, vi } from "vitest";
import type { Channel } from "../../src/messenger/channel";
import { COMMANDS, openChannel } from "../../src/messenger/channel";
import type { Commands } from "../../src/messenger/commands";
import { CommandError } from "../../src/messenger/commands";
import { Host } from "../../src/messenger/host";
import { lasting } from "../../src/messenger/lasting";
import { Link } from "../../src/messenger/link";
import type { EngineEvent, SessionView } from "../../src/store/model";
import { systemTimers } from "../../src/sync";
import { pair, say, TestClient } from "./world/client";
import { TestTimers } from "./world/timers";

const SESSION: SessionView = {
  stage: "ready",
  me: null,
  organisation: null,
  factors: [],
  notice: null,
  offline: false,
  presence: true,
};
const OPENING = {
  session: SESSION,
  connection: { state: "online", since: 0, clockOff: false, restored: null },
  conversations: [],
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let opened: Channel[] = [];
let names = 0;
let ids = 0;
let name = "";

function channel(): Channel {
  const made = openChannel(name);
  opened.push(made);
  return made;
}

/** An engine that counts what it is asked; real channels carry it. */
function engine(answers: Partial<Record<keyof Commands, (input: unknown, id?: string) => Promise<unknown>>>) {
  const asked: string[] = [];
  const commands = COMMANDS.map((command) => [
    command,
    (input: unknown, id?: string) => {
      asked.push(command);
      return answers[command]?.(input, id) ?? Promise.resolve(null);
    },
  ]);
  const end = channel();
  const looked: (readonly string[])[] = [];
  const host = new Host(end, Object.fromEntries(commands) as Commands, (all) => looked.push(all));
  return { asked, end, looked, host };
}

function tab(events: EngineEvent[] = []): Link {
  return new Link(
    channel(),
    systemTimers,
    () => String(++ids).padStart(22, "A"),
    (event) => events.push(event),
  );
}

describe("tabs and their one engine", () => {
  afterEach(() => {
    for (const one of opened) one.close();
    opened = [];
  });

  const fresh = () => {
    name = `test-${String(++names)}`;
  };

  it("carries a refusal with its code and pause", async () => {
    fresh();
    engine({ signIn: () => Promise.reject(new CommandError("throttled", 30)) });
    const { commands } = tab();
    const refused = commands.signIn({ email: "a", password: "b", shared: false });
    await expect(refused).rejects.toEqual(new CommandError("throttled", 30));
  });

  it("turns an unexpected error into a code and nothing else", async () => {
    fresh();
    engine({ open: () => Promise.reject(new Error("a secret")) });
    await expect(tab().commands.open()).rejects.toEqual(new CommandError("bug"));
  });

  it("A10: acts once however often it is asked", async () => {
    fresh();
    const { asked } = engine({ send: async () => (await pause(2_300), "key") });
    const sent = await tab().commands.send({ conversation: "c", text: "x", quote: null, mentions: [] });
    expect([sent, asked]).toEqual(["key", ["send"]]);
  });

  it("keeps asking until an engine is there", async () => {
    fresh();
    const waiting = tab().commands.signOut();
    await pause(50);
    engine({ signOut: () => Promise.resolve(SESSION) });
    await expect(waiting).resolves.toEqual(SESSION);
  });

  it("tells every tab what happened", async () => {
    fresh();
    const [one, two]: [EngineEvent[], EngineEvent[]] = [[], []];
    const { host } = engine({});
    tab(one);
    tab(two);
    host.tell({ type: "session", session: SESSION });
    await vi.waitFor(() => {
      expect([one.length, two.length]).toEqual([1, 1]);
    }, 5_000);
    expect([one, two]).toEqual([
      [{ type: "session", session: SESSION }],
      [{ type: "session", session: SESSION }],
    ]);
  });

  it("goes on with the next engine when the first one dies in the middle", async () => {
    fresh();
    const events: EngineEvent[] = [];
    const first = engine({ open: () => Promise.resolve(OPENING), send: () => new Promise(() => undefined) });
    const { commands } = tab(events);
    await commands.open();
    await commands.look({ conversation: "c" });
    const sent = commands.send({ conversation: "c", text: "x", quote: null, mentions: [] });
    await pause(30);
    first.end.close();
    const ids: (string | undefined)[] = [];
    const second = engine({
      open: () => Promise.resolve(OPENING),
      send: (_, id) => (ids.push(id), Promise.resolve(id)),
    });
    expect([await sent]).toEqual(ids);
    await vi.waitFor(() => {
      expect([second.looked.length, events.length]).toEqual([1, 3]);
    }, 5_000);
    // The new one is told what this tab shows, and this tab how things stand.
    expect(second.asked).toEqual(expect.arrayContaining(["open", "send"]));
    expect(second.looked).toEqual([["c"]]);
    expect(events.map(({ type }) => type)).toEqual(["session", "connection", "conversations"]);
  });

  it("looks at what every tab looks at, until that tab closes or is put away", async () => {
    fresh();
    const { looked } = engine({ open: () => Promise.resolve(OPENING) });
    const [one, two] = [tab(), tab()];
    await one.commands.open();
    await one.commands.look({ conversation: "c" });
    await two.commands.look({ conversation: "d" });
    await two.commands.look({ conversation: "c" });
    const heard = async (count: number) => {
      await vi.waitFor(() => {
        expect(looked).toHaveLength(count);
      }, 5_000);
    };
    await heard(3);
    one.rest();
    await heard(4);
    one.wake();
    await heard(5);
    two.leave();
    await heard(6);
    expect(looked).toEqual([["c"], ["d", "c"], ["c"], ["c"], ["c"], ["c"]]);
  });

  it("F6: says that its person reads, at most once a minute", async () => {
    fresh();
    const { looked } = engine({ open: () => Promise.resolve(OPENING) });
    const timers = new TestTimers();
    const link = new Link(
      channel(),
      timers,
      () => String(++ids),
      () => undefined,
    );
    link.stir();
    await link.commands.open();
    for (let minute = 0; minute < 3; minute++) {
      for (let second = 0; second < 60; second++) {
        await timers.pass(1_000);
        link.stir();
      }
    }
    await vi.waitFor(() => {
      expect(looked).toEqual([[], [], []]);
    }, 5_000);
    await pause(100);
    expect(looked).toEqual([[], [], []]);
  });

  it("shows in every tab how far the messages of its thread came", async () => {
    const { a, b, host, conversation } = await pair();
    const c = await new TestClient(host, host.addPerson("Maëlle")).join();
    const other = await a.commands.openDirect({ person: c.session.person.id });
    for (const one of [conversation, other]) await say(a, one, "Bonjour");
    await a.settle();
    await a.show(conversation);
    a.looked([other, conversation]);
    await b.commands.markRead({ conversation, seq: 2 });
    await a.settle();
    expect(a.store.thread(conversation).messages.at(-1)).toMatchObject({ state: "read" });
    a.looked([other]);
    await a.settle(0);
    host.asked.length = 0;
    await a.settle(20_000);
    expect(host.asked.filter((name) => name === "GET /api/markers")).toEqual([]);
  });

  it("asks the browser to keep what is here, once, when keys have come; a refusal is no error", async () => {
    const { a, host } = await pair();
    const asked: string[] = [];
    const anew = new TestClient(host, a.session.person);
    await anew.commands.open();
    const commands = lasting(anew.commands, () => {
      asked.push("persist");
      throw new TypeError("no such thing");
    });
    await expect(commands.recover({ code: "x" })).rejects.toBeInstanceOf(CommandError);
    expect(asked).toEqual([]);
    expect((await commands.recover({ code: a.recovery.join("") })).stage).toBe("ready");
    await pause(0);
    expect(asked).toEqual(["persist"]);
  });

  it("A4: a message asked for again of another engine is the same message", async () => {
    const { a, b, conversation } = await pair();
    const id = "A".repeat(22);
    const send = a.commands.send as (input: object, id: string) => Promise<string>;
    const input = { conversation, text: "une seule fois", quote: null, mentions: [] };
    expect(await send(input, id)).toBe(id);
    expect(await send(input, id)).toBe(id);
    await a.settle();
    // An engine that takes over is asked before anybody has told it to open.
    a.restart();
    const again = a.commands.send as (input: object, id: string) => Promise<string>;
    expect(await again(input, id)).toBe(id);
    await a.settle();
    expect(await b.texts(conversation)).toEqual(["une seule fois"]);
  });
});
