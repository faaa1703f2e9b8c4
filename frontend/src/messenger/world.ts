import type { Random } from "../crypto";
import type { Fetch, OpenWire, Timers } from "../sync";
import type { Storages } from "../vault";

/** Everything outside the engine: a browser's, Node's, or a test's. */
export type World = {
  /** Where the host is, without a slash at the end; empty for the page's own. */
  readonly origin: string;
  readonly fetch: Fetch;
  readonly openWire: OpenWire;
  readonly timers: Timers;
  readonly storages: Storages;
  readonly random: Random;
  /** 0 ≤ x < 1, for spreading things out; nothing secret hangs on it. */
  readonly chance: () => number;
};
