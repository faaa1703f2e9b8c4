import type { ChainId, Joining, Position, Verdict } from "../crypto";
import { isIn, judge, objectHash, readAccepted, Refused, rowOf, sameBytes, toText } from "../crypto";
import { HostSilent, pause, TimedOut, within } from "../sync";
import { Accepting } from "./accepting";
import type { Conversation } from "./conversation";
import { isOwn } from "./conversations";
import type { Desk, Line } from "./desk";
import type { Row, Stub } from "./draft";
import { Draft } from "./draft";
import { eachInParallel } from "./parallel";
import type { Pinning } from "./pinning";
import { AT_ONCE } from "./pinning";
import type { EntryRecord } from "./records";
import type { Wraps } from "./wraps";

/** `gap`: the next entry is not among those given. `waiting`: a key log is missing; nothing after is judged. */
export type Taken = "all" | "gap" | "waiting";
type Waiting = Extract<Verdict, { kind: "waiting" }>;

/** What is still missing once all key logs of a roster were asked for. */
const FETCHES = 3;
const GIVEN_WITHIN = 4_000;
const AGAIN_AFTER = 1_000;

export type Received = {
  readonly conversation: Conversation;
  readonly fresh: readonly EntryRecord[];
  /** Earlier ones that are shown otherwise now. */
  readonly amended: readonly EntryRecord[];
  readonly isFaulty: boolean;
};

type Around = {
  readonly pinning: Pinning;
  readonly wraps: Wraps;
  readonly line: Pick<Line, "state">;
  /** What own state names for a conversation. */
  readonly noted: (conversation: string) => Joining["noted"];
  readonly received: (received: Received) => Promise<void>;
};

/** The way in: judged in order, opened, kept in one step, and only then shown. */
export class Receiving {
  readonly #desk: Desk;
  readonly #pinning: Pinning;
  readonly #accepting: Accepting;
  readonly #around: Around;

  constructor(desk: Desk, around: Around) {
    this.#desk = desk;
    this.#around = around;
    this.#pinning = around.pinning;
    this.#accepting = new Accepting(desk, around.pinning, around.wraps);
  }

  /** Only inside the conversation's queue. */
  async take(conversation: Conversation, rows: readonly (Row | Stub)[]): Promise<Taken> {
    const draft = new Draft(conversation, await conversation.journal());
    try {
      const taken = await this.#takeAll(draft, rows);
      if (draft.epoch !== conversation.epoch) await this.#pinning.admit(draft);
      await draft.commit();
      await this.#finish(draft);
      return taken;
    } catch (error) {
      if (!draft.isKept) draft.undo();
      throw error;
    }
  }

  async #finish(draft: Draft): Promise<void> {
    const { conversation, fresh, amended, isFaulty } = draft;
    for (const key of draft.settled) this.#desk.outbox.settled(key);
    const { identity, vault } = this.#desk;
    if (draft.isCloned) await identity.markCloned(vault);
    if (identity.self === null && isOwn(conversation, identity) && (await this.#isFirst(conversation)))
      await identity.setSelf(vault, conversation.record.id);
    await this.#around.received({ conversation, fresh, amended, isFaulty });
  }

  /** S5: the person's own state was founded by their first browser, together with their keys (K14). */
  async #isFirst(conversation: Conversation): Promise<boolean> {
    const { identity, keyLogs } = this.#desk;
    const founding = await conversation.epochAt(0);
    if (founding === null) return false;
    return keyLogs.get(identity.chain)?.devices.get(toText(founding.signer))?.added === 0;
  }

  async #takeAll(draft: Draft, rows: readonly (Row | Stub)[]): Promise<Taken> {
    for (const row of rows) {
      if (row.seq <= draft.record.seq) this.#compare(draft, row);
      else if (row.seq > draft.record.seq + 1 || !this.#isLawful(draft, row)) return "gap";
      else if ("stub" in row) await this.#accepting.stub(draft, row);
      else if (!(await this.#takeOne(draft, row))) return "waiting";
      this.#checkFloor(draft);
    }
    return "all";
  }

  /** L12: stubs are for whoever is in no roster of their view. */
  #isLawful({ record, epoch }: Draft, row: Row | Stub): boolean {
    if (!("stub" in row) || record.isBlind) return true;
    const { chain } = this.#desk.identity;
    if (epoch === null) return record.anchor.n > 0;
    return rowOf(epoch.roster, chain) === null || isIn(record.left, chain);
  }

  // A place that is already known: the same entry again, or another history.
  #compare(draft: Draft, row: Row | Stub): void {
    const known = draft.journal.at(row.seq);
    const hash = "stub" in row ? row.stub : objectHash(row.entry);
    if (row.seq <= draft.record.anchor.n || (known !== null && sameBytes(known.hash, hash))) return;
    draft.raise({ kind: "log_forked", cause: null, seq: row.seq, blocks: true });
  }

