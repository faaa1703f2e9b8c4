import type { ChainId, Entrant, KeyLog } from "../crypto";
import { CommandError } from "./commands";
import type { Desk } from "./desk";
import type { Pinning } from "./pinning";

/** K15: whoever is to be written to has one chain, pinned, and a key log that was judged here. */
export class Acquainting {
  readonly #desk: Desk;
  readonly #pinning: Pinning;

  constructor(desk: Desk, pinning: Pinning) {
    this.#desk = desk;
    this.#pinning = pinning;
  }

  async meet(person: string): Promise<Entrant> {
    const { persons, api } = this.#desk;
    await persons.learn(person, await api.person(person));
    const record = persons.get(person);
    if (record !== null && record.troubles.length > 0) throw new CommandError("blocked");
    const chain = record?.pin?.chain ?? record?.served ?? null;
    if (chain === null) throw new CommandError("not_allowed");
    const log = await this.#followed(chain);
    await this.#pin(person, log);
    return { log, kind: this.#kindOf(person) };
  }

  async self(): Promise<Entrant> {
    const { identity } = this.#desk;
    if (identity.isDisowned) throw new CommandError("blocked");
    return { log: await this.#followed(identity.chain), kind: this.#kindOf(identity.person) };
  }

  async #followed(chain: ChainId): Promise<KeyLog> {
    const fetched = await this.#pinning.follow(chain);
    const log = this.#desk.keyLogs.get(chain);
    if (fetched !== "fits" || log === null) throw new CommandError("blocked");
    return log;
  }

  async #pin(person: string, { chain, head }: KeyLog): Promise<void> {
    const { persons } = this.#desk;
    if (!persons.admits(person, chain)) throw new CommandError("blocked");
    await persons.pin(person, chain, head);
  }

  // E22.
  #kindOf(person: string): Entrant["kind"] {
    return this.#desk.persons.get(person)?.professional === true ? "professional" : "other";
  }
}
