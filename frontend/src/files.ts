/** Sealed records in files, for the client without a browser: one journal a storage, each commit one line. */
import { appendFile, mkdir, readdir, readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { Change, Storage, Storages } from "./vault";
import { MemoryStorage, StorageFailed } from "./vault";

type Line = readonly (readonly [store: string, id: string, bytes: string | null])[];
const EXTENSION = ".jsonl";

class FileStorage implements Storage {
  readonly #path: string;
  readonly #records = new MemoryStorage();

  private constructor(path: string) {
    this.#path = path;
  }

  static async open(path: string): Promise<FileStorage> {
    const storage = new FileStorage(path);
    for (const line of await linesOf(path)) await storage.#records.commit(read(line));
    return storage;
  }

  read: Storage["read"] = (store, id) => this.#records.read(store, id);
  list: Storage["list"] = (store, prefix, span) => this.#records.list(store, prefix, span);

  async commit(changes: readonly Change[]): Promise<void> {
    try {
      await appendFile(this.#path, `${JSON.stringify(written(changes))}\n`, { mode: 0o600, flush: true });
    } catch {
      throw new StorageFailed();
    }
    await this.#records.commit(changes);
  }

  close(): void {
    this.#records.close();
  }
}

export class FileStorages implements Storages {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async names(): Promise<readonly string[]> {
    await mkdir(this.#folder, { recursive: true });
    const files = await readdir(this.#folder);
    return files.filter((file) => file.endsWith(EXTENSION)).map((file) => file.slice(0, -EXTENSION.length));
  }

  async open(name: string): Promise<Storage> {
    await mkdir(this.#folder, { recursive: true });
    return FileStorage.open(this.#path(name));
  }

  erase(name: string): Promise<void> {
    return rm(this.#path(name), { force: true });
  }

  #path(name: string): string {
    return join(this.#folder, name + EXTENSION);
  }
}

/** A last line without its end was never committed: it is cut off, so that the next one begins a line. */
async function linesOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole));
  return whole.split("\n").slice(0, -1);
}

const written = (changes: readonly Change[]): Line =>
  changes.map(({ store, id, bytes }) => [
    store,
    id,
    bytes === null ? null : Buffer.from(bytes).toString("base64"),
  ]);

const read = (line: string): readonly Change[] =>
  (JSON.parse(line) as Line).map(([store, id, bytes]) => ({
    store,
    id,
    bytes: bytes === null ? null : new Uint8Array(Buffer.from(bytes, "base64")),
  }));
