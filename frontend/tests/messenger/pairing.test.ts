import { beforeEach, describe, expect, it } from "vitest";
import { CommandError } from "../../src/messenger/commands";
import type { OwnKeys, Pairing, PairingTaken } from "../../src/protocol";
import type { Pair } from "./world/client";
import { pair, say, TestClient } from "./world/client";

const OTHER = "A".repeat(43);

let world: Pair;
let fresh: TestClient;
beforeEach(async () => {
  world = await pair();
  fresh = new TestClient(world.host, world.a.session.person);
  expect((await fresh.commands.open()).session.stage).toBe("recover");
});

const statements = (): number => world.a.session.person.statements.length;
const written = (groups: readonly string[]): string => groups.join("-");
const refusing = (code: string) => new CommandError(code as CommandError["code"]);

/** The new browser keeps asking while the old one answers. */
async function joined(): Promise<readonly string[]> {
  const steps: string[] = [];
  for (let i = 0; i < 10 && steps.at(-1) !== "joined"; i++) {
    steps.push(await fresh.commands.followPairing());
    await fresh.settle(1_000);
  }
  return steps;
}

describe("D: adding a browser from another", () => {
  it("D1, D3: a code that is none, or of no offer, changes nothing", async () => {
    for (const code of ["", "0000", "U".repeat(16), "0".repeat(17)])
      await expect(world.a.commands.takePairing({ code })).rejects.toEqual(refusing("bad_code"));
    await expect(world.a.commands.takePairing({ code: "0".repeat(16) })).rejects.toEqual(
      refusing("pairing_over"),
    );
    await expect(world.a.commands.confirmPairing()).rejects.toEqual(refusing("pairing_over"));
    expect(statements()).toBe(3);
  });

  it("D3: a wrong code ends the offer for good", async () => {
    const { groups } = await fresh.commands.offerPairing();
    await expect(world.a.commands.takePairing({ code: "0".repeat(16) })).rejects.toEqual(
      refusing("bad_code"),
    );
    await expect(world.a.commands.takePairing({ code: written(groups) })).rejects.toEqual(
      refusing("pairing_over"),
    );
    expect(await fresh.commands.followPairing()).toBe("over");
    expect(statements()).toBe(3);
  });

  it.each(["id", "sign", "unseal"] as const)("D3: another %s than was offered is refused", async (field) => {
    const { groups } = await fresh.commands.offerPairing();
    const decoy = await new TestClient(world.host, world.host.addPerson("Leurre")).join();
    const theirs = decoy.session.person.log?.devices.values().next().value;
    expect(theirs).toBeDefined();
    world.host.lies.set("POST /api/pairing/take", (honest) => {
      const taken = honest as PairingTaken;
      const swapped = Buffer.from(theirs?.[field] ?? []).toString("base64url");
      return { ...taken, device: { ...taken.device, [field]: swapped } };
    });
    await expect(world.a.commands.takePairing({ code: written(groups) })).rejects.toEqual(
      refusing("bad_code"),
    );
    expect(statements()).toBe(3);
  });

  it("D1: after ten minutes of its own clock either side has forgotten", async () => {
    const { groups } = await fresh.commands.offerPairing();
    await world.a.commands.takePairing({ code: written(groups) });
    await world.host.timers.pass(600_000);
    await expect(world.a.commands.confirmPairing()).rejects.toEqual(refusing("pairing_over"));
    expect(await fresh.commands.followPairing()).toBe("over");
    expect(statements()).toBe(3);
  });

  it("D4: a second factor that is too old is asked for, and then it goes on", async () => {
    const { groups } = await fresh.commands.offerPairing();
    await world.a.commands.takePairing({ code: written(groups) });
    world.host.pairings.stale.add(world.a.session);
    await expect(world.a.commands.confirmPairing()).rejects.toEqual(refusing("fresh_factor_needed"));
    world.host.pairings.stale.clear();
    const done = world.a.commands.confirmPairing();
    expect((await joined()).at(-1)).toBe("joined");
    expect((await done).devices).toHaveLength(3);
  });

  it("opens everything with nobody else there, in both directions at once", async () => {
    const { a, b, conversation } = world;
    await say(a, conversation, "avant");
    await say(b, conversation, "réponse");
    await a.settle(10_000);
    const { groups } = await fresh.commands.offerPairing();
    const asking = await a.commands.takePairing({ code: written(groups).toLowerCase() });
    expect(asking).toMatchObject({ browser: "firefox", platform: "windows" });
    const done = a.commands.confirmPairing();
    expect((await joined()).at(-1)).toBe("joined");
    await done;
    a.stop();
    b.stop();
    await fresh.settle(10_000);
    expect((await fresh.commands.open()).session.stage).toBe("ready");
    expect(await fresh.texts(conversation)).toEqual(["avant", "réponse"]);
    expect(await fresh.commands.countReadable()).toBe(2);
    expect(statements()).toBe(4);
  });

  it("D2, D4: the code is in nothing that either side sends", async () => {
    const sent: string[] = [];
    const keep = (name: string) => {
      world.host.lies.set(name, (honest) => {
        sent.push(JSON.stringify(honest));
        return honest;
      });
    };
    ["POST /api/pairing/take", "GET /api/pairing", "POST /api/pairing/offer"].forEach(keep);
    const { groups } = await fresh.commands.offerPairing();
    await world.a.commands.takePairing({ code: written(groups) });
    const done = world.a.commands.confirmPairing();
    await joined();
    await done;
    expect(sent.length).toBeGreaterThan(3);
    for (const text of sent) expect(text).not.toContain(groups.join(""));
  });
});

