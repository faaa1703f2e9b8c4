import type { RecoveryCode } from "../crypto";
import {
  activeDevices,
  addPaper,
  asDeviceId,
  consentTo,
  fromText,
  makeRecoveryCode,
  paperIdOf,
  readRecoveryCode,
  revokeDevice,
  sameBytes,
  toText,
  writeRecoveryCode,
} from "../crypto";
import type { DevicesView } from "../store/model";
import { Adding } from "./adding";
import { answersFit } from "./answers";
import type { Commands } from "./commands";
import { CommandError } from "./commands";
import type { Opened } from "./opened";
import { unpack, type EntryRecord } from "./records";
import type { World } from "./world";

type Given = { readonly world: World; readonly ready: () => Opened };

/** The commands about one's own devices and codes de secours, on a device that is one already. */
export class Devices {
  readonly #world: World;
  readonly #ready: () => Opened;
  readonly #adding = new Adding();
  #code: RecoveryCode | null = null;

  constructor({ world, ready }: Given) {
    this.#world = world;
    this.#ready = ready;
  }

  takePairing: Commands["takePairing"] = ({ code }) => this.#adding.take(this.#ready().desk, code);
  confirmPairing: Commands["confirmPairing"] = () => {
    const { desk, ownKeys } = this.#ready();
    return this.#adding.confirm(desk, ownKeys);
  };

  devices: Commands["devices"] = () => this.#ready().ownKeys.look();
  seenDevices: Commands["seenDevices"] = ({ n }) => this.#ready().ownKeys.seen(n);

  /** K9: out, and a new key for the others in the same statement; conversations are renewed before the next message. */
  revokeDevice: Commands["revokeDevice"] = async ({ device }) => {
    const { ownKeys, rooms } = this.#ready();
    await ownKeys.look();
    const revoked = asDeviceId(fromText(device));
    const { statement, seeds } = revokeDevice({ ...this.#by(), log: ownKeys.log, revoked });
    const view = await ownKeys.revoke({ statements: [statement], seeds });
    void rooms.catchUp();
    rooms.ownStates.saySoon();
    return view;
  };

  prepareCode: Commands["prepareCode"] = () => {
    this.#code ??= makeRecoveryCode(this.#world.random);
    return Promise.resolve(writeRecoveryCode(this.#code));
  };

  finishCode: Commands["finishCode"] = async ({ answers, old }) => {
    const code = this.#code;
    if (code === null || !answersFit(writeRecoveryCode(code), answers))
      throw new CommandError("bad_recovery_code");
    const view = old === null ? await this.#addCode(code) : await this.#exchange(code, old);
    this.forget();
    return view;
  };

  keepCode: Commands["keepCode"] = async ({ device }) => {
    const { desk, ownKeys } = this.#ready();
    await desk.api.keepPaper({ device });
    return ownKeys.look();
  };

  countReadable: Commands["countReadable"] = async () => {
    const records = await this.#ready().desk.vault.list("entries");
    return records.filter(({ bytes }) => unpack<EntryRecord>(bytes).shown.kind === "text").length;
  };

  forget(): void {
    this.#code?.wipe();
    this.#code = null;
    this.#adding.forget();
  }

  drop(): Promise<void> {
    return this.#adding.drop(this.#ready().desk);
  }

  /** K19, with the old code in hand: in one submission the new one comes and the old one goes. */
  async #exchange(code: RecoveryCode, typed: string): Promise<DevicesView> {
    const { ownKeys } = this.#ready();
    const old = readRecoveryCode(typed);
    const id = paperIdOf(old);
    await ownKeys.look();
    if (!activeDevices(ownKeys.log).some((one) => sameBytes(one.id, id)))
      throw new CommandError("bad_recovery_code");
    const by = this.#by();
    const added = addPaper({ ...by, log: ownKeys.log }, code);
    const gone = revokeDevice({ ...by, log: added.log, revoked: id });
    const consent = consentTo(old, gone.statement);
    old.wipe();
    const statements = [added.statement, gone.statement];
    return ownKeys.append({ statements, seeds: [...added.seeds, ...gone.seeds], consent });
  }

  /** K19, without it: the removal of every other code is asked for. */
  async #addCode(code: RecoveryCode): Promise<DevicesView> {
    const { ownKeys, desk } = this.#ready();
    await ownKeys.look();
    const others = activeDevices(ownKeys.log).filter(({ sort }) => sort === "paper");
    const { statement, seeds } = addPaper({ ...this.#by(), log: ownKeys.log }, code);
    await ownKeys.append({ statements: [statement], seeds });
    for (const { id } of others) await desk.api.removePaper({ device: toText(id) });
    return ownKeys.look();
  }

  #by() {
    const { identity, clock, world } = this.#ready().desk;
    const { signer: device, keys: person } = identity;
    return { device, person, at: clock.now(), random: world.random };
  }
}
