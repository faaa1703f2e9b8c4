import { asClientId, compareCode, fromText, makeClientId, MAX_TEXT, toText } from "../crypto";
import type { EngineEvent, PersonView } from "../store/model";
import { Api } from "../sync";
import { acknowledge } from "./acknowledging";
import { Beginning } from "./beginning";
import { HostClock } from "./clock";
import { COMMANDS } from "./channel";
import type { Commands } from "./commands";
import { CommandError } from "./commands";
import type { Conversation } from "./conversation";
import { Factors } from "./factors";
import { failureOf } from "./failures";
import type { Opened } from "./opened";
import { pageOf } from "./pages";
import { Queue } from "./queue";
import { drop } from "./records";
import { Session } from "./session";
import { Vaults } from "./vaults";
import { LATE_AFTER, queuedView } from "./views";
import type { World } from "./world";

type Written = { readonly text: string; readonly quote: string | null };

/** The commands of the screens, each told in the rooms' own words. */
export class Engine implements Commands {
  readonly #world: World;
  readonly #api: Api;
  readonly #vaults: Vaults;
  readonly #session: Session;
  readonly #beginning: Beginning;
  readonly #factors: Factors;
  readonly #written = new Queue();
  #looks: readonly string[] = [];
  #isShared = false;

  constructor(world: World, tell: (event: EngineEvent) => void) {
    const clock = new HostClock(world.timers);
    this.#world = world;
    this.#api = new Api(world.origin, world.fetch, world.timers);
    this.#vaults = new Vaults(world.storages, this.#api, world.random);
    this.#factors = new Factors(this.#api);
    this.#beginning = new Beginning(world, this.#api, this.#vaults, clock);
    this.#session = new Session(world, this.#api, this.#vaults, clock, {
      tell,
      session: (session) => {
        tell({ type: "session", session });
        this.#lookOn();
      },
    });
  }

  /** Nothing is answered before it is known who is here: the engine may have taken over in the middle of a question. */
  async begin(): Promise<void> {
    if (this.#session.view.stage === "loading") await this.#session.begin();
  }

  /** The network says it is back. */
  hurry(): void {
    this.#session.opened?.live.socket.hurry();
    this.#session.look().catch(() => undefined);
  }

  /** The network says it is gone. */
  lose(): void {
    this.#session.opened?.live.socket.lose();
  }

  stop(): void {
    this.#session.end();
  }

  open: Commands["open"] = async () => {
    await this.begin();
    const conversations = this.#session.opened?.rooms.views() ?? [];
    return { session: this.#session.view, connection: this.#session.connection, conversations };
  };

  signIn: Commands["signIn"] = async (input) => {
    this.#isShared = input.shared;
    return this.#session.enter(await this.#api.signIn(input));
  };
  secondFactor: Commands["secondFactor"] = async (proof) =>
    this.#session.enter(await this.#factors.signIn(proof));
  printedCode: Commands["printedCode"] = async ({ code }) =>
    this.#session.enter(await this.#api.signInPrinted({ code }));
  unlock: Commands["unlock"] = async (proof) => this.#session.enter(await this.#factors.unlock(proof));
  freshFactor: Commands["freshFactor"] = (proof) => this.#factors.freshen(proof);
  askPasskey: Commands["askPasskey"] = () => this.#factors.ask();

  signOut: Commands["signOut"] = () => {
    this.#beginning.forget();
    const isShared = this.#isShared;
    this.#isShared = false;
    return this.#session.leave(isShared);
  };

  sessions: Commands["sessions"] = async () => (await this.#api.sessions()).sessions;
  endSession: Commands["endSession"] = async (input) => {
    await this.#api.endSession(input);
  };
  endOtherSessions: Commands["endOtherSessions"] = async () => {
    await this.#api.endOtherSessions();
  };

  forgotPassword: Commands["forgotPassword"] = async (input) => {
    await this.#api.forgotPassword(input);
  };
  resetPassword: Commands["resetPassword"] = async (input) =>
    this.#session.enter(await this.#api.resetPassword(input));
  lookInvitation: Commands["lookInvitation"] = (input) => this.#api.lookInvitation(input);
  acceptInvitation: Commands["acceptInvitation"] = async (input) =>
    this.#session.enter(await this.#api.acceptInvitation(input));

  beginTotp: Commands["beginTotp"] = () => this.#api.beginTotp();
  confirmTotp: Commands["confirmTotp"] = ({ code }) => this.#enrolled(this.#factors.confirmTotp(code));
  beginPasskey: Commands["beginPasskey"] = () => this.#factors.begin();
  confirmPasskey: Commands["confirmPasskey"] = (made) => this.#enrolled(this.#factors.confirm(made));
  factors: Commands["factors"] = () => this.#factors.list();
  removeFactor: Commands["removeFactor"] = async ({ factor }) => {
    await this.#factors.remove(factor);
    await this.#session.look();
    return this.#factors.list();
  };
  factorDone: Commands["factorDone"] = () => {
    this.#session.holdsCodes = false;
    return this.#session.look();
  };

  prepareKeys: Commands["prepareKeys"] = () => {
    this.#atStage("first_steps");
    return Promise.resolve(this.#beginning.prepare());
  };
  finishKeys: Commands["finishKeys"] = async ({ answers }) => {
    this.#atStage("first_steps");
    await this.#beginning.finish(answers, this.#whose());
    return this.#session.look();
  };
  recover: Commands["recover"] = async ({ code }) => {
    this.#atStage("recover");
    const isAdded = await this.#beginning.recover(code, this.#whose());
    return isAdded ? this.#session.look() : this.#session.askCode();
  };

  findPeople: Commands["findPeople"] = async ({ query }) => {
    const { desk } = this.#ready();
    const { people } = await this.#api.people(query);
    // What the directory now says of somebody known is taken note of too.
    for (const person of people)
      if (desk.persons.pinOf(person.id) !== null) await desk.persons.learn(person.id, person);
    const views = people.map((person): PersonView => desk.persons.viewServed(person));
    return views.filter(({ me }) => !me);
  };

  openDirect: Commands["openDirect"] = ({ person }) => {
    const { rooms } = this.#ready();
    return rooms.directs.open(person);
  };

  page: Commands["page"] = async ({ conversation: key, before, limit }) => {
    const { desk, rooms } = this.#ready();
    const conversation = this.#conversation(key);
    const asked = { before, limit: Math.min(limit, 500) };
    const told = rooms.toldTo(conversation);
    rooms.shows(conversation, (before ?? conversation.record.seq + 1) - asked.limit);
    const page = await pageOf(conversation, asked, desk);
    rooms.shows(conversation, page.messages[0]?.seq ?? Infinity);
    // What was told while the page was on its way must not be covered by it.
    this.#world.timers.after(0, () => {
      rooms.tellAgain(conversation, asked, { told, page }).catch(() => undefined);
    });
    return page;
  };

  look: Commands["look"] = ({ conversation }) => {
    this.looked(conversation === null ? [] : [conversation]);
    return Promise.resolve();
  };

  /** What is on screen, of all tabs; the last one looked at first. */
  looked(conversations: readonly string[]): void {
    this.#looks = conversations;
    this.#session.opened?.live.look(conversations);
  }

  // What was on screen before there was a line, or before there was this engine.
  #lookOn(): void {
    const live = this.#session.opened?.live;
    if (live !== undefined && live.looks !== this.#looks) live.look(this.#looks);
  }

  /** The id under which it was asked names the message, so that asking twice is sending once. */
  send = async (
    input: Parameters<Commands["send"]>[0],
    id = toText(makeClientId(this.#world.random)),
  ): Promise<string> => {
    const { rooms } = this.#ready();
    const conversation = this.#conversation(input.conversation);
    const text = wellFormed(input.text);
    if (text.trim() === "" || [...text].length > MAX_TEXT) throw new CommandError("too_long");
    // One after another, so that a quote being looked up lets nothing past.
    const isNew = await this.#written.run(() => this.#write(conversation, { ...input, text }, id));
    if (isNew) rooms.sending.flush(conversation);
    return id;
  };

  cancel: Commands["cancel"] = async ({ conversation: key, key: message }) => {
    const { desk, rooms } = this.#ready();
    const conversation = this.#conversation(key);
    const item = desk.outbox.get(message);
    // What was sealed once may have left.
    if (item === null || item.text === null || item.attempts.length > 0)
      throw new CommandError("not_allowed");
    await desk.outbox.remove(item);
    rooms.tellMessages(conversation, { messages: [], removed: [message] });
    rooms.tell(conversation);
    return item.text;
  };

  markRead: Commands["markRead"] = async ({ conversation: key, seq }) => {
    const { rooms } = this.#ready();
    const conversation = this.#conversation(key);
    await rooms.marking.readTo(conversation, seq);
    rooms.tell(conversation);
  };

  saveDraft: Commands["saveDraft"] = async ({ conversation, text }) => {
    const { desk, rooms } = this.#ready();
    await desk.drafts.save(conversation, wellFormed(text));
    rooms.tell(this.#conversation(conversation));
  };

  compareCode: Commands["compareCode"] = async ({ person }) => {
    const { desk, rooms } = this.#ready();
    const pin = desk.persons.pinOf(person);
    const chain = pin?.chain ?? (await rooms.directs.logOf(person)).chain;
    return compareCode(desk.identity.chain, chain);
  };

  markVerified: Commands["markVerified"] = async ({ person, verified }) => {
    const { desk, rooms } = this.#ready();
    if (desk.persons.pinOf(person) === null) await rooms.directs.logOf(person);
    await desk.persons.setVerified(person, verified);
  };

  acknowledge: Commands["acknowledge"] = ({ conversation }) => {
    const { rooms } = this.#ready();
    return acknowledge(this.#conversation(conversation), rooms);
  };

  /** In the first steps the printed codes stay on screen; later on only the list of factors changes. */
  async #enrolled(confirmed: Promise<readonly string[]>): Promise<readonly string[]> {
    const codes = await confirmed;
    if (this.#session.view.stage === "enrol_factor") this.#session.holdsCodes = true;
    else await this.#session.look();
    return codes;
  }

  async #write(conversation: Conversation, { text, quote }: Written, id: string): Promise<boolean> {
    const { desk, rooms } = this.#ready();
    const isKnown = desk.outbox.get(id) !== null || (await conversation.journal()).placeOfOwn(id) !== null;
    if (isKnown) return false;
    const quoted = quote === null ? null : await hashOf(conversation, quote);
    const item = { key: id, conversation: conversation.key, clientId: asClientId(fromText(id)), text };
    const at = Math.max(desk.clock.now(), desk.outbox.of(conversation.key).at(-1)?.at ?? 0);
    const added = { ...item, quote: quoted, at, attempts: [] };
    await desk.outbox.add(added, drop("drafts", conversation.key));
    desk.drafts.sent(conversation.key);
    // Whoever answers has read what stood there.
    await rooms.marking.readTo(conversation, conversation.record.seq);
    await this.#showQueued(conversation, id);
    this.#showLate(conversation, id);
    return true;
  }

  #ready(): Opened {
    const { opened } = this.#session;
    if (opened === null) throw new CommandError("not_allowed");
    return opened;
  }

  #conversation(key: string): Conversation {
    const conversation = this.#ready().desk.conversations.get(key);
    if (conversation === null) throw new CommandError("not_found");
    return conversation;
  }

  #atStage(stage: "first_steps" | "recover"): void {
    if (this.#session.view.stage !== stage) throw new CommandError("not_allowed");
  }

  #whose() {
    const { person, organisation } = this.#session.signedIn;
    if (organisation === null) throw new CommandError("not_allowed");
    const stay = this.#isShared ? "shared" : "kept";
    return { person: person.id, organisation: organisation.id, stay } as const;
  }

  #showLate(conversation: Conversation, key: string): void {
    this.#world.timers.after(LATE_AFTER * 1000, () => {
      this.#showQueued(conversation, key).catch(() => undefined);
    });
  }

  async #showQueued(conversation: Conversation, key: string): Promise<void> {
    const opened = this.#session.opened;
    const item = opened?.desk.outbox.get(key) ?? null;
    if (opened === null || item === null) return;
    const view = await queuedView(conversation, item, opened.desk);
    // Settled meanwhile: its line has been told already.
    if (opened.desk.outbox.get(key) === null) return;
    opened.rooms.tellMessages(conversation, { messages: [view], removed: [] });
    opened.rooms.tell(conversation);
  }
}

/** Half of a character outside the basic plane is no text. */
const wellFormed = (text: string): string => text.replace(/[\ud800-\udfff]/gu, "\ufffd");

async function hashOf(conversation: Conversation, key: string) {
  const journal = await conversation.journal();
  const seq = /^e\d+$/.test(key) ? Number(key.slice(1)) : journal.placeOfOwn(key);
  return seq === null ? null : (journal.at(seq)?.hash ?? null);
}

type Act = (input: unknown, id?: string) => Promise<unknown>;

/** Every command fails with a code that screens have a sentence for, and with nothing else. */
export function asCommands(engine: Engine): Commands {
  const begun =
    (name: keyof Commands): Act =>
    async (input, id) => {
      await engine.begin();
      return (engine[name] as Act)(input, id);
    };
  const wrapped = COMMANDS.map((name) => [name, failing(begun(name))]);
  return Object.fromEntries(wrapped) as Commands;
}

function failing(act: Act): Act {
  return async (input, id) => {
    try {
      return await act(input, id);
    } catch (error) {
      throw failureOf(error);
    }
  };
}
