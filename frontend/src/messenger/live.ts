import type { Heads, History, PersonFrame, Welcome } from "../protocol";
import { HELLO_HEADS } from "../protocol";
import type { Connection } from "../store/model";
import type { Dealt, Ended } from "../sync";
import { HostRefused, HostSilent, pause, Socket } from "../sync";
import { asChainId, fromText, sameBytes } from "../crypto";
import { bytesOf } from "./catching";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import { eachInParallel } from "./parallel";
import { AT_ONCE } from "./pinning";
import type { Rooms } from "./rooms";

const AGAIN_AFTER = 3_000;
const ASK_EVERY = 3_000;

export type LiveEvents = {
  readonly connection: (connection: Connection) => void;
  readonly ended: (why: Ended) => void;
  readonly changed: (conversation: Conversation) => void;
  /** The own key log may have moved (K21). */
  readonly own: () => void;
};

/** The live line: greets, catches up, keeps up. Everything it hears ends in the same pages and the same queue. */
export class Live {
  readonly #desk: Desk;
  readonly #events: LiveEvents;
  readonly socket: Socket;
  #rooms: Rooms | null = null;
  /** Counts welcomes: what an earlier line began does not go on under a later one. */
  #turn = 0;
  #isSettled = false;
  #isOver = false;
  #wasOpen = false;
  #since: number;
  #heard: number;
  /** Tried in vain since the line was open: that it tries again is no news to anybody. */
  #isDown = false;
  #looked: readonly string[] = [];
  #cancelAsking: () => void = () => undefined;

  constructor(desk: Desk, events: LiveEvents) {
    const { world, clock } = desk;
    this.#desk = desk;
    this.#events = events;
    this.#since = this.#heard = clock.now();
    this.socket = new Socket(world.openWire, world.timers, world.chance, {
      heads: () => this.#heads(),
      welcome: (welcome) => {
        this.#welcome(welcome);
      },
      dealt: (frame) => {
        this.#hear(frame).catch(() => undefined);
      },
      state: () => {
        this.#stateMoved();
      },
      ended: events.ended,
    });
  }

  start(rooms: Rooms): void {
    this.#rooms = rooms;
    this.socket.start();
  }

  stop(): void {
    this.#isOver = true;
    this.#turn += 1;
    this.#cancelAsking();
    this.socket.stop();
  }

  /** The last one looked at first: the host deals its markers. Those of the other tabs are asked for. */
  look(conversations: readonly string[]): void {
    this.#looked = conversations;
    this.socket.look(conversations[0] ?? null);
    this.#ask(conversations);
    this.#askLater();
  }

  get looks(): readonly string[] {
    return this.#looked;
  }

