import { beforeAll, describe, expect, it } from "vitest";
import { asHash, ready, toText } from "../../src/crypto";
import { say, TestClient } from "./world/client";
import { Hand } from "./world/hand";
import { TestHost } from "./world/host";
import type { HostLog } from "./world/log";
import { TestTimers } from "./world/timers";

const WRONG = asHash(new Uint8Array(32).fill(7));

/** A client, and somebody whose keys the test holds. */
async function facing() {
  const host = new TestHost(new TestTimers());
  const a = await new TestClient(host, host.addPerson("Inès")).join();
  const hand = new Hand(host, "Damien");
  const conversation = await a.commands.openDirect({ person: hand.session.person.id });
  await a.settle();
  const log = host.logs.get(conversation);
  const own = a.session.person.log;
  if (log === undefined || own === null) throw new Error("nothing began");
  return { host, a, hand, conversation, log, own };
}

const headNamed = (log: HostLog, { log: { chain } }: Hand): number | undefined =>
  log.current?.epoch.roster.find((row) => toText(row.chain) === toText(chain))?.head.n;

describe("a revoked device", () => {
  beforeAll(() => ready);

  it("E16: is put out by the next epoch before anything more is sealed", async () => {
    const { a, hand, conversation, log } = await facing();
    await say(a, conversation, "avant");
    await a.settle();
    hand.revoke(hand.second());
    await a.settle();
    expect(log.current?.epoch.number).toBe(0);
    await say(a, conversation, "après");
    await a.settle();
    expect(log.current?.epoch.number).toBe(1);
    expect(headNamed(log, hand)).toBe(hand.log.head.n);
    expect(log.entries).toHaveLength(4);
    expect(a.view(conversation)).toMatchObject({ queued: 0, alarm: null });
  });

  it("E18: makes an epoch that is looked at before anything is sealed under it", async () => {
    const { a, hand, conversation, log, own } = await facing();
    const two = hand.second();
    const before = hand.log;
    hand.revoke(two);
    await a.settle();
    hand.epoch(log, [own, before]);
    await a.settle(4_500);
    const alarm = { kind: "device_revoked_since", blocks: true };
    expect(a.view(conversation).alarm).toMatchObject(alarm);
    await say(a, conversation, "retenu");
    await a.settle(60_000);
    expect([log.head, a.view(conversation).queued]).toEqual([2, 1]);
    await a.commands.acknowledge({ conversation });
    await a.settle();
    expect(a.view(conversation)).toMatchObject({ queued: 0, alarm: null });
    expect(log.current?.epoch.number).toBe(2);
    expect(headNamed(log, hand)).toBe(hand.log.head.n);
  });
});

describe("a marker", () => {
  beforeAll(() => ready);

  it("R3: that names another history than the own log is a fork, and blocks", async () => {
    const { a, hand, conversation, log } = await facing();
    hand.mark(log, 1, { n: 1, hash: WRONG });
    await a.commands.look({ conversation });
    await a.settle(4_500);
    expect(a.view(conversation).alarm).toMatchObject({ kind: "log_forked", blocks: true });
  });

  it("R3: beyond the own log is nothing until the log gets there", async () => {
    const { a, hand, conversation, log } = await facing();
    hand.mark(log, 1, { n: 2, hash: WRONG });
    await a.commands.look({ conversation });
    await a.settle(4_500);
    expect(a.view(conversation).alarm).toBeNull();
    const key = await say(a, conversation, "deux");
    await a.settle(4_500);
    expect(a.view(conversation).alarm).toMatchObject({ kind: "log_forked", blocks: true });
    expect((await a.show(conversation)).find((one) => one.key === key)).toMatchObject({ state: "sent" });
  });

  it("R3: of a device that counts no less than before; an older one says nothing", async () => {
    const { a, hand, conversation, log } = await facing();
    const key = await say(a, conversation, "deux");
    await a.settle();
    await a.commands.look({ conversation });
    const h = (n: number) => log.hashes[n] ?? WRONG;
    hand.mark(log, 2, { n: 2, hash: h(2) });
    await a.commands.look({ conversation });
    await a.settle();
    hand.mark(log, 1, { n: 1, hash: WRONG });
    await a.commands.look({ conversation });
    await a.settle();
    expect(a.view(conversation).alarm).toBeNull();
    expect((await a.show(conversation)).find((one) => one.key === key)).toMatchObject({ state: "arrived" });
  });
});
