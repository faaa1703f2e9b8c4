import { beforeEach, describe, expect, it } from "vitest";
import { say } from "./world/client";
import { Says } from "./world/host";
import type { Team } from "./world/team";
import { team } from "./world/team";

/** A host that answers that it cannot now, and soon can: nobody does anything again, the client does. */
let world: Team;

beforeEach(async () => {
  world = await team();
});

describe("what the host could not take leaves by itself, once", () => {
  it("a message, soon after", async () => {
    const { host, a, b, conversation } = world;
    const append = host.append.bind(host);
    let refused = 0;
    host.append = () => {
      refused += 1;
      throw new Says("unavailable");
    };
    await say(a, conversation, "malgré la panne");
    await a.settle(20_000);
    expect([refused > 4, await b.texts(conversation)]).toEqual([true, []]);
    const [shown] = (await a.show(conversation)).slice(-1);
    expect(shown).toMatchObject({ seq: null, state: "queued", late: true });
    host.append = append;
    await a.settle(2_000);
    expect(await b.texts(conversation)).toEqual(["malgré la panne"]);
  });

  it("a message that needs an epoch first", async () => {
    const { host, a, b, conversation } = world;
    host.refuses.set("POST /api/epochs", "unavailable");
    await a.settle(25 * 3600 * 1000); // a day on, an epoch is due
    await say(a, conversation, "du lendemain");
    await a.settle(5_000);
    expect(await b.texts(conversation)).toEqual([]);
    host.refuses.clear();
    await a.settle(12_000);
    expect(await b.texts(conversation)).toEqual(["du lendemain"]);
  });
});

it("a host that could not give what it said is there is asked again long before the next beat", async () => {
  const { host, a, b, conversation } = world;
  await a.settle(25 * 3600 * 1000); // a day on: the next message comes behind an epoch, which is pulled
  const entries = `GET /api/entries ${b.session.person.id}`;
  host.lies.set(entries, () => {
    throw new Says("unavailable");
  });
  await say(a, conversation, "derrière une époque");
  await a.settle(1_000);
  host.lies.delete(entries);
  await a.settle(4_000);
  expect(await b.texts(conversation)).toEqual(["derrière une époque"]);
});
