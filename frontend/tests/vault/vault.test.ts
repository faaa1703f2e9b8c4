import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openRecord, ready, Refused, sealRecord, systemRandom, vaultKey } from "../../src/crypto";
import type { Sealer, Storage } from "../../src/vault";
import { MemoryStorages, Vault } from "../../src/vault";

const text = (words: string) => new TextEncoder().encode(words);

function sealer(): Sealer {
  const key = vaultKey(systemRandom(16), systemRandom(32), systemRandom(32));
  return {
    seal: (store, id, record) => sealRecord(key, store, id, record, systemRandom),
    open: (store, id, sealed) => openRecord(key, store, id, sealed),
  };
}

describe("the vault", () => {
  let storage: Storage;
  let vault: Vault;

  beforeAll(() => ready);
  beforeEach(async () => {
    storage = await new MemoryStorages().open("one");
    vault = new Vault(storage, sealer());
  });

  it("V3: opens no record at another place, and none that was changed", async () => {
    await vault.commit([{ store: "s", id: "a", bytes: text("un") }]);
    const sealed = (await storage.read("s", "a")) ?? new Uint8Array();
    await storage.commit([
      { store: "s", id: "b", bytes: sealed },
      { store: "t", id: "a", bytes: sealed },
      { store: "s", id: "c", bytes: sealed.map((byte, at) => (at === 30 ? byte ^ 1 : byte)) },
    ]);
    for (const [store, id] of [
      ["s", "b"],
      ["t", "a"],
      ["s", "c"],
    ] as const) {
      await expect(vault.read(store, id)).rejects.toBeInstanceOf(Refused);
    }
    expect(await vault.read("s", "a")).toEqual(text("un"));
  });

  it("V1: opens nothing with another key", async () => {
    await vault.commit([{ store: "s", id: "a", bytes: text("un") }]);
    await expect(new Vault(storage, sealer()).read("s", "a")).rejects.toBeInstanceOf(Refused);
  });

  it("leaves nothing readable below", async () => {
    await vault.commit([{ store: "s", id: "a", bytes: text("Mme Bornand") }]);
    const [found] = await storage.list("s", "");
    expect(new TextDecoder().decode(found?.bytes)).not.toContain("Bornand");
    expect(await vault.list("s")).toEqual([{ id: "a", bytes: text("Mme Bornand") }]);
  });

  it("keeps nothing of a commit that cannot be sealed whole", async () => {
    const failing: Sealer = {
      seal: (_, id, record) => {
        if (id === "b") throw new Error("cannot");
        return record;
      },
      open: (_, __, sealed) => sealed,
    };
    const broken = new Vault(storage, failing);
    const both = ["a", "b"].map((id) => ({ store: "s", id, bytes: text(id) }));
    await expect(broken.commit(both)).rejects.toThrow("cannot");
    expect(await storage.list("s", "")).toEqual([]);
  });
});
