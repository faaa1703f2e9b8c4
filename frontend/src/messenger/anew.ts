import type { Position } from "../crypto";
import { readAccepted, sameBytes } from "../crypto";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import { drop } from "./records";

const READ = ["entries", "journal", "epochs"] as const;

/**
 * L13: a view that the host had begun too late is read anew once it names an earlier beginning. Only inside the
 * conversation's queue. What this device said itself, read a second time, would look like the doing of a copy (M9).
 */
export async function readAnew(
  conversation: Conversation,
  start: Position | null,
  desk: Desk,
): Promise<void> {
  const { isCut, anchor, alarms } = conversation.record;
  const isForked = alarms.some(({ kind }) => kind === "log_forked");
  if (!isCut || isForked || (start?.n ?? 0) >= anchor.n || (await hasSpoken(conversation, desk))) return;
  const prefix = `${conversation.key}/`;
  const found = await Promise.all(
    READ.map(async (store) => (await desk.vault.list(store, prefix)).map(({ id }) => drop(store, id))),
  );
  await conversation.begin(start, found.flat());
}

async function hasSpoken({ key, record }: Conversation, { identity, vault }: Desk): Promise<boolean> {
  const { id } = identity.device;
  if (record.senders.some(({ device }) => sameBytes(device, id))) return true;
  const epochs = await vault.list("epochs", `${key}/`);
  return epochs.some(({ bytes }) => {
    const epoch = readAccepted(bytes);
    return epoch.type === "epoch" && sameBytes(epoch.signer, id);
  });
}
