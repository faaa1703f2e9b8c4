import { ready, systemRandom } from "../../../src/crypto";
import type { Commands } from "../../../src/messenger/commands";
import { asCommands, Engine } from "../../../src/messenger/engine";
import type { World } from "../../../src/messenger/world";
import type { ConversationView, EngineEvent, MessageView, PersonView } from "../../../src/store/model";
import { Store } from "../../../src/store/store.svelte";
import type { Storages } from "../../../src/vault";
import { MemoryStorages } from "../../../src/vault";
import type { TestPerson, TestSession } from "./host";
import { Says, TestHost } from "./host";
import { wireTo } from "./line";
import { TestTimers } from "./timers";

/** One browser of one person before the host: the real engine and the real store, without screens. */
export class TestClient {
  readonly host: TestHost;
  readonly session: TestSession;
  readonly storages: Storages;
  events: EngineEvent[] = [];
  store = new Store();
  /** Where the engine's events go. */
  tell = (event: EngineEvent): void => {
    this.store.apply(event);
  };
  commands: Commands;
  #engine: Engine;
  recovery: readonly string[] = [];

  constructor(host: TestHost, person: TestPerson, storages: Storages = new MemoryStorages()) {
    this.host = host;
    this.storages = storages;
    this.session = { person, stage: "signed_in", device: null };
    this.#engine = this.#start();
    this.commands = asCommands(this.#engine);
  }

  #start(): Engine {
    return new Engine(this.#world(), (event) => {
      this.events.push(event);
      this.tell(event);
    });
  }

  #world(): World {
    const { host, session, storages } = this;
    return {
      origin: "http://host.example",
      fetch: (url, init) => respond(host, session, url, init),
      openWire: wireTo(host, session),
      timers: host.timers,
      storages,
      random: systemRandom,
      chance: () => 0.5,
    };
  }

  async join(): Promise<this> {
    await this.commands.open();
    this.recovery = await this.commands.prepareKeys();
    await this.commands.finishKeys({ answers: { 1: this.recovery[0] ?? "" } });
    await this.settle();
    return this;
  }

  restart(): void {
    this.stop();
    this.events = [];
    this.store = new Store();
    this.#engine = this.#start();
    this.commands = asCommands(this.#engine);
  }

  /** As a tab that is loaded again: nothing is left but the vault. */
  async reload(): Promise<void> {
    this.restart();
    const { session, connection, conversations } = await this.commands.open();
    this.store.enter(session);
    this.store.session.connect(connection);
    this.store.conversations.upsert(conversations);
  }

  /** What is on the screens of several tabs. */
  looked(conversations: readonly string[]): void {
    this.#engine.looked(conversations);
  }

  stop(): void {
    this.#engine.stop();
  }

  /** Long enough for markers, own state and what follows from them. */
  settle(ms = 5_000): Promise<void> {
    return this.host.timers.pass(ms);
  }

  async show(conversation: string, limit = 500): Promise<readonly MessageView[]> {
    const thread = this.store.thread(conversation);
    thread.addPage(await this.commands.page({ conversation, before: null, limit }));
    return thread.messages;
  }

  async texts(conversation: string): Promise<readonly string[]> {
    return (await this.show(conversation)).flatMap(({ body }) => (body.kind === "text" ? [body.text] : []));
  }

  /** With whom a direct conversation is. */
  peer(conversation: string): PersonView {
    const view = this.view(conversation);
    if (view.kind !== "direct") throw new Error("a team");
    return view.peer;
  }

  view(conversation: string): ConversationView {
    const view = this.store.conversations.get(conversation);
    if (view === null) throw new Error("no such conversation on screen");
    return view;
  }
}

async function respond(
  host: TestHost,
  session: TestSession,
  url: string,
  init: RequestInit,
): Promise<Response> {
  await Promise.resolve();
  const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : null;
  try {
    return Response.json(await host.serve(session, init.method ?? "GET", new URL(url), body));
  } catch (error) {
    if (!(error instanceof Says)) throw error;
    return Response.json(
      { code: error.code, retry_after: null, ...error.body },
      { status: error.code === "not_found" ? 404 : 409 },
    );
  }
}

export type Pair = {
  readonly host: TestHost;
  readonly a: TestClient;
  readonly b: TestClient;
  readonly conversation: string;
};

/** Two people in a direct conversation that A began. */
export async function pair(storagesOfA?: Storages): Promise<Pair> {
  await ready;
  const host = new TestHost(new TestTimers());
  const a = await new TestClient(host, host.addPerson("Inès"), storagesOfA).join();
  const b = await new TestClient(host, host.addPerson("Damien")).join();
  const conversation = await a.commands.openDirect({ person: b.session.person.id });
  await a.settle();
  return { host, a, b, conversation };
}

export const say = (client: TestClient, conversation: string, text: string): Promise<string> =>
  client.commands.send({ conversation, text, quote: null, mentions: [] });
