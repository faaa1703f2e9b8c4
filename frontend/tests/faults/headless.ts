/** The client without a screen, killed at the instant DIES_AT of the first message that is said. */
import { speak, worldOfArguments } from "../../src/node";
import { Life, mortal } from "./mortal";

const life = new Life(process.env["DIES_AT"] ?? "", () => {
  process.kill(process.pid, "SIGKILL");
});
await speak(mortal(worldOfArguments(), life));
// Only now: whoever listens first takes what was said before the others listen.
process.stdin.on("data", (said: Buffer) => {
  if (said.includes('"send"')) life.arm();
});
