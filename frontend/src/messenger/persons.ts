import type { ChainId, Position } from "../crypto";
import { asChainId, fromText, sameBytes, toText } from "../crypto";
import type { Person as Served } from "../protocol";
import type { PersonView } from "../store/model";
import { HostSilent } from "../sync";
import type { Change, Vault } from "../vault";
import type { PersonRecord, Trouble } from "./records";
import { put, unpack } from "./records";

const sameChain = (one: ChainId | null, other: ChainId | null): boolean =>
  one === null || other === null ? one === other : sameBytes(one, other);

/** K15: who is who. Names come from the host; which chain is whose is decided here, by pins. */
export class Persons {
  readonly #vault: Vault;
  readonly #me: string;
  readonly #changed: (person: string) => void;
  readonly #records = new Map<string, PersonRecord>();
  readonly #byChain = new Map<string, string>();

  constructor(vault: Vault, me: string, changed: (person: string) => void) {
    this.#vault = vault;
    this.#me = me;
    this.#changed = changed;
  }

  async load(): Promise<void> {
    for (const { id, bytes } of await this.#vault.list("persons"))
      this.#remember({ ...unnamed(id), ...unpack<PersonRecord>(bytes) });
  }

  get(id: string): PersonRecord | null {
    return this.#records.get(id) ?? null;
  }

  pinOf(id: string): PersonRecord["pin"] {
    return this.get(id)?.pin ?? null;
  }

  all(): readonly PersonRecord[] {
    return [...this.#records.values()];
  }

  /** Only by a pin, never by the host's word. */
  byChain(chain: ChainId | null): PersonRecord | null {
    const id = chain === null ? undefined : this.#byChain.get(toText(chain));
    return id === undefined ? null : this.get(id);
  }

  /**
   * What the host says of the person it was asked about; of another it is no answer. Names are taken at first sight,
   * those of somebody pinned once they were seen. Another chain is trouble.
   */
  async learn(id: string, served: Served): Promise<void> {
    if (served.id !== id) throw new HostSilent();
    const { profession, professional, place, rpps } = served;
    const known = this.get(id) ?? unnamed(id);
    await this.#serve({
      ...known,
      ...this.#named(known, served),
      profession,
      professional,
      place,
      rpps,
      served: servedChain(served),
    });
  }

  #named(known: PersonRecord, { given, family }: Served): Partial<PersonRecord> {
    const isSame = known.given === given && known.family === family;
    if (isSame || !this.#isFixed(known)) return { given, family, renamed: null };
    return { renamed: { given, family }, verified: false };
  }

