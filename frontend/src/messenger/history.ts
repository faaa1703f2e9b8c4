import type { History } from "../protocol";
import type { Vault } from "../vault";
import type { HostClock } from "./clock";
import { put, unpack } from "./records";

/** `heard`: when this browser first heard of it, by the host's time. */
type HistoryRecord = History & { readonly heard: number };

const ID = "history";
const TOLD_FOR = 3_600;

/** T1: which life of its database the host says that it is in. */
export class ServerHistory {
  readonly #vault: Vault;
  readonly #clock: HostClock;
  #record: HistoryRecord | null = null;

  constructor(vault: Vault, clock: HostClock) {
    this.#vault = vault;
    this.#clock = clock;
  }

  async load(): Promise<void> {
    const bytes = await this.#vault.read("identity", ID);
    if (bytes !== null) this.#record = unpack<HistoryRecord>(bytes);
  }

  get id(): string | null {
    return this.#record?.id ?? null;
  }

  /** The first that is ever heard of is nobody's restoration. */
  isOther({ id }: History): boolean {
    return this.#record !== null && this.#record.id !== id;
  }

  async keep(told: History): Promise<void> {
    if (this.#record?.id === told.id) return;
    const record = { ...told, heard: this.#clock.now() };
    await this.#vault.commit([put("identity", ID, record)]);
    this.#record = record;
  }

  /** Whether the host asks for what it lost. */
  get takesBack(): boolean {
    const until = this.#record?.until ?? null;
    return until !== null && this.#clock.now() < until;
  }

  /** What people are told for an hour: the moment that the host's database knew last. */
  get told(): number | null {
    const { restored = null, heard = 0 } = this.#record ?? {};
    return restored !== null && this.#clock.now() < heard + TOLD_FOR ? restored : null;
  }
}
