import "fake-indexeddb/auto";
import { appendFile, mkdtemp, readdir } from "node:fs/promises";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { FileStorages } from "../../src/files";
import type { Storage, Storages } from "../../src/vault";
import { IndexedDbStorages, MemoryStorages, readProfile, StorageFailed, writeProfile } from "../../src/vault";

const bytes = (...numbers: number[]) => Uint8Array.from(numbers);
const put = (id: string, value: Uint8Array | null, store = "s") => ({ store, id, bytes: value });

// Not storable in any engine: IndexedDB cannot clone a function, and our copy needs bytes.
const unstorable = (() => null) as unknown as Uint8Array;

describe.each<[string, () => Storages]>([
  ["memory", () => new MemoryStorages()],
  ["indexeddb", () => new IndexedDbStorages()],
  ["files", () => new FileStorages(mkdtempSync(join(tmpdir(), "vault-")))],
])("storage contract: %s", (kind, make) => {
  let storages: Storages;
  let storage: Storage;
  let name: string;
  let count = 0;

  beforeEach(async () => {
    storages = make();
    name = `${kind}-${String(count++)}`;
    storage = await storages.open(name);
  });

  it("refuses everything once closed", async () => {
    storage.close();
    await expect(storage.read("s", "a")).rejects.toBeInstanceOf(StorageFailed);
    await expect(storage.list("s", "")).rejects.toBeInstanceOf(StorageFailed);
    await expect(storage.commit([put("a", bytes(1))])).rejects.toBeInstanceOf(StorageFailed);
  });

  it("leaves the old state when a commit fails half way", async () => {
    await storage.commit([put("a", bytes(1))]);
    await expect(
      storage.commit([put("a", bytes(2)), put("b", bytes(3)), put("c", unstorable)]),
    ).rejects.toBeInstanceOf(StorageFailed);
    expect(await storage.list("s", "")).toEqual([{ id: "a", bytes: bytes(1) }]);
  });

  it("gives null for what is not there", async () => {
    expect(await storage.read("s", "a")).toBeNull();
    await storage.commit([put("a", bytes(1)), put("a", null)]);
    expect(await storage.read("s", "a")).toBeNull();
  });

  it("keeps stores apart", async () => {
    await storage.commit([put("a", bytes(1), "one"), put("a", bytes(2), "two")]);
    expect(await storage.read("one", "a")).toEqual(bytes(1));
    expect(await storage.list("two", "")).toEqual([{ id: "a", bytes: bytes(2) }]);
  });

  it("lists by prefix, ascending, with bounds", async () => {
    const ids = ["c/3", "c/1", "d/1", "c/2", "b/9"];
    await storage.commit(ids.map((id, at) => put(id, bytes(at))));
    const listed = async (...args: [string, { before?: string; last?: number }?]) =>
      (await storage.list("s", ...args)).map(({ id }) => id);
    expect(await listed("c/")).toEqual(["c/1", "c/2", "c/3"]);
    expect(await listed("c/", { last: 2 })).toEqual(["c/2", "c/3"]);
    expect(await listed("c/", { before: "c/3", last: 1 })).toEqual(["c/2"]);
    expect(await listed("c/", { before: "a" })).toEqual([]);
    expect(await listed("c/", { before: "d/1" })).toEqual(["c/1", "c/2", "c/3"]);
    expect(await listed("")).toEqual(["b/9", "c/1", "c/2", "c/3", "d/1"]);
  });

  it("is the same when opened again, and names itself", async () => {
    await storage.commit([put("a", bytes(1))]);
    storage.close();
    expect(await storages.names()).toContain(name);
    const again = await storages.open(name);
    expect(await again.read("s", "a")).toEqual(bytes(1));
  });

  it("is gone once erased, even while open elsewhere", async () => {
    await storage.commit([put("a", bytes(1))]);
    await storages.erase(name);
    expect(await storages.names()).not.toContain(name);
    expect(await (await storages.open(name)).read("s", "a")).toBeNull();
  });

  it("keeps a copy, not the caller's bytes", async () => {
    const mine = bytes(1);
    await storage.commit([put("a", mine)]);
    mine[0] = 9;
    expect(await storage.read("s", "a")).toEqual(bytes(1));
  });

  it("keeps a profile of exactly two parts", async () => {
    expect(await readProfile(storage)).toBeNull();
    const profile = { vault: new Uint8Array(16).fill(1), half: new Uint8Array(32).fill(2) };
    await writeProfile(storage, profile);
    expect(await readProfile(storage)).toEqual(profile);
    await storage.commit([put("profile", bytes(1, 2, 3), "profile")]);
    expect(await readProfile(storage)).toBeNull();
  });
});

describe("files", () => {
  it("take a line that was torn in the middle for never committed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "vault-"));
    const storage = await new FileStorages(folder).open("one");
    await storage.commit([put("a", bytes(1))]);
    const [file = ""] = await readdir(folder);
    await appendFile(join(folder, file), '[["s","a","AgA=');
    const again = await new FileStorages(folder).open("one");
    expect(await again.list("s", "")).toEqual([{ id: "a", bytes: bytes(1) }]);
    await again.commit([put("b", bytes(2))]);
    const third = await new FileStorages(folder).open("one");
    expect((await third.list("s", "")).map(({ id }) => id)).toEqual(["a", "b"]);
  });
});