type Swap = (honest: Pairing) => Partial<Pairing>;
const SWAPS: Readonly<Record<string, Swap>> = {
  map: ({ map }) => ({ map: map === null ? null : `${map.slice(0, -4)}AAAA` }),
  seed: ({ sealed }) => ({ sealed: sealed === null ? null : `AAAA${sealed.slice(4)}` }),
  mac: () => ({ mac: OTHER }),
  device: () => ({ device: OTHER }),
};

describe("D5: the new browser signs nothing that is not right", () => {
  it.each(Object.keys(SWAPS))("another %s", async (what) => {
    const { groups } = await fresh.commands.offerPairing();
    world.host.lies.set("GET /api/pairing", (honest) => {
      const seen = honest as Pairing;
      return seen.state === "answered" ? { ...seen, ...SWAPS[what]?.(seen) } : seen;
    });
    await world.a.commands.takePairing({ code: written(groups) });
    const done = world.a.commands.confirmPairing().catch((error: unknown) => error);
    await fresh.settle(0);
    await expect(fresh.commands.followPairing()).rejects.toBeInstanceOf(CommandError);
    await fresh.settle(3_000);
    expect(await done).toEqual(refusing("pairing_over"));
    expect(statements()).toBe(3);
    expect(world.host.asked).not.toContain("POST /api/pairing/countersign");
  });

  it("a key log that is not the one that was answered for", async () => {
    const { groups } = await fresh.commands.offerPairing();
    await world.a.commands.takePairing({ code: written(groups) });
    const done = world.a.commands.confirmPairing().catch((error: unknown) => error);
    await fresh.settle(0);
    const { b } = world;
    world.host.lies.set("GET /api/keys/mine", (honest) => {
      const { log, statements: theirs } = b.session.person;
      if (log === null) return honest;
      const text = theirs.map((one) => Buffer.from(one).toString("base64url"));
      const hash = Buffer.from(log.head.hash).toString("base64url");
      const chain = Buffer.from(log.chain).toString("base64url");
      return { ...(honest as OwnKeys), chain, statements: text, head: { n: log.head.n, hash } };
    });
    await expect(fresh.commands.followPairing()).rejects.toBeInstanceOf(CommandError);
    await fresh.settle(3_000);
    await done;
    expect(statements()).toBe(3);
  });

  it("D6: the old one submits nothing when its log has moved meanwhile", async () => {
    const { groups } = await fresh.commands.offerPairing();
    await world.a.commands.takePairing({ code: written(groups) });
    const other = new TestClient(world.host, world.a.session.person);
    await other.commands.open();
    const done = world.a.commands.confirmPairing().catch((error: unknown) => error);
    await fresh.settle(0);
    await fresh.commands.followPairing();
    await other.commands.recover({ code: world.a.recovery.join("") });
    await world.a.settle(5_000);
    expect(await done).toEqual(refusing("pairing_over"));
    expect(statements()).toBe(4);
    expect(await fresh.commands.followPairing().catch(() => "refused")).not.toBe("joined");
  });
});
