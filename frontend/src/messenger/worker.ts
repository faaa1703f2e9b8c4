/** Every tab starts one of these. The one that holds the lock is the engine; the others wait to take its place. */
import { ready } from "../crypto";
import { browserWorld } from "./browser";
import { LOCK, openChannel } from "./channel";
import { asCommands, Engine } from "./engine";
import { Host } from "./host";

const forever = new Promise<never>(() => undefined);

async function work(): Promise<never> {
  await ready;
  const engine = new Engine(browserWorld(), (event) => {
    host.tell(event);
  });
  const host = new Host(openChannel(), asCommands(engine), (conversations) => {
    engine.looked(conversations);
  });
  addEventListener("online", () => {
    engine.hurry();
  });
  addEventListener("offline", () => {
    engine.lose();
  });
  return forever;
}

void navigator.locks.request(LOCK, work);
