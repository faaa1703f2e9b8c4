import type { DeviceId, Hash, KeyLog, SealedSeed, Told } from "../crypto";
import { objectHash, sameBytes, seedFault, tellStatement, toText } from "../crypto";
import type { DeviceNotice, DevicesView, DeviceView } from "../store/model";
import type * as body from "../protocol";
import { HostRefused, HostSilent } from "../sync";
import type { Desk } from "./desk";
import { deviceViews } from "./deviceviews";
import { Healing } from "./healing";
import { sealedSeed } from "./identity";
import type { Revocation } from "./late";
import type { Pinning } from "./pinning";
import { Queue } from "./queue";
import { put, unpack } from "./records";

const ID = "devices";
const AGAIN_AFTER = 30_000;

/** What this browser has told its user of the own key log, and what it made itself there. */
type DevicesRecord = {
  /** Before this place nothing is told: it stood when this browser began. */
  readonly from: number;
  readonly seen: number;
  readonly made: readonly Hash[];
  readonly revocation: Revocation | null;
};

export type ToAppend = {
  readonly statements: readonly Uint8Array[];
  readonly seeds: readonly SealedSeed[];
  readonly consent?: Uint8Array;
};

/** The person's own key log as it grows: followed, its keys learned, and told to the user (K18, K21). */
export class OwnKeys {
  readonly #desk: Desk;
  readonly #pinning: Pinning;
  readonly #queue = new Queue();
  readonly #healing: Healing;
  #record: DevicesRecord = { from: 0, seen: 0, made: [], revocation: null };
  #host: body.Devices = { devices: [], removals: [] };
  #later: (() => void) | null = null;
  #isOver = false;

  constructor(desk: Desk, pinning: Pinning) {
    this.#desk = desk;
    this.#pinning = pinning;
    this.#healing = new Healing(desk);
  }

  async load(): Promise<void> {
    await this.#healing.load();
    const bytes = await this.#desk.vault.read("identity", ID);
    const { n } = this.log.head;
    if (bytes === null) await this.#save({ from: n, seen: n });
    else this.#record = unpack<DevicesRecord>(bytes);
  }

  get log(): KeyLog {
    const { keyLogs, identity } = this.#desk;
    const log = keyLogs.get(identity.chain);
    if (log === null) throw new RangeError("the own key log is always kept");
    return log;
  }

  /** The log to the host's head, and who is who on it. */
  look(): Promise<DevicesView> {
    return this.#queue.run(() => this.#look());
  }

  lookSoon(): void {
    this.look().catch(() => undefined);
  }

  stop(): void {
    this.#isOver = true;
    this.#later?.();
  }

