import { isCoordinator, sameBytes } from "../crypto";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import type { Writing } from "./writing";

/** Whose turn it is: the device that made the epoch at once, any coordinator's when that one did not. */
export type Turn = "maker" | "any";

/** M13: newcomers cannot read what was said before them, so the title is said again. */
export class Titles {
  readonly #desk: Desk;
  readonly #writing: Writing;

  constructor(desk: Desk, writing: Writing) {
    this.#desk = desk;
    this.#writing = writing;
  }

  async sayAgain(conversation: Conversation, turn: Turn): Promise<void> {
    const { title, untitled } = conversation.record;
    const current = conversation.current();
    // What was said since may not be here yet.
    if (conversation.isBehind || title === null || untitled === null || current === null) return;
    const { identity, outbox } = this.#desk;
    const isMaker = sameBytes(current.epoch.signer, identity.device.id);
    if ((turn === "maker" && !isMaker) || !isCoordinator(current, identity.chain)) return;
    if (outbox.of(conversation.key).some(({ said }) => said?.kind === "title")) return;
    await this.#writing.say(conversation, { kind: "title", title });
  }
}
