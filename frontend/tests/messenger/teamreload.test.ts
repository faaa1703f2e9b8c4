import fc from "fast-check";
import { expect, it } from "vitest";
import type { FromServer } from "../../src/protocol";
import { SIGNS } from "../../src/store/model";
import { counted } from "./scale";
import type { TestClient } from "./world/client";
import { say } from "./world/client";
import type { Team } from "./world/team";
import { add, bothWays, idOf, NOBODY, remove, team, teamView } from "./world/team";
import { flush } from "./world/timers";

type Who = "a" | "b" | "c";
type Asked =
  | { readonly act: "add" | "remove" | "role"; readonly who: Who; readonly whom: Who }
  | { readonly act: "retract" | "react" | "edit"; readonly who: Who; readonly which: number }
  | { readonly act: "say" | "leave" | "reload" | "read" | "title"; readonly who: Who };
type Act =
  | Asked
  | { readonly act: "silence" | "sound" | "lose" | "mend" }
  | { readonly act: "pass"; readonly ms: number };

const who = fc.constantFrom<Who>("a", "b", "c");
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ act: fc.constantFrom("add", "remove", "role"), who, whom: who }) },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constantFrom("retract", "react", "edit"), who, which: fc.nat(20) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constantFrom("say", "say", "say", "leave", "reload", "read", "title"),
      who,
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constantFrom("silence", "sound", "lose", "mend") }) },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant("pass"), ms: fc.constantFrom(0, 50, 1_500, 30_000) }),
  },
);

/** What the rules or the host refuse is refused: nobody waits for it. */
async function perform(world: Team, one: Act): Promise<void> {
  const { host } = world;
  if ("who" in one) {
    asked(world, one).catch(() => undefined);
    return flush();
  }
  if (one.act === "pass") return host.timers.pass(one.ms);
  if (one.act === "silence" || one.act === "sound") return void (host.isSilent = one.act === "silence");
  if (one.act === "mend") return host.lies.clear();
  if (one.act === "lose") {
    for (const frame of ["entry", "behind", "gone", "person"] satisfies FromServer["type"][])
      host.lies.set(frame, () => []);
    return;
  }
}

async function asked(world: Team, one: Asked): Promise<unknown> {
  const client = world[one.who];
  const { conversation } = world;
  switch (one.act) {
    case "add":
      return add(client, conversation, world[one.whom], one.whom === "a" ? "coordinator" : "member");
    case "remove":
      return remove(client, conversation, world[one.whom]);
    case "role": {
      const roles = [{ person: idOf(world[one.whom]), role: "coordinator" as const }];
      return client.commands.changeTeam({ conversation, ...NOBODY, roles });
    }
    case "leave":
      return client.commands.leaveTeam({ conversation });
    case "title":
      return client.commands.setTitle({ conversation, title: `Titre ${one.who}` });
    case "say":
      return say(client, conversation, `${one.who} ${String(world.host.timers.now())}`);
    case "read":
      return client.commands.markRead({ conversation, seq: 1_000 });
    case "reload":
      return reload(client, conversation);
    default:
      return about(client, conversation, one);
  }
}

async function about(
  client: TestClient,
  conversation: string,
  one: Extract<Asked, { which: number }>,
): Promise<unknown> {
  const { commands, store } = client;
  const texts = store.thread(conversation).messages.filter(({ body }) => body.kind === "text");
  const key = texts[one.which % Math.max(texts.length, 1)]?.key ?? "e1";
  if (one.act === "retract") return commands.retract({ conversation, key });
  if (one.act === "edit") return commands.edit({ conversation, key, text: "mieux", mentions: [] });
  return commands.react({ conversation, key, sign: SIGNS[one.which % SIGNS.length] ?? null });
}

async function reload(client: TestClient, conversation: string): Promise<void> {
  const { isSilent } = client.host;
  client.host.isSilent = false;
  await client.reload();
  client.host.isSilent = isSilent;
  if (client.store.conversations.get(conversation) !== null) await client.show(conversation);
}

/** An honest host raises no alarm, and what is on screen is what is kept. */
async function check({ host, conversation, ...people }: Team): Promise<number> {
  let shown = 0;
  for (const client of [people.a, people.b, people.c]) {
    if (client.store.conversations.get(conversation) === null) continue;
    const see = () => {
      const messages = client.store.thread(conversation).messages.map(({ late: _, ...message }) => message);
      return { messages, view: { ...teamView(client, conversation), behind: false } };
    };
    const [live, reloaded] = await bothWays(client, conversation, see);
    expect(reloaded).toEqual(live);
    expect(live.view.alarm === null || live.view.alarm.kind === "added_by_another").toBe(true);
    const { epoch } = host.logs.get(conversation)?.current ?? { epoch: null };
    if (!live.view.gone) expect(live.view.members).toHaveLength(epoch?.roster.length ?? 0);
    shown += live.messages.length;
  }
  return shown;
}

it("A8, A5: a team looks the same after a reload, whatever happened in it", async () => {
  let shown = 0;
  const property = fc.asyncProperty(fc.array(act, { minLength: 8, maxLength: 30 }), async (acts) => {
    const world = await team();
    await add(world.a, world.conversation, world.c);
    await world.host.timers.pass(5_000);
    for (const client of [world.a, world.b, world.c]) await client.show(world.conversation);
    for (const one of acts) await perform(world, one);
    world.host.lies.clear();
    world.host.isSilent = false;
    await world.host.timers.pass(120_000);
    shown += await check(world);
    for (const client of [world.a, world.b, world.c]) client.stop();
  });
  const numRuns = counted({ fast: 10, full: 30, long: 1_000 });
  await fc.assert(property, { numRuns, seed: 20261124, endOnFailure: true });
  expect(shown).toBeGreaterThan(0);
}, 900_000);
