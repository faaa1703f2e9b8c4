import type { Change, Found, Span, Storage } from "./storage";

/** Seals a record to its own place (V3); whoever makes the vault brings the key with it. */
export interface Sealer {
  seal(store: string, id: string, record: Uint8Array): Uint8Array;
  open(store: string, id: string, sealed: Uint8Array): Uint8Array;
}

/** Records sealed one by one; the storage below sees their places and nothing else. */
export class Vault {
  readonly #storage: Storage;
  readonly #sealer: Sealer;

  constructor(storage: Storage, sealer: Sealer) {
    this.#storage = storage;
    this.#sealer = sealer;
  }

  async read(store: string, id: string): Promise<Uint8Array | null> {
    const sealed = await this.#storage.read(store, id);
    return sealed === null ? null : this.#sealer.open(store, id, sealed);
  }

  async list(store: string, prefix = "", span: Span = {}): Promise<readonly Found[]> {
    const found = await this.#storage.list(store, prefix, span);
    return found.map(({ id, bytes }) => ({ id, bytes: this.#sealer.open(store, id, bytes) }));
  }

  /** All of the changes or none (V4: before ciphertext leaves, before plaintext shows). */
  async commit(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    await this.#storage.commit(changes.map((change) => this.#sealed(change)));
  }

  close(): void {
    this.#storage.close();
  }

  #sealed({ store, id, bytes }: Change): Change {
    return { store, id, bytes: bytes === null ? null : this.#sealer.seal(store, id, bytes) };
  }
}
