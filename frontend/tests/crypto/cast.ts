/** Alice and Bob talk; Charlie must see nothing. Keys come from a seed, so a failure can be repeated. */
import * as crypto from "../../src/crypto";
import { encode } from "../../src/crypto/codec";
import type { Value } from "../../src/crypto/codec";
import type { Device, DeviceKeys } from "../../src/crypto/device";
import { makeDeviceKeys } from "../../src/crypto/device";
import { H } from "../../src/crypto/hashing";
import type { Label } from "../../src/crypto/objects";
import { readParts, signObject } from "../../src/crypto/objects";
import { refusal } from "../../src/crypto/refused";
import { seal, sealedSeedHash, seedContext } from "../../src/crypto/sealing";
import { sealKeyOf } from "../../src/crypto/sodium";
import type { DeviceAdd } from "../../src/crypto/statements";
import { writeDeviceAdd } from "../../src/crypto/statements";

await crypto.ready;

export const ORGANISATION = new Uint8Array(16).fill(7);
export const NOON = 1_795_000_000;

export function seeded(seed: string): crypto.Random {
  let at = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () => H(["test", seed, at++]));
    return Uint8Array.from(blocks.flatMap((block) => [...block])).slice(0, length);
  };
}

export type Person = crypto.Beginning & { readonly code: crypto.RecoveryCode };
export function person(name: string, kind: crypto.RowKind = "professional"): Person {
  const random = seeded(name);
  const code = crypto.makeRecoveryCode(random);
  return { ...crypto.beginPerson({ code, organisation: ORGANISATION, kind, at: NOON, random }), code };
}

export const present = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error("absent");
  return value;
};
export const refused = (attempt: () => unknown): string | null => refusal(() => void attempt());
export const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
export const without = (fields: object, name: string): object =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));

/** The fields of an object's `bytes`, to be altered and signed again. */
export const fieldsOf = (whole: Uint8Array): Record<string, Value> => ({
  ...(crypto.decode(readParts(whole).bytes) as Record<string, Value>),
});
export const signed = (label: Label, fields: object, keys: DeviceKeys): Uint8Array =>
  signObject(label, encode(fields as Record<string, Value>), keys);

// --- key logs: statements that the product does not make (yet), and broken ones

const placeIn = (log: crypto.KeyLog) => ({
  chain: log.chain,
  n: log.head.n + 1,
  prev: log.head.hash,
  at: NOON,
});

export function addition(
  log: crypto.KeyLog,
  by: DeviceKeys,
  keys: DeviceKeys,
  altered: Partial<Omit<DeviceAdd, "countersign">> = {},
): Uint8Array {
  const device = { id: keys.id, sign: keys.signKey, unseal: keys.unsealKey, sort: "browser" as const };
  const seed_hash = log.generations.length === 0 ? null : H(["test", "any seed"]);
  const body = { kind: "device.add" as const, ...placeIn(log), device, seed_hash, ...altered };
  return signObject("key-log", writeDeviceAdd(body, keys), by);
}

/** Fields of a `key.new`, all seeds really sealed. */
export function keyFields(log: crypto.KeyLog, by: DeviceKeys, random: crypto.Random, leaving?: DeviceKeys) {
  const seed = random(32);
  const generation = log.generations.length + 1;
  const key = sealKeyOf(seed);
  const receivers = crypto
    .activeDevices(log)
    .filter((device) => leaving === undefined || !crypto.sameBytes(device.id, leaving.id));
  const seeds = receivers
    .map((to): crypto.SealedSeed => {
      const place = { signer: by.id, receiver: to.id, chain: log.chain, generation, public: key };
      return { device: to.id, generation, sealed: seal(to.unseal, seedContext(place), seed, random) };
    })
    .sort((a, b) => crypto.compareBytes(a.device, b.device));
  const wraps = seeds.map(({ device, sealed }) => [device, sealedSeedHash(sealed)]);
  const earlier = generation === 1 ? null : [generation - 1, random(1168)];
  return { seed, seeds, fields: { ...placeIn(log), generation, public: key, wraps, earlier, unseal: null } };
}

