import type { Change, Found, Span, Storage, Storages } from "./storage";
import { StorageFailed } from "./storage";

/** Records in memory, sorted when listed. */
export class MemoryStorage implements Storage {
  readonly #stores = new Map<string, Map<string, Uint8Array>>();
  #closed = false;

  read(store: string, id: string): Promise<Uint8Array | null> {
    return this.#guard(() => this.#stores.get(store)?.get(id)?.slice() ?? null);
  }

  list(store: string, prefix: string, span: Span = {}): Promise<readonly Found[]> {
    return this.#guard(() => this.#listed(store, prefix, span));
  }

  commit(changes: readonly Change[]): Promise<void> {
    return this.#guard(() => {
      // Copied first: what cannot be copied must leave everything as it was.
      const kept = changes.map((change) => ({ ...change, bytes: change.bytes?.slice() ?? null }));
      for (const change of kept) this.#apply(change);
    });
  }

  close(): void {
    this.#closed = true;
  }

  #apply({ store, id, bytes }: Change): void {
    const records = this.#stores.get(store) ?? new Map<string, Uint8Array>();
    this.#stores.set(store, records);
    if (bytes === null) records.delete(id);
    else records.set(id, bytes);
  }

  #listed(store: string, prefix: string, { before, last }: Span): readonly Found[] {
    const ids = [...(this.#stores.get(store)?.keys() ?? [])]
      .filter((id) => id.startsWith(prefix) && (before === undefined || id < before))
      .sort();
    const wanted = last === undefined ? ids : ids.slice(Math.max(0, ids.length - last));
    return wanted.map((id) => ({ id, bytes: this.#stores.get(store)?.get(id)?.slice() ?? new Uint8Array() }));
  }

  #guard<T>(act: () => T): Promise<T> {
    return failing(() => {
      if (this.#closed) throw new StorageFailed();
      return act();
    });
  }
}

export class MemoryStorages implements Storages {
  readonly #kept = new Map<string, MemoryStorage>();

  names(): Promise<readonly string[]> {
    return Promise.resolve([...this.#kept.keys()]);
  }

  open(name: string): Promise<Storage> {
    const storage = this.#kept.get(name) ?? new MemoryStorage();
    this.#kept.set(name, storage);
    return Promise.resolve(unclosed(storage));
  }

  erase(name: string): Promise<void> {
    this.#kept.get(name)?.close();
    this.#kept.delete(name);
    return Promise.resolve();
  }
}

async function failing<T>(act: () => T): Promise<T> {
  try {
    return await Promise.resolve().then(act);
  } catch {
    throw new StorageFailed();
  }
}

/** One opening of a storage that stays for the next: closing it ends this opening only. */
function unclosed(storage: MemoryStorage): Storage {
  let open = true;
  const guard = <T>(act: () => Promise<T>): Promise<T> =>
    open ? act() : Promise.reject(new StorageFailed());
  return {
    read: (store, id) => guard(() => storage.read(store, id)),
    list: (store, prefix, span) => guard(() => storage.list(store, prefix, span)),
    commit: (changes) => guard(() => storage.commit(changes)),
    close: () => {
      open = false;
    },
  };
}
