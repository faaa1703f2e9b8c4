import { beforeEach, describe, expect, test } from "vitest";
import { toText } from "../../src/crypto";
import type { Conversations, Entries } from "../../src/protocol";
import { say, TestClient } from "./world/client";
import type { Team } from "./world/team";
import { add, idOf, remove, team } from "./world/team";

/** L13: C was there, went and came back; the host begins the view of C's new browser at the second stay. */
let world: Team;
let second: TestClient;
const LISTED = "GET /api/conversations";

beforeEach(async () => {
  world = await team();
  second = new TestClient(world.host, world.c.session.person);
});

/** `isDoubted`: C's browser was lied to from the outset, so it vouches for no place. */
async function twoStays(isDoubted = false): Promise<void> {
  const { host, a, c, conversation } = world;
  if (isDoubted) doubt();
  await add(a, conversation, c);
  await say(a, conversation, "un");
  await c.settle(20_000);
  await remove(a, conversation, c);
  await say(a, conversation, "sans Chloé");
  await add(a, conversation, c);
  await c.settle(20_000);
  host.lies.clear();
}

function doubt(): void {
  const { host, c, conversation } = world;
  host.lies.set(`GET /api/entries ${idOf(c)}`, (honest) => {
    const page = honest as Entries;
    const log = host.logs.get(conversation);
    return page.hash === log?.hash ? { ...page, hash: log.hashText(0) } : page;
  });
}

/** `from`: the place of the epoch that the view is to begin with. */
function beginAt(from: number, hasSelf = true): void {
  const { host, conversation } = world;
  const start = [from - 1, host.logs.get(conversation)?.hashText(from - 1) ?? ""] as const;
  host.lies.set(LISTED, (honest) => {
    const listed = honest as Conversations;
    const isCut = (one: { id: string; start: readonly [number, string] }) =>
      one.id === conversation && one.start[0] < from - 1;
    const told = listed.conversations.filter(({ kind }) => hasSelf || kind !== "self");
    return { ...listed, conversations: told.map((one) => (isCut(one) ? { ...one, start } : one)) };
  });
}

const secondStay = (): number => {
  const { host, c, conversation } = world;
  const chain = toText(c.session.person.log?.chain ?? new Uint8Array());
  return host.logs.get(conversation)?.views.get(chain)?.stays[1]?.from ?? 0;
};

async function open(): Promise<void> {
  await second.commands.open();
  await second.commands.recover({ code: world.c.recovery.join("-") });
  await second.settle(20_000);
}

const alarm = () => second.store.conversations.get(world.conversation)?.alarm ?? null;
const CUT = { kind: "log_rolled_back", blocks: true };

async function expectHalt(): Promise<void> {
  const { a, conversation } = world;
  expect(alarm()).toMatchObject(CUT);
  await say(second, conversation, "retenu").catch(() => undefined);
  await say(a, conversation, "encore");
  await second.settle(30_000);
  expect(alarm()).toMatchObject(CUT);
  await second.reload();
  await second.settle(30_000);
  expect(alarm()).toMatchObject(CUT);
  expect(await a.texts(conversation)).not.toContain("retenu");
}

describe("shown for as long as it lasts, and nothing is sealed", () => {
  test("known by a place that another browser had checked", async () => {
    await twoStays();
    beginAt(secondStay());
    await open();
    await expectHalt();
  });

  test("known by a secret alone", async () => {
    await twoStays(true);
    beginAt(secondStay());
    await open();
    await expectHalt();
  });

  test("known by a secret that the host had kept back", async () => {
    await twoStays(true);
    beginAt(secondStay(), false);
    await open();
    expect(alarm()).toBeNull();
    beginAt(secondStay());
    await second.reload();
    await second.settle(30_000);
    await expectHalt();
  });
});

describe("over once the host names an earlier beginning", () => {
  test("a new browser that said nothing reads it all", async () => {
    const { host, a, conversation } = world;
    await twoStays();
    beginAt(secondStay());
    await open();
    host.lies.clear();
    await second.reload();
    await second.settle(30_000);
    expect(alarm()).toBeNull();
    expect(await second.texts(conversation)).toEqual(["un"]);
    await say(second, conversation, "tout est là");
    await a.settle(30_000);
    expect(await a.texts(conversation)).toContain("tout est là");
    await say(a, conversation, "oui");
    await second.reload();
    await second.settle(30_000);
    expect(await second.texts(conversation)).toEqual(["un", "tout est là", "oui"]);
    expect(alarm()).toBeNull();
  });

  test("M9 not on a browser that signed something there: read a second time, it would look like a copy's", async () => {
    const { host, conversation } = world;
    await twoStays();
    beginAt(secondStay(), false);
    await open();
    await say(second, conversation, "dit");
    await second.settle(20_000);
    beginAt(secondStay());
    await second.reload();
    await second.settle(30_000);
    host.lies.clear();
    await second.reload();
    await second.settle(30_000);
    expect(alarm()).toMatchObject(CUT);
    expect(await second.texts(conversation)).toEqual(["dit"]);
  });

  test("not by one that is later still", async () => {
    const { a, conversation } = world;
    await twoStays();
    beginAt(secondStay());
    await open();
    await say(a, conversation, "plus tard");
    beginAt(secondStay() + 1);
    await second.reload();
    await second.settle(30_000);
    expect(alarm()).toMatchObject(CUT);
  });
});