export const renewal = (log: crypto.KeyLog, by: DeviceKeys, altered: object = {}): Uint8Array =>
  signed("key-log", { kind: "key.new", ...keyFields(log, by, seeded("renewal")).fields, ...altered }, by);

export function revocation(
  log: crypto.KeyLog,
  by: DeviceKeys,
  leaving: DeviceKeys,
  altered: object = {},
): Uint8Array {
  const { fields } = keyFields(log, by, seeded("revocation"), leaving);
  return signed("key-log", { kind: "device.revoke", ...fields, device: leaving.id, ...altered }, by);
}

/** A second browser of the person, in a log that has it. */
export function secondBrowser(of: Person, name = "second"): { device: Device; log: crypto.KeyLog } {
  const { code, log, seeds } = of;
  return crypto.recoverPerson({ code, log, seeds, at: NOON, random: seeded(name) });
}

export const stranger = (name: string): DeviceKeys => makeDeviceKeys(seeded(name));

// --- logs

export type View = {
  readonly chain: crypto.ChainId;
  /** `null` for somebody of epoch 0. */
  readonly anchor: crypto.Position | null;
  /** L14: what own state names. */
  readonly noted?: crypto.Joining["noted"];
};

/** A log as an honest client keeps it: every entry has its place, accepted ones count. */
export class Ledger implements crypto.Facts {
  readonly conversation: crypto.ConversationId;
  readonly hashes: crypto.Hash[];
  readonly logs: crypto.KeyLog[];
  current: crypto.Current | null = null;
  joining: crypto.Joining | null;
  readonly #anchor: number;
  readonly #view: View | null;
  readonly #epochs = new Map<number, crypto.Hash>();
  readonly #entries = new Set<string>();
  readonly #clientIds = new Set<string>();

