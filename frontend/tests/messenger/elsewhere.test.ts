import { beforeEach, expect, test } from "vitest";
import { say, TestClient } from "./world/client";
import type { TestHost } from "./world/host";
import type { Team } from "./world/team";
import { add, remove, rosterOf, team } from "./world/team";

/** A new browser of somebody who was not always in a team: what they had is there, and nothing is wrong. */
let world: Team;
beforeEach(async () => {
  world = await team();
});

async function recovered(host: TestHost, { session, recovery }: TestClient): Promise<TestClient> {
  const second = new TestClient(host, session.person);
  await second.commands.open();
  await second.commands.recover({ code: recovery.join("-") });
  await second.settle(20_000);
  return second;
}

test("L14 of somebody who came later: own state names the very epoch that added them", async () => {
  const { host, a, c, conversation } = world;
  await say(a, conversation, "avant");
  await add(a, conversation, c);
  await say(a, conversation, "après");
  await c.settle(20_000);
  const second = await recovered(host, c);
  expect(await second.texts(conversation)).toEqual(await c.texts(conversation));
  expect(await second.texts(conversation)).toEqual(["après"]);
  expect(rosterOf(second, conversation)).toEqual(["Inès coordinator", "Damien member", "Chloé member"]);
  expect(second.view(conversation).alarm).toBeNull();
  await say(second, conversation, "du second");
  await a.settle(20_000);
  expect(await a.texts(conversation)).toContain("du second");
});

test("L14 of somebody who went and came back: both stays are there", async () => {
  const { host, a, b, conversation } = world;
  await say(a, conversation, "un");
  await b.settle(20_000);
  await remove(a, conversation, b);
  await say(a, conversation, "sans Damien");
  await add(a, conversation, b);
  await say(a, conversation, "revenu");
  await b.settle(20_000);
  const second = await recovered(host, b);
  expect(await second.texts(conversation)).toEqual(["un", "revenu"]);
  expect(second.view(conversation).alarm).toBeNull();
  await say(second, conversation, "du second");
  await a.settle(20_000);
  expect(await a.texts(conversation)).toContain("du second");
});
