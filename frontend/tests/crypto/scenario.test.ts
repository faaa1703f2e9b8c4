/** Many hands at one log: whatever happens, honest clients decide alike, and everyone opens exactly what they may. */
import fc from "fast-check";
import { expect, test } from "vitest";
import * as crypto from "../../src/crypto";
import type { Person } from "./cast";
import {
  codeOf,
  flipped,
  keyFields,
  Ledger,
  NOON,
  person,
  present,
  refused,
  say,
  seeded,
  signed,
  suspension,
  talk,
} from "./cast";

type Hand = { readonly device: crypto.Device; readonly seeds: Map<number, crypto.UnsealSeed> };
/** A person with all their devices, revoked ones too: those still try. */
type Member = { readonly person: Person; readonly hands: Hand[]; log: crypto.KeyLog };

const alice = person("alice");
const bob = person("bob");
const charlie = person("charlie");

/** A client that has seen the same log, and of key logs all or only what it had to ask for. */
class Client {
  readonly ledger: Ledger;
  readonly verdicts: string[] = [];
  constructor(conversation: crypto.ConversationId, logs: readonly crypto.KeyLog[]) {
    this.ledger = new Ledger(conversation, logs);
  }
  take(entry: Uint8Array, served: readonly crypto.KeyLog[]): void {
    let verdict = this.ledger.append(entry);
    for (let asked = 0; asked < served.length && verdict.kind === "waiting"; asked++) {
      const { chain } = verdict;
      const log = served.find((each) => crypto.sameBytes(each.chain, chain));
      if (log !== undefined) this.ledger.learn(log);
      verdict = this.ledger.append(entry);
    }
    // Still waiting: a forged head that no log has. Such an entry takes no place.
    this.verdicts.push(codeOf(verdict));
  }
}

class World {
  readonly members: readonly [Member, Member] = [member(alice), member(bob)];
  readonly first = talk(alice, bob).first;
  readonly made: crypto.MadeEpoch[] = [this.first];
  readonly entries: Uint8Array[] = [];
  readonly eager = new Client(this.first.conversation, [alice.log, bob.log]);
  readonly lazy = new Client(this.first.conversation, [alice.log, bob.log]);
  readonly random: crypto.Random;

