import type { Kind } from "../crypto";
import type { Change, Vault } from "../vault";
import { Conversation, newConversation } from "./conversation";
import type { ConversationRecord } from "./records";
import { drop, placeId, unpack } from "./records";

/** All conversations of this person that this browser knows of. */
export class Conversations {
  readonly #vault: Vault;
  readonly #alarmed: (conversation: Conversation) => void;
  readonly #byKey = new Map<string, Conversation>();

  /** `alarmed`: something came up in one, or is over. */
  constructor(vault: Vault, alarmed: (conversation: Conversation) => void) {
    this.#vault = vault;
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

  get self(): Conversation | null {
    return this.all().find(({ record }) => record.kind === "self") ?? null;
  }

  /** One that has begun; what the host never took has no epoch. */
  withPeer(person: string): Conversation | null {
    return this.all().find(({ record }) => record.peer === person && record.epoch !== null) ?? null;
  }

  async create(key: string, kind: Kind, peer: string | null): Promise<Conversation> {
    return this.get(key) ?? (await this.add(newConversation(key, kind, peer)));
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
