import type { RecoveryCode, RowKind, SealedSeed } from "../crypto";
import {
  beginPerson,
  makeRecoveryCode,
  readRecoveryCode,
  recoverPerson,
  toText,
  writeRecoveryCode,
} from "../crypto";
import type { AppendKeys } from "../protocol";
import type { Api } from "../sync";
import { HostRefused } from "../sync";
import { answersFit } from "./answers";
import type { HostClock } from "./clock";
import { CommandError } from "./commands";
import { newConversation, Conversation } from "./conversation";
import { hexBytes } from "./hex";
import { identityChange, newIdentity, sealedSeed } from "./identity";
import { KeyLogs } from "./keylogs";
import { ownLog } from "./ownlog";
import { placeId, put } from "./records";
import type { Stay, Vaults } from "./vaults";
import type { World } from "./world";

/** Whose keys are being made, and how long they stay on this computer. */
export type Whose = {
  readonly person: string;
  readonly organisation: string;
  /** E22. */
  readonly kind: RowKind;
  readonly stay: Stay;
};

/** First steps and the code de secours: how this browser becomes one of its person's devices. */
export class Beginning {
  readonly #world: World;
  readonly #api: Api;
  readonly #vaults: Vaults;
  readonly #clock: HostClock;
  #code: RecoveryCode | null = null;

  constructor(world: World, api: Api, vaults: Vaults, clock: HostClock) {
    this.#world = world;
    this.#api = api;
    this.#vaults = vaults;
    this.#clock = clock;
  }

  /** The code to write down. Nothing is kept and nothing leaves before it was checked. */
  prepare(): readonly string[] {
    this.#code ??= makeRecoveryCode(this.#world.random);
    return writeRecoveryCode(this.#code);
  }

  forget(): void {
    this.#code?.wipe();
    this.#code = null;
  }

  /** K14. The vault comes first: keys are never published that could be lost on the way (V4). */
  async finish(answers: Readonly<Record<number, string>>, whose: Whose): Promise<void> {
    const code = this.#code;
    if (code === null || !answersFit(writeRecoveryCode(code), answers))
      throw new CommandError("bad_recovery_code");
    const { random } = this.#world;
    const organisation = hexBytes(whose.organisation);
    const made = beginPerson({ code, organisation, kind: whose.kind, at: this.#clock.now(), random });
    const { self, log, statements } = made;
    const { vault, name } = await this.#vaults.make(whose.person, whose.stay, made.device.id);
    const key = toText(self.conversation);
    await vault.commit([
      identityChange(newIdentity(made, { person: whose.person, organisation, self: self.conversation })),
      KeyLogs.change(log, statements),
      Conversation.change({ ...newConversation(key, "self", null), made: [self.hash] }),
      put("secrets", placeId(key, 0), [self.secret.expose()]),
    ]);
    vault.close();
    const [wrap] = self.wraps;
    if (wrap === undefined) throw new RangeError("the own epoch has one wrap");
    await this.#api.startKeys({
      statements: statements.map(toText),
      seeds: made.seeds.map(written),
      epoch: toText(self.statement),
      wrap: toText(wrap.sealed),
    });
    await this.#vaults.settle(whose.person, name);
    this.forget();
  }

  /** P5: everything is judged before anything is signed or kept. `false`: the host first wants a code of the second factor. */
  async recover(typed: string, alone: boolean, whose: Whose): Promise<boolean> {
    const code = readRecoveryCode(typed);
    const { log, statements, seeds } = await ownLog(this.#api);
    const { random } = this.#world;
    const made = recoverPerson({
      code,
      log,
      seeds: seeds.map(sealedSeed),
      alone,
      at: this.#clock.now(),
      random,
    });
    code.wipe();
    const { vault, name } = await this.#vaults.make(whose.person, whose.stay, made.device.id);
    const whole = [...statements, ...made.statements];
    const organisation = hexBytes(whose.organisation);
    await vault.commit([
      identityChange(newIdentity(made, { person: whose.person, organisation, self: null })),
      KeyLogs.change(made.log, whole),
    ]);
    vault.close();
    const added = { statements: made.statements.map(toText), seeds: made.seeds.map(written), consent: null };
    const isAdded = await this.#append(added);
    if (isAdded) await this.#vaults.settle(whose.person, name);
    return isAdded;
  }

  async #append(added: AppendKeys): Promise<boolean> {
    try {
      await this.#api.appendKeys(added);
      return true;
    } catch (error) {
      if (error instanceof HostRefused && error.code === "fresh_factor_needed") return false;
      throw error;
    }
  }
}

const written = ({ device, generation, sealed }: SealedSeed) => ({
  device: toText(device),
  generation,
  sealed: toText(sealed),
});
