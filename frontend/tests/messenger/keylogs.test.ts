/** H9: a key log of many statements comes in pages, and the head says how far it goes. */
import { describe, expect, it } from "vitest";
import { ready } from "../../src/crypto";
import type { KeyLog } from "../../src/protocol";
import { say, TestClient } from "./world/client";
import { TestHost } from "./world/host";
import { TestTimers } from "./world/timers";

const KEY_LOG = "GET /api/keys/log";

async function read(change: (log: KeyLog) => KeyLog) {
  await ready;
  const host = new TestHost(new TestTimers());
  const a = await new TestClient(host, host.addPerson("Inès")).join();
  const b = await new TestClient(host, host.addPerson("Damien")).join();
  host.lies.set(KEY_LOG, (honest) => change(honest as KeyLog));
  return { host, a, b };
}

const asked = (host: TestHost): number => host.asked.filter((name) => name === KEY_LOG).length;

describe("a key log in pages", () => {
  it("H9: is asked for until it stands at the head", async () => {
    const { host, a, b } = await read((log) => ({ ...log, statements: log.statements.slice(0, 1) }));
    const conversation = await a.commands.openDirect({ person: b.session.person.id });
    await say(a, conversation, "bonjour");
    await a.settle(4_500);
    expect(a.view(conversation).alarm).toBeNull();
    expect(asked(host)).toBeGreaterThanOrEqual(3);
  });

  it("H9: is refused when a page brings nothing, and not asked for again and again", async () => {
    const { host, a, b } = await read((log) => ({ ...log, statements: [] }));
    const before = asked(host);
    await expect(a.commands.openDirect({ person: b.session.person.id })).rejects.toThrow();
    expect(asked(host) - before).toBe(1);
  });
});
