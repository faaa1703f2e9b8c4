import { readAccepted, toText } from "../crypto";
import type { MadeEpoch } from "../crypto";
import type { EntriesTaken, GivenBack, History } from "../protocol";
import { HostRefused } from "../sync";
import type { Change } from "../vault";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import type { EntryRecord } from "./records";
import { drop, placeId, put, unpack } from "./records";

type Wraps = GivenBack["wraps"];
type Part = { readonly entries: readonly GivenBack[]; readonly lacking: number | null };

const CALM_FOR = 72 * 3_600;
const AGAIN_AFTER = 30_000;
/** A part must fit into a megabyte, with the names of its fields. */
const PART = 900_000;
const MOST = 500;
const AROUND = 200;
const KEPT = 64;

/** T4 to T8: what a host that was restored from a backup has lost, given back from here. */
export class Restoring {
  readonly #desk: Desk;
  readonly #again: (conversation: Conversation) => void;
  readonly #later = new Map<string, () => void>();
  #isOver = false;

  /** `again`: to be looked at once more; another member may have given back what this browser does not hold. */
  constructor(desk: Desk, again: (conversation: Conversation) => void) {
    this.#desk = desk;
    this.#again = again;
  }

  stop(): void {
    this.#isOver = true;
    for (const cancel of this.#later.values()) cancel();
  }

  /** T4: marked before anything is asked for, and kept: what waits longer is no longer calm. */
  async hear(told: History): Promise<void> {
    const { history, conversations } = this.#desk;
    if (history.isOther(told)) {
      const now = this.#now();
      for (const conversation of conversations.all())
        await conversation.keep(({ awaited }) => (awaited === null ? { awaited: now } : null));
    }
    await history.keep(told);
  }

  /** Whether a shorter log is what a restored host would show. */
  isExpected({ record: { awaited } }: Conversation): boolean {
    const isRecent = awaited !== null && Math.abs(this.#now() - awaited) < CALM_FOR;
    return isRecent && this.#desk.history.takesBack;
  }

  /** T5: conversations that the host does not know at all. */
  missingFrom(listed: readonly { readonly id: string }[]): readonly Conversation[] {
    const known = new Set(listed.map(({ id }) => id));
    const isMissing = ({ key, epoch, record }: Conversation) =>
      record.awaited !== null && epoch !== null && !known.has(key);
    return this.#desk.conversations.all().filter(isMissing);
  }

  /** Only inside the conversation's queue. Where the host's log ends then; `null`: it still lacks something. */
  async give(conversation: Conversation, after: number): Promise<EntriesTaken | null> {
    const end = await this.#give(conversation, after);
    if (end === null) this.#lookLater(conversation);
    return end;
  }

  async #give(conversation: Conversation, after: number): Promise<EntriesTaken | null> {
    for (let place = after; ;) {
      const { entries, lacking } = await this.#part(conversation, place);
      if (entries.length === 0) return null;
      const end = await this.#post(conversation, place, entries);
      if (lacking !== null && end !== null) await conversation.save({ lacking });
      if (end === null || end.head >= conversation.record.seq) return end;
      if (end.head <= place) return null;
      place = end.head;
    }
  }

  async #post({ key }: Conversation, after: number, entries: readonly GivenBack[]) {
    const { history, api } = this.#desk;
    if (history.id === null) return null;
    try {
      return await api.giveBackEntries({ history: history.id, conversation: key, after, entries });
    } catch (error) {
      if (error instanceof HostRefused) return null;
      throw error;
    }
  }

  /** What follows that place here, whole and without a gap, as much as one request takes. */
  async #part({ key, record }: Conversation, after: number): Promise<Part> {
    const entries: GivenBack[] = [];
    let lacking: number | null = null;
    for (let size = 0, seq = after + 1; seq <= record.seq && entries.length < MOST; seq++) {
      const given = await this.#entry(key, seq);
      if (given === null) break;
      size += sizeOf(given.entry);
      if (entries.length > 0 && size > PART) break;
      entries.push(given.entry);
      lacking = given.lacking ?? lacking;
    }
    return { entries, lacking };
  }

  async #entry(key: string, seq: number) {
    const bytes = await this.#desk.vault.read("entries", placeId(key, seq));
    const record = bytes === null ? null : unpack<EntryRecord>(bytes);
    // A stub: somebody else holds it whole.
    if (record === null || record.entry.length === 0) return null;
    const { wraps, lacking } = await this.#wraps(key, record);
    return { entry: { at: record.at, entry: toText(record.entry), wraps }, lacking };
  }

  async #wraps(
    key: string,
    { accepted, entry }: EntryRecord,
  ): Promise<{ wraps: Wraps; lacking: number | null }> {
    const epoch = accepted ? readAccepted(entry) : null;
    if (epoch?.type !== "epoch") return { wraps: [], lacking: null };
    const bytes = await this.#desk.vault.read("wraps", placeId(key, epoch.number));
    const wraps = bytes === null ? [] : unpack<Wraps>(bytes);
    const isWhole = wraps.length === epoch.roster.filter(({ paused }) => !paused).length;
    return { wraps, lacking: isWhole ? null : epoch.number };
  }

  #lookLater(conversation: Conversation): void {
    if (this.#isOver || this.#later.has(conversation.key)) return;
    const cancel = this.#desk.world.timers.after(AGAIN_AFTER, () => {
      this.#later.delete(conversation.key);
      this.#again(conversation);
    });
    this.#later.set(conversation.key, cancel);
  }

  // This browser's own clock: the host's would be as old as the host likes.
  #now(): number {
    return Math.round(this.#desk.world.timers.now() / 1000);
  }
}

/** T8: what this browser sealed, kept as long as a backup is likely to be old. */
export function keptWraps(
  key: string,
  { epoch, wraps }: Pick<MadeEpoch, "epoch" | "wraps">,
): readonly Change[] {
  const sealed: Wraps = wraps.map((one) => [toText(one.chain), toText(one.sealed)] as const);
  const kept = put("wraps", placeId(key, epoch.number), sealed);
  return epoch.number < KEPT ? [kept] : [kept, drop("wraps", placeId(key, epoch.number - KEPT))];
}

const sizeOf = ({ entry, wraps }: GivenBack): number =>
  wraps.reduce((size, [chain, sealed]) => size + chain.length + sealed.length + 8, entry.length + AROUND);
