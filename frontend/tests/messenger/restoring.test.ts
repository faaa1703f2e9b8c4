import { describe, expect, it, test } from "vitest";
import type { Entries } from "../../src/protocol";
import type { Pair } from "./world/client";
import { pair, say, TestClient } from "./world/client";
import { alarmOf, ENTRIES, expectBlocked } from "./world/lying";
import type { TestHost } from "./world/host";
import type { Backup } from "./world/restored";
import { backup, restore } from "./world/restored";
import { add, idOf, remove, rosterOf, team } from "./world/team";

const RESTORED = { kind: "restored", blocks: true };
const ROLLED_BACK = { kind: "log_rolled_back", blocks: true };
const GIVE_BACK = "POST /api/restoring/entries";
const HOURS = 3_600_000;

/** Two messages are in the backup, two more are not. */
async function talked(): Promise<Pair & { readonly kept: Backup }> {
  const world = await pair();
  const { host, a, b, conversation } = world;
  await say(a, conversation, "un");
  await say(b, conversation, "deux");
  await a.settle();
  const kept = backup(host);
  await say(b, conversation, "trois");
  await say(a, conversation, "quatre");
  await a.settle();
  return { ...world, kept };
}

async function another(host: TestHost, { session, recovery }: TestClient): Promise<TestClient> {
  const client = new TestClient(host, session.person);
  await client.commands.open();
  await client.commands.recover({ code: recovery.join("-") });
  await client.settle();
  return client;
}
const ALL = ["un", "deux", "trois", "quatre"];

describe("refusals", () => {
  it("T5, L7: less in the same history is a lie, blocks, and nothing is given back", async () => {
    const world = await talked();
    const { host, a, conversation, kept } = world;
    restore(host, kept, true);
    await a.settle(20_000);
    expect(alarmOf(a, conversation)).toMatchObject(ROLLED_BACK);
    expect(a.store.session.connection.restored).toBeNull();
    expect(host.asked).not.toContain(GIVE_BACK);
    await expectBlocked(world);
  });

  it("T5: another entry in the place of what is missing is a fork, in a new history too", async () => {
    const world = await talked();
    const { host, a, conversation, kept } = world;
    restore(host, kept);
    host.lies.set(ENTRIES, (honest) => {
      const page = honest as Entries;
      return page.head < 5 && page.head > 1 ? { ...page, hash: "A".repeat(43) } : page;
    });
    await a.settle(20_000);
    expect(alarmOf(a, conversation)).toMatchObject({ kind: "log_forked", blocks: true });
    await expectBlocked(world);
  });

  it("T4: a history that takes nothing back any more is a lie like another", async () => {
    const world = await talked();
    const { host, a, conversation, kept } = world;
    restore(host, kept);
    host.history = { ...host.history, until: host.timers.seconds - 1 };
    await a.settle(20_000);
    expect(alarmOf(a, conversation)).toMatchObject(ROLLED_BACK);
    await expectBlocked(world);
  });

  it("T4: one restoration after another does not keep it calm for more than three days", async () => {
    const world = await talked();
    const { host, a, b, conversation, kept } = world;
    b.stop();
    host.refuses.set(GIVE_BACK, "not_allowed");
    restore(host, kept);
    await a.settle(20_000);
    expect(alarmOf(a, conversation)).toMatchObject(RESTORED);
    await expectBlocked(world);
    for (const [hours, alarm] of [
      [71, RESTORED],
      [2, ROLLED_BACK],
    ] as const) {
      a.stop();
      await host.timers.pass(hours * HOURS);
      restore(host, kept);
      await a.reload();
      await a.settle(20_000);
      expect(alarmOf(a, conversation)).toMatchObject(alarm);
    }
  });

  it("T4: what has grown back once is guarded as before", async () => {
    const world = await talked();
    const { host, a, conversation, kept } = world;
    restore(host, kept);
    await a.settle(20_000);
    expect(alarmOf(a, conversation)).toBeNull();
    restore(host, kept, true);
    await a.settle(20_000);
    expect(alarmOf(a, conversation)).toMatchObject(ROLLED_BACK);
  });

  it("T10: who comes after somebody wrote in the place is shown a fork, and keeps what was said", async () => {
    const { host, a, b, conversation, kept } = await talked();
    a.stop();
    b.stop();
    restore(host, kept);
    const late = await another(host, b);
    await say(late, conversation, "à sa place");
    await late.settle();
    await a.reload();
    await a.settle(20_000);
    expect(alarmOf(a, conversation)).toMatchObject({ kind: "log_forked", blocks: true });
    expect(await a.texts(conversation)).toEqual(expect.arrayContaining(ALL));
  });
});

