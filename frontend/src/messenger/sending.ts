import type { Content, EpochSecret } from "../crypto";
import { firstSending, sameBytes, sealMessage, toText } from "../crypto";
import type { Sending as Place } from "../crypto";
import { HostRefused } from "../sync";
import type { Catching } from "./catching";
import type { Conversation } from "./conversation";
import type { Desk, Line } from "./desk";
import type { Attempt, OutboxRecord } from "./records";
import { Queue } from "./queue";
import type { Renewing } from "./renewing";

/** What an own-state message says is gathered when it is sealed. `null`: nothing is left to say. */
export type Gather = () => Promise<Content | null>;

const TRIES = 4;
const AGAIN_AFTER = 30_000;
const SILENT_FOR = 5_000;
/** The host could not take the epoch that must come first: each try makes another one. */
const HINDERED_FOR = 10_000;

/** The way out: one conversation at a time, in order, sealed on a caught-up line just before it leaves. */
export class Sending {
  readonly #desk: Desk;
  readonly #catching: Catching;
  readonly #renewing: Renewing;
  readonly #line: Line;
  readonly #gather: Gather;
  readonly #waiting = new Set<string>();
  readonly #queues = new Map<string, Queue>();
  #isOver = false;
  readonly #later = new Map<string, () => void>();

  constructor(desk: Desk, rooms: { catching: Catching; renewing: Renewing; line: Line; gather: Gather }) {
    this.#desk = desk;
    this.#catching = rooms.catching;
    this.#renewing = rooms.renewing;
    this.#line = rooms.line;
    this.#gather = rooms.gather;
  }

  /** Sends what waits, as far as it may leave now. Without waiting for it. */
  flush(conversation: Conversation): void {
    if (this.#waiting.has(conversation.key)) return;
    this.#waiting.add(conversation.key);
    const flushed = this.#leaving(conversation.key).run(async () => {
      this.#waiting.delete(conversation.key);
      await this.#flush(conversation);
    });
    // A silent host or a lost answer: everything stays queued, for the next connection or for this one later.
    flushed.catch((error: unknown) => {
      if (!(error instanceof Held)) this.#tryLater(conversation, SILENT_FOR);
    });
  }

  /** Calls off what was planned for later. */
  stop(): void {
    this.#isOver = true;
    for (const cancel of this.#later.values()) cancel();
    this.#later.clear();
  }

  #leaving(key: string): Queue {
    const queue = this.#queues.get(key) ?? new Queue();
    this.#queues.set(key, queue);
    return queue;
  }

  /** Sealed inside the conversation's queue, and let go outside it: what comes is taken while an answer is awaited. */
  async #flush(conversation: Conversation): Promise<void> {
    for (let tries = 0; tries < TRIES;) {
      const sealed = await conversation.queue.run(() => this.#seal(conversation));
      if (sealed === "nothing") return;
      if (sealed !== "again" && (await this.#leave(conversation, sealed))) tries = 0;
      else tries += 1;
    }
    this.#tryLater(conversation, AGAIN_AFTER);
  }

  async #seal(conversation: Conversation): Promise<Attempt | "nothing" | "again"> {
    const [item] = this.#desk.outbox.of(conversation.key);
    if (item === undefined || !(await this.#isOpen(conversation))) return "nothing";
    if (!this.#fits(conversation, item)) {
      await this.#desk.outbox.remove(item);
      return "again";
    }
    const secret = await this.#renewing.secretToSeal(conversation);
    const still = this.#desk.outbox.get(item.key);
    if (secret === null && this.#renewing.maySeal(conversation)) this.#tryLater(conversation, HINDERED_FOR);
    if (secret === null || still === null) return "nothing";
    return (await this.#attempt(conversation, still, secret)) ?? "again";
  }

  /** M6: own state goes into the own conversation, and nothing else does. */
  #fits(conversation: Conversation, { said }: OutboxRecord): boolean {
    const isSelf = conversation === this.#desk.conversations.self;
    return said === null ? isSelf : conversation.record.kind !== "self";
  }

  async #isOpen(conversation: Conversation): Promise<boolean> {
    if (this.#line.state !== "open") return false;
    return !conversation.isBehind || (await this.#catching.pullNow(conversation));
  }

  /** M8: the same bytes as long as their epoch lasts. `null`: nothing is left to send. */
  async #attempt(
    conversation: Conversation,
    item: OutboxRecord,
    secret: EpochSecret,
  ): Promise<Attempt | null> {
    const { epoch } = conversation;
    const last = item.attempts.at(-1);
    if (epoch === null) return null;
    if (last !== undefined && sameBytes(last.epoch, epoch.hash)) return last;
    const content: Content | null = item.said ?? (await this.#gather());
    if (content === null) {
      await this.#desk.outbox.remove(item);
      return null;
    }
    const { entry, hash } = sealMessage({
      ...this.#place(conversation),
      kind: conversation.record.kind,
      epoch,
      secret,
      clientId: item.clientId,
      content,
    });
    const attempt = { hash, entry, epoch: epoch.hash };
    return (await this.#desk.outbox.attempt(item.key, attempt)) ? attempt : null;
  }

  #place(conversation: Conversation) {
    const { identity, keyLogs, world } = this.#desk;
    const log = keyLogs.get(identity.chain);
    if (log === null) throw new RangeError("the own key log is always here");
    const sending = nextOf(conversation, identity.device.id);
    return {
      device: identity.signer,
      sending,
      seen: conversation.place,
      head: log.head,
      random: world.random,
    };
  }

  async #leave(conversation: Conversation, { entry }: Attempt): Promise<boolean> {
    try {
      const { seq, at } = await this.#line.append(conversation.key, toText(entry));
      await conversation.queue.run(() =>
        this.#catching.takeNow(conversation, { seq, at, entry, wrap: null }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof HostRefused)) throw error;
      await conversation.queue.run(() => this.#refused(conversation, error));
      return false;
    }
  }

  // Whatever the reason, the log says what is true now: other attempts settled, a newer epoch, newer heads.
  async #refused(conversation: Conversation, { code, retryAfter }: HostRefused): Promise<void> {
    if (code === "throttled" || code === "unavailable") {
      this.#tryLater(conversation, (retryAfter ?? 1) * 1000);
      throw new Held();
    }
    if (code === "restoring") {
      // T2, T3: what it waits for may be given back much sooner.
      this.#tryLater(conversation, Math.min((retryAfter ?? 1) * 1000, AGAIN_AFTER));
      throw new Held();
    }
    await this.#catching.pullNow(conversation);
    if (code === "epoch_stale") await this.#renewing.make(conversation);
  }

  #tryLater(conversation: Conversation, ms: number): void {
    if (this.#isOver) return;
    this.#later.get(conversation.key)?.();
    const cancel = this.#desk.world.timers.after(ms, () => {
      this.#later.delete(conversation.key);
      this.flush(conversation);
    });
    this.#later.set(conversation.key, cancel);
  }
}

/** The host asked for a pause; a later flush goes on. */
class Held extends Error {}

/** M1: counted from what the log accepted, so that an attempt that never counted leaves no break. */
function nextOf({ record }: Conversation, device: Uint8Array): Place {
  const last = record.senders.find((sender) => sameBytes(sender.device, device));
  return last === undefined ? firstSending : { deviceSeq: last.deviceSeq + 1, prevOwn: last.hash };
}