  async #takeOne(draft: Draft, row: Row): Promise<boolean> {
    const verdict = await this.#judge(draft, row);
    if (verdict.kind === "waiting") return false;
    if (verdict.kind === "refused") this.#accepting.refuse(draft, row, verdict);
    else await this.#accepting.accept(draft, row, verdict);
    return true;
  }

  async #judge(draft: Draft, row: Row): Promise<Verdict> {
    const { conversation, journal } = draft;
    const until = this.#desk.world.timers.now() + GIVEN_WITHIN;
    for (let fetches = 0; ; fetches++) {
      const verdict = judge(row.entry, row.seq, conversation.facts(journal, draft, this.#reader(draft)));
      if (verdict.kind !== "waiting" || fetches === FETCHES) return verdict;
      if (fetches === 0) await this.#fetchAll(row, until);
      if (!(await this.#fetch(draft, row, verdict, until))) return verdict;
    }
  }

  #reader({ conversation }: Draft) {
    const { identity, keyLogs } = this.#desk;
    const noted = this.#around.noted(conversation.key);
    return { chain: identity.chain, noted, keyLog: (chain: ChainId) => keyLogs.get(chain) };
  }

  /** All key logs that a roster names, a few at a time; what does not come is asked for once more by name. */
  async #fetchAll(row: Row, until: number): Promise<void> {
    const { timers } = this.#desk.world;
    const isMissing = ({ chain, head }: Named) => (this.#desk.keyLogs.get(chain)?.head.n ?? -1) < head.n;
    const missing = rosterIn(row.entry).filter(isMissing);
    if (missing.length < FETCHES) return;
    const asked = eachInParallel(missing, AT_ONCE, ({ chain }) =>
      this.#pinning.follow(chain).catch(() => null),
    );
    await within(timers, Math.max(0, until - timers.now()), asked).catch(() => undefined);
  }

  async #fetch(draft: Draft, row: Row, { chain, head, differs }: Waiting, until: number): Promise<boolean> {
    const fits = !differs && (await this.#followed(chain, until));
    const known = this.#desk.keyLogs.get(chain)?.head.n ?? -1;
    if (fits && known >= head.n) return true;
    draft.raise({ kind: "key_log_refused", cause: "unknown_device", seq: row.seq, blocks: true });
    return false;
  }

  // A host that keeps silent about a key log does not give it; one that is out of reach is another matter.
  async #followed(chain: ChainId, end: number): Promise<boolean> {
    const { timers } = this.#desk.world;
    for (;;) {
      try {
        const left = Math.max(0, end - timers.now());
        return (await within(timers, left, this.#pinning.follow(chain))) === "fits";
      } catch (error) {
        if (!(error instanceof HostSilent) && !(error instanceof TimedOut)) throw error;
        if (this.#around.line.state !== "open") throw new HostSilent();
        if (timers.now() >= end) return false;
        await pause(timers, Math.min(AGAIN_AFTER, end - timers.now()));
      }
    }
  }

  // S3: a place that another device of this person has checked.
  #checkFloor(draft: Draft): void {
    const { floor, seq, h } = draft.record;
    if (floor?.n !== seq || sameBytes(floor.hash, h)) return;
    draft.raise({ kind: "log_forked", cause: null, seq, blocks: true });
  }
}

type Named = { readonly chain: ChainId; readonly head: Position };

/** Not judged yet: no more than a hint of what to ask for. */
function rosterIn(bytes: Uint8Array): readonly Named[] {
  try {
    const entry = readAccepted(bytes);
    return entry.type === "epoch" ? entry.roster : [];
  } catch (error) {
    if (error instanceof Refused) return [];
    throw error;
  }
}
