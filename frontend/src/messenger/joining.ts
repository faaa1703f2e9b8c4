import type { Acceptance, DeviceKeys, PairingAnswer } from "../crypto";
import {
  acceptAnswer,
  activeAt,
  asDeviceId,
  asHash,
  asSealed,
  fromText,
  isCompletion,
  makeDeviceKeys,
  makePairingCode,
  offerMac,
  Refused,
  shownKeys,
  toText,
  writePairingCode,
} from "../crypto";
import type { PairingCode } from "../crypto";
import type { Pairing } from "../protocol";
import type { PairingOfferView, PairingStep } from "../store/model";
import type { Api } from "../sync";
import { HostRefused } from "../sync";
import type { Whose } from "./beginning";
import { hexBytes } from "./hex";
import { identityChange, newIdentity } from "./identity";
import { KeyLogs } from "./keylogs";
import { ownLog } from "./ownlog";
import type { Vaults } from "./vaults";
import type { World } from "./world";

const LIVES = 600_000;

type Answered = {
  readonly acceptance: Acceptance;
  readonly addition: Uint8Array;
  readonly by: ReturnType<typeof asDeviceId>;
  readonly name: string;
};
type Offered = {
  readonly pairing: string;
  readonly code: PairingCode;
  readonly keys: DeviceKeys;
  readonly whose: Whose;
  /** By this browser's own clock. */
  readonly end: number;
  answered: Answered | null;
};

/** D, the new device: shows a code, checks whatever comes back under it, and signs only what is right. */
export class Joining {
  readonly #world: World;
  readonly #api: Api;
  readonly #vaults: Vaults;
  #offered: Offered | null = null;

  constructor(world: World, api: Api, vaults: Vaults) {
    this.#world = world;
    this.#api = api;
    this.#vaults = vaults;
  }

  async offer(whose: Whose): Promise<PairingOfferView> {
    this.forget();
    const { random, timers } = this.#world;
    const code = makePairingCode(random);
    const keys = makeDeviceKeys(random);
    const shown = shownKeys(keys);
    const mac = offerMac({ code, person: hexBytes(whose.person) }, shown);
    const device = { id: toText(shown.id), sign: toText(shown.sign), unseal: toText(shown.unseal) };
    const end = timers.now() + LIVES;
    const { pairing, until } = await this.#api.offerPairing({ device, mac: toText(mac) });
    this.#offered = { pairing, code, keys, whose, end, answered: null };
    return { groups: writePairingCode(code), until };
  }

  /** Asked again and again. Throws `key_log_refused` as `Refused` when the answer is not right: the offer is over. */
  async follow(): Promise<PairingStep> {
    const offered = this.#offered;
    if (offered === null || this.#world.timers.now() >= offered.end) return this.#over();
    try {
      return await this.#step(offered);
    } catch (error) {
      if (error instanceof HostRefused && error.code === "not_found") return this.#over();
      if (error instanceof Refused) await this.drop();
      throw error;
    }
  }

  async drop(): Promise<void> {
    const pairing = this.#offered?.pairing;
    this.forget();
    if (pairing !== undefined) await this.#api.dropPairing({ pairing }).catch(() => undefined);
  }

  forget(): void {
    this.#offered?.code.wipe();
    this.#offered = null;
  }

  #over(): PairingStep {
    this.forget();
    return "over";
  }

  async #step(offered: Offered): Promise<PairingStep> {
    if (offered.answered !== null) return this.#finish(offered, offered.answered);
    const seen = await this.#api.pairing(offered.pairing);
    if (seen.state === "open") return "waiting";
    if (seen.state === "taken") return "taken";
    if (seen.state !== "answered") return this.#over();
    await this.#accept(offered, seen);
    return "taken";
  }

  /** D5. The vault comes first: no key is published that could be lost on the way (V4). */
  async #accept(offered: Offered, seen: Pairing): Promise<void> {
    const { code, keys, whose, pairing } = offered;
    const { answer, by } = readAnswer(seen);
    const { statements } = await ownLog(this.#api);
    const person = hexBytes(whose.person);
    const acceptance = acceptAnswer({ code, person, keys, answer, statements, by });
    const { vault, name } = await this.#vaults.make(whose.person, whose.stay, keys.id);
    const organisation = hexBytes(whose.organisation);
    const identity = newIdentity(acceptance, { person: whose.person, organisation, self: null });
    await vault.commit([identityChange(identity), KeyLogs.change(acceptance.log, statements)]);
    vault.close();
    await this.#api.countersignPairing({ pairing, countersign: toText(acceptance.countersign) });
    offered.answered = { acceptance, addition: answer.addition, by, name };
  }

  /** Once the log has gone on with exactly what was signed here. */
  async #finish(offered: Offered, { acceptance, addition, by, name }: Answered): Promise<PairingStep> {
    const { log, statements } = await ownLog(this.#api);
    const next = statements[acceptance.log.head.n + 1];
    if (next === undefined) return this.#stillOpen(offered);
    if (!isCompletion(next, by, addition) || activeAt(log, offered.keys.id, log.head.n) === null)
      throw new Refused("key_log_refused");
    await this.#vaults.settle(offered.whose.person, name);
    this.forget();
    return "joined";
  }

  async #stillOpen({ pairing }: Offered): Promise<PairingStep> {
    const { state } = await this.#api.pairing(pairing);
    return state === "over" ? this.#over() : "taken";
  }
}

function readAnswer({ map, sealed, mac, device }: Pairing) {
  if (map === null || sealed === null || mac === null || device === null)
    throw new Refused("key_log_refused");
  const answer: PairingAnswer = {
    addition: fromText(map),
    sealed: asSealed(fromText(sealed)),
    mac: asHash(fromText(mac)),
  };
  return { answer, by: asDeviceId(fromText(device)) };
}
