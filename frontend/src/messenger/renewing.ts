import type { ChainId, Current, EpochSecret, KeyLog, MadeEpoch, ToRenew } from "../crypto";
import { isIn, nextEpoch, renewalNeeded, rowOf, sameBytes, toText } from "../crypto";
import { HostRefused } from "../sync";
import { isBlocked } from "./alarms";
import type { Catching } from "./catching";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import { eachInParallel } from "./parallel";
import type { Pinning } from "./pinning";
import { AT_ONCE } from "./pinning";
import { keptWraps } from "./restoring";

/** What the next epoch changes beside taking up what is newest. */
export type Changes = Pick<ToRenew, "replace" | "add" | "remove" | "roles" | "resume">;
type Replacement = NonNullable<ToRenew["replace"]>;
/** `lost`: another epoch came first, or the host saw something newer; all of it is here now. */
export type Outcome = "made" | "lost" | "refused";

const TRIES = 4;
/** The host cannot now; anything else it refuses is met by catching up and making the epoch anew (E15). */
const LATER: ReadonlySet<string> = new Set([
  "throttled",
  "unavailable",
  "signed_out",
  "locked",
  "not_allowed",
  "restoring",
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
      if (!(await this.make(conversation, replace === null ? {} : { replace }))) return null;
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
      !isIn(record.left, row.chain) &&
      !record.isBlind &&
      !record.isGone &&
      !record.wrapMissing &&
      !isBlocked(conversation, this.#desk) &&
      this.#knowsPeer(conversation)
    );
  }

  // K15: whoever else is in a direct conversation is the pinned person, under this chain or one acknowledged as over.
  #knowsPeer(conversation: Conversation): boolean {
    const { record, epoch } = conversation;
    if (record.kind === "self") return conversation === this.#desk.conversations.self;
    if (record.kind === "team") return true;
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
  async make(conversation: Conversation, changes: Changes = {}): Promise<boolean> {
    return (await this.change(conversation, changes)) !== "refused";
  }

  async change(conversation: Conversation, changes: Changes): Promise<Outcome> {
    const made = await this.#made(conversation, changes);
    if (made === null) return "refused";
    const { record } = conversation;
    const { number } = made.epoch;
    const kept = conversation.secretChange(number, [
      ...(await conversation.candidates(number)),
      made.secret.expose(),
    ]);
    const wraps = keptWraps(conversation.key, made);
    await conversation.save({ made: [...record.made, made.hash] }, kept, ...wraps);
    if (!(await this.#post(conversation, made))) return "refused";
    await this.#catching.pullNow(conversation);
    if ((await conversation.journal()).placeOf(made.hash) !== null) return "made";
    // Nothing came that could have been first: the host keeps it back.
    return conversation.record.seq > record.seq ? "lost" : "refused";
  }

  #isOver(conversation: Conversation, secret: EpochSecret | null): boolean {
    const current = conversation.current();
    const { identity, keyLogs, clock } = this.#desk;
    if (current === null || conversation.record.lacking === current.epoch.number) return true;
    const logs = current.epoch.roster.flatMap((row) => keyLogs.get(row.chain) ?? []);
    return renewalNeeded({ current, logs, device: identity.device, secret, now: clock.now() }) !== null;
  }

  async #made(conversation: Conversation, changes: Changes): Promise<MadeEpoch | null> {
    const current = conversation.current();
    const logs = current === null ? null : await this.#logs(stayingIn(current, changes));
    const { identity, clock, world } = this.#desk;
    if (current === null || logs === null || identity.isCloned) return null;
    return nextEpoch({
      ...changes,
      current,
      logs,
      device: identity.signer,
      seen: conversation.place,
      at: clock.now(),
      random: world.random,
    });
  }

  // The host takes an epoch only with everybody's newest head.
  async #logs(chains: readonly ChainId[]): Promise<readonly KeyLog[] | null> {
    const { keyLogs } = this.#desk;
    const logs: KeyLog[] = [];
    await eachInParallel(chains, AT_ONCE, async (chain) => {
      const fits = (await this.#pinning.follow(chain)) === "fits";
      const log = keyLogs.get(chain);
      if (fits && log !== null) logs.push(log);
    });
    return logs.length === chains.length ? logs : null;
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

/** Whoever is in the next roster and was in this one, under the chain that they have there. */
function stayingIn({ epoch, left }: Current, { replace, remove = [] }: Changes): readonly ChainId[] {
  const staying = epoch.roster
    .map(({ chain }) => chain)
    .filter((chain) => !isIn(left, chain) && !isIn(remove, chain));
  return staying.map((chain) =>
    replace !== undefined && sameBytes(chain, replace.old) ? replace.chain : chain,
  );
}
