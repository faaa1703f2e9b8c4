import type { Client } from "../client.svelte";
import { makePasskey } from "../passkeys";

/** Adds this device or a key to the person's factors; resolves to the printed codes that came with it, if any. */
export async function addPasskey({
  commands,
  fresh,
}: Pick<Client, "commands" | "fresh">): Promise<readonly string[]> {
  const offer = await fresh.withFreshFactor(() => commands.beginPasskey());
  return commands.confirmPasskey(await makePasskey(offer));
}