  constructor(seed: string) {
    this.random = seeded(seed);
    this.post(this.first.statement);
  }
  get logs(): readonly crypto.KeyLog[] {
    return this.members.map(({ log }) => log);
  }
  post(entry: Uint8Array): void {
    for (const log of this.logs) this.eager.ledger.learn(log);
    this.entries.push(entry);
    this.eager.take(entry, this.logs);
    this.lazy.take(entry, this.logs);
  }
  /** One of everything that can happen; `a` and `b` choose who and what. */
  act(action: number, a: number, b: number): void {
    const who = this.members[a % 2 === 0 ? 0 : 1];
    const hand = present(who.hands[b % who.hands.length]);
    const acts = [
      () => this.speak(who, hand),
      () => this.speak(who, hand),
      () => this.renew(who, hand),
      () => this.addBrowser(who),
      () => this.revoke(who, b),
      () => this.post(suspension(this.first.conversation, who.log.chain, NOON + b)),
      () => this.resume(who, hand),
      () => this.post(present(this.entries[(a * 7 + b) % this.entries.length])),
      () => this.post(flipped(present(this.entries.at(-1)), (a * 31 + b) % 200)),
      () => this.post(say(this.eager.ledger, charlie, this.first.secret).entry),
    ];
    present(acts[action % acts.length])();
  }
  speak(who: Member, { device }: Hand): void {
    const { epoch } = present(this.eager.ledger.current);
    const secret = present(this.made.find(({ hash }) => crypto.sameBytes(hash, epoch.hash))).secret;
    this.post(say(this.eager.ledger, { ...who.person, device, log: who.log }, secret).entry);
  }
  renew(_: Member, { device }: Hand, more: Partial<crypto.ToRenew> = {}): void {
    const { ledger } = this.eager;
    const input = {
      device,
      logs: this.logs,
      seen: ledger.place,
      at: NOON + 60,
      random: this.random,
      ...more,
    };
    const made = crypto.nextEpoch({ current: present(ledger.current), ...input });
    this.made.push(made);
    this.post(made.statement);
  }
  resume(who: Member, hand: Hand): void {
    const paused = present(this.eager.ledger.current).epoch.roster.filter((row) => row.paused);
    this.renew(who, hand, { resume: paused.map((row) => row.chain) });
  }
  addBrowser(who: Member): void {
    if (crypto.activeDevices(who.log).length > 4) return;
    const { code } = who.person;
    const seeds = who.log.generations.length === 1 ? who.person.seeds : [];
    const attempt = () => crypto.recoverPerson({ code, log: who.log, seeds, at: NOON, random: this.random });
    if (refused(attempt) !== null) return;
    const added = attempt();
    who.log = added.log;
    who.hands.push({ device: added.device, seeds: new Map(added.person.seeds) });
  }
  revoke(who: Member, b: number): void {
    const active = who.hands.filter(
      ({ device }) => crypto.activeAt(who.log, device.id, who.log.head.n) !== null,
    );
    if (active.length < 2) return;
    const leaving = present(active[b % active.length]);
    const by = present(active.find((hand) => hand !== leaving));
    const { fields, seeds } = keyFields(who.log, by.device, this.random, leaving.device);
    const statement = signed(
      "key-log",
      { kind: "device.revoke", ...fields, device: leaving.device.id },
      by.device,
    );
    who.log = crypto.extend(who.log, statement);
    for (const hand of active) {
      if (hand === leaving) continue;
      for (const [generation, seed] of crypto.openPerson(hand.device, who.log, seeds).seeds)
        hand.seeds.set(generation, seed);
    }
  }
}

const member = (of: Person): Member => ({
  person: of,
  log: of.log,
  hands: [{ device: of.device, seeds: new Map(of.person.seeds) }],
});

function checkOpening(world: World): void {
  for (const { epoch, wraps } of world.made) {
    for (const { log, hands } of world.members) {
      const row = present(crypto.rowOf(epoch.roster, log.chain));
      const sealed = wraps.find((wrap) => crypto.sameBytes(wrap.chain, log.chain))?.sealed ?? null;
      for (const { device, seeds } of hands) {
        const opened = crypto.openWrap(epoch, sealed, { chain: log.chain, seeds });
        const isActive = crypto.activeAt(log, device.id, row.head.n) !== null;
        const isRevoked =
          (present(log.devices.get(crypto.toText(device.id))).revoked ?? Infinity) <= row.head.n;
        if (row.paused || isRevoked) expect(opened.ok).toBe(false);
        else if (isActive) expect(opened.ok).toBe(true);
      }
    }
    for (const { sealed } of wraps) {
      const posing = { chain: present(wraps[0]).chain, seeds: charlie.person.seeds };
      expect(crypto.openWrap(epoch, sealed, posing).ok).toBe(false);
    }
  }
}

const step = fc.tuple(fc.nat(9), fc.nat(99), fc.nat(99));

test("L3, E9, K12: in any sequence, both clients decide alike and nobody opens more than theirs", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => {
      const world = new World("world");
      for (const [action, a, b] of steps) world.act(action, a, b);
      expect(world.lazy.verdicts).toEqual(world.eager.verdicts);
      expect(world.lazy.ledger.hashes).toEqual(world.eager.ledger.hashes);
      checkOpening(world);
      world.eager.verdicts.forEach((verdict) => seen.add(verdict));
    }),
    { numRuns: 60 },
  );
  // A scenario in which nothing went wrong would prove little.
  for (const code of [
    "accepted",
    "replayed",
    "unknown_device",
    "not_a_member",
    "not_allowed",
    "bad_signature",
  ]) {
    expect(seen).toContain(code);
  }
});
