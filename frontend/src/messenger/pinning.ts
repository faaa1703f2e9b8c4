import type { ChainId, Epoch, KeyLog } from "../crypto";
import { againstPin, makerRevoked, sameBytes } from "../crypto";
import type { Desk } from "./desk";
import type { Draft } from "./draft";
import type { Fetched } from "./keylogs";
import type { PersonRecord } from "./records";

/** K15, E18: key logs are followed, pins only go forward, and what does not fit is noted with the person it concerns. */
export class Pinning {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Brings a key log up to the host's head; trouble is noted, and gone once it fits again. Throws HostSilent. */
  async follow(chain: ChainId): Promise<Fetched> {
    const { keyLogs, persons } = this.#desk;
    const fetched = await keyLogs.refresh(chain);
    const owner = persons.byChain(chain);
    const log = keyLogs.get(chain);
    const pin = owner === null ? null : owner.pin;
    if (owner === null || pin === null || !sameBytes(pin.chain, chain)) return fetched;
    const fits = fetched === "fits" && log !== null && againstPin(log, pin) === null;
    if (fits) await this.#forward(owner, log);
    else await persons.setTrouble(owner.id, "key_log_refused");
    return fits ? "fits" : "refused";
  }

  async #forward(owner: PersonRecord, log: KeyLog): Promise<void> {
    const { persons } = this.#desk;
    await persons.pin(owner.id, log.chain, log.head);
    if (owner.trouble === "key_log_refused") await persons.setTrouble(owner.id, null);
  }

  /** Without waiting, and without harm when the host does not answer. */
  followSoon(chain: ChainId): void {
    this.follow(chain).catch(() => undefined);
  }

  /** Pins whom an accepted roster names, as far as they are not known otherwise. */
  async admit(peer: string | null, epoch: Epoch): Promise<void> {
    const { identity, keyLogs, persons } = this.#desk;
    const others = epoch.roster.filter((row) => !identity.isMe(row.chain));
    const [row] = others;
    // Two rows that are both not ours: this person began anew, and the other is told apart only by a pin.
    if (peer === null || row === undefined || others.length > 1) return;
    const log = keyLogs.get(row.chain);
    if (log === null) return;
    if (persons.admits(peer, row.chain)) await persons.pin(peer, row.chain, log.head);
    else await persons.setTrouble(peer, "identity_changed");
  }

  /** E18: was this epoch made by a device that its owner had already revoked? A later epoch that names it ends the matter. */
  judgeMaker(draft: Draft, epoch: Epoch, maker: ChainId | null): void {
    const log = maker === null ? null : this.#desk.keyLogs.get(maker);
    const alarms = draft.record.alarms.filter(({ kind }) => kind !== "device_revoked_since");
    draft.set({ alarms });
    if (log === null || !makerRevoked(epoch, log)) return;
    draft.raise({ kind: "device_revoked_since", cause: null, seq: draft.record.seq + 1, blocks: true });
  }
}
