/** H9: a key log of many statements comes in pages, and the head says how far it goes. */
import { describe, expect, it } from "vitest";
import type { KeyLog as Judged } from "../../src/crypto";
import { ready, toText } from "../../src/crypto";
import { KeyLogs } from "../../src/messenger/keylogs";
import type { KeyLog } from "../../src/protocol";
import { MemoryStorages, Vault } from "../../src/vault";
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

describe("a key log that is kept", () => {
  const judged = async () => {
    const { host, b } = await read((log) => log);
    const { log, statements } = b.session.person;
    const { chain } = log as Judged;
    const plain = { seal: (_: string, __: string, record: Uint8Array) => record, open: openPlain };
    const vault = new Vault(await new MemoryStorages().open("one"), plain);
    const served = (after: number): KeyLog => ({
      statements: statements.slice(after + 1).map(toText),
      head: { n: statements.length - 1, hash: toText((log as Judged).head.hash) },
    });
    let asked = 0;
    const keyLog = async (_: string, after: number) => {
      asked += 1;
      await host.timers.pass(0);
      return served(after);
    };
    return { chain, statements, vault, api: { keyLog }, count: () => asked };
  };
  const openPlain = (_: string, __: string, sealed: Uint8Array) => sealed;

  it("K15: is kept once when several conversations ask for it at once, and so after a reload", async () => {
    const { chain, statements, vault, api, count } = await judged();
    const logs = new KeyLogs(api, vault);
    const asked = Array.from({ length: 5 }, () => logs.refresh(chain));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(["fits"]));
    expect(logs.statementsOf(chain)).toEqual(statements);
    expect(count()).toBe(2); // the first, and one for all who came while it was under way
    const again = new KeyLogs(api, vault);
    await again.load();
    expect(again.get(chain)?.hashes).toHaveLength(statements.length);
    expect(await again.refresh(chain)).toBe("fits");
  });

  it("K15: of which a page was kept twice is cut to what stands at its place, and asked for again", async () => {
    const { chain, statements, vault, api } = await judged();
    const [first, second, third] = statements as [Uint8Array, Uint8Array, Uint8Array];
    const logs = new KeyLogs(api, vault);
    await logs.refresh(chain);
    const log = logs.get(chain) as Judged;
    await vault.commit([KeyLogs.change(log, [first, second, second, third])]);
    const again = new KeyLogs(api, vault);
    await again.load();
    expect(again.get(chain)?.head.n).toBe(1);
    expect(await again.refresh(chain)).toBe("fits");
    expect(again.statementsOf(chain)).toEqual(statements);
    expect(again.get(chain)?.hashes).toEqual(log.hashes);
  });
});
