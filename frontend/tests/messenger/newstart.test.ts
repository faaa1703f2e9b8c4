import { expect, it } from "vitest";
import { CommandError } from "../../src/messenger/commands";
import type { Pair } from "./world/client";
import { pair } from "./world/client";

/** What an administrator's new start leaves: no chain for this person, and no session of theirs bound. */
function endKeys({ a }: Pair): void {
  const { person } = a.session;
  [person.log, person.statements, person.seeds] = [null, [], []];
  a.session.device = null;
}

it("K20: there is no beginning anew while the keys are the person's", async () => {
  const { a } = await pair();
  await expect(a.commands.beginAnew()).rejects.toEqual(new CommandError("not_allowed"));
});

it("K16, K20: a browser whose keys were ended shows it, and begins anew only when its user says so", async () => {
  const world = await pair();
  const { a, conversation } = world;
  endKeys(world);
  await a.reload();
  expect(a.store.session.stage).toBe("ready");
  expect(a.store.session.me?.ready).toBe(false);
  expect(a.view(conversation).alarm).toMatchObject({ kind: "key_log_refused", blocks: true });
  expect((await a.commands.beginAnew()).stage).toBe("first_steps");
  const groups = await a.commands.prepareKeys();
  await a.commands.finishKeys({ answers: { 1: groups[0] ?? "" } });
  await a.settle(10_000);
  expect((await a.commands.open()).session).toMatchObject({ stage: "ready", me: { ready: true } });
  expect((await a.commands.devices()).devices).toHaveLength(2);
});
