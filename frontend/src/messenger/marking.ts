import type { Marker, Position } from "../crypto";
import { makeMarker, readMarker, Refused, sameBytes, toText } from "../crypto";
import { HostRefused } from "../sync";
import { bytesOf } from "./catching";
import type { Conversation } from "./conversation";
import { unreadOf } from "./conversation";
import type { Desk, Line } from "./desk";
import { Queue } from "./queue";
import type { Receipts } from "./receipts";
import { put, unpack } from "./records";

/** The host deals markers at most once a second a conversation; more often is said in vain. */
const EVERY = 1_000;
const PLACES = ["arrived", "readable", "read"] as const;

type Around = { readonly line: Line; readonly receipts: Receipts };
export type Moved = (conversation: Conversation, from: number) => Promise<void>;

/** R: how far this device says it is, and how far the others say they are. */
export class Marking {
  readonly #desk: Desk;
  readonly #line: Line;
  readonly #receipts: Receipts;
  readonly #moved: Moved;
  #isOver = false;
  readonly #planned = new Map<string, () => void>();
  /** R3: beyond the own log, kept until it gets there. */
  readonly #aside = new Map<string, Map<string, Marker>>();
  readonly #queues = new Map<string, Queue>();

  constructor(desk: Desk, { line, receipts }: Around, moved: Moved) {
    this.#desk = desk;
    this.#line = line;
    this.#receipts = receipts;
    this.#moved = moved;
  }

  async load(): Promise<void> {
    for (const { id, bytes } of await this.#desk.vault.list("markers")) {
      const [key = "", device = ""] = id.split("/");
      this.#desk.conversations.get(key)?.marks.set(device, unpack<Marker>(bytes));
    }
  }

  /** Says how far this device is, soon. */
  markSoon(conversation: Conversation): void {
    const { key, record } = conversation;
    if (this.#isOver || record.kind === "self" || this.#planned.has(key)) return;
    const cancel = this.#desk.world.timers.after(EVERY, () => {
      this.#planned.delete(key);
      this.#saying(key)
        .run(() => this.#say(conversation))
        .catch(() => {
          this.markSoon(conversation);
        });
    });
    this.#planned.set(key, cancel);
  }

  // A marker whose answer is lost holds up the next marker, and nothing else.
  #saying(key: string): Queue {
    const queue = this.#queues.get(key) ?? new Queue();
    this.#queues.set(key, queue);
    return queue;
  }

  stop(): void {
    this.#isOver = true;
    for (const cancel of this.#planned.values()) cancel();
    this.#planned.clear();
  }

  /** Waits for nothing that waits for the host. */
  async readTo(conversation: Conversation, seq: number): Promise<void> {
    const before = conversation.record.read;
    const journal = await conversation.journal();
    await conversation.keep((record) => {
      const read = Math.min(Math.max(record.read, seq), record.seq);
      if (read === record.read) return null;
      return { read, ...unreadOf(journal, { ...record, read }) };
    });
    if (conversation.record.read > before) this.markSoon(conversation);
  }

  /** Only inside the conversation's queue. What cannot be believed says nothing. */
  async take(conversation: Conversation, markers: readonly string[]): Promise<void> {
    for (const text of markers) {
      const marker = this.#read(conversation, text);
      if (marker !== null) await this.#place(conversation, marker);
    }
  }

  /** Only inside the conversation's queue, when its log has grown. */
  async takeAside(conversation: Conversation): Promise<void> {
    const waiting = this.#aside.get(conversation.key);
    this.#aside.delete(conversation.key);
    for (const marker of waiting?.values() ?? []) await this.#place(conversation, marker);
  }

  #read(conversation: Conversation, text: string): Marker | null {
    const { epoch, marks } = conversation;
    if (epoch === null) return null;
    try {
      return readMarker(bytesOf(text), {
        epoch,
        keyLog: (chain) => this.#desk.keyLogs.get(chain),
        last: (device) => marks.get(toText(device)) ?? null,
      });
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  }

  async #place(conversation: Conversation, marker: Marker): Promise<void> {
    const { record } = conversation;
    if (PLACES.some((name) => (marker[name]?.n ?? 0) > record.seq)) {
      return this.#keepAside(conversation.key, marker);
    }
    const journal = await conversation.journal();
    const isOurs = (place: Position | null) => {
      // L13: what lies before the own view cannot be compared.
      if (place === null || place.n < record.anchor.n) return true;
      const h = journal.hashAt(place.n);
      return h !== null && sameBytes(h, place.hash);
    };
    if (!PLACES.every((name) => isOurs(marker[name]))) {
      await conversation.raise({ kind: "log_forked", cause: null, seq: null, blocks: true });
    } else if (!sameBytes(marker.device, this.#desk.identity.device.id))
      await this.#keep(conversation, marker);
  }

  // The newest of each device: nothing grows with what a host deals again.
  #keepAside(key: string, marker: Marker): void {
    const waiting = this.#aside.get(key) ?? new Map<string, Marker>();
    this.#aside.set(key, waiting.set(toText(marker.device), marker));
  }

  async #keep(conversation: Conversation, marker: Marker): Promise<void> {
    const device = toText(marker.device);
    const before = conversation.marks.get(device);
    const passed = await this.#receipts.change(conversation, marker);
    await this.#desk.vault.commit([put("markers", `${conversation.key}/${device}`, marker), ...passed]);
    conversation.marks.set(device, marker);
    // Another device of this person: what was read there is read here.
    if (this.#desk.identity.isMe(marker.chain)) {
      await this.readTo(conversation, marker.read?.n ?? 0);
      return this.#moved(conversation, conversation.record.seq);
    }
    await this.#moved(conversation, Math.min(...PLACES.map((name) => before?.[name]?.n ?? 0)));
  }

  async #say(conversation: Conversation): Promise<void> {
    const { record, epoch } = conversation;
    const places = placesOf(conversation);
    const isSaid =
      PLACES.every((name) => record.marked[name] === places[name]) && record.marked.epoch === record.epochSeq;
    const { identity, clock } = this.#desk;
    // Who is out says nothing of how far they are, nor does a copied profile (M9).
    const mayMark = !record.isGone && !record.isBlind && !identity.isCloned;
    if (epoch === null || isSaid || !mayMark || this.#line.state !== "open") return;
    const journal = await conversation.journal();
    const at = (n: number): Position | null => {
      const hash = n === 0 ? null : journal.hashAt(n);
      return hash === null ? null : { n, hash };
    };
    const counter = record.counter + 1;
    await conversation.save({ counter });
    const { arrived, readable, read } = places;
    const said = {
      conversation: record.id,
      counter,
      at: clock.now(),
      arrived: at(arrived),
      readable: at(readable),
      read: at(read),
    };
    if (await this.#send(makeMarker(said, identity.signer), conversation)) {
      await conversation.save({ marked: { ...places, epoch: record.epochSeq } });
    }
  }

  async #send(marker: Uint8Array, conversation: Conversation): Promise<boolean> {
    try {
      await this.#line.mark(toText(marker));
      return true;
    } catch (error) {
      if (!(error instanceof HostRefused)) throw error;
      if (error.code === "throttled") this.markSoon(conversation);
      return error.code !== "throttled";
    }
  }
}

function placesOf({ record }: Conversation) {
  const arrived = record.seq;
  const readable = record.unreadable === null ? arrived : record.unreadable - 1;
  return { arrived, readable, read: Math.min(record.read, readable) };
}
