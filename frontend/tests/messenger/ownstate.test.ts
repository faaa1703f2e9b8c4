import { beforeEach, describe, expect, it } from "vitest";
import type { ChainId, KeyLog, MadeEpoch, OwnState, Pin, Position } from "../../src/crypto";
import {
  asConversationId,
  emptyState,
  firstSending,
  fromText,
  makeClientId,
  nextEpoch,
  openMessage,
  readAccepted,
  readRecoveryCode,
  ready,
  recoverPerson,
  rowOf,
  sealMessage,
  systemRandom as random,
  toText,
} from "../../src/crypto";
import { beginSelf } from "../../src/crypto/making";
import { hexBytes } from "../../src/messenger/hex";
import { sealedSeed } from "../../src/messenger/identity";
import type { Conversations } from "../../src/protocol";
import { say, TestClient } from "./world/client";
import type { TestPerson } from "./world/host";
import { ORGANISATION, TestHost } from "./world/host";
import type { HostLog } from "./world/log";
import { TestTimers } from "./world/timers";

/** Another browser of Inès, whose keys the test holds: what a host made it believe, or a thief wants, it writes. */
class Second {
  readonly host: TestHost;
  readonly person: TestPerson;
  readonly device: ReturnType<typeof recoverPerson>["device"];
  #sending = firstSending;

  constructor(host: TestHost, { session, recovery }: TestClient) {
    this.host = host;
    this.person = session.person;
    const code = readRecoveryCode(recovery.join(""));
    const seeds = this.person.seeds.map(sealedSeed);
    const added = recoverPerson({ code, log: logOf(this.person), seeds, at: this.#now, random });
    this.device = added.device;
    this.#post("/api/keys/append", {
      statements: added.statements.map(toText),
      seeds: added.seeds.map(({ device, generation, sealed }) => ({
        device: toText(device),
        generation,
        sealed: toText(sealed),
      })),
      consent: null,
    });
  }

  get #now(): number {
    return this.host.timers.seconds;
  }

  /** E16: an epoch that names it, so that it may write. */
  enter(self: HostLog): MadeEpoch {
    const { current } = self;
    if (current === null) throw new Error("no epoch");
    const seen = placeIn(self, self.head);
    const logs = [logOf(this.person)];
    const made = nextEpoch({ device: this.device, current, logs, seen, at: this.#now, random });
    return this.#begin(made, self.id);
  }

  /** An own state beside the known one. */
  found(): MadeEpoch {
    const { device, person } = this;
    const own = { log: logOf(person), kind: "professional" as const };
    return this.#begin(
      beginSelf({ device, own, organisation: hexBytes(ORGANISATION), at: this.#now, random }),
      null,
    );
  }

  write(self: HostLog, { epoch, secret }: MadeEpoch, seen: number, rows: Partial<OwnState>): void {
    const { hash, entry } = sealMessage({
      kind: "self",
      epoch: { ...epoch, conversation: epoch.conversation ?? asConversationId(fromText(self.id)) },
      secret,
      device: this.device,
      sending: this.#sending,
      seen: placeIn(self, seen),
      head: logOf(this.person).head,
      clientId: makeClientId(random),
      content: { ...emptyState, ...rows },
      random,
    });
    this.host.append(self.id, entry);
    this.#sending = { deviceSeq: this.#sending.deviceSeq + 1, prevOwn: hash };
  }

  #begin(made: MadeEpoch, conversation: string | null): MadeEpoch {
    const wraps = made.wraps.map(({ chain, sealed }) => [toText(chain), toText(sealed)]);
    this.#post("/api/epochs", { conversation, statement: toText(made.statement), wraps });
    return made;
  }

  #post(path: string, body: object): void {
    const session = { person: this.person, stage: "signed_in", device: toText(this.device.id) } as const;
    this.host.serve(session, "POST", new URL(`http://host.example${path}`), body);
  }
}

function logOf({ log }: TestPerson): KeyLog {
  if (log === null) throw new Error("no keys");
  return log;
}

function placeIn({ hashes }: HostLog, n: number): Position {
  const hash = hashes[n];
  if (hash === undefined) throw new Error("no such place");
  return { n, hash };
}

const selfOf = (host: TestHost, skip = 0): HostLog => {
  const found = [...host.logs.values()].filter(
    ({ current, chains }) => current?.founding.kind === "self" && chains[0] === toText(chainOf(a)),
  )[skip];
  if (found === undefined) throw new Error("no own state");
  return found;
};

let host: TestHost;
let a: TestClient;
let b: TestClient;
let eve: TestClient;
let second: Second;
let self: HostLog;
let epoch: MadeEpoch;
let read: number;

/** Up to `read`, the second browser has read the own state. */
beforeEach(async () => {
  await ready;
  host = new TestHost(new TestTimers());
  a = await new TestClient(host, host.addPerson("Inès")).join();
  b = await new TestClient(host, host.addPerson("Damien")).join();
  eve = await new TestClient(host, host.addPerson("Ève")).join();
  second = new Second(host, a);
  self = selfOf(host);
  epoch = second.enter(self);
  read = self.head;
  await a.settle();
});

