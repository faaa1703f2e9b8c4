import { toText } from "../crypto";
import type { Person } from "../protocol";
import type { Connection, EngineEvent } from "../store/model";
import type { Ended } from "../sync";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import { clearDesk, openDesk } from "./desk";
import { Live } from "./live";
import { OwnKeys } from "./ownkeys";
import { concerned } from "./members";
import { Rooms } from "./rooms";

export type OpenedEvents = {
  readonly tell: (event: EngineEvent) => void;
  readonly ended: (why: Ended) => void;
  /** The line broke; the session may have ended with it. */
  readonly lost: () => void;
};
type Given = Omit<Parameters<typeof openDesk>[0], "tell" | "personChanged" | "alarmed">;

/** An open vault at work, from unlocking to locking. */
export class Opened {
  readonly desk: Desk;
  readonly live: Live;
  readonly rooms: Rooms;
  readonly ownKeys: OwnKeys;
  #isClosed = false;

  private constructor(desk: Desk, live: Live, rooms: Rooms) {
    this.desk = desk;
    this.live = live;
    this.rooms = rooms;
    this.ownKeys = new OwnKeys(desk, rooms.pinning);
    rooms.revocation = () => this.ownKeys.revocation;
    desk.identity.copied = () => {
      this.#alarmedAll();
    };
  }

  static async open(given: Given, events: OpenedEvents, me: Person): Promise<Opened> {
    let opened: Opened | null = null;
    const desk = await openDesk({
      ...given,
      // What was under way when it closed is not told any more: nothing comes back on a screen that was left.
      tell: (event) => {
        if (opened === null || !opened.#isClosed) events.tell(event);
      },
      personChanged: (person) => opened?.personChanged(person),
      alarmed: (conversation) => opened?.alarmed(conversation),
    });
    const live = new Live(desk, {
      connection: (connection) => {
        told(connection, events);
      },
      ended: events.ended,
      changed: (conversation) => opened?.rooms.tell(conversation),
      own: () => opened?.ownKeys.lookSoon(),
    });
    opened = new Opened(desk, live, new Rooms(desk, live));
    await Promise.all([opened.rooms.load(), opened.ownKeys.load()]);
    await opened.#pinSelf(me);
    opened.#judgeOwn(me);
    live.start(opened.rooms);
    return opened;
  }

  /** The session goes on: so does the line. */
  resume(me: Person): void {
    this.#judgeOwn(me);
    this.live.start(this.rooms);
  }

  personChanged(person: string): void {
    const all = this.desk.conversations.all();
    const isMe = person === this.desk.identity.person;
    for (const conversation of isMe ? all : all.filter((one) => concerned(one, this.desk).includes(person))) {
      this.alarmed(conversation);
    }
    this.rooms.ownStates.saySoon();
  }

  /** Shown at once; and what waited because of it may leave once it is over. */
  alarmed(conversation: Conversation): void {
    this.rooms.tell(conversation);
    this.rooms.sending.flush(conversation);
  }

  close(): void {
    this.#isClosed = true;
    this.live.stop();
    this.rooms.stop();
    this.ownKeys.stop();
    clearDesk(this.desk);
  }

  // K16: shown everywhere, and nothing is sealed while it lasts.
  #judgeOwn({ chain }: Person): void {
    const { identity } = this.desk;
    const isDisowned = chain !== toText(identity.chain);
    if (isDisowned === identity.isDisowned) return;
    identity.isDisowned = isDisowned;
    this.#alarmedAll();
  }

  #alarmedAll(): void {
    for (const conversation of this.desk.conversations.all()) this.alarmed(conversation);
  }

  // K16: the own chain is what this device signed, whatever the host says of it.
  async #pinSelf(me: Person): Promise<void> {
    const { persons, identity, keyLogs } = this.desk;
    const log = keyLogs.get(identity.chain);
    await persons.learn(identity.person, { ...me, chain: toText(identity.chain) });
    if (log !== null) await persons.pin(identity.person, identity.chain, log.head);
  }
}

function told(connection: Connection, events: OpenedEvents): void {
  events.tell({ type: "connection", connection });
  if (connection.state === "offline") events.lost();
}
