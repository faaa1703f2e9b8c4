import type { EpochSecret, Epoch } from "../crypto";
import { matchesCommit, readAccepted, Secret } from "../crypto";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import { folded } from "./folding";
import type { Journal } from "./journal";
import type { Opener } from "./opening";
import { shownOf } from "./opening";
import type { EntryRecord } from "./records";
import { placeId, put, unpack } from "./records";

/** Opens what lay unopened, once its epoch's secret has come. */
export class Reopening {
  readonly #desk: Desk;
  readonly #changed: (conversation: Conversation, records: readonly EntryRecord[]) => Promise<void>;

  constructor(
    desk: Desk,
    changed: (conversation: Conversation, records: readonly EntryRecord[]) => Promise<void>,
  ) {
    this.#desk = desk;
    this.#changed = changed;
  }

  reopen(conversation: Conversation): void {
    conversation.queue.run(() => this.#reopen(conversation)).catch(() => undefined);
  }

  async #reopen(conversation: Conversation): Promise<void> {
    if (conversation.record.unreadable === null) return;
    const records = (await this.#desk.vault.list("entries", `${conversation.key}/`)).map(({ bytes }) =>
      unpack<EntryRecord>(bytes),
    );
    const openers = await this.#openers(conversation, records);
    const opened = records.flatMap((record) => this.#opened(record, openers) ?? []);
    const done = new Map(opened.map((record) => [record.seq, record]));
    const now = records.map((record) => done.get(record.seq) ?? record);
    const changed = foldAll(now, opened, await conversation.journal());
    const closed = now.find(({ shown }) => shown.kind === "unreadable");
    const title = now.findLast(({ shown }) => shown.kind === "title")?.shown;
    const changes = changed.map((record) => put("entries", placeId(conversation.key, record.seq), record));
    const part = title?.kind === "title" ? { title: title.title } : {};
    await conversation.save({ unreadable: closed?.seq ?? null, ...part }, ...changes);
    await this.#changed(conversation, changed);
  }

  async #openers(
    conversation: Conversation,
    records: readonly EntryRecord[],
  ): Promise<ReadonlyMap<number, Opener>> {
    const found = new Map<number, Opener>();
    const { kind } = conversation.record;
    for (const record of records.filter(({ accepted }) => accepted)) {
      const entry = readAccepted(record.entry);
      const secret = entry.type === "epoch" ? await this.#secretOf(conversation, entry) : null;
      if (entry.type === "epoch" && secret !== null) found.set(record.epoch, { kind, epoch: entry, secret });
    }
    return found;
  }

  async #secretOf(conversation: Conversation, epoch: Epoch): Promise<EpochSecret | null> {
    const kept = await conversation.candidates(epoch.number);
    const secrets = kept.map((bytes): EpochSecret => new Secret("epoch", bytes));
    return secrets.find((secret) => matchesCommit(epoch, secret)) ?? null;
  }

  #opened(record: EntryRecord, openers: ReadonlyMap<number, Opener>): EntryRecord | null {
    const isClosed = record.shown.kind === "unreadable" && record.shown.cause === "not_for_me";
    const message = isClosed ? readAccepted(record.entry) : null;
    const opener = openers.get(record.epoch);
    if (message?.type !== "message" || opener === undefined) return null;
    const shown = shownOf(message, opener);
    return shown.kind === "unreadable" && shown.cause === "not_for_me" ? null : { ...record, shown };
  }
}

/** What was opened, and what it makes of earlier entries; or what earlier acts make of it. */
function foldAll(
  records: readonly EntryRecord[],
  opened: readonly EntryRecord[],
  journal: Journal,
): readonly EntryRecord[] {
  const now = new Map(records.map((record) => [record.seq, record]));
  const changed = new Set(opened.map(({ seq }) => seq));
  for (const act of records) {
    const seq = act.shown.kind === "act" ? journal.placeOf(act.shown.act.target) : null;
    const target = seq === null ? undefined : now.get(seq);
    const after = target === undefined ? null : folded(target, act);
    if (after === null) continue;
    now.set(after.seq, after);
    changed.add(after.seq);
  }
  return [...now.values()].filter(({ seq }) => changed.has(seq));
}
