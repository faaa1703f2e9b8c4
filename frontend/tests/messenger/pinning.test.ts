import { beforeEach, describe, expect, it } from "vitest";
import type { ChainId, KeyLog } from "../../src/crypto";
import { ready, toText } from "../../src/crypto";
import type { Desk } from "../../src/messenger/desk";
import { KeyLogs } from "../../src/messenger/keylogs";
import { alarmOf, Persons } from "../../src/messenger/persons";
import { Pinning } from "../../src/messenger/pinning";
import type { Sealer } from "../../src/vault";
import { MemoryStorages, Vault } from "../../src/vault";
import { TestClient } from "./world/client";
import { TestHost } from "./world/host";
import { TestTimers } from "./world/timers";

const HER = "her";

let log: KeyLog;
let other: ChainId;
let persons: Persons;
let pinning: Pinning;
let isShort = false;
beforeEach(async () => {
  await ready;
  const host = new TestHost(new TestTimers());
  const join = async (given: string) => {
    const { session } = await new TestClient(host, host.addPerson(given)).join();
    return session.person as { log: KeyLog; statements: readonly Uint8Array[] };
  };
  const [hers, theirs] = [await join("Chloé"), await join("Damien")];
  ({ log } = hers);
  other = theirs.log.chain;
  isShort = false;
  const keyLog = (_: string, after: number) => {
    const n = isShort ? 0 : log.head.n;
    const statements = hers.statements.slice(after + 1, n + 1).map(toText);
    return Promise.resolve({ statements, head: { n, hash: toText(log.hashes[n] as Uint8Array) } });
  };
  const never = () => Promise.reject(new Error("the host was never restored"));
  const plain: Sealer = { seal: (...[, , record]) => record, open: (...[, , sealed]) => sealed };
  const vault = new Vault(await new MemoryStorages().open("one"), plain);
  persons = new Persons(vault, "me", () => undefined);
  const keyLogs = new KeyLogs({ keyLog, giveBackKeys: never }, vault, { id: null, takesBack: false });
  pinning = new Pinning({ persons, keyLogs } as Desk);
  await persons.pin("them", other, theirs.log.head);
  await persons.pin(HER, log.chain, log.head);
  expect(await pinning.follow(log.chain)).toBe("fits");
});

const alarm = () => {
  const record = persons.get(HER);
  return record === null ? null : alarmOf(record);
};

describe("K15: a key log that fits again ends its own trouble", () => {
  it("and is refused while it is shorter than the pin", async () => {
    expect(alarm()).toBeNull();
    isShort = true;
    expect(await pinning.follow(log.chain)).toBe("refused");
    expect(alarm()).toBe("key_log_refused");
    isShort = false;
    expect(await pinning.follow(log.chain)).toBe("fits");
    expect(alarm()).toBeNull();
  });

  it.each(["pins_differ", "seed_withheld"] as const)("never %s", async (trouble) => {
    await persons.setTrouble(HER, trouble, true);
    isShort = true;
    await pinning.follow(log.chain);
    isShort = false;
    expect(await pinning.follow(log.chain)).toBe("fits");
    expect(alarm()).toBe("key_log_refused");
    await persons.setTrouble(HER, trouble, false);
    expect(alarm()).toBeNull();
  });

  it("nor that the host gives her the chain of somebody else: that ends when it no longer does", async () => {
    await persons.serve(HER, other);
    expect(alarm()).toBe("key_log_refused");
    expect(await pinning.follow(log.chain)).toBe("fits");
    expect(alarm()).toBe("key_log_refused");
    await persons.serve(HER, log.chain);
    expect(alarm()).toBeNull();
  });

  it("nor what another trouble came before: a new identity is shown once the refusal is over", async () => {
    const newer = other.map((byte) => byte ^ 1) as ChainId;
    isShort = true;
    await pinning.follow(log.chain);
    await persons.serve(HER, newer);
    expect(alarm()).toBe("key_log_refused");
    isShort = false;
    await pinning.follow(log.chain);
    expect(alarm()).toBe("identity_changed");
    await persons.serve(HER, log.chain);
    expect(alarm()).toBeNull();
  });
});
