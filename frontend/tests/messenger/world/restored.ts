/** A host that is restored from a backup, and takes back what it lost (PROTOCOL.md T). */
import type { KeyLog } from "../../../src/crypto";
import { extend, fold, fromText, objectHash, readAccepted, sameBytes, toText } from "../../../src/crypto";
import type { EntriesTaken, GiveBackEntries, GiveBackKeys, KeysAppended, Seed } from "../../../src/protocol";
import type { TestHost, TestPerson } from "./host";
import { Says } from "./host";
import { linesOf } from "./line";
import type { Placed } from "./log";
import { HostLog } from "./log";

export type Backup = {
  readonly at: number;
  readonly logs: ReadonlyMap<string, readonly Placed[]>;
  readonly people: ReadonlyMap<string, readonly Uint8Array[]>;
  readonly seeds: ReadonlyMap<string, readonly Seed[]>;
};
const WINDOW = 72 * 3_600;
let count = 0;

export const backup = ({ logs, people, timers }: TestHost): Backup => ({
  at: timers.seconds,
  logs: new Map([...logs].map(([id, { entries }]) => [id, [...entries]])),
  people: new Map(people.map(({ id, statements }) => [id, [...statements]])),
  seeds: new Map(people.map(({ id, seeds }) => [id, [...seeds]])),
});

/** `asItWere`: the host has less and says nothing of it, as one that lies. */
export function restore(host: TestHost, kept: Backup, asItWere = false): void {
  for (const person of host.people) {
    person.statements = [...(kept.people.get(person.id) ?? [])];
    person.seeds = [...(kept.seeds.get(person.id) ?? [])];
    person.log = person.statements.length === 0 ? null : fold(person.statements);
  }
  host.logs.clear();
  for (const [id, entries] of kept.logs) host.logs.set(id, replayed(host, id, entries));
  if (!asItWere) {
    const id = `B${String(++count)}`.padEnd(22, "A");
    host.history = { id, restored: kept.at, until: host.timers.seconds + WINDOW };
  }
  for (const line of linesOf(host)) line.close(1012);
}

function replayed(host: TestHost, id: string, entries: readonly Placed[]): HostLog {
  const log = new HostLog(id, host.keyLogOf);
  for (const { bytes, at, wraps } of entries) place(log, bytes, at, new Map(wraps));
  return log;
}

function place(log: HostLog, bytes: Uint8Array, at: number, wraps: Map<string, string>): void {
  const verdict = log.judge(bytes);
  if (verdict.kind === "accepted") log.append(verdict, bytes, at, wraps);
  else throw new Says(verdict.kind === "refused" ? verdict.code : "head_stale");
}

function check(host: TestHost, history: string): void {
  if (history !== host.history.id) throw new Says("conflict");
  if ((host.history.until ?? 0) <= host.timers.seconds) throw new Says("not_allowed");
}

/** T7. A part is taken whole or not at all. */
export function takeBack(host: TestHost, { id }: TestPerson, sent: GiveBackEntries): EntriesTaken {
  check(host, sent.history);
  const before = host.logs.get(sent.conversation);
  const log = replayed(host, sent.conversation, before?.entries ?? []);
  if (sent.after > log.head) throw new Says("head_stale");
  for (const [n, { at, entry, wraps }] of sent.entries.entries()) {
    const bytes = fromText(entry);
    const there = log.entries[sent.after + n];
    if (there === undefined) place(log, bytes, at, named(bytes, wraps));
    else if (!sameBytes(there.hash, objectHash(bytes))) throw new Says("forked");
  }
  const chains = [...log.views.keys()];
  const isIn = host.people.some(
    (one) => one.id === id && one.log !== null && chains.includes(toText(one.log.chain)),
  );
  if (!isIn) throw new Says("not_found");
  host.logs.set(log.id, log);
  host.appended(log.id);
  return { head: log.head, hash: log.hash };
}

/** T8. */
function named(bytes: Uint8Array, wraps: GiveBackEntries["entries"][number]["wraps"]): Map<string, string> {
  const entry = readAccepted(bytes);
  return entry.type === "epoch" ? new Map(wraps) : new Map();
}

/** T6. */
export function takeBackKeys(host: TestHost, sent: GiveBackKeys): KeysAppended {
  check(host, sent.history);
  const person = host.people.find(({ log }) => log !== null && toText(log.chain) === sent.chain);
  if (person === undefined) throw new Says("not_found");
  const fresh = sent.statements.map(fromText).slice(person.statements.length - sent.after - 1);
  const log = fresh.reduce<KeyLog | null>((known, statement) => extend(known, statement), person.log);
  if (log === null) throw new Says("bad_chain");
  person.statements.push(...fresh);
  person.log = log;
  return { head: { n: log.head.n, hash: toText(log.head.hash) } };
}
