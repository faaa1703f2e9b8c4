import { createContext } from "svelte";
import type { Commands } from "../messenger/commands";
import type { EngineEvent, SessionView } from "../store/model";
import { Store } from "../store/store.svelte";
import { Attempt } from "./attempt.svelte";
import { language, t, type Language } from "./i18n";
import { Fresh } from "./fresh.svelte";
import { Router } from "./route.svelte";
import { Toasts } from "./toasts.svelte";

export type Anchor = { readonly key: string; readonly into: number };
export type Connect = (onEvent: (event: EngineEvent) => void) => Commands;

/** What every screen shares in this tab: what it may ask, what it shows, where it is. */
export class Client {
  readonly commands: Commands;
  readonly store = new Store();
  readonly router: Router;
  readonly toasts = new Toasts();
  readonly fresh = new Fresh();
  /** Where each thread was left, by the key of the message at the top, while the page lives. */
  readonly anchors = new Map<string, Anchor>();
  readonly opening = new Attempt();
  /** When a shared computer was left, so that the next page can say that nothing stays. */
  leftAt = $state<number | null>(null);
  shared = $state(false);
  /** This browser has just become one of its person's devices. */
  isNewHere = $state(false);

  constructor(connect: Connect, window: Window) {
    this.router = new Router(window);
    this.commands = connect((event) => {
      if (event.type === "session") this.enter(event.session);
      else this.store.apply(event);
    });
  }

  async open(): Promise<void> {
    const first = await this.opening.run(() => this.commands.open());
    if (first === null) return;
    this.store.enter(first.session);
    this.store.session.connect(first.connection);
    this.store.conversations.upsert(first.conversations);
  }

  enter(session: SessionView): void {
    const opens = session.stage === "ready" && this.store.session.stage !== "ready";
    this.store.enter(session);
    if (session.stage !== "ready") this.anchors.clear();
    // Whatever was told to other tabs before this one was ready is asked for again; failing, it comes as it changes.
    if (opens) this.#refresh().catch(() => undefined);
  }

  /** Enters from a link or leaves: whatever the address said is over, the next page is home. */
  arrive(session: SessionView): void {
    this.router.go({ name: "home" }, true);
    this.enter(session);
  }

  async speak(chosen: Language): Promise<void> {
    await language.choose(chosen).catch(() => {
      this.toasts.show(t("app.part_missing"));
    });
  }

  async #refresh(): Promise<void> {
    const { conversations, connection } = await this.commands.open();
    this.store.session.connect(connection);
    this.store.conversations.upsert(conversations);
  }

  async signOut(): Promise<void> {
    const session = await this.commands.signOut();
    this.leftAt = this.shared ? Math.floor(Date.now() / 1000) : null;
    this.shared = false;
    this.arrive(session);
  }
}

export const [useClient, provideClient] = createContext<Client>();
