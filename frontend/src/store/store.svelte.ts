import { Conversations } from "./conversations.svelte";
import { Devices } from "./devices.svelte";
import type { EngineEvent, SessionView } from "./model";
import { Session } from "./session.svelte";
import { Thread } from "./thread.svelte";
import { todo } from "./todo";

/** Everything the screens read: what the engine told this tab, and nothing else. */
export class Store {
  readonly session = new Session();
  readonly conversations = new Conversations();
  readonly devices = new Devices();
  readonly todo = $derived(todo(this.conversations.list));
  readonly #threads = new Map<string, Thread>();

  apply(event: EngineEvent): void {
    switch (event.type) {
      case "session":
        return this.enter(event.session);
      case "connection":
        return this.session.connect(event.connection);
      case "conversations":
        return this.conversations.upsert(event.conversations);
      case "devices":
        return this.devices.show(event.devices);
      case "messages":
        return this.#threads.get(event.conversation)?.apply(event.messages, event.removed);
    }
  }

  /** A session that is no longer open keeps nothing on screen, nor behind it. */
  enter(session: SessionView): void {
    const before = this.session.me;
    const another = before !== null && before.id !== session.me?.id;
    if (session.stage !== "ready" || another) this.#forget();
    this.session.show(session);
  }

  thread(conversation: string): Thread {
    const known = this.#threads.get(conversation);
    if (known !== undefined) return known;
    const thread = new Thread(conversation);
    this.#threads.set(conversation, thread);
    return thread;
  }

  #forget(): void {
    this.conversations.clear();
    this.devices.clear();
    this.#threads.clear();
  }
}
