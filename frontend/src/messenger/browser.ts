import { systemRandom } from "../crypto";
import type { OpenWire } from "../sync";
import { systemTimers, wireOf } from "../sync";
import { IndexedDbStorages } from "../vault";
import { SUBPROTOCOL } from "../protocol";
import type { World } from "./world";

const openWire: OpenWire = (events) =>
  wireOf(new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws`, SUBPROTOCOL), events);

/** The world as a worker of this page's origin has it. */
export const browserWorld = (): World => ({
  origin: location.origin,
  fetch: (url, init) => fetch(url, init),
  openWire,
  timers: systemTimers,
  storages: new IndexedDbStorages(),
  random: systemRandom,
  chance: Math.random,
});