  /** Whose name the host does not change unseen. */
  #isFixed({ id, pin, family }: PersonRecord): boolean {
    return pin !== null && family !== "" && id !== this.#me;
  }

  /** The user has seen the other name. */
  async takeName(id: string): Promise<void> {
    const record = this.get(id);
    if (record?.renamed) await this.save({ ...record, ...record.renamed, renamed: null });
  }

  /** The chain that the host now gives for somebody known. */
  async serve(id: string, chain: ChainId): Promise<void> {
    await this.#serve({ ...(this.get(id) ?? unnamed(id)), served: chain });
  }

  #serve(record: PersonRecord): Promise<void> {
    return this.save({ ...record, troubles: this.#troublesOf(record) });
  }

  #troublesOf(record: PersonRecord): readonly Trouble[] {
    const { pin, served, troubles } = record;
    if (served === null) return troubles;
    const owner = this.byChain(served);
    const isTaken = owner !== null && owner.id !== record.id;
    const isOther = pin !== null && !sameBytes(pin.chain, served);
    return withTrouble(withTrouble(troubles, "chain_taken", isTaken), "identity_changed", isOther);
  }

  /** Pins at first sight. `false`: this person has another chain here, or this chain another person. */
  admits(id: string, chain: ChainId): boolean {
    const pin = this.pinOf(id);
    const owner = this.byChain(chain);
    return (pin === null || sameBytes(pin.chain, chain)) && (owner === null || owner.id === id);
  }

  async pin(id: string, chain: ChainId, head: Position): Promise<void> {
    const record = this.get(id) ?? unnamed(id);
    const { pin } = record;
    const isSame = pin !== null && sameBytes(pin.chain, chain);
    if (isSame && pin.head.n >= head.n) return;
    const verified = isSame && record.verified;
    const former = pin === null || isSame ? record.former : [...record.former, pin.chain];
    await this.save({
      ...record,
      pin: { chain, head },
      former,
      verified,
      troubles: isSame ? record.troubles : [],
    });
  }

  async setTrouble(id: string, trouble: Trouble, isThere: boolean): Promise<void> {
    const record = this.get(id);
    if (record !== null)
      await this.save({ ...record, troubles: withTrouble(record.troubles, trouble, isThere) });
  }

  async setVerified(id: string, verified: boolean): Promise<void> {
    const record = this.get(id);
    if (record !== null && record.verified !== verified) await this.save({ ...record, verified });
  }

  async save(record: PersonRecord): Promise<void> {
    const known = this.get(record.id);
    if (known !== null && isSame(known, record)) return;
    await this.#vault.commit([Persons.change(record)]);
    this.#remember(record);
    this.#changed(record.id);
  }

  static change(record: PersonRecord): Change {
    return put("persons", record.id, record);
  }

  view(id: string): PersonView {
    return this.#viewOf(this.get(id) ?? unnamed(id));
  }

  /** A person of the directory, kept here or not. */
  viewServed(served: Served): PersonView {
    const known = this.get(served.id);
    const chain = servedChain(served);
    const pin = known?.pin ?? null;
    const isChanged =
      known?.troubles.includes("identity_changed") === true ||
      (pin !== null && chain !== null && !sameBytes(pin.chain, chain));
    const kept = known ?? unnamed(served.id);
    const { given, family } = this.#isFixed(kept) ? kept : served;
    const record = { ...kept, ...served, given, family, served: chain };
    return this.#viewOf(isChanged ? { ...record, troubles: ["identity_changed"] } : record);
  }

  #viewOf(record: PersonRecord): PersonView {
    const { id, given, family, profession, place, rpps, verified, troubles, renamed } = record;
    return {
      id,
      given,
      family,
      profession,
      place,
      rpps,
      trust: troubles.length > 0 || renamed !== null ? "changed" : verified ? "verified" : "unverified",
      ready: record.pin !== null || record.served !== null,
      me: id === this.#me,
    };
  }

  #remember(record: PersonRecord): void {
    this.#records.set(record.id, record);
    const chains = record.pin === null ? record.former : [...record.former, record.pin.chain];
    for (const chain of chains) this.#byChain.set(toText(chain), record.id);
  }
}

const unnamed = (id: string): PersonRecord => ({
  id,
  given: "",
  family: "",
  profession: "",
  professional: false,
  place: "",
  rpps: null,
  pin: null,
  former: [],
  served: null,
  verified: false,
  troubles: [],
  renamed: null,
});

const OF_IDENTITY: ReadonlySet<Trouble> = new Set(["identity_changed", "pins_compete"]);
/** Worst first: what a person is warned of. */
export function alarmOf({ troubles }: PersonRecord): "key_log_refused" | "identity_changed" | null {
  if (troubles.some((trouble) => !OF_IDENTITY.has(trouble))) return "key_log_refused";
  return troubles.length > 0 ? "identity_changed" : null;
}

function withTrouble(known: readonly Trouble[], trouble: Trouble, isThere: boolean): readonly Trouble[] {
  const others = known.filter((one) => one !== trouble);
  return isThere ? [...others, trouble] : others;
}

const servedChain = ({ chain }: Served): ChainId | null =>
  chain === null ? null : asChainId(fromText(chain));

function isSame(one: PersonRecord, other: PersonRecord): boolean {
  const words = ["given", "family", "profession", "professional", "place", "rpps", "verified"] as const;
  const samePin =
    sameChain(one.pin?.chain ?? null, other.pin?.chain ?? null) && one.pin?.head.n === other.pin?.head.n;
  const sameName =
    one.renamed?.given === other.renamed?.given && one.renamed?.family === other.renamed?.family;
  const sameTroubles =
    one.troubles.length === other.troubles.length &&
    one.troubles.every((trouble) => other.troubles.includes(trouble));
  return (
    samePin &&
    sameName &&
    sameTroubles &&
    sameChain(one.served, other.served) &&
    words.every((word) => one[word] === other[word])
  );
}
