import fc from "fast-check";
import { expect, it } from "vitest";
import type { Channel, Frame } from "../../src/messenger/channel";
import type { Commands } from "../../src/messenger/commands";
import { Host } from "../../src/messenger/host";
import { Link } from "../../src/messenger/link";
import type { MessageView } from "../../src/store/model";
import { Store } from "../../src/store/store.svelte";
import { counted } from "./scale";
import type { Pair, TestClient } from "./world/client";
import { pair, say } from "./world/client";
import { flush } from "./world/timers";

/** One channel of one browser: each end hears the others, in order, a turn later. */
class Air {
  readonly #ends = new Set<{ hear: (frame: Frame) => void }>();

  open(): Channel {
    const end = { hear: (_: Frame): void => undefined };
    this.#ends.add(end);
    return {
      post: (frame) => {
        for (const other of this.#ends) if (other !== end) setImmediate(() => other.hear(frame));
      },
      listen: (hear) => (end.hear = hear),
      close: () => this.#ends.delete(end),
    };
  }
}

/** A tab as the screens make it: pages through the store, events in between. */
class Tab {
  readonly store = new Store();
  readonly #conversation: string;
  readonly #commands: Commands;
  readonly #see: (tab: Tab) => void;
  #loading = Promise.resolve();

  constructor(air: Air, { host }: TestClient, conversation: string, see: (tab: Tab) => void) {
    let ids = 0;
    this.#conversation = conversation;
    this.#see = see;
    const name = String(Math.random());
    const link = new Link(
      air.open(),
      host.timers,
      () => `${name}-${String(++ids)}`,
      (event) => {
        this.store.apply(event);
        this.#see(this);
      },
    );
    this.#commands = link.commands;
  }

  get messages(): readonly MessageView[] {
    return this.store.thread(this.#conversation).messages;
  }

  /** As screens do: one page after another. */
  load(how: "open" | "older", limit: number): void {
    this.#loading = this.#loading.then(() => this[how](limit));
  }

  async open(limit: number): Promise<void> {
    const page = await this.#commands.page({ conversation: this.#conversation, before: null, limit });
    this.store.thread(this.#conversation).renew(page);
    this.#see(this);
  }

  async older(limit: number): Promise<void> {
    const thread = this.store.thread(this.#conversation);
    if (!thread.opened || thread.complete || thread.oldest === null) return;
    const asked = { conversation: this.#conversation, before: thread.oldest, limit };
    thread.addPage(await this.#commands.page(asked));
    this.#see(this);
  }
}

type World = Pair & { readonly tabs: readonly Tab[]; readonly written: string[] };

/** Every tab at every moment: a part of the log without holes, then what was written, in the order of writing. */
function expectOrder({ messages }: Tab, written: readonly string[]): void {
  const seqs = messages.flatMap(({ seq }) => seq ?? []);
  const first = seqs[0] ?? 0;
  expect(seqs).toEqual(seqs.map((_, at) => first + at));
  const placed = messages.findLastIndex(({ seq }) => seq !== null);
  const queued = messages.filter(({ seq }) => seq === null).map(({ key }) => key);
  expect(messages.slice(placed + 1).map(({ key }) => key)).toEqual(queued);
  expect(queued).toEqual(written.filter((key) => queued.includes(key)));
  expect(new Set(messages.map(({ key }) => key)).size).toBe(messages.length);
}

const which = fc.constantFrom(0, 1);
const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant("say" as const),
      who: fc.constantFrom("a", "b"),
      quotes: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constantFrom("open" as const, "older" as const),
      tab: which,
      limit: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant("read" as const), who: fc.constantFrom("a", "b") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constantFrom("silence" as const, "sound" as const, "lose" as const, "mend" as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant("pass" as const),
      ms: fc.constantFrom(0, 50, 1_500, 11_000, 30_000),
    }),
  },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

async function write({ a, b, conversation, written }: World, who: string, quotes: boolean): Promise<void> {
  const client = who === "a" ? a : b;
  const quote = quotes ? "e1" : null;
  const sent = client.commands.send({ conversation, text: "x", quote, mentions: [] });
  if (who === "b") await sent;
  else written.push(await sent);
}

async function perform(world: World, one: Act): Promise<void> {
  const { host, conversation, tabs } = world;
  switch (one.act) {
    case "say":
      // Not awaited: the next one is written while this one is on its way.
      return void write(world, one.who, one.quotes);
    case "open":
    case "older":
      return tabs[one.tab]?.load(one.act, one.limit);
    case "read":
      return void world[one.who === "a" ? "a" : "b"].commands.markRead({ conversation, seq: 1_000 });
    case "silence":
    case "sound":
      host.isSilent = one.act === "silence";
      return;
    case "lose":
      host.lies.set("appended", () => []);
      host.lies.set("entry", () => []);
      return;
    case "mend":
      return host.lies.clear();
    case "pass":
      return host.timers.pass(one.ms);
  }
}

async function made(): Promise<World> {
  const world = await pair();
  // A past that is longer than a page, not yet marked as read.
  for (let n = 0; n < 7; n++) for (const one of [world.a, world.b]) await say(one, world.conversation, "x");
  await world.host.timers.pass(5_000);
  const air = new Air();
  const written: string[] = [];
  const seen = new Host(air.open(), world.a.commands, () => undefined);
  const see = (tab: Tab): void => expectOrder(tab, written);
  const tabs = [0, 1].map(() => new Tab(air, world.a, world.conversation, see));
  const { store } = world.a;
  world.a.tell = (event) => {
    store.apply(event);
    seen.tell(event);
  };
  for (const client of [world.a, world.b]) await client.commands.look({ conversation: world.conversation });
  return { ...world, tabs, written };
}

it("shows the log in its order in every tab at every moment", async () => {
  const property = fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 40 }), async (acts) => {
    const world = await made();
    for (const one of acts) await perform(world, one);
    world.host.lies.clear();
    world.host.isSilent = false;
    await world.host.timers.pass(90_000);
    await flush();
    await check(world);
    for (const client of [world.a, world.b]) client.stop();
  });
  await fc.assert(property, {
    numRuns: counted({ fast: 15, full: 60, long: 2_000 }),
    seed: 20261124,
    endOnFailure: true,
  });
}, 600_000);

/** At rest, whatever a tab has loaded is what a new page of it shows, markers and all. */
async function check({ a, conversation, tabs, written }: World): Promise<void> {
  const { messages } = await a.commands.page({ conversation, before: null, limit: 500 });
  expect(messages.filter(({ seq }) => seq === null)).toEqual([]);
  const keys = messages.filter(({ own }) => own).map(({ key }) => key);
  expect(keys.filter((key) => written.includes(key))).toEqual(written);
  for (const tab of tabs) {
    expectOrder(tab, written);
    const from = tab.messages[0]?.seq ?? Infinity;
    const { opened } = tab.store.thread(conversation);
    if (opened) expect(tab.messages).toEqual(messages.filter(({ seq }) => (seq ?? 0) >= from));
  }
}
