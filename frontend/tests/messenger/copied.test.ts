import { beforeEach, describe, expect, it } from "vitest";
import { CommandError } from "../../src/messenger/commands";
import type { Pair } from "./world/client";
import { pair, say, TestClient } from "./world/client";
import { copyOf } from "./world/copies";

/** M9: the original wrote something that its copy did not make. The copy cannot tell which of the two it is. */
let world: Pair;
let twin: TestClient;
let paper = "";
beforeEach(async () => {
  world = await pair();
  const { host, a, conversation } = world;
  await a.settle(30_000);
  const copy = await copyOf(a);
  await say(a, conversation, "de l'original");
  await a.settle();
  const { devices } = await a.commands.devices();
  paper = devices.find(({ sort }) => sort === "paper")?.id ?? "";
  a.stop();
  twin = new TestClient(host, a.session.person, copy);
  await twin.reload();
  await twin.settle();
});

const COPIED = new CommandError("copied");
const SIGNED = ["POST /api/keys/append", "POST /api/pairing/answer", "POST /api/epochs"];
const signed = (): readonly string[] => world.host.asked.filter((name) => SIGNED.includes(name));

describe("a copied profile", () => {
  it("M9: says so in every conversation, and goes on saying it", async () => {
    const alarm = { kind: "profile_copied", person: world.a.session.person.id, blocks: true };
    expect(twin.view(world.conversation).alarm).toMatchObject(alarm);
    await twin.reload();
    await twin.settle();
    expect(twin.view(world.conversation).alarm).toMatchObject(alarm);
    await expect(twin.commands.acknowledge({ conversation: world.conversation })).rejects.toEqual(
      new CommandError("not_allowed"),
    );
  });

  it("M9: sends nothing and marks nothing, and still reads what comes", async () => {
    const { host, b, conversation } = world;
    const before = new Map(host.markers);
    const head = host.logs.get(conversation)?.head ?? 0;
    await say(twin, conversation, "de la copie");
    await twin.settle(60_000);
    expect(host.logs.get(conversation)?.head).toBe(head);
    await say(b, conversation, "de Damien");
    await twin.settle(60_000);
    expect(await twin.texts(conversation)).toContain("de Damien");
    await twin.commands.markRead({ conversation, seq: head + 1 });
    await twin.settle(10_000);
    const device = (await twin.commands.devices()).devices.find(({ here }) => here)?.id ?? "";
    const place = `${conversation}/${device}`;
    expect(before.get(place)).toBeDefined(); // the original's
    expect(host.markers.get(place)).toBe(before.get(place));
  });

  it("M9: begins no conversation and no team", async () => {
    const { host } = world;
    const chloe = await new TestClient(host, host.addPerson("Chloé")).join();
    const person = chloe.session.person.id;
    const before = signed();
    await expect(twin.commands.openDirect({ person })).rejects.toEqual(COPIED);
    const members = [{ person, role: "member" as const }];
    await expect(twin.commands.createTeam({ title: "Plaies", members })).rejects.toEqual(COPIED);
    expect(signed()).toEqual(before);
  });

  it("M9: adds, removes and renews none of its person's devices", async () => {
    const { host, a } = world;
    const before = signed();
    await expect(twin.commands.revokeDevice({ device: paper })).rejects.toEqual(COPIED);
    const code = await twin.commands.prepareCode();
    const answers = { 1: code[0] ?? "" };
    for (const old of [null, a.recovery.join("")])
      await expect(twin.commands.finishCode({ answers, old })).rejects.toEqual(COPIED);
    const fresh = new TestClient(host, a.session.person);
    await fresh.commands.open();
    const { groups } = await fresh.commands.offerPairing();
    await twin.commands.takePairing({ code: groups.join("") });
    await expect(twin.commands.confirmPairing()).rejects.toEqual(COPIED);
    expect(signed()).toEqual(before);
  });

  it("M9: is over with the code de secours in another browser, which puts it out", async () => {
    const { host, a, b, conversation } = world;
    const other = new TestClient(host, a.session.person);
    await other.commands.open();
    await other.commands.recover({ code: a.recovery.join(""), alone: true });
    await other.settle(20_000);
    await other.commands.acknowledge({ conversation }); // the copied device made the protection in force
    await say(other, conversation, "de retour");
    await b.settle(20_000);
    expect(await b.texts(conversation)).toEqual(["de l'original", "de retour"]);
    const before = twin.session.device;
    twin.session.device = null;
    expect(before).not.toBeNull();
    twin.restart();
    expect((await twin.commands.open()).session.stage).toBe("recover");
  });
});
