import type { DBSchema, IDBPDatabase, IDBPObjectStore } from "idb";
import { deleteDB, openDB } from "idb";
import type { Change, Found, Span, Storage, Storages } from "./storage";
import { StorageFailed } from "./storage";

type Key = [store: string, id: string];
interface Schema extends DBSchema {
  records: { key: Key; value: Uint8Array };
}
type Records = IDBPObjectStore<Schema, ["records"], "records">;

const PREFIX = "colloque-";
/** Above every character that an id of ours contains. */
const LAST = "\uffff";

/** One object store under the key [store, id], so that one transaction covers any records. */
class IndexedDbStorage implements Storage {
  readonly #database: IDBPDatabase<Schema>;

  constructor(database: IDBPDatabase<Schema>) {
    this.#database = database;
  }

  read(store: string, id: string): Promise<Uint8Array | null> {
    return failing(async () => (await this.#database.get("records", [store, id])) ?? null);
  }

  list(store: string, prefix: string, span: Span = {}): Promise<readonly Found[]> {
    return failing(async () => {
      const range = rangeOf(store, prefix, span.before);
      const records = this.#database.transaction("records").store;
      return span.last === undefined ? all(records, range) : newest(records, range, span.last);
    });
  }

  commit(changes: readonly Change[]): Promise<void> {
    return failing(async () => {
      const writing = this.#database.transaction("records", "readwrite", { durability: "strict" });
      const writes = changes.map((change) => write(writing.store, change));
      const refused = (await Promise.allSettled(writes)).some(({ status }) => status === "rejected");
      // A value that cannot be stored throws before its request exists, which alone would not undo the others.
      if (refused) writing.abort();
      await writing.done;
    });
  }

  close(): void {
    this.#database.close();
  }
}

async function write(
  records: IDBPObjectStore<Schema, ["records"], "records", "readwrite">,
  { store, id, bytes }: Change,
): Promise<void> {
  if (bytes === null) await records.delete([store, id]);
  else await records.put(bytes, [store, id]);
}

function rangeOf(store: string, prefix: string, before: string | undefined): IDBKeyRange {
  const end = before !== undefined && before < prefix + LAST ? before : prefix + LAST;
  return end <= prefix
    ? IDBKeyRange.only([store])
    : IDBKeyRange.bound([store, prefix], [store, end], false, true);
}

async function all(records: Records, range: IDBKeyRange): Promise<readonly Found[]> {
  const [keys, values] = await Promise.all([records.getAllKeys(range), records.getAll(range)]);
  return keys.map(([, id], at) => ({ id, bytes: values[at] ?? new Uint8Array() }));
}

async function newest(records: Records, range: IDBKeyRange, most: number): Promise<readonly Found[]> {
  const found: Found[] = [];
  let cursor = await records.openCursor(range, "prev");
  while (cursor !== null && found.length < most) {
    found.push({ id: cursor.key[1], bytes: cursor.value });
    cursor = await cursor.continue();
  }
  return found.reverse();
}

export class IndexedDbStorages implements Storages {
  async names(): Promise<readonly string[]> {
    const databases = await failing(() => indexedDB.databases());
    const names = databases.flatMap(({ name }) => (name?.startsWith(PREFIX) === true ? [name] : []));
    return names.map((name) => name.slice(PREFIX.length));
  }

  open(name: string): Promise<Storage> {
    return failing(async () => {
      const database = await openDB<Schema>(PREFIX + name, 1, {
        upgrade: (fresh) => {
          fresh.createObjectStore("records");
        },
        // Another tab that erases must not wait for this one.
        blocking: (_current, _blocked, event) => {
          if (event.target instanceof IDBDatabase) event.target.close();
        },
      });
      return new IndexedDbStorage(database);
    });
  }

  erase(name: string): Promise<void> {
    return failing(() => deleteDB(PREFIX + name));
  }
}

async function failing<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch {
    throw new StorageFailed();
  }
}
