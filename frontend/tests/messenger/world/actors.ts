import * as crypto from "../../../src/crypto";
import type { Person } from "../../crypto/cast";
import { NOON, person, present } from "../../crypto/cast";

export type Browser = { readonly device: crypto.Device; readonly seeds: Map<number, crypto.UnsealSeed> };

/** A person with all their browsers, those that were put out too: they keep what they held. */
export class Actor {
  readonly kind: crypto.RowKind;
  readonly browsers: Browser[];
  log: crypto.KeyLog;
  /** What the test itself knows of them; the rules under test have no part in it. */
  role: crypto.RowRole = "member";
  isIn = false;
  readonly #person: Person;
  #sealed: readonly crypto.SealedSeed[];

  constructor(name: string, kind: crypto.RowKind) {
    this.kind = kind;
    this.#person = person(name, kind);
    this.log = this.#person.log;
    this.#sealed = this.#person.seeds;
    this.browsers = [{ device: this.#person.device, seeds: new Map(this.#person.person.seeds) }];
  }

  get active(): readonly Browser[] {
    return this.browsers.filter(({ device }) => this.#isActive(device));
  }

  #isActive({ id }: crypto.Device): boolean {
    return crypto.activeAt(this.log, id, this.log.head.n) !== null;
  }

  get isBoss(): boolean {
    return this.isIn && this.role === "coordinator";
  }

  pick(c: number): Browser {
    return present(this.active[c % this.active.length]);
  }

  addBrowser(random: crypto.Random): void {
    if (this.browsers.length === 3) return;
    const { code } = this.#person;
    const added = crypto.recoverPerson({ code, log: this.log, seeds: this.#sealed, at: NOON, random });
    this.log = added.log;
    this.#sealed = [...this.#sealed, ...added.seeds];
    this.browsers.push({ device: added.device, seeds: new Map(added.person.seeds) });
  }

  /** Put out by another one of theirs; those that stay open the new key. */
  revoke(which: number, random: crypto.Random): void {
    const { active } = this;
    if (active.length < 2) return;
    const leaving = present(active[which % active.length]);
    const staying = active.filter((one) => one !== leaving);
    const by = present(staying[0]);
    const keys = { chain: this.log.chain, seeds: by.seeds };
    const input = { device: by.device, log: this.log, person: keys, at: NOON, random };
    const { log, seeds: sealed } = crypto.revokeDevice({ ...input, revoked: leaving.device.id });
    this.log = log;
    this.#sealed = sealed;
    for (const { device, seeds } of staying)
      for (const [generation, seed] of crypto.openPerson(device, log, sealed).seeds)
        seeds.set(generation, seed);
  }
}
