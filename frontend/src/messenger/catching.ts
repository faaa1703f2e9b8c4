import { asHash, fromText, logStart, sameBytes, toText } from "../crypto";
import type { Entries, EntriesTaken, EntryRow } from "../protocol";
import type { Line } from "./desk";
import { HostSilent, PageSize, pull } from "../sync";
import { RESTORED } from "./alarms";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import type { Row, Stub } from "./draft";
import type { Revocation } from "./late";
import type { AlarmRecord } from "./records";
import type { Receiving, Taken } from "./receiving";
import type { Restoring } from "./restoring";

/** Catching up: pages after the own place, each compared with what was seen before (L7, L8). */
export class Catching {
  readonly #desk: Desk;
  readonly #receiving: Receiving;
  readonly #line: Line;
  readonly #restoring: Restoring;
  readonly #revocation: () => Revocation | null;
  readonly #size = new PageSize();

  /** `revocation`: the last that this browser made in its own key log. */
  constructor(
    desk: Desk,
    rooms: { readonly receiving: Receiving; readonly line: Line; readonly restoring: Restoring },
    revocation: () => Revocation | null,
  ) {
    const { receiving, line, restoring } = rooms;
    this.#restoring = restoring;
    this.#revocation = revocation;
    this.#desk = desk;
    this.#receiving = receiving;
    this.#line = line;
  }

  pull(conversation: Conversation): Promise<boolean> {
    return conversation.queue.run(() => this.pullNow(conversation));
  }

  /** Only inside the conversation's queue. Whether nothing is left to fetch. Throws HostSilent. */
  async pullNow(conversation: Conversation): Promise<boolean> {
    // One that is acknowledged while pages are on their way is for the next time.
    const revocation = this.#revocation();
    await pull(this.#desk.api, this.#size, {
      conversation: conversation.key,
      cursor: () => conversation.record.seq,
      apply: (page) => this.#apply(conversation, page),
    });
    if (revocation !== null && !conversation.isBehind) await conversation.fence(revocation);
    return !conversation.isBehind;
  }

  /** A live entry, or an own one just acknowledged; what does not follow is fetched. */
  async takeNow(conversation: Conversation, row: Row): Promise<void> {
    conversation.announced = Math.max(conversation.announced, row.seq);
    const taken = await this.#receiving.take(conversation, [row]);
    // What the host kept back and now gives is compared with where it stands.
    const isMended = !conversation.isBehind && conversation.record.alarms.some(isHosts);
    if (taken === "gap" || isMended || this.#isUnfenced(conversation)) await this.pullNow(conversation);
    this.#line.cursor(conversation.key, conversation.record.seq);
  }

  /** K21: the host has not answered since the last revocation. */
  #isUnfenced({ record: { revoked } }: Conversation): boolean {
    const revocation = this.#revocation();
    return revocation !== null && (revoked?.n ?? -1) < revocation.n;
  }

  async #apply(conversation: Conversation, page: Entries): Promise<boolean> {
    const { seq } = conversation.record;
    conversation.announced = Math.max(conversation.announced, page.head);
    if (page.head < seq) return this.#isShorter(conversation, page);
    const taken = await this.#takePage(conversation, page, seq);
    if (page.head < (conversation.record.floor?.n ?? 0)) return this.#rolledBack(conversation);
    if (taken !== "waiting") await this.#compareHeads(conversation, page);
    this.#line.cursor(conversation.key, conversation.record.seq);
    return taken === "all";
  }

  async #takePage(conversation: Conversation, page: Entries, asked: number): Promise<Taken> {
    const taken = await this.#takeRows(conversation, page);
    if (taken !== "gap") return taken;
    // L8: asked for once more before anything is said.
    const again = await this.#desk.api.entries(conversation.key, conversation.record.seq, 1);
    const second = await this.#takeRows(conversation, again);
    if (second === "gap") await this.#missing(conversation);
    return conversation.record.seq > asked && second === "all" ? "all" : second;
  }

  async #takeRows(conversation: Conversation, page: Entries): Promise<Taken> {
    const from = conversation.record.seq;
    if (page.entries.length === 0) return page.head > from ? "gap" : "all";
    return this.#receiving.take(conversation, page.entries.map(rowOf));
  }

  async #missing(conversation: Conversation): Promise<void> {
    const seq = conversation.record.seq + 1;
    await conversation.raise({ kind: "entry_refused", cause: "removed_by_host", seq, blocks: true });
  }

  /** T5: one that the host does not know at all. */
  missed(conversation: Conversation): Promise<boolean> {
    const hash = toText(logStart(conversation.record.id));
    return conversation.queue.run(() => this.#isShorter(conversation, { head: 0, hash }));
  }

  // L7, T5: less than was applied here is a lie, unless the host was restored and asks for the rest.
  async #isShorter(conversation: Conversation, end: EntriesTaken): Promise<boolean> {
    if (!this.#restoring.isExpected(conversation)) return this.#rolledBack(conversation);
    const known = (await conversation.journal()).hashAt(end.head);
    if (known !== null && toText(known) !== end.hash) {
      await conversation.raise({ kind: "log_forked", cause: null, seq: end.head, blocks: true });
      return false;
    }
    await conversation.raise(RESTORED);
    const given = await this.#restoring.give(conversation, end.head);
    if (given !== null) await this.#compareHeads(conversation, given);
    return false;
  }

  async #rolledBack(conversation: Conversation): Promise<boolean> {
    await conversation.lift("restored");
    await conversation.raise({
      kind: "log_rolled_back",
      cause: null,
      seq: conversation.record.seq,
      blocks: true,
    });
    return false;
  }

  async #compareHeads(conversation: Conversation, page: EntriesTaken): Promise<void> {
    const { seq, h } = conversation.record;
    if (seq !== page.head) return;
    if (sameBytes(h, asHash(bytesOf(page.hash)))) await this.#mended(conversation);
    else await conversation.raise({ kind: "log_forked", cause: null, seq, blocks: true });
  }

  // The host stands where we stand: what it had kept back or forgotten is here again.
  async #mended(conversation: Conversation): Promise<void> {
    const { alarms, awaited } = conversation.record;
    if (!alarms.some(isHosts) && awaited === null) return;
    await conversation.save({ alarms: alarms.filter((alarm) => !isHosts(alarm)), awaited: null });
  }
}

/** Over as soon as the host gives what it kept back. */
const isHosts = ({ kind, cause, blocks }: AlarmRecord): boolean =>
  kind === "restored" ||
  kind === "log_rolled_back" ||
  kind === "key_log_refused" ||
  (cause === "removed_by_host" && blocks);

/** H12: whole, or as a stub; both or neither is no answer of the protocol. */
function rowOf({ seq, at, entry, stub, wrap }: EntryRow): Row | Stub {
  if (entry !== null && stub === null)
    return { seq, at, entry: bytesOf(entry), wrap: wrap === null ? null : bytesOf(wrap) };
  if (entry === null && stub !== null) return { seq, at, stub: asHash(bytesOf(stub)) };
  throw new HostSilent();
}

/** Text that is not the one way of writing bytes is no answer of the protocol. */
export function bytesOf(text: string): Uint8Array {
  try {
    return fromText(text);
  } catch {
    throw new HostSilent();
  }
}
