/** A host in memory that follows PROTOCOL.md, and that a test may make lie. It opens nothing. */
import type { ChainId, KeyLog } from "../../../src/crypto";
import {
  encode,
  extend,
  fold,
  fromText,
  objectHash,
  readAccepted,
  readMarker,
  Refused,
  revokedSince,
  sameBytes,
  toText,
} from "../../../src/crypto";
import type {
  AppendKeys,
  GiveBackEntries,
  GiveBackKeys,
  History,
  PostEpoch,
  PutFigures,
  Seed,
  StartKeys,
} from "../../../src/protocol";
import { PROTOCOL } from "../../../src/protocol";
import { HostLog } from "./log";
import { Pairings } from "./pairings";
import { takeBack, takeBackKeys } from "./restored";
import type { TestTimers } from "./timers";

export class Says extends Error {
  readonly code: string;
  readonly body: object;
  constructor(code: string, body: object = {}) {
    super(code);
    this.code = code;
    this.body = body;
  }
}

export type TestPerson = {
  readonly id: string;
  readonly given: string;
  readonly family: string;
  /** E22. */
  readonly professional: boolean;
  statements: Uint8Array[];
  log: KeyLog | null;
  seeds: Seed[];
};
export type TestSession = {
  readonly person: TestPerson;
  stage: "signed_in" | "locked" | "signed_out";
  device: string | null;
};
export type Whispered = {
  readonly person: string;
  readonly conversation: string;
  readonly word: "typing" | "stopped" | "presence";
};
/** What a test makes the host answer instead, by the name of the route or frame. */
export type Lies = Map<string, (honest: unknown) => unknown>;

export const ORGANISATION = "0123456789abcdef0123456789abcdef";

export const chainOf = ({ log }: TestPerson): string => (log === null ? "" : toText(log.chain));

export class TestHost {
  readonly timers: TestTimers;
  readonly people: TestPerson[] = [];
  readonly logs = new Map<string, HostLog>();
  readonly lies: Lies = new Map();
  readonly pairings = new Pairings(() => this.timers.seconds);
  /** Routes that it refuses before anything happens, and the code. */
  readonly refuses = new Map<string, string>();
  readonly markers = new Map<string, string>();
  readonly asked: string[] = [];
  readonly figures: PutFigures[] = [];
  /** F14: by person id. */
  readonly present = new Set<string>();
  /** How often the host stays silent: a network that loses, a host that restarts. */
  isSilent = false;
  /** T2. */
  isHeld = false;
  held = 0;
  /** T1. */
  history: History = { id: "A".repeat(22), restored: null, until: null };
  readonly #halves = new Map<string, { person: string; half: string; device: string }>();
  readonly #listeners = new Set<(conversation: string) => void>();
  readonly #whisperListeners = new Set<(whisper: Whispered) => void>();
  readonly #personListeners = new Set<(person: TestPerson) => void>();
  #counter = 0;

  constructor(timers: TestTimers) {
    this.timers = timers;
  }

