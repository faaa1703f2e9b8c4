import { beforeEach, describe, expect, it } from "vitest";
import type { KeyLog } from "../../src/crypto";
import { toText } from "../../src/crypto";
import type { Entries } from "../../src/protocol";
import type { Pair } from "./world/client";
import { pair, say, TestClient } from "./world/client";
import { Says } from "./world/host";
import { byPages, ENTRIES } from "./world/lying";

/** K21: A puts out their second browser; an honest host takes no message under the old epoch from then on. */
let world: Pair;
let gone = "";
beforeEach(async () => {
  world = await pair();
  const { host, a, conversation } = world;
  const second = new TestClient(host, a.session.person);
  await second.commands.open();
  await second.commands.recover({ code: a.recovery.join("") });
  await second.settle(10_000);
  await say(second, conversation, "la veille"); // so that the epoch names it
  await a.settle(30_000);
  gone = (await second.commands.devices()).devices.find(({ here }) => here)?.id ?? "";
  second.stop();
});

const DAY = 86_400;
const dated =
  (by: number) =>
  (page: Entries): Entries => ({
    ...page,
    entries: page.entries.map((row) => ({ ...row, at: row.at + by })),
  });
const told = () =>
  world.a.events.flatMap((event) =>
    event.type === "conversations" ? event.conversations.map(({ alarm }) => alarm?.kind ?? null) : [],
  );

/** The host goes on under the old epoch, and keeps the news from the colleague. */
async function goOn(): Promise<string> {
  const { host, a, b } = world;
  const { chain, head } = a.session.person.log as KeyLog;
  const route = `GET /api/keys/log ${toText(chain)}`;
  b.stop();
  await a.commands.revokeDevice({ device: gone });
  await a.settle(0);
  host.logs.forEach((log) => (log.isStale = false));
  host.lies.set(route, () => ({ statements: [], head: { n: head.n, hash: toText(head.hash) } }));
  await b.reload();
  await b.settle(100);
  a.events = [];
  return route;
}

describe("a message under the old epoch", () => {
  it("is shown and answered by the next epoch at once, whatever time the host gives it", async () => {
    const { host, a, b, conversation } = world;
    const before = host.logs.get(conversation)?.current?.epoch.number ?? 0;
    byPages(world, dated(-DAY));
    const route = await goOn();
    host.lies.delete(route);
    await say(b, conversation, "comme si de rien n'était");
    await a.settle(10_000);
    expect(told()).toContain("device_revoked_since");
    expect(host.logs.get(conversation)?.current?.epoch.number).toBe(before + 1);
  });

  it("is shown from the second on when the host did not answer right after the revocation", async () => {
    const { host, a, b, conversation } = world;
    const entries = `${ENTRIES} ${a.session.person.id}`;
    host.lies.set(entries, () => {
      throw new Says("unavailable");
    });
    await goOn();
    host.lies.delete(entries);
    await say(b, conversation, "un");
    await a.settle(10_000);
    expect(told()).not.toContain("device_revoked_since");
    await say(b, conversation, "deux");
    await a.settle(10_000);
    expect(told()).toContain("device_revoked_since");
  });

  it("is shown as well when the epoch after it comes with it", async () => {
    const { host, a, b, conversation } = world;
    const route = await goOn();
    a.stop();
    await say(b, conversation, "comme si de rien n'était");
    await b.settle(10_000);
    host.lies.delete(route);
    await b.reload();
    await say(b, conversation, "puis sans lui");
    await b.settle(10_000);
    await a.reload();
    await a.settle(10_000);
    expect(await a.texts(conversation)).toEqual(["la veille", "comme si de rien n'était", "puis sans lui"]);
    expect(told()).toContain("device_revoked_since");
  });

  it("is as good as any when it stood before the revocation, however late it is and comes", async () => {
    const { host, a, b, conversation } = world;
    byPages(world, dated(DAY));
    const person = a.session.person.id;
    host.lies.set(`${ENTRIES} ${person}`, () => {
      throw new Says("unavailable");
    });
    await say(b, conversation, "juste avant");
    await a.commands.revokeDevice({ device: gone });
    await a.settle(10_000);
    host.lies.delete(`${ENTRIES} ${person}`);
    a.events = [];
    await a.reload();
    await a.settle(30_000);
    expect(await a.texts(conversation)).toEqual(["la veille", "juste avant"]);
    expect(told().filter((kind) => kind !== null)).toEqual([]);
  });
});
