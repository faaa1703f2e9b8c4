import { expect, test, vi } from "vitest";
import type { Commands } from "../../src/messenger/commands";
import { CommandError } from "../../src/messenger/commands";
import type { TeamView } from "../../src/store/model";
import { isAbout, titleOf } from "../../src/ui/people/naming";
import { Choosing, LARGEST } from "../../src/ui/team/choosing.svelte";
import { Teaming } from "../../src/ui/team/teaming.svelte";
import { anneLise, conversation, everyone, gaetan, loic, me, team, zoe } from "./stage/cast";

const idOf = (n: number): string => n.toString(16).padStart(32, "0");

function teaming(view: TeamView, asked: Partial<Commands> = {}): Teaming {
  const done = (): Promise<void> => Promise.resolve();
  return new Teaming({ changeTeam: done, leaveTeam: done, ...asked } as Commands, () => view);
}

test("somebody who is already there cannot be chosen, and nobody twice", () => {
  const choosing = new Choosing([me.id, anneLise.id]);
  choosing.toggle(anneLise);
  expect(choosing.choices).toEqual([]);
  choosing.toggle(zoe);
  choosing.toggle(zoe);
  expect(choosing.choices).toEqual([]);
});

test("beyond two hundred nobody more is taken, and one can still be let go", () => {
  const choosing = new Choosing(Array.from({ length: LARGEST - 1 }, (_, n) => idOf(n)));
  choosing.toggle(zoe);
  choosing.toggle(gaetan);
  expect(choosing.full).toBe(true);
  expect(choosing.wishes).toEqual([{ person: zoe.id, role: "member" }]);
  choosing.toggle(zoe);
  expect(choosing.full).toBe(false);
});

test("a role belongs to the one it was chosen for", () => {
  const choosing = new Choosing([me.id]);
  choosing.toggle(zoe);
  choosing.toggle(gaetan);
  choosing.setRole(gaetan, "coordinator");
  expect(choosing.wishes.map(({ role }) => role)).toEqual(["member", "coordinator"]);
});

test("a team is found by its title and by its members, not by oneself", () => {
  const found = (query: string): boolean => isAbout(team({ title: "Relais du mardi" }), query);
  expect([found("relais"), found("du mardi"), found("testard")]).toEqual([true, true, true]);
  expect([found("jeudi"), found("FACTICE-MODELE")]).toEqual([false, false]);
});

test("a team whose title is not open yet still has a name", () => {
  expect(titleOf(team({ title: null }))).not.toBe("");
  expect(titleOf(conversation(zoe, {}))).toBe("Zoé ÉCHANTILLON");
});

test("the only one who coordinates is the last, whoever is paused or leaving", () => {
  const [first, own, ...others] = team().members;
  if (first === undefined || own === undefined) throw new Error("the stage has no team");
  expect(teaming(team()).isLast).toBe(false);
  expect(teaming(team({ members: [{ ...first, leaving: true }, own, ...others] })).isLast).toBe(true);
  expect(teaming(team({ members: [{ ...first, paused: true }, own, ...others] })).isLast).toBe(true);
  expect(teaming(team({ members: [own] })).isLast).toBe(false);
  expect(teaming(team({ role: "member" })).isLast).toBe(false);
});

test("a member and somebody who is gone coordinate nothing", () => {
  expect(teaming(team({ role: "member" })).coordinates).toBe(false);
  expect(teaming(team({ gone: true })).coordinates).toBe(false);
});

test("a refused change leaves its question open, and says why", async () => {
  const refused = teaming(team(), { changeTeam: () => Promise.reject(new CommandError("not_allowed")) });
  const member = team().members[4];
  if (member === undefined) throw new Error("the stage has no team");
  refused.ask({ kind: "remove", member });
  await refused.remove(member);
  expect(refused.question?.kind).toBe("remove");
  expect(refused.attempt.error).not.toBeNull();
  refused.ask(null);
  expect(refused.attempt.error).toBeNull();
});

test("who hands over names an heir before leaving, and does not leave when that is refused", async () => {
  const order: string[] = [];
  const changeTeam = vi.fn(() => Promise.resolve(void order.push("named")));
  const leaveTeam = vi.fn(() => Promise.resolve(void order.push("left")));
  await teaming(team(), { changeTeam, leaveTeam }).leave(gaetan.id);
  expect(order).toEqual(["named", "left"]);
  const refusing = { changeTeam: () => Promise.reject(new CommandError("unavailable")), leaveTeam };
  await teaming(team(), refusing).leave(loic.id);
  expect(order).toEqual(["named", "left"]);
  expect(everyone).toContain(loic);
});
