import { describe, expect, it } from "vitest";
import { say, TestClient } from "./world/client";
import { Hand } from "./world/hand";
import { Says } from "./world/host";
import {
  add,
  bodies,
  bothWays,
  formerOf,
  idOf,
  NOBODY,
  remove,
  rosterOf,
  team,
  teamView,
  three,
} from "./world/team";

describe("a team, refused", () => {
  it("M13, E5: a title that is none, and more than two hundred persons", async () => {
    const { a, b } = await three();
    const members = [{ person: idOf(b), role: "member" as const }];
    await expect(a.commands.createTeam({ title: " \n ", members })).rejects.toMatchObject({
      code: "too_long",
    });
    await expect(a.commands.createTeam({ title: "é".repeat(81), members })).rejects.toMatchObject({
      code: "too_long",
    });
    const crowd = Array.from({ length: 200 }, (_, n) => ({
      person: n.toString(16).padStart(32, "f"),
      role: "member" as const,
    }));
    await expect(a.commands.createTeam({ title: "Tous", members: crowd })).rejects.toMatchObject({
      code: "too_many",
    });
  });

  it("E20: a member changes nothing", async () => {
    const { b, c, conversation } = await team();
    for (const act of [
      () => add(b, conversation, c),
      () => remove(b, conversation, b),
      () => b.commands.setTitle({ conversation, title: "À moi" }),
      () => b.commands.takeRole({ conversation }),
    ])
      await expect(act()).rejects.toMatchObject({ code: "not_allowed" });
  });

  it("E21: the last coordinator neither steps down nor leaves", async () => {
    const { a, b, conversation } = await team();
    const roles = [{ person: idOf(a), role: "member" as const }];
    await expect(a.commands.changeTeam({ conversation, ...NOBODY, roles })).rejects.toMatchObject({
      code: "last_coordinator",
    });
    await expect(a.commands.leaveTeam({ conversation })).rejects.toMatchObject({ code: "last_coordinator" });
    await expect(a.commands.changeTeam({ conversation, ...NOBODY, remove: [idOf(a)] })).rejects.toMatchObject(
      {
        code: "not_allowed",
      },
    );
    expect(rosterOf(b, conversation)).toEqual(["Inès coordinator", "Damien member"]);
  });

  it("a host that does not answer", async () => {
    const { host, a, c, conversation } = await team();
    host.isSilent = true;
    a.commands.look({ conversation }).catch(() => undefined);
    await a.settle(60_000);
    await expect(add(a, conversation, c)).rejects.toMatchObject({ code: "offline" });
  });
});

