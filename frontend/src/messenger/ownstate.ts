import type { Checked, Content, Joining, KeptSecret, OwnState, Pin, Position, Written } from "../crypto";
import {
  emptyState,
  inBatches,
  makeClientId,
  matchesCommit,
  mergeState,
  openMessage,
  readAccepted,
  sameBytes,
  toText,
} from "../crypto";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import { hexBytes, hexText } from "./hex";
import { Noted } from "./noted";
import type { EntryRecord } from "./records";
import { placeId, put, unpack } from "./records";

/** A checked place is said again after so many entries, and with each new epoch. */
const CHECK_EVERY = 100;
const SAY_AFTER = 1_500;

type Rooms = {
  /** Sends what waits in the own conversation. */
  readonly flush: (self: Conversation) => void;
  /** A secret came for entries that may lie unopened. */
  readonly opened: (conversation: Conversation) => void;
};

/** S: what this person's devices tell each other, so that a new one starts with its trust and its past. */
export class OwnStates {
  readonly #desk: Desk;
  readonly #rooms: Rooms;
  readonly #noted: Noted;
  #planned: (() => void) | null = null;

  constructor(desk: Desk, rooms: Rooms) {
    this.#desk = desk;
    this.#rooms = rooms;
    this.#noted = new Noted(desk.vault);
  }

  load(): Promise<void> {
    return this.#noted.load();
  }

  stop(): void {
    this.#planned?.();
    this.#planned = null;
  }

  /** The place up to which another device of this person has checked a conversation. */
  floorOf(conversation: string): Position | null {
    return this.#checkedIn(conversation)?.place ?? null;
  }

  /** L14: after that place, an older epoch than the one in force there is none to join by. */
  notedIn(conversation: string): Joining["noted"] {
    const row = this.#checkedIn(conversation);
    return row === null ? null : { number: row.number, seq: row.place.n };
  }

