import type { PairingCode, ShownKeys } from "../crypto";
import {
  answerOffer,
  asDeviceId,
  asSealed,
  checkOffer,
  completeAddition,
  fromText,
  readPairingCode,
  Refused,
  toText,
} from "../crypto";
import type { PairingTaken } from "../protocol";
import type { DevicesView, PairingView } from "../store/model";
import { HostRefused, pause } from "../sync";
import { CommandError } from "./commands";
import type { Desk } from "./desk";
import { hexBytes } from "./hex";
import type { OwnKeys } from "./ownkeys";

const LIVES = 600_000;
const AGAIN_AFTER = 1_000;

type Taken = {
  readonly pairing: string;
  readonly code: PairingCode;
  readonly added: ShownKeys;
  readonly mac: Uint8Array;
  /** By this browser's own clock. */
  readonly end: number;
};

/** D, the device that adds: checks what asks by the code its user typed, and signs only the next of its own log. */
export class Adding {
  #taken: Taken | null = null;

  /** D3. A wrong code ends the offer: the other side must show another. */
  async take(desk: Desk, typed: string): Promise<PairingView> {
    const code = readPairingCode(typed);
    await this.drop(desk);
    const offer = await takeOffer(desk);
    const added = shownOf(offer);
    const mac = fromText(offer.mac);
    this.#taken = { pairing: offer.pairing, code, added, mac, end: desk.world.timers.now() + LIVES };
    try {
      checkOffer({ code, person: hexBytes(desk.identity.person) }, added, mac);
    } catch (error) {
      await this.drop(desk);
      throw error;
    }
    const { browser, platform, at } = offer;
    return { browser, platform, at };
  }

  /** The user says that the device is in hand. */
  async confirm(desk: Desk, own: OwnKeys): Promise<DevicesView> {
    const taken = this.#live(desk);
    await own.look();
    const { log } = own;
    const { identity, clock, world, api } = desk;
    const { pairing, code, added, mac } = taken;
    const { signer: device, keys } = identity;
    const person = hexBytes(identity.person);
    const made = { code, person, added, mac, device, keys, log, at: clock.now(), random: world.random };
    const { addition, sealed, mac: answer } = answerOffer(made);
    await api.answerPairing({ pairing, map: toText(addition), sealed: toText(sealed), mac: toText(answer) });
    const countersign = await this.#countersigned(desk, taken);
    const { generation } = log.generations.at(-1) ?? { generation: 0 };
    try {
      const { statement } = completeAddition(own.log, identity.signer, addition, countersign);
      const seeds = [{ device: added.id, generation, sealed: asSealed(sealed) }];
      return await own.append({ statements: [statement], seeds });
    } catch (error) {
      // D6: the log has moved meanwhile, or the other side did not sign this.
      throw error instanceof Refused ? new CommandError("pairing_over") : error;
    } finally {
      await this.drop(desk);
    }
  }

  async drop({ api }: Pick<Desk, "api">): Promise<void> {
    const pairing = this.#taken?.pairing;
    this.forget();
    if (pairing !== undefined) await api.dropPairing({ pairing }).catch(() => undefined);
  }

  forget(): void {
    this.#taken?.code.wipe();
    this.#taken = null;
  }

  #live({ world }: Desk): Taken {
    if (this.#taken === null || world.timers.now() >= this.#taken.end) throw new CommandError("pairing_over");
    return this.#taken;
  }

  async #countersigned(desk: Desk, taken: Taken): Promise<Uint8Array> {
    for (;;) {
      const { state, countersign } = await seenBy(desk, taken.pairing);
      if (countersign !== null) return fromText(countersign);
      if (state === "over" || this.#live(desk) !== taken) throw new CommandError("pairing_over");
      await pause(desk.world.timers, AGAIN_AFTER);
    }
  }
}

async function takeOffer({ api }: Desk): Promise<PairingTaken> {
  try {
    return await api.takePairing();
  } catch (error) {
    if (error instanceof HostRefused && error.code === "not_found") throw new CommandError("pairing_over");
    throw error;
  }
}

async function seenBy({ api }: Desk, pairing: string) {
  try {
    return await api.pairing(pairing);
  } catch (error) {
    if (error instanceof HostRefused && error.code === "not_found") throw new CommandError("pairing_over");
    throw error;
  }
}

const shownOf = ({ device }: PairingTaken): ShownKeys => ({
  id: asDeviceId(fromText(device.id)),
  sign: fromText(device.sign) as ShownKeys["sign"],
  unseal: fromText(device.unseal) as ShownKeys["unseal"],
});