  addPerson(given: string, professional = true): TestPerson {
    const id = (++this.#counter).toString(16).padStart(32, "0");
    const person: TestPerson = {
      id,
      given,
      family: `FACTICE-${String(this.#counter)}`,
      professional,
      statements: [],
      log: null,
      seeds: [],
    };
    this.people.push(person);
    return person;
  }

  onAppend(listener: (conversation: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onPerson(listener: (person: TestPerson) => void): () => void {
    this.#personListeners.add(listener);
    return () => this.#personListeners.delete(listener);
  }

  lie<T>(name: string, honest: T): T {
    const lie = this.lies.get(name);
    return lie === undefined ? honest : (lie(honest) as T);
  }

  /** Those in which they are, or were. */
  logsOf(person: TestPerson): readonly HostLog[] {
    const chain = chainOf(person);
    return [...this.logs.values()].filter((log) => log.views.has(chain));
  }

  /** One request at whatever route. Throws Says. */
  serve(session: TestSession, method: string, url: URL, body: unknown): object {
    const name = `${method} ${url.pathname}`;
    this.asked.push(name);
    if (this.isSilent) throw new TypeError("network");
    const code = this.refuses.get(name);
    if (code !== undefined) throw new Says(code);
    const chain = url.searchParams.get("chain");
    const honest = this.lie(name, this.#route(session, name, url, body));
    const told = this.lie(`${name} ${session.person.id}`, honest);
    return chain === null ? told : this.lie(`${name} ${chain}`, told);
  }

  /** As the directory gives a person. */
  described(person: TestPerson): object {
    return this.#person(person);
  }

  #route(session: TestSession, name: string, url: URL, body: unknown): object {
    const query = (key: string) => url.searchParams.get(key) ?? "";
    switch (name) {
      case "GET /api/session":
      case "POST /api/unlock":
      case "POST /api/sign-in":
        return this.#session(session, name === "POST /api/unlock");
      case "POST /api/sign-out":
        session.stage = "signed_out";
        return this.#session(session, false);
    }
    if (session.stage !== "signed_in") throw new Says(session.stage);
    const paired = this.pairings.serve(session, name, body, query("pairing"));
    if (paired !== null) return paired;
    switch (name) {
      case "GET /api/people":
        return { people: this.people.map((person) => this.#person(person)) };
      case "POST /api/vault/make":
        return this.#makeVault(session, body as { vault: string; device: string });
      case "POST /api/vault/open":
        return this.#openVault(session, body as { vault: string });
      case "POST /api/session/challenge":
        return { challenge: toText(new Uint8Array(32)) };
      case "POST /api/session/device":
        return this.#bind(session, body as { device: string });
      case "POST /api/keys/start":
        return this.#startKeys(session, body as StartKeys);
      case "POST /api/keys/append":
        return this.#appendKeys(session, body as AppendKeys);
      case "GET /api/keys/log":
        return this.#keyLog(query("chain"), Number(query("after")));
      case "GET /api/keys/mine":
        return this.#ownKeys(session.person, Number(query("after")));
      case "POST /api/epochs":
        return this.#postEpoch(session, body as PostEpoch);
      case "POST /api/restoring/keys":
        return takeBackKeys(this, body as GiveBackKeys);
      case "POST /api/restoring/entries":
        return takeBack(this, session.person, body as GiveBackEntries);
      case "GET /api/conversations":
        return {
          now: this.timers.seconds,
          conversations: this.logsOf(session.person).map((log) => this.#listed(log, session.person)),
        };
      case "GET /api/entries":
        return this.#entries(session, query("conversation"), Number(query("after")), Number(query("limit")));
      case "POST /api/figures":
        this.figures.push(body as PutFigures);
        return {};
      case "GET /api/markers":
        return { markers: this.markersOf(query("conversation")) };
    }
    if (name.startsWith("GET /api/people/")) return this.#one(url.pathname.slice("/api/people/".length));
    throw new Says("not_found");
  }

  #session(session: TestSession, unlocks: boolean): object {
    if (unlocks && session.stage === "locked") session.stage = "signed_in";
    const isKnown = session.stage === "signed_in" || session.stage === "locked";
    return {
      stage: session.stage,
      person: isKnown ? this.#person(session.person) : null,
      organisation: isKnown ? { id: ORGANISATION, name: "MSP fictive" } : null,
      device: isKnown ? session.device : null,
      factors: ["totp"],
      notice: null,
      protocol: PROTOCOL,
      now: this.timers.seconds,
    };
  }

  #person({ id, given, family, professional, log }: TestPerson): object {
    const head = log === null ? null : { n: log.head.n, hash: toText(log.head.hash) };
    const chain = log === null ? null : toText(log.chain);
    const described = { profession: professional ? "Infirmier" : "Secrétaire", professional, place: "Bourg" };
    return { id, given, family, ...described, rpps: null, chain, key_head: head };
  }

  #one(id: string): object {
    const person = this.people.find((one) => one.id === id);
    if (person === undefined) throw new Says("not_found");
    return this.#person(person);
  }

  #makeVault(session: TestSession, { vault, device }: { vault: string; device: string }): object {
    const half = toText(objectHash(fromText(vault)));
    this.#halves.set(vault, { person: session.person.id, half, device });
    return { half };
  }

  #openVault(session: TestSession, { vault }: { vault: string }): object {
    const kept = this.#halves.get(vault);
    if (kept === undefined || kept.person !== session.person.id) throw new Says("not_found");
    return { half: kept.half, device: kept.device };
  }

  #bind(session: TestSession, { device }: { device: string }): object {
    const known = session.person.log?.devices.get(device);
    if (known === undefined || known.revoked !== null) throw new Says("not_allowed");
    session.device = device;
    return this.#session(session, false);
  }

