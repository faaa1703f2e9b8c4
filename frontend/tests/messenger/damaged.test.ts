import { describe, expect, it } from "vitest";
import type { Storages } from "../../src/vault";
import { MemoryStorages } from "../../src/vault";
import type { Pair } from "./world/client";
import { pair, say } from "./world/client";

type Damage = (storages: Storages, name: string) => Promise<void>;

/** One byte of the first record. */
const flip =
  (store: string, prefix = ""): Damage =>
  async (storages, name) => {
    const storage = await storages.open(name);
    const [record] = await storage.list(store, prefix);
    if (record === undefined) throw new Error(`nothing in ${store}`);
    const bytes = record.bytes.slice();
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    await storage.commit([{ store, id: record.id, bytes }]);
  };
const evict: Damage = (storages, name) => storages.erase(name);

async function talked(storages: Storages): Promise<Pair> {
  const both = await pair(storages);
  for (const [client, text] of [
    [both.a, "Bonjour"],
    [both.b, "Bonjour Inès"],
  ] as const) {
    await say(client, both.conversation, text);
    await both.a.settle();
  }
  return both;
}

describe("a browser whose storage is damaged", () => {
  const cases: readonly (readonly [string, Damage])[] = [
    ["evicted", evict],
    ...["profile", "identity", "conversations", "keylogs", "persons"].map(
      (store) => [`a byte of ${store}`, flip(store)] as const,
    ),
  ];
  it.each(cases)("%s: it asks for the code, and then shows the same again", async (_name, damage) => {
    const storages = new MemoryStorages();
    const { a, conversation } = await talked(storages);
    const shown = await a.texts(conversation);
    a.stop();
    for (const name of await storages.names()) await damage(storages, name);
    await a.reload();
    expect(a.store.session.view.stage).toBe("recover");
    await a.commands.recover({ code: a.recovery.join("") });
    await a.settle(10_000);
    expect(await a.texts(conversation)).toEqual(shown);
  });

  it("a byte of a message: its page is not shown as if it were whole", async () => {
    const storages = new MemoryStorages();
    const { a, conversation } = await talked(storages);
    a.stop();
    for (const name of await storages.names()) await flip("entries", `${conversation}/`)(storages, name);
    await a.reload();
    await expect(a.texts(conversation)).rejects.toMatchObject({ code: "bug" });
  });
});