  #checkedIn(conversation: string): Checked | null {
    return this.#noted.state.checked.find((row) => toText(row.conversation) === conversation) ?? null;
  }

  /** The own conversation was read to its end: conversations that were known before it are measured against it. */
  async settled(): Promise<void> {
    for (const conversation of this.#desk.conversations.all()) {
      const floor = this.floorOf(conversation.key);
      if (floor !== null) await conversation.setFloor(floor);
    }
  }

  /** Something of the own state changed: it is written soon, together with what changes until then. */
  saySoon(): void {
    this.#planned ??= this.#desk.world.timers.after(SAY_AFTER, () => {
      this.#planned = null;
      this.#say().catch(() => undefined);
    });
  }

  async #say(): Promise<void> {
    const { conversations, outbox, clock, world } = this.#desk;
    const { self } = conversations;
    if (self === null) return;
    const isWaiting = outbox.of(self.key).length > 0;
    if (!isWaiting && (await this.gather()) !== null) {
      const clientId = makeClientId(world.random);
      const item = {
        conversation: self.key,
        clientId,
        at: clock.now(),
        said: null,
        attempts: [],
      };
      await outbox.add({ ...item, key: toText(clientId) });
    }
    this.#rooms.flush(self);
  }

  /** What is true here and not yet noted, as far as one message carries it. */
  async gather(): Promise<Content | null> {
    const { checked, secrets } = await this.#places();
    const said = { pins: this.#pins(), verified: this.#verified(), muted: this.#muted(), checked, secrets };
    const [first] = inBatches({ ...emptyState, ...said });
    return first ?? null;
  }

  #pins(): readonly Pin[] {
    const { persons, identity } = this.#desk;
    return persons.all().flatMap(({ id, pin, former }): readonly Pin[] => {
      if (pin === null || id === identity.person) return [];
      const noted = this.#noted.state.pins.find((row) => hexText(row.person) === id);
      if (noted === undefined) return [{ person: hexBytes(id), ...pin }];
      const isSame = sameBytes(noted.chain, pin.chain);
      // Another chain is written over the noted one only once the user has acknowledged that one as over.
      const isNews = isSame ? noted.head.n < pin.head.n : former.some((old) => sameBytes(old, noted.chain));
      return isNews ? [{ person: hexBytes(id), ...pin }] : [];
    });
  }

  #verified(): OwnState["verified"] {
    return this.#desk.persons.all().flatMap(({ pin, verified }) => {
      if (pin === null) return [];
      const noted =
        this.#noted.state.verified.find((row) => sameBytes(row.chain, pin.chain))?.verified ?? false;
      return noted === verified ? [] : [{ chain: pin.chain, verified }];
    });
  }

  #muted(): OwnState["muted"] {
    return this.#desk.conversations.all().flatMap(({ record: { id, muted }, key }) => {
      const noted = this.#noted.state.muted.find((row) => toText(row.conversation) === key)?.muted ?? false;
      return noted === muted ? [] : [{ conversation: id, muted }];
    });
  }

  async #places(): Promise<{
    readonly checked: readonly Checked[];
    readonly secrets: readonly KeptSecret[];
  }> {
    const checked: Checked[] = [];
    const secrets: KeptSecret[] = [];
    for (const conversation of this.#desk.conversations.all()) {
      if (conversation.record.kind === "self") continue;
      checked.push(...this.#checked(conversation));
      secrets.push(...(await this.#secrets(conversation)));
    }
    return { checked, secrets };
  }

  mutedIn(conversation: string): boolean {
    return this.#noted.state.muted.find((row) => toText(row.conversation) === conversation)?.muted ?? false;
  }

  #checked({ record, epoch, key, place }: Conversation): readonly Checked[] {
    const noted = this.#checkedIn(key);
    const isFresh =
      noted !== null &&
      epoch !== null &&
      noted.number >= epoch.number &&
      place.n < noted.place.n + CHECK_EVERY;
    // A log that is in doubt is not vouched for.
    const isDoubted = record.isCut || record.alarms.some(({ blocks }) => blocks);
    if (epoch === null || isFresh || record.isBlind || isDoubted) return [];
    return [{ conversation: record.id, number: epoch.number, epoch: epoch.hash, place }];
  }

  async #secrets(conversation: Conversation): Promise<readonly KeptSecret[]> {
    const { epoch, record, key } = conversation;
    const found: KeptSecret[] = [];
    for (let number = this.#noted.nextSecret(key); epoch !== null && number <= epoch.number; number++) {
      const secret = await conversation.secretAt(number);
      if (secret !== null) found.push({ conversation: record.id, number, secret });
    }
    return found;
  }

  /** Only inside the own conversation's queue: takes up what its log says and was not taken up yet. */
  async takeUp(self: Conversation): Promise<void> {
    if (self !== this.#desk.conversations.self) return;
    for (let seq = this.#noted.takenIn(self.key) + 1; seq <= self.record.seq; seq++) {
      const bytes = await this.#desk.vault.read("entries", placeId(self.key, seq));
      if (bytes !== null) await this.#takeEntry(self, unpack<EntryRecord>(bytes));
      await this.#noted.takenTo(self.key, seq);
    }
  }

  async #takeEntry(self: Conversation, record: EntryRecord): Promise<void> {
    const message = record.accepted ? readAccepted(record.entry) : null;
    if (message?.type !== "message") return;
    const opened = openMessage(message, await self.secretAt(record.epoch), "self");
    if (!opened.ok || opened.content.kind !== "state") return;
    const { identity, keyLogs } = this.#desk;
    const writer = keyLogs.get(identity.chain)?.devices.get(toText(message.header.device));
    const revoked = (writer?.revoked ?? null) !== null;
    const { seen } = message.header;
    await this.#take(opened.content, { seq: record.seq, seen: seen.n, revoked });
  }

  async #take(said: OwnState, written: Written): Promise<void> {
    const { state: before } = this.#noted;
    // What a revoked writer says gives way to what is known here and not noted yet.
    const pins = said.pins.filter(({ person }) => !written.revoked || this.#pinOf(person) === null);
    const later = { ...said, pins, secrets: [] };
    const { state, conflicts, competing } = mergeState({ ...before, secrets: [] }, later, written);
    for (const pin of state.pins) if (!before.pins.includes(pin)) await this.#takePin(pin, before.pins);
    for (const row of competing) await this.#compete(row);
    for (const row of said.verified) if (state.verified.includes(row)) await this.#takeVerified(row);
    for (const row of said.muted) if (state.muted.includes(row)) await this.#takeMuted(row);
    for (const row of said.checked) if (state.checked.includes(row)) await this.#takeChecked(row);
    for (const row of said.secrets) await this.#takeSecret(row);
    for (const row of conflicts) await this.#takeConflict(row);
    await this.#noted.become(state, said.secrets);
  }

  /** S3: a chain takes the place of another only where its writer had seen that one. */
  async #takePin(row: Pin, before: readonly Pin[]): Promise<void> {
    const { person, chain, head } = row;
    const mine = this.#pinOf(person)?.chain ?? chain;
    const noted = before.find((one) => sameBytes(one.person, person))?.chain ?? chain;
    if (!sameBytes(mine, chain) && !sameBytes(mine, noted)) await this.#compete(row);
    else if (!this.#isFormer(row)) await this.#desk.persons.pin(hexText(person), chain, head);
  }

  async #compete(row: Pin): Promise<void> {
    if (!this.#isFormer(row)) await this.#desk.persons.setTrouble(hexText(row.person), "pins_compete", true);
  }

  /** What this device has since acknowledged as over does not come back. */
  #isFormer({ person, chain }: Pin): boolean {
    return this.#desk.persons.get(hexText(person))?.former.some((old) => sameBytes(old, chain)) === true;
  }

  #pinOf(person: Uint8Array) {
    return this.#desk.persons.pinOf(hexText(person));
  }

  async #takeVerified({ chain, verified }: OwnState["verified"][number]): Promise<void> {
    const person = this.#desk.persons.byChain(chain);
    if (person !== null) await this.#desk.persons.setVerified(person.id, verified);
  }

  async #takeMuted({ conversation, muted }: OwnState["muted"][number]): Promise<void> {
    await this.#desk.conversations.get(toText(conversation))?.save({ muted });
  }

  async #takeChecked({ conversation: id, place }: Checked): Promise<void> {
    const conversation = this.#desk.conversations.get(toText(id));
    if (conversation === null) return;
    await conversation.queue.run(async () => {
      await conversation.setFloor(place);
      const h = (await conversation.journal()).hashAt(place.n);
      if (h !== null && !sameBytes(h, place.hash)) await this.#forked(conversation, place.n);
    });
  }

  async #takeConflict(row: Pin | Checked): Promise<void> {
    if ("person" in row) return this.#desk.persons.setTrouble(hexText(row.person), "pins_differ", true);
    const conversation = this.#desk.conversations.get(toText(row.conversation));
    if (conversation !== null) await conversation.queue.run(() => this.#forked(conversation, row.place.n));
  }

  #forked(conversation: Conversation, seq: number): Promise<void> {
    return conversation.raise({ kind: "log_forked", cause: null, seq, blocks: true });
  }

  /** S3: all are kept as long as the epoch is not known, and then the one that it commits to. */
  async #takeSecret({ conversation: id, number, secret }: KeptSecret): Promise<void> {
    const name = toText(id);
    const conversation = this.#desk.conversations.get(name);
    const epoch = (await conversation?.epochAt(number)) ?? null;
    if (conversation !== null && epoch === null) await this.#compareBeginning(conversation, number);
    if (conversation === null || epoch === null) await this.#keepSecret(placeId(name, number), secret);
    else if (!matchesCommit(epoch, secret) || (await conversation.secretOf(epoch)) !== null) return;
    else await this.#desk.vault.commit([conversation.secretChange(number, [secret.expose()])]);
    if (conversation !== null) this.#rooms.opened(conversation);
  }

  /** L13: a secret from before the epoch that the host shows as the first. */
  async #compareBeginning(conversation: Conversation, number: number): Promise<void> {
    const { key, epoch, record } = conversation;
    if (epoch === null || record.anchor.n === 0 || number > epoch.number) return;
    const before = { before: placeId(key, number), last: 1 };
    const earlier = await this.#desk.vault.list("epochs", `${key}/`, before);
    if (earlier.length === 0) await conversation.cut();
  }

  async #keepSecret(place: string, secret: KeptSecret["secret"]): Promise<void> {
    const bytes = await this.#desk.vault.read("secrets", place);
    const known = bytes === null ? [] : unpack<readonly Uint8Array[]>(bytes);
    if (known.some((one) => sameBytes(one, secret.expose()))) return;
    await this.#desk.vault.commit([put("secrets", place, [...known, secret.expose()])]);
  }
}