  #startKeys({ person }: TestSession, sent: StartKeys): object {
    if (person.log !== null) throw new Says("conflict");
    person.statements = sent.statements.map(fromText);
    person.log = fold(person.statements);
    person.seeds = [...sent.seeds];
    const epoch = fromText(sent.epoch);
    const id = toText(objectHash(epoch));
    this.#found(id, epoch, new Map([[toText(person.log.chain), sent.wrap]]));
    this.#tellPerson(person);
    return { chain: toText(person.log.chain), conversation: id };
  }

  #appendKeys({ person }: TestSession, sent: AppendKeys): object {
    this.pairings.check(person, sent);
    const log = sent.statements
      .map(fromText)
      .reduce<KeyLog | null>((known, statement) => extend(known, statement), person.log);
    if (log === null) throw new Says("bad_chain");
    person.statements.push(...sent.statements.map(fromText));
    person.seeds.push(...sent.seeds);
    person.log = log;
    this.#moved(person);
    return { head: { n: log.head.n, hash: toText(log.head.hash) } };
  }

  // E16: a revocation makes messages wait.
  #moved(person: TestPerson): void {
    for (const log of this.logsOf(person)) {
      const row = log.current?.epoch.roster.find(
        ({ chain }) => person.log !== null && sameBytes(chain, person.log.chain),
      );
      if (row !== undefined && person.log !== null && revokedSince(person.log, row.head.n))
        log.isStale = true;
    }
    this.#tellPerson(person);
  }

  #tellPerson(person: TestPerson): void {
    for (const listener of this.#personListeners) listener(person);
  }

  #keyLog(chain: string, after: number): object {
    const person = this.people.find(({ log }) => log !== null && toText(log.chain) === chain);
    if (person === undefined || person.log === null) throw new Says("not_found");
    const head = { n: person.log.head.n, hash: toText(person.log.head.hash) };
    return { statements: person.statements.slice(after + 1).map(toText), head };
  }

  /** One statement a page: whoever asks has to follow. */
  #ownKeys({ log, statements, seeds }: TestPerson, after: number): object {
    const page = statements.slice(after + 1, after + 2).map(toText);
    if (log === null) return { chain: null, statements: page, head: null, seeds };
    const head = { n: log.head.n, hash: toText(log.head.hash) };
    return { chain: toText(log.chain), statements: page, head, seeds };
  }

  readonly keyLogOf = (chain: ChainId): KeyLog | null =>
    this.people.find(({ log }) => log !== null && sameBytes(log.chain, chain))?.log ?? null;

  #found(id: string, epoch: Uint8Array, wraps: Map<string, string>): HostLog {
    const log = new HostLog(id, this.keyLogOf);
    const verdict = log.judge(epoch);
    if (verdict.kind !== "accepted") throw new Says(verdict.kind === "refused" ? verdict.code : "head_stale");
    log.append(verdict, epoch, this.timers.seconds, wraps);
    this.logs.set(id, log);
    return log;
  }

  #postEpoch(session: TestSession, sent: PostEpoch): object {
    const statement = fromText(sent.statement);
    const wraps = new Map(sent.wraps);
    if (sent.conversation === null) return this.#begin(session, statement, wraps);
    const log = this.logs.get(sent.conversation);
    if (log === undefined) throw new Says("not_found");
    const verdict = log.judge(statement);
    if (verdict.kind !== "accepted") throw new Says(verdict.kind === "refused" ? verdict.code : "head_stale");
    const placed = log.append(verdict, statement, this.timers.seconds, wraps);
    this.appended(log.id);
    return { conversation: log.id, seq: placed.seq, at: placed.at };
  }

  #begin({ person }: TestSession, statement: Uint8Array, wraps: Map<string, string>): object {
    const entry = readAccepted(statement);
    const isDirect = entry.type === "epoch" && entry.founding.kind === "direct";
    const pair = [...wraps.keys()].sort().join();
    const other = this.logsOf(person).find(
      (log) => log.current?.founding.kind === "direct" && [...log.chains].sort().join() === pair,
    );
    if (isDirect && other !== undefined) throw new Says("exists", { conversation: other.id });
    const log = this.#found(toText(objectHash(statement)), statement, wraps);
    this.appended(log.id);
    return { conversation: log.id, seq: 1, at: this.timers.seconds };
  }

  /** What an append over the socket does. Throws Says. */
  append(conversation: string, bytes: Uint8Array): { readonly seq: number; readonly at: number } {
    const log = this.logs.get(conversation);
    if (log === undefined) throw new Says("not_found");
    const known = log.placeOf(bytes);
    if (known !== undefined) return known;
    const verdict = log.judge(bytes);
    if (verdict.kind !== "accepted") throw new Says(verdict.kind === "refused" ? verdict.code : "head_stale");
    if (this.isHeld) {
      this.held += 1;
      throw new Says("restoring");
    }
    if (log.isStale) throw new Says("epoch_stale");
    const placed = log.append(verdict, bytes, this.timers.seconds);
    this.appended(conversation);
    return placed;
  }

  /** L2: what an administrator's act makes of every conversation of somebody. */
  suspend(person: TestPerson): void {
    const { log: keyLog } = person;
    if (keyLog === null) return;
    for (const log of this.logsOf(person)) {
      const conversation = fromText(log.id);
      const bytes = encode({ conversation, chain: keyLog.chain, at: this.timers.seconds });
      const entry = encode([1, "suspended", bytes, null, null]);
      const verdict = log.judge(entry);
      if (verdict.kind === "accepted") log.append(verdict, entry, this.timers.seconds);
      this.appended(log.id);
    }
  }

  mark(bytes: Uint8Array): string {
    for (const log of this.logs.values()) {
      const epoch = log.current?.epoch;
      if (epoch === undefined) continue;
      try {
        const marker = readMarker(bytes, { epoch, keyLog: this.keyLogOf, last: () => null });
        this.markers.set(`${log.id}/${toText(marker.device)}`, toText(bytes));
        return log.id;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
    }
    throw new Says("bad_marker");
  }

  markersOf(conversation: string): readonly string[] {
    return [...this.markers]
      .filter(([place]) => place.startsWith(`${conversation}/`))
      .map(([, marker]) => marker);
  }

  appended(conversation: string): void {
    for (const listener of this.#listeners) listener(conversation);
  }

  /** Typing and presence, to whoever looks. */
  typed(person: TestPerson, conversation: string, word: "typing" | "stopped"): void {
    for (const listener of this.#whisperListeners) listener({ person: person.id, conversation, word });
  }

  onWhisper(listener: (whisper: Whispered) => void): () => void {
    this.#whisperListeners.add(listener);
    return () => this.#whisperListeners.delete(listener);
  }

  #listed(log: HostLog, { log: keyLog }: TestPerson): object {
    const own = keyLog === null ? "" : toText(keyLog.chain);
    const until = log.untilOf(own);
    const head = until ?? log.head;
    const persons = log.chains.flatMap((chain) => {
      const person = this.people.find((one) => one.log !== null && toText(one.log.chain) === chain);
      return person === undefined ? [] : [{ id: person.id, chain }];
    });
    return {
      id: log.id,
      kind: log.current?.founding.kind ?? "direct",
      head,
      hash: log.hashText(head),
      start: log.views.get(own)?.start ?? [0, log.hashText(0)],
      until,
      persons,
    };
  }

  #entries({ person }: TestSession, conversation: string, after: number, limit: number): object {
    const log = this.logsOf(person).find(({ id }) => id === conversation);
    if (log === undefined) throw new Says("not_found");
    const chain = chainOf(person);
    const theirs = log.seenBy(chain).filter(({ seq }) => seq > after);
    const entries = theirs.slice(0, limit).map(({ seq, at, bytes, hash, wraps, isWhole }) => ({
      seq,
      at,
      entry: isWhole ? toText(bytes) : null,
      stub: isWhole ? null : toText(hash),
      wrap: isWhole ? (wraps.get(chain) ?? null) : null,
    }));
    const head = log.untilOf(chain) ?? log.head;
    return { entries, head, hash: log.hashText(head) };
  }
}