  #lookLater(): void {
    if (this.#isOver) return;
    this.#later ??= this.#desk.world.timers.after(AGAIN_AFTER, () => {
      this.#later = null;
      this.lookSoon();
    });
  }

  async seen(n: number): Promise<void> {
    await this.#save({ seen: Math.max(this.#record.seen, n) });
    this.#tell();
  }

  get view(): DevicesView {
    const devices = deviceViews(this.log, this.#desk.identity.device.id, this.#host);
    return { devices, notices: [...this.#notices(devices), ...removals(devices, this.log.head.n)] };
  }

  get revocation(): Revocation | null {
    return this.#record.revocation;
  }

  /** K9: from its acknowledgement on, nobody seals to that device for long. */
  async revoke(made: ToAppend): Promise<DevicesView> {
    const n = this.log.head.n + made.statements.length;
    await this.#submit(made);
    await this.#save({ revocation: { n } });
    return this.look();
  }

  async append(made: ToAppend): Promise<DevicesView> {
    await this.#submit(made);
    return this.look();
  }

  /** What this device made is noted before it leaves: whatever else is signed by it comes from a copy (M9). */
  async #submit({ statements, seeds, consent }: ToAppend): Promise<void> {
    const isNew = (hash: Hash) => !this.#record.made.some((made) => sameBytes(made, hash));
    await this.#save({ made: [...this.#record.made, ...statements.map(objectHash).filter(isNew)] });
    await this.#desk.api.appendKeys({
      statements: statements.map(toText),
      seeds: seeds.map(({ device, generation, sealed }) => ({
        device: toText(device),
        generation,
        sealed: toText(sealed),
      })),
      consent: consent === undefined ? null : toText(consent),
    });
  }

  async #look(): Promise<DevicesView> {
    await this.#pinning.follow(this.#desk.identity.chain);
    await this.#learn();
    await this.#checkOwn();
    this.#host = await this.#desk.api.devices();
    this.#tell();
    return this.view;
  }

  #tell(): void {
    this.#desk.tell({ type: "devices", devices: this.view });
  }

  async #learn(): Promise<void> {
    const { identity, persons } = this.#desk;
    const { generations, head } = this.log;
    await this.#healing.settle(this.log);
    const newest = generations.at(-1)?.generation ?? 0;
    if (identity.keys.seeds.has(newest)) return;
    const seeds = await this.#seeds(head.n);
    const fault = seedFault(identity.device, this.log, seeds.map(sealedSeed));
    // T6: what a restored host has lost is no lie, and the next key does without it.
    const isLost = fault === "withheld" && this.#desk.history.takesBack;
    const isWithheld = fault === "withheld" && !isLost;
    await persons.setTrouble(identity.person, "seed_withheld", isWithheld);
    if (isWithheld) return;
    if (fault === "junk" || isLost) return identity.isCloned ? undefined : this.#heal(newest);
    await identity.learnKeys(this.#desk.vault, this.log, seeds);
  }

  // K18: asked once more before it is called the host's fault.
  async #seeds(n: number): Promise<body.OwnKeys["seeds"]> {
    const { api, identity } = this.#desk;
    const { seeds } = await api.ownKeys(n);
    const isWithheld = seedFault(identity.device, this.log, seeds.map(sealedSeed)) === "withheld";
    return isWithheld ? (await api.ownKeys(n)).seeds : seeds;
  }

  // K18. Nothing else waits for it: what the host could not take now is sent again.
  async #heal(generation: number): Promise<void> {
    const { n } = this.log.head;
    try {
      const { statement, seeds } = await this.#healing.answer(this.log, generation);
      await this.#submit({ statements: [statement], seeds });
      await this.#pinning.follow(this.#desk.identity.chain);
    } catch (error) {
      if (!(error instanceof HostRefused || error instanceof HostSilent)) throw error;
    }
    if (this.log.head.n === n) this.#lookLater();
    else await this.#learn();
  }

  // M9.
  async #checkOwn(): Promise<void> {
    const { identity, vault } = this.#desk;
    const strangers = this.#told().filter(({ by, n }) => this.#isHere(by) && !this.#isMade(n));
    if (strangers.length > 0 && !identity.isCloned) await identity.markCloned(vault);
  }

  #told(): readonly Told[] {
    const { keyLogs, identity } = this.#desk;
    return keyLogs
      .statementsOf(identity.chain)
      .slice(this.#record.from + 1)
      .map(tellStatement);
  }

  #isHere(device: DeviceId): boolean {
    return sameBytes(device, this.#desk.identity.device.id);
  }

  #isMade(n: number): boolean {
    const hash = this.log.hashes[n];
    return hash !== undefined && this.#record.made.some((made) => sameBytes(made, hash));
  }

  #notices(devices: readonly DeviceView[]): readonly DeviceNotice[] {
    const find = (id: DeviceId | null) => devices.find((one) => id !== null && one.id === toText(id)) ?? null;
    // This browser's own arrival is no news to its user.
    const fresh = this.#told().filter(
      ({ n, device }) => n > this.#record.seen && (device === null || !this.#isHere(device)),
    );
    return fresh.flatMap(({ n, event, device, by, at }): readonly DeviceNotice[] => {
      const culprit = this.#healing.culpritAt(n, this.log);
      if (culprit !== null) return [{ n, event: "mended", device: null, by: find(culprit), at }];
      return this.#isHere(by) ? [] : [{ n, event, device: find(device), by: find(by), at }];
    });
  }

  async #save(part: Partial<DevicesRecord>): Promise<void> {
    const record = { ...this.#record, ...part };
    await this.#desk.vault.commit([put("identity", ID, record)]);
    this.#record = record;
  }
}

const removals = (devices: readonly DeviceView[], n: number): readonly DeviceNotice[] =>
  devices.flatMap((device) =>
    device.removal === null ? [] : [{ n, event: "removal", device, by: null, at: device.removal }],
  );
