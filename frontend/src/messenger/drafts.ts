import type { Vault } from "../vault";
import { drop, put, unpack } from "./records";

/** What was typed and not sent, by conversation; sealed like everything else. */
export class Drafts {
  readonly #vault: Vault;
  readonly #texts = new Map<string, string>();

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  async load(): Promise<void> {
    for (const { id, bytes } of await this.#vault.list("drafts")) this.#texts.set(id, unpack<string>(bytes));
  }

  get(conversation: string): string {
    return this.#texts.get(conversation) ?? "";
  }

  /** Its text left with the message, in the same commit. */
  sent(conversation: string): void {
    this.#texts.delete(conversation);
  }

  async save(conversation: string, text: string): Promise<void> {
    if (text === this.get(conversation)) return;
    await this.#vault.commit([
      text === "" ? drop("drafts", conversation) : put("drafts", conversation, text),
    ]);
    this.#texts.set(conversation, text);
  }
}
