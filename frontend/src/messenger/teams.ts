import type { ChainId, Current, MadeEpoch, Newcomer } from "../crypto";
import {
  beginTeam,
  firstSending,
  hasCoordinator,
  isCoordinator,
  isIn,
  makeClientId,
  makeLeave,
  MAX_TITLE,
  mayTakeRole,
  MOST_ROWS,
  sameBytes,
  toText,
} from "../crypto";
import type { Role } from "../store/model";
import { HostRefused } from "../sync";
import { CommandError } from "./commands";
import type { Conversation } from "./conversation";
import { newConversation } from "./conversation";
import type { Desk } from "./desk";
import { personOf } from "./members";
import { eachInParallel } from "./parallel";
import { AT_ONCE } from "./pinning";
import { placeId, put } from "./records";
import type { Changes } from "./renewing";
import { keptWraps } from "./restoring";
import type { Rooms } from "./rooms";

type Invited = { readonly person: string; readonly role: Role };
export type Asked = {
  readonly add: readonly Invited[];
  readonly remove: readonly string[];
  readonly roles: readonly Invited[];
  readonly resume: readonly string[];
};
const TRIES = 4;

/** Teams: founded, changed, left. The signed roster is what counts; everything here makes one or asks for none. */
export class Teams {
  readonly #desk: Desk;
  readonly #rooms: Rooms;

  constructor(desk: Desk, rooms: Rooms) {
    this.#desk = desk;
    this.#rooms = rooms;
  }

  async create(typed: string, members: readonly Invited[]): Promise<string> {
    const title = titleOf(typed);
    const invited = once(members).filter(({ person }) => person !== this.#desk.identity.person);
    if (invited.length >= MOST_ROWS) throw new CommandError("too_many");
    const others = await this.#meetAll(invited);
    const { identity, clock, world } = this.#desk;
    const made = beginTeam({
      device: identity.signer,
      own: await this.#rooms.acquainting.self(),
      organisation: identity.organisation,
      others,
      at: clock.now(),
      random: world.random,
    });
    const conversation = await this.#publish(made);
    await this.#rooms.writing.say(conversation, { kind: "title", title });
    return conversation.key;
  }

  async #publish(made: MadeEpoch): Promise<Conversation> {
    const { conversations, api } = this.#desk;
    const key = toText(made.conversation);
    const record = { ...newConversation(key, "team", null), made: [made.hash] };
    const conversation = await conversations.add(
      record,
      put("secrets", placeId(key, 0), [made.secret.expose()]),
      ...keptWraps(key, made),
    );
    const wraps = made.wraps.map(({ chain, sealed }) => [toText(chain), toText(sealed)] as const);
    try {
      await api.postEpoch({ conversation: null, statement: toText(made.statement), wraps });
    } catch (error) {
      if (error instanceof HostRefused) await conversations.forget(key);
      throw error;
    }
    await this.#rooms.catching.pull(conversation);
    return conversation;
  }

  /** Tried again on whatever came first; what somebody else has done meanwhile is done. */
  async change(conversation: Conversation, asked: Asked): Promise<void> {
    const newcomers = await this.#meetAll(once(asked.add));
    await this.#act(conversation, (current) => {
      if (!isCoordinator(current, this.#desk.identity.chain)) throw new CommandError("not_allowed");
      this.#demandThere(current, asked, conversation.record.former);
      return this.#changes(current, asked, newcomers);
    });
  }

