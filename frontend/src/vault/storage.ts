/** What every place that keeps records can do. It knows names and bytes, never what the bytes mean. */

/** `bytes: null` deletes. */
export type Change = { readonly store: string; readonly id: string; readonly bytes: Uint8Array | null };
export type Found = { readonly id: string; readonly bytes: Uint8Array };
export type Span = {
  /** Only ids below this one. */
  readonly before?: string;
  /** Only the last so many. */
  readonly last?: number;
};

export interface Storage {
  read(store: string, id: string): Promise<Uint8Array | null>;
  /** Records whose id begins with `prefix`, ascending by id. */
  list(store: string, prefix: string, span?: Span): Promise<readonly Found[]>;
  /** All of the changes or none. */
  commit(changes: readonly Change[]): Promise<void>;
  close(): void;
}

/** The storages of one browser, by name. */
export interface Storages {
  names(): Promise<readonly string[]>;
  open(name: string): Promise<Storage>;
  /** Resolves once nothing of it is left. */
  erase(name: string): Promise<void>;
}

/** The place refused to keep or to give; what was there before is still there. */
export class StorageFailed extends Error {
  constructor() {
    super("storage");
    this.name = "StorageFailed";
  }
}
