import type { Epoch, EpochSecret, OpenedWrap } from "../crypto";
import { asSealed, fromText, openWrap, Refused } from "../crypto";
import type { Desk } from "./desk";
import type { Draft, Row } from "./draft";

/** Over with the next epoch, whose wrap is another. */
const WITHHELD = "wrap_withheld";

/** E9, E17: from an epoch to its secret. */
export class Wraps {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** What this epoch's messages open with, or `null`; why not is noted in the draft. */
  async secretFor(draft: Draft, epoch: Epoch, row: Row): Promise<EpochSecret | null> {
    draft.set({ wrapMissing: false, alarms: draft.record.alarms.filter(({ kind }) => kind !== WITHHELD) });
    const kept = await draft.conversation.secretOf(epoch);
    if (kept !== null) return kept;
    const opened = await this.#open(draft, epoch, row);
    if (opened.ok) return opened.secret;
    if (opened.cause === "missing") this.#isMissing(draft, row);
    if (opened.cause === "faulty" || opened.cause === "no_seed") this.#isFaulty(draft, row);
    return null;
  }

  async #open(draft: Draft, epoch: Epoch, row: Row): Promise<OpenedWrap> {
    const opened = this.#opened(epoch, row.wrap);
    if (opened.ok) return opened;
    if (opened.cause === "no_seed" && (await this.#learnKeys())) return this.#opened(epoch, row.wrap);
    if (opened.cause === "missing") return this.#opened(epoch, await this.#askAgain(draft, row));
    return opened;
  }

  #opened(epoch: Epoch, wrap: Uint8Array | null): OpenedWrap {
    return openWrap(epoch, wrap === null ? null : asSealed(wrap), this.#desk.identity.keys);
  }

  async #askAgain({ conversation }: Draft, row: Row): Promise<Uint8Array | null> {
    const { entries } = await this.#desk.api.entries(conversation.key, row.seq - 1, 1);
    const wrap = entries.find(({ seq }) => seq === row.seq)?.wrap ?? null;
    return wrap === null ? null : fromText(wrap);
  }

  // Another device of this person made a newer key.
  async #learnKeys(): Promise<boolean> {
    const { api, identity, keyLogs, vault } = this.#desk;
    await keyLogs.refresh(identity.chain);
    const log = keyLogs.get(identity.chain);
    if (log === null) return false;
    try {
      await identity.learnKeys(vault, log, (await api.ownKeys(log.head.n)).seeds);
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  }

  // The host's fault: nothing is sealed and no epoch is made until it gives the wrap.
  #isMissing(draft: Draft, row: Row): void {
    draft.set({ wrapMissing: true });
    draft.raise({ kind: WITHHELD, cause: null, seq: row.seq, blocks: true });
  }

  // The maker's fault: shown, and the next epoch heals it.
  #isFaulty(draft: Draft, row: Row): void {
    draft.isFaulty = true;
    draft.raise({ kind: "entry_refused", cause: "not_for_me", seq: row.seq, blocks: false });
  }
}
