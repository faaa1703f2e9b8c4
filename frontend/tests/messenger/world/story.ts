import { expect } from "vitest";
import * as crypto from "../../../src/crypto";
import { NOON, ORGANISATION, present, seeded } from "../../crypto/cast";
import { Actor } from "./actors";
import { HostLog } from "./log";

type Said = {
  readonly text: string;
  readonly under: number;
  readonly entry: Uint8Array;
  readonly among: readonly Actor[];
};
type Asked = Pick<crypto.ToRenew, "add" | "remove" | "roles">;

/** A team in the making: whatever is tried, the host takes it exactly when the rules, as told here, let it happen. */
export class Story {
  readonly actors = [
    new Actor("anna", "professional"),
    new Actor("bruno", "professional"),
    new Actor("dora", "other"),
  ];
  readonly host: HostLog;
  readonly made: crypto.MadeEpoch[] = [];
  readonly said: Said[] = [];
  readonly #random: crypto.Random;

  constructor(seed: string) {
    this.#random = seeded(seed);
    const anna = present(this.actors[0]);
    const { kind, log } = anna;
    const by = { device: anna.pick(0).device, at: NOON, random: this.#random };
    const first = crypto.beginTeam({ ...by, own: { log, kind }, organisation: ORGANISATION, others: [] });
    this.host = new HostLog(crypto.toText(first.conversation), (chain) => this.#logOf(chain));
    Object.assign(anna, { isIn: true, role: "coordinator" });
    this.#post(first);
  }

  get place(): crypto.Position {
    return { n: this.host.head, hash: present(this.host.hashes[this.host.head]) };
  }

  get #current(): crypto.Current {
    return present(this.host.current);
  }

  #logOf(chain: crypto.ChainId): crypto.KeyLog | null {
    return this.actors.find(({ log }) => crypto.sameBytes(log.chain, chain))?.log ?? null;
  }

  /** One of everything; `a` and `b` choose who and whom, `c` with which browser. */
  act(action: number, a: number, b: number, c: number): void {
    const who = present(this.actors[a % 3]);
    const whom = present(this.actors[b % 3]);
    const acts = [
      () => this.#write(who, c),
      () => this.#write(who, c),
      () => this.#write(who, c),
      () => this.#add(who, whom, c),
      () => this.#add(who, whom, c),
      () => this.#remove(who, whom, c),
      () => this.#role(who, whom, c),
      () => this.#leave(who, c),
      () => who.addBrowser(this.#random),
      () => who.revoke(c, this.#random),
    ];
    present(acts[action % acts.length])();
  }

  #write(who: Actor, c: number): void {
    if (!who.isIn) return this.#isNobody(who, c);
    const { device, seeds } = who.pick(c);
    this.#takeUp(device, who, c);
    const { epoch } = this.#current;
    const { wraps } = present(this.made.at(-1));
    const sealed = wraps.find(({ chain }) => crypto.sameBytes(chain, who.log.chain))?.sealed ?? null;
    const opened = crypto.openWrap(epoch, sealed, { chain: who.log.chain, seeds });
    if (!opened.ok) throw new Error(opened.cause);
    const text = `message ${String(this.said.length)}`;
    const content = { kind: "text", text, quote: null, mentions: [] } as const;
    const sealing = { kind: "team", secret: opened.secret, content, random: this.#random } as const;
    const { entry } = crypto.sealMessage({ ...this.#saying(device, who), ...sealing });
    this.#append(entry);
    this.said.push({ text, under: epoch.number, entry, among: this.actors.filter(({ isIn }) => isIn) });
  }

  /** Whoever is out says nothing that counts. */
  #isNobody(who: Actor, c: number): void {
    const { entry } = crypto.makeLeave(this.#saying(who.pick(c).device, who));
    expect(this.host.judge(entry)).toMatchObject({ kind: "refused", code: "not_a_member" });
  }

  #leave(who: Actor, c: number): void {
    if (!who.isIn) return;
    const { device } = who.pick(c);
    this.#takeUp(device, who, c);
    this.#append(crypto.makeLeave(this.#saying(device, who)).entry);
    who.isIn = false;
  }

  #saying(device: crypto.Device, { log }: Actor): crypto.ToLeave {
    const clientId = crypto.makeClientId(this.#random);
    const { epoch } = this.#current;
    return { epoch, device, sending: crypto.firstSending, seen: this.place, head: log.head, clientId };
  }

  #append(entry: Uint8Array): void {
    const verdict = this.host.judge(entry);
    expect(verdict).toMatchObject({ kind: "accepted" });
    if (verdict.kind === "accepted") this.host.append(verdict, entry, NOON);
  }

  /** E16: whatever happened since comes first. */
  #takeUp(device: crypto.Device, who: Actor, c: number): void {
    const logs = this.actors.map(({ log }) => log);
    const { secret } = present(this.made.at(-1));
    const why = crypto.renewalNeeded({ current: this.#current, logs, device, secret, now: NOON });
    if (why !== null) this.#change(who, c, {}, true);
  }

  #add(who: Actor, whom: Actor, c: number): void {
    const { log, kind } = whom;
    if (crypto.rowOf(this.#current.epoch.roster, log.chain) !== null) return;
    const may = who.isBoss;
    this.#change(who, c, { add: [{ log, kind, role: "member" }] }, may);
    if (may) Object.assign(whom, { isIn: true, role: "member" });
  }

  #remove(who: Actor, whom: Actor, c: number): void {
    if (!whom.isIn) return;
    const may = who.isBoss && who !== whom;
    this.#change(who, c, { remove: [whom.log.chain] }, may);
    if (may) whom.isIn = false;
  }

  #role(who: Actor, whom: Actor, c: number): void {
    if (!whom.isIn) return;
    const role = whom.role === "member" ? "coordinator" : "member";
    const isKept = role === "coordinator" || this.actors.some((one) => one.isBoss && one !== whom);
    const isOrphaned = !this.actors.some(({ isBoss }) => isBoss);
    const takes = who.isIn && isOrphaned && who === whom && who.kind === "professional";
    const may = who.isBoss ? isKept : takes;
    this.#change(who, c, { roles: [[whom.log.chain, role]] }, may);
    if (may) whom.role = role;
  }

  #change(who: Actor, c: number, asked: Asked, may: boolean): void {
    const made = crypto.nextEpoch({
      ...asked,
      current: this.#current,
      device: who.pick(c).device,
      logs: this.actors.map(({ log }) => log),
      seen: this.place,
      at: NOON + this.host.head,
      random: this.#random,
    });
    expect(this.host.judge(made.statement).kind).toBe(may ? "accepted" : "refused");
    if (may) this.#post(made);
  }

  #post(made: crypto.MadeEpoch): void {
    const verdict = this.host.judge(made.statement);
    const wraps = new Map(
      made.wraps.map(({ chain, sealed }) => [crypto.toText(chain), crypto.toText(sealed)]),
    );
    if (verdict.kind !== "accepted") throw new Error(verdict.kind);
    this.host.append(verdict, made.statement, NOON, wraps);
    this.made.push(made);
  }
}
