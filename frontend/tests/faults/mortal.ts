import type { World } from "../../src/messenger/world";
import type { OpenWire } from "../../src/sync";
import type { Change, Storage, Storages } from "../../src/vault";

/** On a message's way out: before it is kept, after; before its sealed form is, after; until it is settled. */
export type Instant =
  "typed" | "kept" | "sealed" | "persisted" | "sent" | "acknowledged" | "settling" | "settled";
type Around = readonly [before: Instant, after: Instant];

/** Ends at one instant of the first message that is said after `arm`, as the system ends a browser. */
export class Life {
  readonly #end: string;
  readonly #die: () => void;
  #isArmed = false;
  #kept = 0;

  constructor(end: string, die: () => void) {
    this.#end = end;
    this.#die = die;
  }

  arm(): void {
    this.#isArmed = true;
  }

  reach(instant: Instant): void {
    if (this.#isArmed && instant === this.#end) this.#die();
  }

  /** What these changes are on that way: the text is kept first, then its sealed form, and last neither. */
  around(changes: readonly Change[]): Around | null {
    const [own] = changes.filter(({ store }) => store === "outbox");
    if (own === undefined || !this.#isArmed) return null;
    if (own.bytes === null) return ["settling", "settled"];
    this.#kept += 1;
    return this.#kept === 1 ? ["typed", "kept"] : ["sealed", "persisted"];
  }
}

export const mortal = (world: World, life: Life): World => ({
  ...world,
  storages: mortalStorages(world.storages, life),
  openWire: mortalWire(world.openWire, life),
});

function mortalStorages(storages: Storages, life: Life): Storages {
  return {
    names: () => storages.names(),
    open: async (name) => mortalStorage(await storages.open(name), life),
    erase: (name) => storages.erase(name),
  };
}

function mortalStorage(storage: Storage, life: Life): Storage {
  return {
    read: (store, id) => storage.read(store, id),
    list: (store, prefix, span) => storage.list(store, prefix, span),
    close: () => {
      storage.close();
    },
    commit: async (changes) => {
      const around = life.around(changes);
      if (around !== null) life.reach(around[0]);
      await storage.commit(changes);
      if (around !== null) life.reach(around[1]);
    },
  };
}

const mortalWire =
  (open: OpenWire, life: Life): OpenWire =>
  (events) => {
    const wire = open({
      ...events,
      received: (text) => {
        if (text.includes('"appended"')) life.reach("acknowledged");
        events.received(text);
      },
    });
    return {
      send: (text) => {
        wire.send(text);
        if (text.includes('"append"')) life.reach("sent");
      },
      close: () => {
        wire.close();
      },
    };
  };
