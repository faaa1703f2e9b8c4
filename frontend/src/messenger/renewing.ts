import type { ChainId, EpochSecret, KeyLog, MadeEpoch } from "../crypto";
import { nextEpoch, renewalNeeded, rowOf, sameBytes, toText } from "../crypto";
import { HostRefused } from "../sync";
import { isBlocked } from "./alarms";
import type { Catching } from "./catching";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import type { Pinning } from "./pinning";

type Replacement = { readonly old: ChainId; readonly chain: ChainId };

const TRIES = 4;
/** The host cannot now; anything else it refuses is met by catching up and making the epoch anew (E15). */
const LATER: ReadonlySet<string> = new Set([
  "throttled",
  "unavailable",
  "signed_out",
  "locked",
  "not_allowed",
]);

/** E16: the epoch that must come before the next message. All inside the conversation's queue. */
export class Renewing {
  readonly #desk: Desk;
  readonly #pinning: Pinning;
  readonly #catching: Catching;

  constructor(desk: Desk, pinning: Pinning, catching: Catching) {
    this.#desk = desk;
    this.#pinning = pinning;
    this.#catching = catching;
  }

  /** The secret to seal under, once the epoch is one to seal under; `null` when nothing may be sealed now. */
  async secretToSeal(conversation: Conversation): Promise<EpochSecret | null> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (!this.maySeal(conversation)) return null;
      const secret = conversation.epoch === null ? null : await conversation.secretOf(conversation.epoch);
      const replace = this.#replacement(conversation);
      if (replace === null && !this.#isOver(conversation, secret)) return secret;
      if (!(await this.make(conversation, replace))) return null;
    }
    return null;
  }

  /** L6, L7, E13, E17, E18, M9: making an epoch is sealing too. */
  maySeal(conversation: Conversation): boolean {
    const { record, epoch } = conversation;
    const row = epoch === null ? null : rowOf(epoch.roster, this.#desk.identity.chain);
    return (
      row !== null &&
      !row.paused &&
      !record.wrapMissing &&
      !isBlocked(conversation, this.#desk) &&
      this.#knowsPeer(conversation)
    );
  }

  // K15: whoever else is in the roster is the pinned person, under this chain or one acknowledged as over.
  #knowsPeer(conversation: Conversation): boolean {
    const { record, epoch } = conversation;
    if (record.kind === "self") return conversation === this.#desk.conversations.self;
    const person = record.peer === null ? null : this.#desk.persons.get(record.peer);
    if (epoch === null || person === null || person.pin === null) return false;
    const theirs = [person.pin.chain, ...person.former];
    const others = epoch.roster.filter((row) => !this.#desk.identity.isMe(row.chain));
    return others.length === 1 && others.every((row) => theirs.some((chain) => sameBytes(chain, row.chain)));
  }

  /** E13: the user has acknowledged a new identity that the roster does not name yet. */
  #replacement({ record, epoch }: Conversation): Replacement | null {
    const pin = record.peer === null ? null : this.#desk.persons.pinOf(record.peer);
    const other = epoch?.roster.find((row) => !this.#desk.identity.isMe(row.chain));
    if (pin === null || other === undefined || sameBytes(other.chain, pin.chain)) return null;
    return { old: other.chain, chain: pin.chain };
  }

  /** The loser of a race catches up; its caller looks again whether an epoch is still needed. */
  async make(conversation: Conversation, replace: Replacement | null = null): Promise<boolean> {
    const made = await this.#made(conversation, replace);
    if (made === null) return false;
    const { record } = conversation;
    const { number } = made.epoch;
    const kept = conversation.secretChange(number, [
      ...(await conversation.candidates(number)),
      made.secret.expose(),
    ]);
    await conversation.save({ made: [...record.made, made.hash] }, kept);
    const posted = await this.#post(conversation, made);
    return posted && (await this.#catching.pullNow(conversation));
  }

  #isOver(conversation: Conversation, secret: EpochSecret | null): boolean {
    const current = conversation.current();
    const { identity, keyLogs, clock } = this.#desk;
    if (current === null) return true;
    const logs = current.epoch.roster.flatMap((row) => keyLogs.get(row.chain) ?? []);
    return renewalNeeded({ current, logs, device: identity.device, secret, now: clock.now() }) !== null;
  }

  async #made(conversation: Conversation, replace: Replacement | null): Promise<MadeEpoch | null> {
    const current = conversation.current();
    const logs =
      current === null
        ? null
        : await this.#logs(current.epoch.roster.map((row) => replaced(row.chain, replace)));
    if (current === null || logs === null) return null;
    const { identity, clock, world } = this.#desk;
    const base = {
      current,
      logs,
      device: identity.device,
      seen: conversation.place,
      at: clock.now(),
      random: world.random,
    };
    return nextEpoch(replace === null ? base : { ...base, replace });
  }

  // The host takes an epoch only with everybody's newest head.
  async #logs(chains: readonly ChainId[]): Promise<readonly KeyLog[] | null> {
    const logs: KeyLog[] = [];
    for (const chain of chains) {
      const fits = (await this.#pinning.follow(chain)) === "fits";
      const log = this.#desk.keyLogs.get(chain);
      if (!fits || log === null) return null;
      logs.push(log);
    }
    return logs;
  }

  async #post(conversation: Conversation, made: MadeEpoch): Promise<boolean> {
    const wraps = made.wraps.map(({ chain, sealed }) => [toText(chain), toText(sealed)] as const);
    try {
      await this.#desk.api.postEpoch({
        conversation: conversation.key,
        statement: toText(made.statement),
        wraps,
      });
      return true;
    } catch (error) {
      if (error instanceof HostRefused) return !LATER.has(error.code);
      throw error;
    }
  }
}

const replaced = (chain: ChainId, replace: Replacement | null): ChainId =>
  replace !== null && sameBytes(chain, replace.old) ? replace.chain : chain;