const chainOf = ({ session }: TestClient): ChainId => logOf(session.person).chain;
/** Damien, under a chain that is Ève's. */
const forged = (): Pin => ({
  person: hexBytes(b.session.person.id),
  chain: chainOf(eve),
  head: logOf(eve.session.person).head,
});
const honest = (): Pin => ({ ...forged(), chain: chainOf(b), head: logOf(b.session.person).head });
const meet = (): Promise<string> => a.commands.openDirect({ person: b.session.person.id });
const names = (conversation: string, one: TestClient): boolean => {
  const { current } = host.logs.get(conversation) ?? { current: null };
  return current !== null && rowOf(current.epoch.roster, chainOf(one)) !== null;
};
const withdraw = (client: TestClient) => {
  client.stop();
  return client;
};

describe("S3, E13: another chain in own state", () => {
  it("by a browser from which the host kept the pin: shown, kept out, and nothing is sealed to it", async () => {
    const conversation = await meet();
    await a.commands.markVerified({ person: b.session.person.id, verified: true });
    await a.settle();
    second.write(self, epoch, read, { pins: [forged()] });
    await a.settle(10_000);
    await say(a, conversation, "retenu");
    await a.settle(30_000);
    const alarm = { kind: "identity_changed", blocks: true, person: b.session.person.id };
    expect(a.view(conversation)).toMatchObject({ alarm, queued: 1, peer: { trust: "changed" } });
    await a.reload();
    await a.settle(30_000);
    expect(a.view(conversation)).toMatchObject({ alarm, queued: 1 });
    expect([names(conversation, b), names(conversation, eve)]).toEqual([true, false]);
    await a.commands.acknowledge({ conversation });
    await a.settle(30_000);
    expect(a.view(conversation)).toMatchObject({ alarm: null, queued: 0, peer: { trust: "verified" } });
    expect(await b.texts(conversation)).toEqual(["retenu"]);
    expect(names(conversation, eve)).toBe(false);
  });

  it("against a pin that nobody wrote yet: shown, and the pin is no answer to it", async () => {
    const conversation = await meet();
    second.write(self, epoch, read, { pins: [forged()] });
    await a.settle(30_000);
    expect(a.view(conversation).alarm).toMatchObject({ kind: "identity_changed", blocks: true });
    const written = self.entries.slice(read).flatMap(({ bytes }) => {
      const entry = readAccepted(bytes);
      const opened = entry.type === "message" ? openMessage(entry, epoch.secret, "self") : null;
      return opened?.ok && opened.content.kind === "state" ? opened.content.pins : [];
    });
    expect(written).toEqual([forged()]);
  });

  it("by one that had read the pin is an acknowledgement, and takes the mark", async () => {
    const conversation = await meet();
    await a.commands.markVerified({ person: b.session.person.id, verified: true });
    await a.settle();
    second.write(self, epoch, self.head, { pins: [forged()] });
    await a.settle(10_000);
    await say(a, conversation, "à la nouvelle");
    await a.settle(30_000);
    expect(a.peer(conversation).trust).not.toBe("verified");
    expect([names(conversation, b), names(conversation, eve)]).toEqual([false, true]);
  });
});

describe("on a fresh browser", () => {
  const fresh = async (): Promise<TestClient> => {
    const client = new TestClient(host, a.session.person);
    await client.commands.open();
    await client.commands.recover({ code: a.recovery.join("") });
    await client.settle(30_000);
    return client;
  };

  it("S3: the mark of a browser revoked since vouches for nobody", async () => {
    const conversation = await meet();
    await a.settle();
    const verified = [{ chain: chainOf(b), verified: true }];
    second.write(self, epoch, self.head, { pins: [honest()], verified });
    await a.settle(10_000);
    expect(withdraw(await fresh()).peer(conversation).trust).toBe("verified");
    await a.commands.revokeDevice({ device: toText(second.device.id) });
    await a.settle(30_000);
    expect((await fresh()).peer(conversation).trust).toBe("unverified");
  });

  it("S5, K14: another browser's founding is not the own state, even where the host shows no other", async () => {
    const conversation = await meet();
    await a.commands.markVerified({ person: b.session.person.id, verified: true });
    await a.settle(10_000);
    const made = second.found();
    const bogus = selfOf(host, 1);
    second.write(bogus, made, 1, { pins: [honest()], verified: [{ chain: chainOf(b), verified: true }] });
    host.lies.set("GET /api/conversations", (told) => {
      const listed = told as Conversations;
      return { ...listed, conversations: listed.conversations.filter(({ id }) => id !== self.id) };
    });
    const client = await fresh();
    expect(client.peer(conversation).trust).toBe("unverified");
    host.lies.clear();
    for (let i = 0; i < 3; i++) {
      await client.reload();
      await client.settle(30_000);
    }
    expect(client.peer(conversation).trust).toBe("verified");
    expect(client.view(conversation).alarm).toMatchObject({ kind: "entry_refused", cause: "altered" });
  });
});
