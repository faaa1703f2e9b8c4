/** The client's store: records sealed one by one, committed together. It holds no key of its own. */
export type { Change, Found, Span, Storage, Storages } from "./storage";
export { StorageFailed } from "./storage";
export { MemoryStorage, MemoryStorages } from "./memory";
export { IndexedDbStorages } from "./indexeddb";
export { Vault, type Sealer } from "./vault";
export { isPending, readProfile, setPending, writeProfile, type Profile } from "./profile";
