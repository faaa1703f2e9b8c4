import type { ChainId } from "../crypto";
import { asChainId, fromText, rowOf } from "../crypto";
import type { Conversation as Listed, Member } from "../protocol";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import type { OwnStates } from "./ownstate";

/** Which conversations there are, by the host's word; who is in them is read from their logs. */
export class Roll {
  readonly #desk: Desk;
  readonly #ownStates: OwnStates;

  constructor(desk: Desk, ownStates: OwnStates) {
    this.#desk = desk;
    this.#ownStates = ownStates;
  }

  /** Asks the host; every conversation it names is known afterwards. Throws HostSilent. */
  async call(): Promise<readonly Listed[]> {
    const { now, conversations } = await this.#desk.api.conversations();
    this.#desk.clock.told(now);
    for (const listed of conversations) await this.#meet(listed);
    return conversations;
  }

  async #meet(listed: Listed): Promise<void> {
    const others = listed.persons.filter(({ id }) => id !== this.#desk.identity.person);
    const known = this.#desk.conversations.get(listed.id);
    if (listed.kind === "direct") for (const person of others) await this.#learn(person);
    if (known === null) await this.#create(listed, others[0]?.id ?? null);
    else if (listed.kind === "direct") await known.queue.run(() => this.#compare(known, listed.persons));
  }

  async #create(listed: Listed, peer: string | null): Promise<void> {
    const { conversations, identity, vault } = this.#desk;
    const conversation = await conversations.create(
      listed.id,
      listed.kind,
      listed.kind === "self" ? null : peer,
    );
    conversation.announced = listed.head;
    const floor = this.#ownStates.floorOf(listed.id);
    if (floor !== null) await conversation.queue.run(() => conversation.save({ floor }));
    if (listed.kind === "self") await identity.setSelf(vault, conversation.record.id);
  }

  async #learn({ id, chain }: Member): Promise<void> {
    const known = this.#desk.persons.get(id);
    if (known === null || known.family === "")
      return this.#desk.persons.learn(await this.#desk.api.person(id));
    await this.#desk.persons.serve(id, chainOf(chain));
  }

  // K15: a name on the host's list that no accepted roster has is nobody here, and is shown.
  async #compare(conversation: Conversation, persons: readonly Member[]): Promise<void> {
    const { identity, persons: known } = this.#desk;
    const { epoch, record } = conversation;
    if (epoch === null) return;
    const isForeign = ({ id, chain }: Member) =>
      id !== identity.person && id !== record.peer && rowOf(epoch.roster, chainOf(chain)) === null;
    if (persons.some(isForeign)) {
      await conversation.raise({ kind: "entry_refused", cause: "unknown_device", seq: null, blocks: false });
    }
    const peer = record.peer === null ? null : known.get(record.peer);
    if (peer === null)
      await conversation.save({ peer: persons.find(({ id }) => id !== identity.person)?.id ?? null });
  }
}

const chainOf = (text: string): ChainId => asChainId(fromText(text));