  #ask(conversations: readonly string[]): void {
    for (const conversation of conversations) this.#askMarkers(conversation).catch(() => undefined);
  }

  #askLater(): void {
    this.#cancelAsking();
    if (this.#looked.length < 2 || this.#isOver) return;
    this.#cancelAsking = this.#desk.world.timers.after(ASK_EVERY, () => {
      this.#ask(this.#looked.slice(1));
      this.#askLater();
    });
  }

  get connection(): Connection {
    const { state } = this.socket;
    const isOnline = state === "open" && this.#isSettled;
    const isOffline = state === "idle" || (this.#isDown && state !== "open");
    const word = isOnline ? "online" : isOffline ? "offline" : "connecting";
    const { clock, history } = this.#desk;
    return { state: word, since: this.#since, clockOff: clock.isOff, restored: history.told };
  }

  #heads(): readonly (readonly [string, number])[] {
    const known = this.#desk.conversations.all().map(({ key, record }) => [key, record.seq] as const);
    return known.slice(0, HELLO_HEADS);
  }

  #stateMoved(): void {
    if (this.#isOver) return;
    if (this.socket.state !== "open") {
      this.#isSettled = false;
      this.#rooms?.whispering.forget();
    }
    const isOpen = this.socket.state === "open";
    if (isOpen) this.#heard = this.#desk.clock.now();
    // A dead line is noticed late: what is shown is as old as the last that came.
    if (isOpen !== this.#wasOpen) this.#since = this.#heard;
    this.#wasOpen = isOpen;
    this.#isDown = !isOpen && (this.#isDown || this.socket.state === "waiting");
    this.#events.connection(this.connection);
  }

  #welcome({ now, history }: Welcome): void {
    this.#desk.clock.told(now);
    const turn = ++this.#turn;
    this.#settle(turn, history).catch(() => this.#settleLater(turn, history));
  }

  async #settleLater(turn: number, history: History): Promise<void> {
    await pause(this.#desk.world.timers, AGAIN_AFTER);
    if (turn !== this.#turn || this.socket.state !== "open") return;
    await this.#settle(turn, history).catch(() => this.#settleLater(turn, history));
  }

  // The own state first: it holds the pins and secrets that open the rest.
  async #settle(turn: number, history: History): Promise<void> {
    const rooms = this.#rooms;
    if (rooms === null) return;
    await rooms.restoring.hear(history);
    // T6: entries name heads of key logs, so a restored host needs those first.
    if (this.#desk.history.takesBack) await this.#followAll(rooms).catch(() => undefined);
    const listed = await rooms.roll.call();
    for (const { id } of listed.filter(({ kind }) => kind === "self")) {
      await this.#pull(id, turn);
      if (this.#desk.conversations.get(id) === this.#desk.conversations.self) await rooms.ownStates.settled();
    }
    const others = listed.filter(({ kind }) => kind !== "self");
    await eachInParallel(others, AT_ONCE, ({ id }) => this.#pull(id, turn));
    const missing = rooms.restoring.missingFrom(listed);
    await eachInParallel(missing, AT_ONCE, (conversation) => rooms.catching.missed(conversation));
    if (turn === this.#turn) this.#settled(rooms);
  }

  async #pull(id: string, turn: number): Promise<void> {
    const conversation = this.#desk.conversations.get(id);
    if (conversation !== null && turn === this.#turn) await this.#rooms?.catching.pull(conversation);
  }

  #settled(rooms: Rooms): void {
    this.#isSettled = true;
    this.#events.own();
    this.#events.connection(this.connection);
    this.socket.look(this.#looked[0] ?? null);
    for (const conversation of this.#desk.conversations.all()) {
      if (conversation.record.kind !== "self") this.#askMarkers(conversation.key).catch(() => undefined);
      rooms.sending.flush(conversation);
      rooms.marking.markSoon(conversation);
      rooms.titles.sayAgain(conversation, "any").catch(() => undefined);
    }
    rooms.ownStates.saySoon();
    rooms.whispering.here();
    this.#followAll(rooms).catch(() => undefined);
  }

  // Key logs that moved while this browser was away, or that the host now shortens.
  async #followAll({ pinning }: Rooms): Promise<void> {
    const chains = this.#desk.persons.all().flatMap(({ pin }) => pin?.chain ?? []);
    await eachInParallel(chains, AT_ONCE, (chain) => pinning.follow(chain));
  }

  async #hear(frame: Dealt): Promise<void> {
    const rooms = this.#rooms;
    this.#heard = this.#desk.clock.now();
    if (rooms === null) return;
    switch (frame.type) {
      case "entry":
        return this.#with(frame.conversation, (found) => {
          const row = { seq: frame.seq, at: frame.at, entry: bytesOf(frame.entry), wrap: null };
          return found.queue.run(() => rooms.catching.takeNow(found, row));
        });
      case "behind":
        return this.#moved(frame.conversation, frame.head);
      case "heads":
        return this.#compare(frame);
      case "markers":
        return this.#with(frame.conversation, (found) =>
          found.queue.run(() => rooms.marking.take(found, frame.markers)),
        );
      case "person":
        return this.#person(frame);
      case "gone":
        return this.#with(frame.conversation, (found) => found.queue.run(() => this.#gone(found, rooms)));
      case "whisper":
        return this.#with(frame.conversation, (found) => {
          rooms.whispering.hear(found, frame);
        });
      case "presence":
        return this.#with(frame.conversation, (found) => {
          rooms.whispering.see(found, frame);
        });
    }
  }

  /** F12: the host's word; the entry by which it came about is signed, and the last that is given. */
  async #gone(conversation: Conversation, rooms: Rooms): Promise<void> {
    await conversation.save({ isGone: true });
    rooms.tell(conversation);
    await rooms.catching.pullNow(conversation);
  }

  async #compare({ now, heads }: Heads): Promise<void> {
    this.#desk.clock.told(now);
    // One that cannot be read now holds no other up.
    await eachInParallel(heads, AT_ONCE, ([key, head]) => this.#moved(key, head).catch(() => undefined));
  }

  #moved(key: string, head: number): Promise<void> {
    return this.#with(key, async (conversation) => {
      conversation.announced = Math.max(conversation.announced, head);
      if (conversation.isBehind) this.#events.changed(conversation);
      await this.#rooms?.catching.pull(conversation).catch((error: unknown) => {
        if (error instanceof HostRefused || error instanceof HostSilent) this.#movedAgain(key, head);
        throw error;
      });
      this.#rooms?.sending.flush(conversation);
    });
  }

  // The host says `behind` once, and the next beat is far.
  #movedAgain(key: string, head: number): void {
    const turn = this.#turn;
    const again = async (): Promise<void> => {
      await pause(this.#desk.world.timers, AGAIN_AFTER);
      if (turn === this.#turn && this.socket.state === "open") await this.#moved(key, head);
    };
    again().catch(() => undefined);
  }

  async #with(key: string, act: (conversation: Conversation) => unknown): Promise<void> {
    if (this.#desk.conversations.get(key) === null) await this.#rooms?.roll.call();
    const conversation = this.#desk.conversations.get(key);
    if (conversation !== null) await act(conversation);
  }

  async #person({ person, chain: text }: PersonFrame): Promise<void> {
    const chain = asChainId(fromText(text));
    const known = this.#desk.persons.get(person);
    if (known === null) return;
    await this.#desk.persons.serve(person, chain);
    if (person === this.#desk.identity.person) this.#events.own();
    if (known.pin !== null && sameBytes(known.pin.chain, chain)) await this.#rooms?.pinning.follow(chain);
  }

  async #askMarkers(key: string): Promise<void> {
    if (this.socket.state !== "open") return;
    const { markers } = await this.#desk.api.markers(key);
    const conversation = this.#desk.conversations.get(key);
    if (conversation !== null)
      await conversation.queue.run(async () => this.#rooms?.marking.take(conversation, markers));
  }
}
