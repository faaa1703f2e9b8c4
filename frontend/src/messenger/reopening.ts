import type { EpochSecret, Epoch } from "../crypto";
import { matchesCommit, openMessage, readAccepted, Secret } from "../crypto";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
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
    const secrets = await this.#secrets(conversation, records);
    const opened = records.flatMap((record) => this.#opened(record, secrets, conversation) ?? []);
    const done = new Set(opened.map(({ seq }) => seq));
    const closed = records.find(({ shown, seq }) => shown.kind === "unreadable" && !done.has(seq));
    const changes = opened.map((record) => put("entries", placeId(conversation.key, record.seq), record));
    await conversation.save({ unreadable: closed?.seq ?? null }, ...changes);
    await this.#changed(conversation, opened);
  }

  async #secrets(
    conversation: Conversation,
    records: readonly EntryRecord[],
  ): Promise<ReadonlyMap<number, EpochSecret>> {
    const found = new Map<number, EpochSecret>();
    for (const record of records.filter(({ accepted }) => accepted)) {
      const entry = readAccepted(record.entry);
      const secret = entry.type === "epoch" ? await this.#secretOf(conversation, entry) : null;
      if (secret !== null) found.set(record.epoch, secret);
    }
    return found;
  }

  async #secretOf(conversation: Conversation, epoch: Epoch): Promise<EpochSecret | null> {
    const kept = await conversation.candidates(epoch.number);
    const secrets = kept.map((bytes): EpochSecret => new Secret("epoch", bytes));
    return secrets.find((secret) => matchesCommit(epoch, secret)) ?? null;
  }

  #opened(
    record: EntryRecord,
    secrets: ReadonlyMap<number, EpochSecret>,
    { record: { kind } }: Conversation,
  ) {
    const isClosed = record.shown.kind === "unreadable" && record.shown.cause === "not_for_me";
    const message = isClosed ? readAccepted(record.entry) : null;
    if (message?.type !== "message") return null;
    const opened = openMessage(message, secrets.get(record.epoch) ?? null, kind);
    if (!opened.ok || opened.content.kind !== "text") return null;
    const { text, quote } = opened.content;
    return { ...record, shown: { kind: "text", text, quote } } satisfies EntryRecord;
  }
}