  /** `view`: L13, for somebody who was added later. */
  constructor(conversation: crypto.ConversationId, logs: readonly crypto.KeyLog[], view: View | null = null) {
    const anchor = view?.anchor ?? { n: 0, hash: crypto.logStart(conversation) };
    this.conversation = conversation;
    this.hashes = [anchor.hash];
    this.logs = [...logs];
    this.#anchor = anchor.n;
    this.#view = view;
    const isLater = view !== null && view.anchor !== null;
    this.joining = isLater ? { chain: view.chain, anchor, noted: view.noted ?? null, known: null } : null;
  }
  get next(): number {
    return this.#anchor + this.hashes.length;
  }
  get place(): crypto.Position {
    return { n: this.next - 1, hash: present(this.hashes.at(-1)) };
  }
  hashAt(n: number): crypto.Hash | null {
    return this.hashes[n - this.#anchor] ?? null;
  }
  epochHash(number: number): crypto.Hash | null {
    return this.#epochs.get(number) ?? null;
  }
  keyLog(chain: crypto.ChainId): crypto.KeyLog | null {
    return this.logs.find((log) => crypto.sameBytes(log.chain, chain)) ?? null;
  }
  hasEntry(hash: crypto.Hash): boolean {
    return this.#entries.has(crypto.toText(hash));
  }
  hasClientId(device: crypto.DeviceId, clientId: crypto.ClientId): boolean {
    return this.#clientIds.has(crypto.toText(device) + crypto.toText(clientId));
  }
  look(entry: Uint8Array): crypto.Verdict {
    return crypto.judge(entry, this.next, this);
  }
  append(entry: Uint8Array): crypto.Verdict {
    const verdict = this.look(entry);
    if (verdict.kind === "waiting") return verdict;
    const seq = this.next;
    this.#place(verdict.hash);
    if (verdict.kind === "accepted") this.#apply(verdict.entry, seq);
    return verdict;
  }
  /** L12: an entry that the reader may not see. */
  stub(hash: crypto.Hash): void {
    const { current } = this;
    this.#place(hash);
    this.current = null;
    if (this.joining !== null || this.#view === null) return;
    const { chain, noted = null } = this.#view;
    const anchor = { n: this.#anchor, hash: present(this.hashes[0]) };
    this.joining = { chain, anchor, noted, known: current };
  }
  /** L12: whether the reader is in no roster of their view. */
  allowsStub(): boolean {
    const { current } = this;
    if (current === null || this.#view === null) return this.joining !== null;
    const { chain } = this.#view;
    return crypto.rowOf(current.epoch.roster, chain) === null || crypto.isIn(current.left, chain);
  }
  #place(hash: crypto.Hash): void {
    this.hashes.push(crypto.logNext(this.place.hash, this.next, hash));
    this.#entries.add(crypto.toText(hash));
  }
  /** The newer log of somebody. */
  learn(log: crypto.KeyLog): void {
    const at = this.logs.findIndex((known) => crypto.sameBytes(known.chain, log.chain));
    if (at < 0) this.logs.push(log);
    else this.logs[at] = log;
  }
  #apply(entry: crypto.Entry, seq: number): void {
    if (entry.type === "message") {
      this.#clientIds.add(crypto.toText(entry.header.device) + crypto.toText(entry.header.clientId));
    } else if (entry.type === "epoch") {
      this.current = {
        founding: present(crypto.foundingOf(entry)),
        epoch: entry,
        seq,
        suspended: [],
        left: [],
      };
      this.joining = null;
      this.#epochs.set(entry.number, entry.hash);
    } else if (entry.type === "leave") {
      const current = present(this.current);
      this.current = { ...current, left: [...current.left, entry.header.person] };
    } else {
      const current = present(this.current);
      this.current = { ...current, suspended: [...current.suspended, entry.chain] };
    }
  }
}

export const codeOf = (verdict: crypto.Verdict): string =>
  verdict.kind === "refused" ? verdict.code : verdict.kind;

export const asRow = ({ log }: { readonly log: crypto.KeyLog }): crypto.Entrant => ({
  log,
  kind: "professional",
});

export type Talk = { readonly ledger: Ledger; readonly first: crypto.MadeEpoch };
export function talk(maker: Person, peer: Person): Talk {
  const input = { device: maker.device, own: asRow(maker), peer: asRow(peer), organisation: ORGANISATION };
  const first = crypto.beginDirect({ ...input, at: NOON, random: seeded("talk") });
  const ledger = new Ledger(first.conversation, [maker.log, peer.log]);
  ledger.append(first.statement);
  return { ledger, first };
}

type Saying = Partial<crypto.ToSeal> & { readonly text?: string };
let spoken = 0;
export function say(
  ledger: Ledger,
  by: Person,
  secret: crypto.EpochSecret,
  altered: Saying = {},
): crypto.SealedMessage {
  const { text = "bonjour", ...rest } = altered;
  const random = seeded(`say ${spoken++}`);
  return crypto.sealMessage({
    kind: present(ledger.current).founding.kind,
    epoch: present(ledger.current).epoch,
    secret,
    device: by.device,
    sending: crypto.firstSending,
    seen: ledger.place,
    head: by.log.head,
    clientId: crypto.makeClientId(random),
    content: { kind: "text", text, quote: null, mentions: [] },
    random,
    ...rest,
  });
}

export const suspension = (
  conversation: crypto.ConversationId,
  chain: crypto.ChainId,
  at = NOON,
): Uint8Array => encode([1, "suspended", encode({ conversation, chain, at }), null, null]);

export function renew(ledger: Ledger, by: Person, altered: Partial<crypto.ToRenew> = {}): crypto.MadeEpoch {
  return crypto.nextEpoch({
    current: present(ledger.current),
    device: by.device,
    logs: ledger.logs,
    seen: ledger.place,
    at: NOON + 60,
    random: seeded(`renew ${spoken++}`),
    ...altered,
  });
}
