import type { Kind, Position } from "../crypto";
import { toText } from "../crypto";
import type { Change, Vault } from "../vault";
import { Conversation, newConversation } from "./conversation";
import type { Identity } from "./identity";
import type { ConversationRecord } from "./records";
import { drop, placeId, unpack } from "./records";

/** All conversations of this person that this browser knows of. */
export class Conversations {
  readonly #vault: Vault;
  readonly #identity: Pick<Identity, "self" | "isMe">;
  readonly #alarmed: (conversation: Conversation) => void;
  readonly #byKey = new Map<string, Conversation>();

  /** `alarmed`: something came up in one, or is over. */
  constructor(
    vault: Vault,
    identity: Pick<Identity, "self" | "isMe">,
    alarmed: (conversation: Conversation) => void,
  ) {
    this.#vault = vault;
    this.#identity = identity;
    this.#alarmed = alarmed;
  }

  async load(): Promise<void> {
    for (const { bytes } of await this.#vault.list("conversations"))
      this.#add(unpack<ConversationRecord>(bytes));
  }

  get(key: string): Conversation | null {
    return this.#byKey.get(key) ?? null;
  }

  all(): readonly Conversation[] {
    return [...this.#byKey.values()];
  }

  /** The own state: the one this identity knows, once its founding is here. What the host calls so does not count. */
  get self(): Conversation | null {
    const id = this.#identity.self;
    const known = id === null ? null : this.get(toText(id));
    return known !== null && isOwn(known, this.#identity) ? known : null;
  }

  /** One that has begun; what the host never took has no epoch. */
  withPeer(person: string): Conversation | null {
    return this.all().find(({ record }) => record.peer === person && record.epoch !== null) ?? null;
  }

  /** `start`: L13, when the host gives the log from a later place on. */
  async create(key: string, kind: Kind, start: Position | null): Promise<Conversation> {
    return this.get(key) ?? (await this.add(newConversation(key, kind, null, start)));
  }

  async add(record: ConversationRecord, ...more: readonly Change[]): Promise<Conversation> {
    await this.#vault.commit([Conversation.change(record), ...more]);
    return this.#add(record);
  }

  /** One that the host never took. */
  async forget(key: string): Promise<void> {
    await this.#vault.commit([drop("conversations", key), drop("secrets", placeId(key, 0))]);
    this.#byKey.delete(key);
  }

  #add(record: ConversationRecord): Conversation {
    const conversation = new Conversation(this.#vault, record, this.#alarmed);
    this.#byKey.set(conversation.key, conversation);
    return conversation;
  }

  wipe(): void {
    for (const conversation of this.all()) conversation.wipe();
    this.#byKey.clear();
  }
}

/** E11: founded as an own state, of exactly this person. */
export function isOwn({ epoch, record }: Conversation, identity: Pick<Identity, "isMe">): boolean {
  const [row, ...others] = epoch?.roster ?? [];
  return record.kind === "self" && row !== undefined && others.length === 0 && identity.isMe(row.chain);
}
