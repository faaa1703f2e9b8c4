/** Talking with the host: frames, pages, cursors, patience. It knows no key, no plaintext, no screen. */
export { Api, HostRefused, HostSilent, type Fetch } from "./api";
export { PageSize, pull, type Reader } from "./pull";
export { AnswerLost } from "./requests";
export {
  Socket,
  type Dealt,
  type Ended,
  type OpenWire,
  type SocketState,
  type Wire,
  type WireEvents,
} from "./socket";
export { wireOf } from "./wire";
export { pause, systemTimers, TimedOut, within, type Timers } from "./timers";