describe("a host restored from a backup", () => {
  it("T5, T7, T10: is told to people, gets back what it lost, and talk goes on", async () => {
    const { host, a, b, conversation, kept } = await talked();
    restore(host, kept);
    await a.settle(20_000);
    for (const client of [a, b]) {
      expect(client.store.session.connection.restored).toBe(kept.at);
      expect(alarmOf(client, conversation)).toBeNull();
    }
    await say(a, conversation, "cinq");
    await b.settle();
    for (const client of [a, b]) expect(await client.texts(conversation)).toEqual([...ALL, "cinq"]);
    await a.settle(2 * HOURS);
    await a.reload();
    expect(a.store.session.connection.restored).toBeNull();
  });

  it("T5, T7: waits for who holds what this browser does not, in calm words", async () => {
    const { host, a, b, conversation, kept } = await talked();
    b.stop();
    host.refuses.set(GIVE_BACK, "throttled");
    restore(host, kept);
    await a.settle(20_000);
    expect(alarmOf(a, conversation)).toMatchObject(RESTORED);
    await say(a, conversation, "cinq");
    expect(a.view(conversation).queued).toBe(1);
    host.refuses.clear();
    await a.settle(60_000);
    expect(alarmOf(a, conversation)).toBeNull();
    await b.reload();
    await b.settle(20_000);
    for (const client of [a, b]) expect(await client.texts(conversation)).toEqual([...ALL, "cinq"]);
  });

  it("T2: what cannot leave yet waits, and leaves by itself", async () => {
    const { host, a, b, conversation, kept } = await talked();
    restore(host, kept);
    host.isHeld = true;
    await say(a, conversation, "cinq");
    await a.settle(40_000);
    expect(a.view(conversation).queued).toBe(1);
    // The host said when: it is not asked over and over.
    expect(host.held).toBeLessThanOrEqual(3);
    host.isHeld = false;
    await a.settle(60_000);
    expect(await b.texts(conversation)).toEqual([...ALL, "cinq"]);
  });

  test.each(["maker", "member"])(
    "T7, T8: a conversation that it does not know at all comes back (%s)",
    async (who) => {
      const { host, a, b, conversation } = await team();
      const empty = {
        ...backup(host),
        logs: new Map(
          [...host.logs].filter(([id]) => id !== conversation).map(([id, log]) => [id, log.entries]),
        ),
      };
      await say(b, conversation, "un");
      await a.settle();
      const [giver, other] = who === "maker" ? [a, b] : [b, a];
      other.stop();
      restore(host, empty);
      await giver.settle(20_000);
      expect(host.logs.get(conversation)?.head).toBeGreaterThan(2);
      await say(giver, conversation, "deux");
      await giver.settle();
      await other.reload();
      await other.settle(20_000);
      for (const client of [a, b]) expect(await client.texts(conversation)).toEqual(["un", "deux"]);
      // T8: without the maker's wraps, whoever gives it back makes the next epoch before writing.
      expect(host.logs.get(conversation)?.current?.epoch.number).toBe(who === "maker" ? 0 : 1);
    },
  );

  it("T7: a removal that came after the backup holds again", async () => {
    const { host, a, b, c, conversation } = await team();
    await add(a, conversation, c);
    await say(c, conversation, "un");
    await c.settle();
    const kept = backup(host);
    await remove(a, conversation, c);
    await say(b, conversation, "sans Chloé");
    await a.settle();
    for (const client of [a, b]) client.stop();
    restore(host, kept);
    await c.settle(20_000);
    await c.commands
      .send({ conversation, text: "encore là", quote: null, mentions: [] })
      .catch(() => undefined);
    await c.settle(20_000);
    for (const client of [a, b]) await client.reload();
    await b.settle(30_000);
    expect(rosterOf(b, conversation)).toEqual(["Inès coordinator", "Damien member"]);
    expect(await b.texts(conversation)).toEqual(["un", "sans Chloé"]);
    expect(host.logs.get(conversation)?.chains).toHaveLength(2);
    expect(idOf(c)).not.toBe(idOf(b));
  });

  it("T6: a revocation comes back, and a device whose key is lost with it makes the next one", async () => {
    const { host, a, b, conversation } = await pair();
    const phone = await another(host, b);
    const lost = await another(host, b);
    await b.settle();
    const kept = backup(host);
    phone.stop();
    const gone = (await lost.commands.devices()).devices.find(({ here }) => here)?.id ?? "";
    await b.commands.revokeDevice({ device: gone });
    await b.settle();
    for (const client of [a, b, lost]) client.stop();
    restore(host, kept);
    expect(b.session.person.log?.devices.get(gone)?.revoked).toBeNull();
    await a.reload();
    await a.settle(20_000);
    expect(b.session.person.log?.devices.get(gone)?.revoked).not.toBeNull();
    await phone.reload();
    await phone.settle(60_000);
    expect(phone.view(conversation).alarm).toBeNull();
    await say(phone, conversation, "du téléphone");
    await a.settle(20_000);
    expect(await a.texts(conversation)).toEqual(["du téléphone"]);
  });

  it("T6: a key log that is shorter than the pin is given back, by a colleague too", async () => {
    const { host, a, b, conversation } = await pair();
    const kept = backup(host);
    const second = await another(host, b);
    await say(second, conversation, "de l'autre");
    await a.settle();
    const head = b.session.person.log?.head.n;
    b.stop();
    second.stop();
    restore(host, kept);
    await a.settle(20_000);
    expect(b.session.person.log?.head.n).toBe(head);
    expect(alarmOf(a, conversation)).toBeNull();
    await say(a, conversation, "reçu");
    await a.settle();
    expect(host.logs.get(conversation)?.head).toBeGreaterThan(2);
  });
});
