import type { ChainId, Epoch } from "../crypto";
import { againstPin, makerRevoked, sameBytes, toText } from "../crypto";
import type { Member, Person } from "../protocol";
import type { Api } from "../sync";
import { HostRefused } from "../sync";
import { EXCHANGED, isSame, UNKNOWN, UNNAMED } from "./alarms";
import { withAlarm } from "./conversation";
import type { Desk } from "./desk";
import type { Draft } from "./draft";
import type { Fetched } from "./keylogs";
import { eachInParallel } from "./parallel";
import type { AlarmRecord } from "./records";

/** Logs and persons asked for at the same time. */
export const AT_ONCE = 8;

type Met = { readonly peer: string | null; readonly alarm: AlarmRecord | null };

/** K15, E18: key logs are followed, pins only go forward, and what does not fit is noted with the person it concerns. */
export class Pinning {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Brings a key log up to the host's head; that it does not fit is noted until it does again. Throws HostSilent. */
  async follow(chain: ChainId): Promise<Fetched> {
    const { keyLogs, persons } = this.#desk;
    const fetched = await keyLogs.refresh(chain);
    const owner = persons.byChain(chain);
    const log = keyLogs.get(chain);
    const pin = owner === null ? null : owner.pin;
    if (owner === null || pin === null || !sameBytes(pin.chain, chain)) return fetched;
    const fits = fetched === "fits" && log !== null && againstPin(log, pin) === null;
    if (fits) await persons.pin(owner.id, log.chain, log.head);
    await persons.setTrouble(owner.id, "log_unfit", !fits);
    return fits ? "fits" : "refused";
  }

  /** Without waiting, and without harm when the host does not answer. */
  followSoon(chain: ChainId): void {
    this.follow(chain).catch(() => undefined);
  }

  /** K15: with whom a direct conversation is, by the last accepted roster and the pins. Throws HostSilent. */
  async admit(draft: Draft): Promise<void> {
    const { record, epoch, conversation } = draft;
    if (epoch === null || record.kind === "self") return;
    if (record.kind === "team") return this.#admitTeam(draft, epoch);
    const others = epoch.roster.filter((row) => !this.#desk.identity.isMe(row.chain));
    const [row] = others;
    // Two rows that are both not ours: this person began anew and is not in it.
    if (row === undefined || others.length > 1) return;
    const { peer, alarm } = await this.#met(record.peer, row.chain, conversation.named);
    const kept = record.alarms.filter((one) => !isSame(one, UNKNOWN) && !isSame(one, EXCHANGED));
    draft.set({ peer, alarms: alarm === null ? kept : withAlarm(kept, alarm) });
  }

  /** K15: everybody in the roster is whoever their chain is pinned to; newcomers are met like anybody else. */
  async #admitTeam(draft: Draft, { roster }: Epoch): Promise<void> {
    const { identity, persons } = this.#desk;
    const others = roster.map(({ chain }) => chain).filter((chain) => !identity.isMe(chain));
    const isUnknown = (chain: ChainId) => persons.byChain(chain) === null;
    const named = await this.#namedIn(draft, others.filter(isUnknown));
    await eachInParallel(others, AT_ONCE, (chain) => this.#meet(chain, named));
    const kept = draft.record.alarms.filter((one) => !isSame(one, UNNAMED));
    draft.set({ alarms: others.some(isUnknown) ? withAlarm(kept, UNNAMED) : kept });
  }

  /** Whom the host names for chains that nobody is pinned to; its list may be older than the roster. */
  async #namedIn({ conversation }: Draft, unknown: readonly ChainId[]): Promise<readonly Member[]> {
    const isListed = (chain: ChainId) => conversation.named.some((one) => one.chain === toText(chain));
    if (unknown.every(isListed)) return conversation.named;
    const { conversations } = await this.#desk.api.conversations();
    conversation.named = conversations.find(({ id }) => id === conversation.key)?.persons ?? [];
    return conversation.named;
  }

  async #meet(chain: ChainId, named: readonly Member[]): Promise<void> {
    const owner = this.#desk.persons.byChain(chain);
    if (owner !== null && owner.family === "") await this.#describe(owner.id);
    const person = owner?.id ?? (await this.#named(chain, named));
    if (person !== null) await this.#pin(person, chain);
  }

  /** Whom own state pins has no name in this browser yet. */
  async #describe(id: string): Promise<void> {
    const { persons, api } = this.#desk;
    const served = await described(id, api);
    if (served?.id === id) await persons.learn(id, served);
  }

  async #met(peer: string | null, chain: ChainId, named: readonly Member[]): Promise<Met> {
    const owner = this.#desk.persons.byChain(chain);
    if (owner !== null && peer !== null && owner.id !== peer) return { peer, alarm: EXCHANGED };
    const person = owner?.id ?? peer ?? (await this.#named(chain, named));
    if (person === null) return { peer, alarm: UNKNOWN };
    await this.#pin(person, chain);
    return { peer: person, alarm: null };
  }

  /** First contact: whom the host names for exactly this chain, in its list and in its directory alike. */
  async #named(chain: ChainId, named: readonly Member[]): Promise<string | null> {
    const { identity, persons, api } = this.#desk;
    const text = toText(chain);
    const member = named.find((one) => one.chain === text && one.id !== identity.person);
    const served = member === undefined ? null : await described(member.id, api);
    if (member === undefined || served?.id !== member.id || served.chain !== text) return null;
    await persons.learn(member.id, served);
    return member.id;
  }

  async #pin(person: string, chain: ChainId): Promise<void> {
    const { persons, keyLogs } = this.#desk;
    const log = keyLogs.get(chain);
    // What the user has acknowledged as over is replaced before anything is sealed.
    const isOver = persons.get(person)?.former.some((old) => sameBytes(old, chain)) === true;
    if (isOver || log === null) return;
    if (persons.admits(person, chain)) await persons.pin(person, chain, log.head);
    else await persons.setTrouble(person, "identity_changed", true);
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

async function described(id: string, api: Api): Promise<Person | null> {
  try {
    return await api.person(id);
  } catch (error) {
    if (error instanceof HostRefused) return null;
    throw error;
  }
}
