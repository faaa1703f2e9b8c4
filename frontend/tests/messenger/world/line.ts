import { fromText, toText } from "../../../src/crypto";
import type { FromClient, FromServer } from "../../../src/protocol";
import { CLOSE, decodeFromClient } from "../../../src/protocol";
import type { OpenWire, Wire, WireEvents } from "../../../src/sync";
import type { TestHost, TestPerson, TestSession, Whispered } from "./host";
import { chainOf, Says } from "./host";

/** One socket at the host's end: greets, deals to whoever is one behind, hints to all others (F). */
export class HostLine {
  readonly #host: TestHost;
  readonly #session: TestSession;
  readonly #events: WireEvents;
  readonly #cursors = new Map<string, number>();
  readonly #dealt = new Map<string, number>();
  readonly #off: (() => void)[];
  #isOpen = true;
  #hasGreeted = false;
  #looked: string | null = null;

  constructor(host: TestHost, session: TestSession, events: WireEvents) {
    this.#host = host;
    this.#session = session;
    this.#events = events;
    this.#off = [
      host.onAppend((conversation) => {
        this.#deal(conversation);
      }),
      host.onWhisper((whisper) => {
        this.#hearWhisper(whisper);
      }),
      host.onPerson((person) => {
        this.#tellPerson(person);
      }),
    ];
  }

  open(): void {
    queueMicrotask(() => {
      if (this.#host.isSilent) this.close(1006);
      else if (this.#session.stage !== "signed_in" || this.#session.device === null)
        this.close(CLOSE.signed_out);
      else this.#events.opened();
    });
  }

  close(code: number): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const off of this.#off) off();
    queueMicrotask(() => {
      this.#events.closed(code);
    });
  }

  hear(text: string): void {
    if (!this.#isOpen || this.#host.isSilent) return;
    const frame = decodeFromClient(JSON.parse(text));
    if (!this.#hasGreeted && frame.type !== "hello") return this.close(CLOSE.bad_frames);
    this.#take(frame);
  }

  #take(frame: FromClient): void {
    switch (frame.type) {
      case "hello":
        return this.#greet(frame.heads);
      case "append":
        return this.#answer(frame.ref, () => {
          const { seq, at } = this.#host.append(frame.conversation, fromText(frame.entry));
          return { type: "appended", ref: frame.ref, conversation: frame.conversation, seq, at };
        });
      case "cursor":
        this.#cursors.set(frame.conversation, frame.seq);
        return;
      case "beat":
        return this.#say({
          type: "heads",
          ref: frame.ref,
          now: this.#host.timers.seconds,
          heads: this.#ahead(),
        });
      case "marker":
        return this.#answer(frame.ref, () => {
          const conversation = this.#host.mark(fromText(frame.marker));
          this.#host.timers.after(1_000, () => {
            for (const line of lines.get(this.#host) ?? []) line.dealMarker(conversation, frame.marker);
          });
          return { type: "marked", ref: frame.ref };
        });
      case "look":
        this.#looked = frame.conversation;
        if (this.#looked !== null) this.#dealPresence(this.#looked);
        return;
      case "whisper":
        return this.#host.typed(this.#session.person, frame.conversation, frame.word);
      case "present":
        return this.#present(frame.on);
    }
  }

  #present(on: boolean): void {
    const { person } = this.#session;
    if (on === this.#host.present.has(person.id)) return;
    if (on) this.#host.present.add(person.id);
    else this.#host.present.delete(person.id);
    for (const log of this.#host.logsOf(person))
      for (const line of lines.get(this.#host) ?? []) if (line.#looked === log.id) line.#dealPresence(log.id);
  }

  #dealPresence(conversation: string): void {
    const log = this.#host.logs.get(conversation);
    if (log === undefined || !log.chains.includes(chainOf(this.#session.person))) return;
    const members = this.#host.people.filter((one) => log.chains.includes(chainOf(one)));
    const persons = members.map(({ id }) => id).filter((id) => this.#host.present.has(id));
    this.#say({ type: "presence", conversation, persons });
  }

  #hearWhisper({ person, conversation, word }: Whispered): void {
    if (word === "presence" || person === this.#session.person.id || this.#looked !== conversation) return;
    this.#say({ type: "whisper", conversation, person, word });
  }

  /** F6: only what moved. */
  dealMarker(conversation: string, marker: string): void {
    if (this.#looked === conversation) this.#say({ type: "markers", conversation, markers: [marker] });
  }

  #greet(heads: readonly (readonly [string, number])[]): void {
    this.#hasGreeted = true;
    for (const [conversation, seq] of heads) this.#cursors.set(conversation, seq);
    const { history, timers } = this.#host;
    this.#say({ type: "welcome", now: timers.seconds, history, heads: this.#heads() });
  }

  #ahead(): readonly (readonly [string, number, string])[] {
    return this.#heads().filter(([id, head]) => head > (this.#cursors.get(id) ?? 0));
  }

  #heads(): readonly (readonly [string, number, string])[] {
    const chain = chainOf(this.#session.person);
    return this.#host.logsOf(this.#session.person).map((log) => {
      const head = log.untilOf(chain) ?? log.head;
      return [log.id, head, log.hashText(head)] as const;
    });
  }

  #answer(ref: number, act: () => FromServer): void {
    try {
      this.#say(act());
    } catch (error) {
      if (!(error instanceof Says)) throw error;
      const retry_after = error.code === "restoring" ? 600 : null;
      this.#say({ type: "refused", ref, code: error.code, retry_after });
    }
  }

  #deal(conversation: string): void {
    const log = this.#host.logsOf(this.#session.person).find(({ id }) => id === conversation);
    const last = log?.entries.at(-1);
    if (!this.#hasGreeted || log === undefined || last === undefined) return;
    const until = log.untilOf(chainOf(this.#session.person));
    if (until === last.seq) this.#say({ type: "gone", conversation });
    if (until !== null) return;
    const at = Math.max(this.#cursors.get(conversation) ?? 0, this.#dealt.get(conversation) ?? 0);
    const isOneBehind = at === last.seq - 1 && last.wraps.size === 0;
    const { seq, bytes } = last;
    if (isOneBehind) this.#dealt.set(conversation, seq);
    this.#say(
      isOneBehind
        ? { type: "entry", conversation, seq, at: last.at, entry: toText(bytes) }
        : { type: "behind", conversation, head: log.head, hash: log.hash },
    );
  }

  #tellPerson({ id, log }: TestPerson): void {
    if (!this.#hasGreeted || log === null) return;
    this.#say({
      type: "person",
      person: id,
      chain: toText(log.chain),
      head: { n: log.head.n, hash: toText(log.head.hash) },
    });
  }

  // A lie may be nothing, or several frames: hints that are lost, doubled, late.
  #say(frame: FromServer): void {
    const said = this.#host.lie<FromServer | readonly FromServer[]>(frame.type, frame);
    for (const one of Array.isArray(said) ? (said as readonly FromServer[]) : [said as FromServer])
      this.say(one);
  }

  say(frame: FromServer): void {
    queueMicrotask(() => {
      if (this.#isOpen && !this.#host.isSilent) this.#events.received(JSON.stringify(frame));
    });
  }
}

const lines = new WeakMap<TestHost, Set<HostLine>>();

export const linesOf = (host: TestHost): readonly HostLine[] => [...(lines.get(host) ?? [])];

export const wireTo =
  (host: TestHost, session: TestSession): OpenWire =>
  (events): Wire => {
    const line = new HostLine(host, session, events);
    const all = lines.get(host) ?? new Set();
    lines.set(host, all.add(line));
    line.open();
    return {
      send: (text) => {
        line.hear(text);
      },
      close: () => {
        line.close(1000);
      },
    };
  };
