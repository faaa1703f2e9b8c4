/** H9: a key log of many statements comes in pages, and the head says how far it goes. */
import { describe, expect, it } from "vitest";
import type { KeyLog as Judged } from "../../src/crypto";
import { ready, toText } from "../../src/crypto";
import { KeyLogs } from "../../src/messenger/keylogs";
import type { KeyLog } from "../../src/protocol";
import type { Sealer } from "../../src/vault";
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
  const texts = (statements: readonly Uint8Array[]) => statements.map(toText);
  const inTurn = () => new Promise((resolve) => setTimeout(resolve, 1));

  async function kept() {
    const { b } = await read((log) => log);
    const { log, statements } = b.session.person as { log: Judged; statements: readonly Uint8Array[] };
    const never = () => Promise.reject(new Error("the host was never restored"));
    const plain: Sealer = { seal: (...[, , record]) => record, open: (...[, , sealed]) => sealed };
    const vault = new Vault(await new MemoryStorages().open("one"), plain);
    const asked: number[] = [];
    const keyLog = async (_: string, after: number): Promise<KeyLog> => {
      asked.push(after);
      await inTurn();
      const head = { n: log.head.n, hash: toText(log.head.hash) };
      return { statements: texts(statements.slice(after + 1)), head };
    };
    return {
      log,
      statements,
      vault,
      asked,
      open: () => new KeyLogs({ keyLog, giveBackKeys: never }, vault, { id: null, takesBack: false }),
    };
  }

  it("K15: is kept once when several conversations ask for it at once, and so after a reload", async () => {
    const { log, statements, asked, open } = await kept();
    const logs = open();
    const first = logs.refresh(log.chain);
    await Promise.resolve();
    const all = [first, ...Array.from({ length: 4 }, () => logs.refresh(log.chain))];
    expect(await Promise.all(all)).toEqual(["fits", "fits", "fits", "fits", "fits"]);
    expect(texts(logs.statementsOf(log.chain))).toEqual(texts(statements));
    expect(asked).toEqual([-1, log.head.n]); // one more for all who came while the first was under way
    const again = open();
    await again.load();
    expect(again.get(log.chain)?.hashes).toHaveLength(statements.length);
  });

  it("K15: of which a page was kept twice is cut to what stands at its place, and asked for again", async () => {
    const { log, statements, vault, asked, open } = await kept();
    const [first, second, third] = statements as [Uint8Array, Uint8Array, Uint8Array];
    await vault.commit([KeyLogs.change(log, [first, second, second, third])]);
    const logs = open();
    await logs.load();
    expect(logs.get(log.chain)?.head.n).toBe(1);
    expect(await logs.refresh(log.chain)).toBe("fits");
    expect(asked).toEqual([1]);
    expect(texts(logs.statementsOf(log.chain))).toEqual(texts(statements));
    expect(logs.get(log.chain)?.hashes).toEqual(log.hashes);
  });
});
