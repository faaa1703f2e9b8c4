import { MemoryStorages } from "../../../src/vault";
import type { TestClient } from "./client";

const STORES = [
  "profile",
  "identity",
  "persons",
  "keylogs",
  "conversations",
  "entries",
  "journal",
  "secrets",
  "outbox",
  "drafts",
  "markers",
  "noted",
];

/** A browser's profile as a backup or a thief takes it. */
export async function copyOf({ storages }: TestClient): Promise<MemoryStorages> {
  const copy = new MemoryStorages();
  for (const name of await storages.names()) {
    const [from, to] = [await storages.open(name), await copy.open(name)];
    for (const store of STORES)
      await to.commit((await from.list(store, "")).map(({ id, bytes }) => ({ store, id, bytes })));
  }
  return copy;
}
