import { SvelteMap } from "svelte/reactivity";
import type { ConversationView } from "./model";

const byActivity = (a: ConversationView, b: ConversationView): number =>
  b.activity - a.activity || (a.id < b.id ? -1 : 1);

/** The conversations of this person, newest activity first. */
export class Conversations {
  readonly #byId = new SvelteMap<string, ConversationView>();

  readonly list = $derived([...this.#byId.values()].sort(byActivity));
  /** What rings: a muted conversation only where it names this person. */
  readonly unread = $derived(
    this.list.reduce((sum, { muted, mentioned, unread }) => sum + (muted ? mentioned : unread), 0),
  );

  get(id: string): ConversationView | null {
    return this.#byId.get(id) ?? null;
  }

  upsert(changed: readonly ConversationView[]): void {
    for (const conversation of changed) this.#byId.set(conversation.id, conversation);
  }

  clear(): void {
    this.#byId.clear();
  }
}