describe("a team", () => {
  it("is founded with a sealed title, and everybody sees the same", async () => {
    const { host, a, b, conversation } = await team();
    for (const client of [a, b]) {
      expect(teamView(client, conversation)).toMatchObject({
        title: "Plaies du jeudi",
        gone: false,
        alarm: null,
      });
      expect(rosterOf(client, conversation)).toEqual(["Inès coordinator", "Damien member"]);
    }
    const [, row] = teamView(b, conversation).members;
    expect(row).toMatchObject({ by: idOf(a), paused: false, leaving: false });
    const sealed = host.logs
      .get(conversation)
      ?.entries.map(({ bytes }) => Buffer.from(bytes).toString("latin1"));
    expect(sealed?.join()).not.toContain("Plaies");
  });

  it("M13, L12: who is added reads from there on, and the title", async () => {
    const { a, b, c, conversation } = await team();
    await say(a, conversation, "avant Chloé");
    await add(a, conversation, c, "coordinator");
    await a.settle();
    await say(b, conversation, "avec Chloé");
    await a.settle();
    expect(await c.texts(conversation)).toEqual(["avec Chloé"]);
    expect(await a.texts(conversation)).toEqual(["avant Chloé", "avec Chloé"]);
    expect(teamView(c, conversation)).toMatchObject({
      title: "Plaies du jeudi",
      role: "coordinator",
      alarm: null,
    });
    const changes = bodies(await b.show(conversation)).filter(({ kind }) => kind === "roster");
    expect(changes).toEqual([{ kind: "roster", changes: [{ event: "added", person: idOf(c) }] }]);
    const [live, reloaded] = await bothWays(c, conversation, () => teamView(c, conversation));
    expect(reloaded).toEqual(live);
  });

  it("F12, E20: who is removed gets nothing more, and comes back with a hole", async () => {
    const { host, a, b, c, conversation } = await team();
    await add(a, conversation, c);
    await a.settle();
    await remove(a, conversation, c);
    await a.settle();
    await say(b, conversation, "sans Chloé");
    await a.settle();
    expect(teamView(c, conversation).gone).toBe(true);
    expect(formerOf(a, conversation)).toEqual(["Chloé"]);
    expect(await c.texts(conversation)).toEqual([]);
    await expect(say(c, conversation, "et moi ?").then(() => c.settle())).resolves.toBeUndefined();
    expect(host.logs.get(conversation)?.entries.length).toBe(6);
    await add(a, conversation, c);
    await a.settle();
    await say(b, conversation, "de nouveau avec Chloé");
    await a.settle();
    expect(await c.texts(conversation)).toEqual(["et moi ?", "de nouveau avec Chloé"]);
    const shown = bodies(await c.show(conversation));
    expect(shown).toContainEqual({ kind: "unshared", count: 1 });
    expect(teamView(c, conversation)).toMatchObject({ gone: false, alarm: null });
    expect(formerOf(a, conversation)).toEqual([]);
    const [live, reloaded] = await bothWays(c, conversation, () => c.store.thread(conversation).messages);
    expect(reloaded).toEqual(live);
  });

  it("L11, E16: a leaver is gone at once; the next message has a new epoch", async () => {
    const { host, a, b, c, conversation } = await team();
    await add(a, conversation, c);
    await a.settle();
    await c.commands.leaveTeam({ conversation });
    await a.settle();
    expect(teamView(c, conversation).gone).toBe(true);
    expect(teamView(a, conversation).members.find(({ person }) => person.id === idOf(c))).toMatchObject({
      leaving: true,
    });
    await say(b, conversation, "sans Chloé");
    await a.settle();
    expect(rosterOf(a, conversation)).toEqual(["Inès coordinator", "Damien member"]);
    expect(await a.texts(conversation)).toEqual(["sans Chloé"]);
    expect(await c.texts(conversation)).toEqual([]);
    const kinds = host.logs.get(conversation)?.entries.length;
    expect(kinds).toBe(7);
    const told = bodies(await b.show(conversation))
      .filter(({ kind }) => kind === "roster")
      .at(-1);
    expect(told).toEqual({ kind: "roster", changes: [{ event: "left", person: idOf(c) }] });
  });

  it("hands coordination over, and whoever gave it leaves", async () => {
    const { a, b, conversation } = await team();
    const roles = [{ person: idOf(b), role: "coordinator" as const }];
    await a.commands.changeTeam({ conversation, ...NOBODY, roles });
    await a.settle();
    await a.commands.leaveTeam({ conversation });
    await a.settle();
    await b.commands.setTitle({ conversation, title: "Plaies" });
    await a.settle();
    expect(rosterOf(b, conversation)).toEqual(["Damien coordinator"]);
    expect(teamView(b, conversation).title).toBe("Plaies");
    expect(teamView(a, conversation)).toMatchObject({ gone: true, title: "Plaies du jeudi" });
  });

  it("A8: every browser shows the same after each step, and after a reload", async () => {
    const { a, b, c, conversation } = await team();
    const steps = [
      () => add(a, conversation, c),
      () => say(c, conversation, "bonjour"),
      () => remove(a, conversation, b),
      () => say(a, conversation, "à deux"),
      () => add(a, conversation, b, "coordinator"),
      () => c.commands.leaveTeam({ conversation }),
      () => say(b, conversation, "au revoir"),
    ];
    for (const step of steps) {
      await step();
      await a.settle();
      const there = [a, b, c].filter((client) => client.store.conversations.get(conversation) !== null);
      const members = there.filter((client) => !teamView(client, conversation).gone);
      const rosters = members.map((client) => rosterOf(client, conversation));
      for (const roster of rosters) expect(roster).toEqual(rosters[0]);
      for (const client of there) expect(teamView(client, conversation).alarm).toBeNull();
    }
    for (const client of [a, b, c]) {
      const see = () => ({
        view: teamView(client, conversation),
        messages: client.store.thread(conversation).messages,
      });
      const [live, reloaded] = await bothWays(client, conversation, see);
      expect(reloaded).toEqual(live);
    }
  });

  it("E14, E21: the coordinator is suspended; a professional takes the role, nobody else, and resumes them", async () => {
    const { host, a, b, c, conversation } = await team();
    await add(a, conversation, c);
    await a.settle();
    host.suspend(a.session.person);
    await b.settle();
    expect(teamView(b, conversation)).toMatchObject({ orphaned: true, role: "member" });
    expect(teamView(c, conversation).orphaned).toBe(false);
    await expect(c.commands.takeRole({ conversation })).rejects.toMatchObject({ code: "not_allowed" });
    await b.commands.takeRole({ conversation });
    await b.settle();
    expect(teamView(c, conversation).members.map(({ role, paused }) => [role, paused])).toEqual([
      ["coordinator", true],
      ["coordinator", false],
      ["member", false],
    ]);
    expect(bodies(await c.show(conversation)).at(-1)).toEqual({
      kind: "roster",
      changes: [
        { event: "paused", person: idOf(a) },
        { event: "took_role", person: idOf(b) },
      ],
    });
    await say(b, conversation, "sans Inès");
    await b.settle();
    expect(await a.texts(conversation)).toEqual([]);
    await b.commands.changeTeam({ conversation, ...NOBODY, resume: [idOf(a)] });
    await say(b, conversation, "avec Inès");
    await b.settle();
    expect(await a.texts(conversation)).toEqual(["avec Inès"]);
  });

  it("L14: added again by somebody who did not coordinate: nothing is sealed until the user has looked", async () => {
    const { host, a, b, c, conversation } = await team();
    await add(a, conversation, c);
    await a.settle();
    await c.commands.leaveTeam({ conversation });
    await a.settle();
    await a.commands.changeTeam({
      conversation,
      ...NOBODY,
      roles: [{ person: idOf(b), role: "coordinator" }],
    });
    await b.settle();
    await add(b, conversation, c);
    await b.settle();
    expect(teamView(c, conversation).alarm).toMatchObject({
      kind: "added_by_another",
      person: idOf(b),
      blocks: true,
    });
    const head = host.logs.get(conversation)?.head;
    await say(c, conversation, "retenu");
    await c.settle();
    expect(host.logs.get(conversation)?.head).toBe(head);
    await c.commands.acknowledge({ conversation });
    await c.settle();
    expect(teamView(c, conversation).alarm).toBeNull();
    expect(await b.texts(conversation)).toEqual(["retenu"]);
  });

  it("P5, S1: another browser of a member opens all of it, alone, and shows the same", async () => {
    const { host, a, b, conversation } = await team();
    const key = await say(a, conversation, "premier");
    await a.settle();
    await a.commands.edit({ conversation, key, text: "premier, mieux", mentions: [] });
    await b.commands.mute({ conversation, muted: true });
    await b.settle(20_000);
    a.stop();
    b.stop();
    const second = new TestClient(host, b.session.person);
    await second.commands.open();
    await second.commands.recover({ code: b.recovery.join("-") });
    await second.settle(10_000);
    expect(await second.texts(conversation)).toEqual(["premier, mieux"]);
    expect(teamView(second, conversation)).toMatchObject({
      title: "Plaies du jeudi",
      muted: true,
      alarm: null,
    });
    await say(second, conversation, "de l'autre navigateur");
    await second.settle();
    await a.reload();
    await a.settle();
    expect(await a.texts(conversation)).toEqual(["premier, mieux", "de l'autre navigateur"]);
  });

  it("E5: two hundred persons", async () => {
    const { host, a, b } = await three();
    const crowd = Array.from({ length: 197 }, (_, n) => new Hand(host, `Membre ${String(n)}`));
    const others = [idOf(b), ...crowd.map(({ session }) => session.person.id)];
    const members = others.map((person) => ({ person, role: "member" as const }));
    const conversation = await a.commands.createTeam({ title: "Tout le monde", members });
    await a.settle();
    await say(a, conversation, "bonjour à tous");
    await a.settle(10_000);
    expect(teamView(b, conversation)).toMatchObject({ title: "Tout le monde", alarm: null });
    expect(teamView(b, conversation).members).toHaveLength(199);
    expect(await b.texts(conversation)).toEqual(["bonjour à tous"]);
    const [x, y] = [new Hand(host, "Deux cents"), new Hand(host, "Deux cent un")].map(({ session }) => ({
      person: session.person.id,
      role: "member" as const,
    }));
    if (x === undefined || y === undefined) throw new Error("nobody");
    await expect(a.commands.changeTeam({ conversation, ...NOBODY, add: [x, y] })).rejects.toMatchObject({
      code: "too_many",
    });
    await a.commands.changeTeam({ conversation, ...NOBODY, add: [x] });
    await a.settle();
    expect(teamView(b, conversation).members).toHaveLength(200);
  }, 120_000);

  it("M13: the title is said again by another coordinator when the one who added is gone", async () => {
    const { host, a, b, c, conversation } = await team();
    await a.commands.changeTeam({
      conversation,
      ...NOBODY,
      roles: [{ person: idOf(b), role: "coordinator" }],
    });
    await a.settle();
    const append = host.append.bind(host);
    host.append = () => {
      throw new Says("throttled");
    };
    await add(a, conversation, c);
    await a.settle();
    a.stop();
    host.append = append;
    await c.settle(120_000);
    expect(teamView(c, conversation).title).toBeNull();
    await b.reload();
    await c.settle();
    expect(teamView(c, conversation).title).toBe("Plaies du jeudi");
    await b.reload();
    await c.settle();
    const titles = bodies(await b.show(conversation)).filter(({ kind }) => kind === "title");
    expect(titles).toHaveLength(2);
  });

  it("E15: two coordinators at the same moment: one epoch after the other, and nothing is lost", async () => {
    const { host, a, b, c, conversation } = await team();
    await a.commands.changeTeam({
      conversation,
      ...NOBODY,
      roles: [{ person: idOf(b), role: "coordinator" }],
    });
    await a.settle();
    const { person } = new Hand(host, "Élodie").session;
    const both = [
      add(a, conversation, c),
      b.commands.changeTeam({ conversation, ...NOBODY, add: [{ person: person.id, role: "member" }] }),
      say(a, conversation, "de A"),
      say(b, conversation, "de B"),
    ];
    await a.settle();
    await Promise.all(both);
    await a.settle();
    for (const client of [a, b, c]) {
      expect(teamView(client, conversation).members).toHaveLength(4);
      expect(teamView(client, conversation).alarm).toBeNull();
    }
    expect([...(await a.texts(conversation))].sort()).toEqual(["de A", "de B"]);
    expect(host.logs.get(conversation)?.current?.epoch.number).toBe(3);
  });
});
