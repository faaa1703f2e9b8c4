import { beforeEach, describe, expect, it } from "vitest";
import type { Conversations } from "../../src/protocol";
import type { TestClient } from "./world/client";
import { say } from "./world/client";
import type { Team } from "./world/team";
import { add, idOf, NOBODY, remove, rosterOf, team, teamView } from "./world/team";

/** K15: B, who coordinates too, adds C; to A the host names nobody for that row. */
let world: Team;
beforeEach(async () => {
  world = await team();
  const { host, a, b, c, conversation } = world;
  await change({ roles: [{ person: idOf(b), role: "coordinator" }] });
  host.lies.set(`GET /api/conversations ${idOf(a)}`, (honest) => {
    const listed = honest as Conversations;
    const told = listed.conversations.map((one) => ({
      ...one,
      persons: one.persons.filter(({ id }) => id !== idOf(c)),
    }));
    return { ...listed, conversations: told };
  });
  await add(b, conversation, c);
  await a.settle(10_000);
});

const change = (part: Partial<Parameters<TestClient["commands"]["changeTeam"]>[0]>): Promise<void> =>
  world.a.commands.changeTeam({ ...NOBODY, ...part, conversation: world.conversation });
const nameless = () =>
  teamView(world.a, world.conversation).members.filter(({ person }) => person.family === "");
const nobody = (): string => nameless()[0]?.person.id ?? "";

describe("refused: whoever is in no row", () => {
  it.each(["remove", "resume", "roles"] as const)("%s", async (part) => {
    const { host, a, b, conversation } = world;
    const head = host.logs.get(conversation)?.head;
    for (const person of [host.addPerson("Zoé").id, "", "AAAA"]) {
      const named = part === "roles" ? [{ person, role: "coordinator" as const }] : [person];
      await expect(change({ [part]: named })).rejects.toMatchObject({ code: "not_found" });
    }
    expect(host.logs.get(conversation)?.head).toBe(head);
    expect(rosterOf(b, conversation)).toHaveLength(3);
    expect(a.view(conversation).alarm).toMatchObject({ cause: "unknown_device", blocks: false });
  });

  it("a role for somebody whom another coordinator has removed", async () => {
    const { a, b, c, conversation } = world;
    await remove(b, conversation, c);
    await expect(change({ roles: [{ person: idOf(c), role: "coordinator" }] })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(rosterOf(a, conversation)).toHaveLength(2);
  });
});

describe("a member whom the host does not name", () => {
  it("is shown, and removed", async () => {
    const { a, c, conversation } = world;
    expect(nameless()).toHaveLength(1);
    await change({ remove: [nobody()] });
    await a.settle(10_000);
    expect(rosterOf(a, conversation)).toEqual(["Inès coordinator", "Damien coordinator"]);
    expect(teamView(a, conversation).alarm).toBeNull();
    await say(a, conversation, "entre nous");
    await a.settle(10_000);
    expect(await c.texts(conversation)).toEqual([]);
  });

  it("gets a role", async () => {
    const { a, c, conversation } = world;
    await change({ roles: [{ person: nobody(), role: "coordinator" }] });
    await a.settle(10_000);
    expect(teamView(c, conversation).role).toBe("coordinator");
  });

  it("takes part again", async () => {
    const { host, a, b, c, conversation } = world;
    host.suspend(c.session.person);
    await say(b, conversation, "sans Chloé");
    await a.settle(10_000);
    expect(nameless()).toMatchObject([{ paused: true }]);
    await change({ resume: [nobody()] });
    await a.settle(10_000);
    expect(nameless()).toMatchObject([{ paused: false }]);
  });

  it("is removed as well once the host names them after all", async () => {
    const { host, a, conversation } = world;
    const asked = nobody();
    host.lies.clear();
    await a.reload();
    await a.settle(10_000);
    expect(nameless()).toEqual([]);
    await change({ remove: [asked] });
    await a.settle(10_000);
    expect(rosterOf(a, conversation)).toHaveLength(2);
  });

  it("what another coordinator has done meanwhile is done", async () => {
    const { a, b, c, conversation } = world;
    const asked = nobody();
    await remove(b, conversation, c);
    await change({ remove: [asked] });
    expect(rosterOf(a, conversation)).toHaveLength(2);
  });
});
