import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FromServer } from "../../src/protocol";
import type { MessageView } from "../../src/store/model";
import { SIGNS } from "../../src/store/model";
import { counted } from "./scale";
import type { Pair, TestClient } from "./world/client";
import { pair, say } from "./world/client";
import { flush } from "./world/timers";

/** What may happen between two people and their network. */
type Act =
  | { readonly act: "say"; readonly who: "a" | "b"; readonly text: string }
  | { readonly act: "edit" | "retract" | "react" | "answer"; readonly who: "a" | "b"; readonly which: number }
  | { readonly act: "read" | "reload" | "draft" | "mute"; readonly who: "a" | "b" }
  | { readonly act: "silence" | "sound" | "mend" }
  | { readonly act: "hints"; readonly how: "lost" | "doubled" | "late" }
  | { readonly act: "pass"; readonly ms: number };

const who = fc.constantFrom("a", "b");
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant("say"),
      who,
      text: fc.string({ minLength: 1, maxLength: 12 }).map((text) => `${text}.`),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constantFrom("edit", "retract", "react", "answer"),
      who,
      which: fc.nat(30),
    }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constantFrom("read", "reload", "draft", "mute"), who }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constantFrom("silence", "sound", "mend") }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant("hints"), how: fc.constantFrom("lost", "doubled", "late") }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant("pass"), ms: fc.constantFrom(0, 50, 1_500, 30_000) }),
  },
);

const HINTS = ["entry", "behind", "markers", "person"] as const;

function disturb({ host }: Pair, how: "lost" | "doubled" | "late"): void {
  const kept: FromServer[] = [];
  const lie = (frame: FromServer): readonly FromServer[] => {
    if (how === "lost") return [];
    if (how === "doubled") return [frame, frame];
    return [...kept.splice(0, kept.length, frame)];
  };
  for (const hint of HINTS) host.lies.set(hint, (frame) => lie(frame as FromServer));
}

async function perform(world: Pair, one: Act): Promise<void> {
  const { host, conversation } = world;
  switch (one.act) {
    case "say":
      return void (await say(world[one.who], conversation, one.text).catch(() => undefined));
    case "edit":
    case "retract":
    case "react":
    case "answer":
      return about(world[one.who], conversation, one);
    case "mute":
      return void (await world[one.who].commands
        .mute({ conversation, muted: !world[one.who].view(conversation).muted })
        .catch(() => undefined));
    case "read":
      // Not awaited: behind an append whose answer is lost, it waits for time that only the next acts let pass.
      world[one.who].commands.markRead({ conversation, seq: 1_000_000 }).catch(() => undefined);
      return flush();
    case "draft":
      return void (await world[one.who].commands
        .saveDraft({ conversation, text: "plus tard" })
        .catch(() => undefined));
    case "reload":
      return reload(world[one.who], conversation);
    case "silence":
    case "sound":
      host.isSilent = one.act === "silence";
      return;
    case "hints":
      return disturb(world, one.how);
    case "mend":
      return host.lies.clear();
    case "pass":
      return host.timers.pass(one.ms);
  }
}

type About = Extract<Act, { readonly which: number }>;

/** Something said of a message on screen; what the rules refuse is refused. */
async function about({ store, commands }: TestClient, conversation: string, one: About): Promise<void> {
  const texts = store.thread(conversation).messages.filter(({ body }) => body.kind === "text");
  const target = texts[texts.length - 1 - (one.which % Math.max(texts.length, 1))];
  if (target === undefined) return;
  const { key } = target;
  const acts = {
    edit: () => commands.edit({ conversation, key, text: `mieux ${String(one.which)}`, mentions: [] }),
    retract: () => commands.retract({ conversation, key }),
    react: () => commands.react({ conversation, key, sign: SIGNS[one.which % (SIGNS.length + 1)] ?? null }),
    answer: () => commands.send({ conversation, text: "et vous ?", quote: key, mentions: [] }),
  };
  await acts[one.act]().catch(() => undefined);
}

async function reload(client: TestClient, conversation: string): Promise<void> {
  const { isSilent } = client.host;
  client.host.isSilent = false;
  await client.reload();
  client.host.isSilent = isSilent;
  await client.show(conversation);
}

const withoutLateness = (messages: readonly MessageView[]) =>
  messages.map(({ late: _, ...message }) => message);

const shown = (client: TestClient, conversation: string) => ({
  messages: withoutLateness(client.store.thread(conversation).messages),
  conversation: { ...client.view(conversation), behind: false },
});

async function calm({ host }: Pair): Promise<void> {
  host.lies.clear();
  host.isSilent = false;
  await host.timers.pass(90_000);
}

async function check(world: Pair, client: TestClient): Promise<readonly string[]> {
  // A thread on screen is looked at; a new browser session asks for the markers of all.
  await client.commands.look({ conversation: world.conversation });
  await client.settle(200);
  const live = shown(client, world.conversation);
  await client.reload();
  await client.show(world.conversation);
  await client.commands.look({ conversation: world.conversation });
  await client.settle(200);
  expect(shown(client, world.conversation)).toEqual(live);
  expect(client.view(world.conversation)).toMatchObject({ queued: 0, alarm: null });
  return live.messages.flatMap(({ body }) => (body.kind === "text" ? [body.text] : []));
}

describe("a reload", () => {
  it("A8, A5: shows what live frames showed, whatever happened before", async () => {
    const runs = counted({ fast: 50, full: 300, long: 3_000 });
    const said = { count: 0 };
    let world = await pair();
    let uses = 0;
    const property = fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 12 }), async (acts) => {
      if (uses++ % 10 === 0) world = await pair();
      for (const client of [world.a, world.b]) await client.show(world.conversation);
      for (const one of acts) await perform(world, one);
      await calm(world);
      const [texts, same] = [await check(world, world.a), await check(world, world.b)];
      expect(texts).toEqual(same);
      said.count = texts.length;
    });
    await fc.assert(property, { numRuns: runs, seed: 20261124, endOnFailure: true });
    expect(said.count).toBeGreaterThan(0);
  }, 900_000);

  it("A4: hundreds of interleaved messages are shown once, in one order", async () => {
    const { a, b, conversation } = await pair();
    await a.show(conversation);
    await b.show(conversation);
    const each = counted({ fast: 50, full: 200, long: 200 });
    for (let n = 0; n < each; n++)
      await Promise.all([say(a, conversation, `A ${String(n)}`), say(b, conversation, `B ${String(n)}`)]);
    await a.settle(10_000);
    const texts = (client: TestClient) =>
      shown(client, conversation).messages.flatMap(({ body }) => (body.kind === "text" ? [body.text] : []));
    expect(texts(a)).toEqual(texts(b));
    expect(new Set(texts(a)).size).toBe(2 * each);
  });
});
