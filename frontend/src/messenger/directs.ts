import type { MadeEpoch } from "../crypto";
import { beginDirect, toText } from "../crypto";
import { HostRefused } from "../sync";
import { CommandError } from "./commands";
import type { Conversation } from "./conversation";
import { newConversation } from "./conversation";
import { Queue } from "./queue";
import { placeId, put } from "./records";
import { keptWraps } from "./restoring";
import type { Rooms } from "./rooms";

/** Finding and starting the one direct conversation with a person. */
export class Directs {
  readonly #rooms: Rooms;
  readonly #queue = new Queue();

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  open(person: string): Promise<string> {
    return this.#queue.run(async () => this.#known(person) ?? (await this.#start(person)));
  }

  #known(person: string): string | null {
    const found = this.#rooms.desk.conversations.withPeer(person);
    return found === null ? null : found.key;
  }

  async #start(person: string): Promise<string> {
    const { desk, roll, catching } = this.#rooms;
    if (person === desk.identity.person) throw new CommandError("not_allowed");
    // Another device, or the other person, may have started it meanwhile.
    const listed = new Set((await roll.call()).map(({ id }) => id));
    const theirs = desk.conversations.all().filter(({ record }) => record.peer === person);
    const begun = theirs.find(({ key }) => listed.has(key));
    for (const { key } of theirs) if (!listed.has(key)) await desk.conversations.forget(key);
    if (begun === undefined) return this.#begin(person);
    await catching.pull(begun);
    return begun.key;
  }

  async #begin(person: string): Promise<string> {
    const { desk } = this.#rooms;
    const peer = await this.#rooms.acquainting.meet(person);
    const own = await this.#rooms.acquainting.self();
    const { identity, clock, world } = desk;
    const { signer: device, organisation } = identity;
    const made = beginDirect({ device, own, peer, organisation, at: clock.now(), random: world.random });
    const key = toText(made.conversation);
    const record = { ...newConversation(key, "direct", person), made: [made.hash] };
    const secret = put("secrets", placeId(key, 0), [made.secret.expose()]);
    return this.#publish(await desk.conversations.add(record, secret, ...keptWraps(key, made)), made);
  }

  async #publish(conversation: Conversation, made: MadeEpoch): Promise<string> {
    const { desk, catching, roll } = this.#rooms;
    const wraps = made.wraps.map(({ chain, sealed }) => [toText(chain), toText(sealed)] as const);
    try {
      await desk.api.postEpoch({ conversation: null, statement: toText(made.statement), wraps });
      await catching.pull(conversation);
      return conversation.key;
    } catch (error) {
      if (!(error instanceof HostRefused)) throw error;
      await desk.conversations.forget(conversation.key);
      if (error.code !== "exists" || error.conversation === null) throw error;
      await roll.call();
      const other = desk.conversations.get(error.conversation);
      if (other !== null) await catching.pull(other);
      // K15: the host named one that is with somebody else.
      if (other?.record.peer !== conversation.record.peer) throw new CommandError("blocked");
      return error.conversation;
    }
  }
}