  /** E21. */
  takeRole(conversation: Conversation): Promise<void> {
    const { chain } = this.#desk.identity;
    return this.#act(conversation, (current) => {
      if (!mayTakeRole(current, chain)) throw new CommandError("not_allowed");
      return { roles: [[chain, "coordinator"]] };
    });
  }

  /** M13. */
  async setTitle(conversation: Conversation, typed: string): Promise<void> {
    const title = titleOf(typed);
    const current = conversation.current();
    const mayTitle = current !== null && isCoordinator(current, this.#desk.identity.chain);
    if (!mayTitle || conversation.record.kind !== "team") throw new CommandError("not_allowed");
    await this.#rooms.writing.say(conversation, { kind: "title", title });
  }

  /** L11. The last coordinator names another first. */
  async leave(conversation: Conversation): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (await conversation.queue.run(() => this.#leave(conversation)))
        return this.#rooms.tell(conversation);
    }
    throw new CommandError("unavailable");
  }

  async #leave(conversation: Conversation): Promise<boolean> {
    const { catching, renewing, line } = this.#rooms;
    const { identity, keyLogs, world } = this.#desk;
    const current = await this.#currentIn(conversation);
    if (isLast(current, identity.chain)) throw new CommandError("last_coordinator");
    if ((await renewing.secretToSeal(conversation)) === null) throw new CommandError("blocked");
    const { epoch, record } = conversation;
    const log = keyLogs.get(identity.chain);
    if (epoch === null || log === null) throw new CommandError("blocked");
    const sender = record.senders.find(({ device }) => sameBytes(device, identity.device.id));
    const sending =
      sender === undefined ? firstSending : { deviceSeq: sender.deviceSeq + 1, prevOwn: sender.hash };
    const place = { device: identity.signer, epoch, sending, seen: conversation.place, head: log.head };
    const { entry, hash } = makeLeave({ ...place, clientId: makeClientId(world.random) });
    await conversation.save({ made: [...record.made, hash] });
    try {
      const { seq, at } = await line.append(conversation.key, toText(entry));
      await catching.takeNow(conversation, { seq, at, entry, wrap: null });
      return true;
    } catch (error) {
      // Another epoch came first: left under that one.
      if (error instanceof HostRefused && RENEWED.has(error.code)) return false;
      throw error;
    }
  }

  async #act(conversation: Conversation, plan: (current: Current) => Changes): Promise<void> {
    const { renewing } = this.#rooms;
    const outcome = await conversation.queue.run(async () => {
      for (let tries = 0; tries < TRIES; tries++) {
        const changes = plan(await this.#currentIn(conversation));
        if (isEmpty(changes)) return "made";
        if (!renewing.maySeal(conversation)) throw new CommandError("blocked");
        const made = await renewing.change(conversation, changes);
        if (made !== "lost") return made;
      }
      return "refused";
    });
    if (outcome !== "made") throw new CommandError("unavailable");
    this.#rooms.tell(conversation);
    this.#rooms.sending.flush(conversation);
  }

  async #currentIn(conversation: Conversation): Promise<Current> {
    if (this.#rooms.line.state !== "open") throw new CommandError("offline");
    // What was said while the page was on its way is fetched once more.
    const { catching } = this.#rooms;
    const isHere = (await catching.pullNow(conversation)) || (await catching.pullNow(conversation));
    if (!isHere) throw new CommandError("unavailable");
    const current = conversation.current();
    if (current === null || current.founding.kind !== "team") throw new CommandError("not_allowed");
    return current;
  }

  /** Whoever is asked about has a row, or had one when they were to be removed. */
  #demandThere({ epoch }: Current, { remove, resume, roles }: Asked, former: readonly ChainId[]): void {
    const there = epoch.roster.map(({ chain }) => chain);
    const isAmong = (chains: readonly ChainId[]) => (person: string) =>
      chains.some((chain) => this.#isNamed(chain, [person]));
    const staying = [...resume, ...roles.map(({ person }) => person)];
    const isThere = staying.every(isAmong(there)) && remove.every(isAmong([...there, ...former]));
    if (!isThere) throw new CommandError("not_found");
  }

  /** By person, or as the screens call whoever nobody is pinned to. */
  #isNamed(chain: ChainId, persons: readonly string[]): boolean {
    const person = personOf(chain, this.#desk);
    return persons.includes(toText(chain)) || (person !== null && persons.includes(person));
  }

  #changes(current: Current, asked: Asked, newcomers: readonly Newcomer[]): Changes {
    const { roster } = current.epoch;
    const chainsOf = (persons: readonly string[]) =>
      roster.map(({ chain }) => chain).filter((chain) => this.#isNamed(chain, persons));
    const add = newcomers.filter(({ log }) => !roster.some(({ chain }) => sameBytes(chain, log.chain)));
    // K20: whoever comes back under a new chain takes the place of the old one.
    const former = chainsOf(add.flatMap(({ log }) => personOf(log.chain, this.#desk) ?? []));
    const remove = [...chainsOf(asked.remove), ...former];
    const resume = chainsOf(asked.resume).filter((chain) => isPaused(current, chain));
    const roles = asked.roles.flatMap(({ person, role }) =>
      chainsOf([person])
        .filter((chain) => roleOf(current, chain) !== role)
        .map((chain) => [chain, role] as const),
    );
    const changes = { add, remove, resume, roles };
    refuse(current, changes, this.#desk.identity.chain);
    return changes;
  }

  async #meetAll(invited: readonly Invited[]): Promise<readonly Newcomer[]> {
    const met: Newcomer[] = [];
    await eachInParallel(invited, AT_ONCE, async ({ person, role }) => {
      met.push({ ...(await this.#rooms.acquainting.meet(person)), role });
    });
    return met;
  }
}

type Planned = Required<Pick<Changes, "add" | "remove" | "resume" | "roles">>;

/** What the rules would refuse anyway, said in words that a person can act on. */
function refuse(current: Current, { add, remove, resume, roles }: Planned, me: ChainId): void {
  const staying = current.epoch.roster.filter(
    ({ chain }) => !isIn(remove, chain) && !isIn(current.left, chain),
  );
  // Whoever goes leaves; a statement that puts its own maker out is none.
  if (isIn(remove, me)) throw new CommandError("not_allowed");
  if (staying.length + add.length > MOST_ROWS) throw new CommandError("too_many");
  const coordinates = ({ chain, role }: { chain: ChainId; role: Role }) => {
    const [, next = role] = roles.find(([one]) => sameBytes(one, chain)) ?? [];
    return next === "coordinator" && (!isPaused(current, chain) || isIn(resume, chain));
  };
  const isKept = staying.some(coordinates) || add.some(({ role }) => role === "coordinator");
  if (!isKept) throw new CommandError("last_coordinator");
}

const isPaused = ({ epoch, suspended }: Current, chain: ChainId): boolean =>
  isIn(suspended, chain) || epoch.roster.some((row) => row.paused && sameBytes(row.chain, chain));

const roleOf = ({ epoch }: Current, chain: ChainId): Role | null =>
  epoch.roster.find((row) => sameBytes(row.chain, chain))?.role ?? null;

const isEmpty = (changes: Changes): boolean =>
  Object.values(changes).every((part) => Array.isArray(part) && part.length === 0);

/** While others stay, one of them coordinates. */
function isLast(current: Current, me: ChainId): boolean {
  const isOther = ({ chain }: { chain: ChainId }) => !sameBytes(chain, me) && !isIn(current.left, chain);
  const others = current.epoch.roster.filter(isOther);
  if (!isCoordinator(current, me) || others.length === 0) return false;
  return !hasCoordinator({ ...current, left: [...current.left, me] });
}

function once(members: readonly Invited[]): readonly Invited[] {
  return [...new Map(members.map((member) => [member.person, member])).values()];
}

function titleOf(typed: string): string {
  const title = typed.replace(/\p{Cc}+/gu, " ").trim();
  if (title === "" || [...title].length > MAX_TITLE) throw new CommandError("too_long");
  return title;
}

const RENEWED: ReadonlySet<string> = new Set(["past_epoch", "epoch_stale", "head_stale", "unknown_device"]);
