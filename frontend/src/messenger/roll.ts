import type { ChainId, Position } from "../crypto";
import { asChainId, asHash, fromText, rowOf, toText } from "../crypto";
import type { Conversation as Listed, Member } from "../protocol";
import { EXCHANGED, isSame, UNFIT, UNKNOWN, UNNAMED } from "./alarms";
import { readAnew } from "./anew";
import type { Conversation } from "./conversation";
import { bytesOf } from "./catching";
import type { Desk } from "./desk";
import { Draft } from "./draft";
import type { OwnStates } from "./ownstate";
import type { Pinning } from "./pinning";

/** Which conversations there are, by the host's word; what they are and who is in them is read from their logs. */
export class Roll {
  readonly #desk: Desk;
  readonly #ownStates: OwnStates;
  readonly #pinning: Pinning;

  constructor(desk: Desk, ownStates: OwnStates, pinning: Pinning) {
    this.#desk = desk;
    this.#ownStates = ownStates;
    this.#pinning = pinning;
  }

  /** Asks the host; every conversation it names is known afterwards. Throws HostSilent. */
  async call(): Promise<readonly Listed[]> {
    const { now, conversations } = await this.#desk.api.conversations();
    this.#desk.clock.told(now);
    for (const listed of conversations) await this.#meet(listed);
    const { self } = this.#desk.conversations;
    await self?.queue.run(() =>
      self.set(
        UNFIT,
        conversations.some((one) => this.#isLie(one)),
      ),
    );
    return conversations;
  }

  async #meet(listed: Listed): Promise<void> {
    const others = listed.persons.filter(({ id }) => id !== this.#desk.identity.person);
    if (listed.kind === "direct") for (const person of others) await this.#learn(person);
    if (this.#isSecond(listed)) return;
    const known = this.#desk.conversations.get(listed.id) ?? (await this.#create(listed));
    known.named = listed.persons;
    const { kind } = known.record;
    if (kind !== "self") await known.queue.run(() => this.#measure(known, listed));
  }

  async #measure(known: Conversation, listed: Listed): Promise<void> {
    await readAnew(known, startOf(listed), this.#desk);
    await this.#compare(known, listed);
  }

  /** An own state beside the known one. */
  #isSecond({ id, kind }: Listed): boolean {
    const { self } = this.#desk.identity;
    return kind === "self" && self !== null && toText(self) !== id && !this.#isFounded(id);
  }

  #isFounded(id: string): boolean {
    return (this.#desk.conversations.get(id)?.epoch ?? null) !== null;
  }

  /** The kind is what the accepted founding says; one that is not shown itself is shown with the own state. */
  #isLie(listed: Listed): boolean {
    const { conversations, identity } = this.#desk;
    const known = conversations.get(listed.id);
    if (this.#isSecond(listed)) return true;
    if (known === null || known.epoch === null || known.record.kind !== "self") return false;
    return listed.kind !== "self" || identity.self === null || toText(identity.self) !== listed.id;
  }

  async #create(listed: Listed): Promise<Conversation> {
    const conversation = await this.#desk.conversations.create(listed.id, listed.kind, startOf(listed));
    conversation.announced = listed.head;
    const floor = this.#ownStates.floorOf(listed.id);
    const muted = this.#ownStates.mutedIn(listed.id);
    if (floor !== null) await conversation.setFloor(floor);
    if (muted) await conversation.save({ muted });
    return conversation;
  }

  async #learn({ id, chain }: Member): Promise<void> {
    const known = this.#desk.persons.get(id);
    if (known === null || known.family === "")
      return this.#desk.persons.learn(id, await this.#desk.api.person(id));
    await this.#desk.persons.serve(id, chainOf(chain));
  }

  async #compare(conversation: Conversation, { kind, persons, until }: Listed): Promise<void> {
    const isGone = until !== null;
    await conversation.keep((record) => (record.isGone === isGone ? null : { isGone }));
    if (conversation.epoch === null) return;
    await conversation.set(UNFIT, kind !== conversation.record.kind);
    if (conversation.record.kind === "team") return this.#meetTeam(conversation);
    await this.#compareNames(conversation, persons);
    if (isMet(conversation)) return;
    const draft = new Draft(conversation, await conversation.journal());
    await this.#pinning.admit(draft);
    await draft.commit();
  }

  async #meetTeam(conversation: Conversation): Promise<void> {
    if (!conversation.record.alarms.some((alarm) => isSame(alarm, UNNAMED))) return;
    const draft = new Draft(conversation, await conversation.journal());
    await this.#pinning.admit(draft);
    await draft.commit();
  }

  // K15: a name on the host's list that no accepted roster has is nobody here, and is shown.
  async #compareNames(conversation: Conversation, persons: readonly Member[]): Promise<void> {
    const { identity } = this.#desk;
    const { epoch, record } = conversation;
    const isForeign = ({ id, chain }: Member) =>
      id !== identity.person &&
      id !== record.peer &&
      (epoch === null || rowOf(epoch.roster, chainOf(chain)) === null);
    if (persons.some(isForeign)) {
      await conversation.raise({ kind: "entry_refused", cause: "unknown_device", seq: null, blocks: false });
    }
  }
}

/** Nothing is left to ask of whom the roster names. */
const isMet = ({ record: { peer, alarms } }: Conversation): boolean =>
  peer !== null && !alarms.some((alarm) => isSame(alarm, UNKNOWN) || isSame(alarm, EXCHANGED));

/** L13. What the log begins with is a matter of its id, whatever the host says. */
const startOf = ({ start: [n, hash] }: Listed): Position | null =>
  n === 0 ? null : { n, hash: asHash(bytesOf(hash)) };

const chainOf = (text: string): ChainId => asChainId(fromText(text));
