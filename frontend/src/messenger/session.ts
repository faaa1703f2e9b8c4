import { Refused, fromText, toText } from "../crypto";
import type { SessionState } from "../protocol";
import { PROTOCOL } from "../protocol";
import type { Connection, SessionStage, SessionView } from "../store/model";
import type { Api, Ended } from "../sync";
import { HostRefused, HostSilent } from "../sync";
import type { Vault } from "../vault";
import type { HostClock } from "./clock";
import { CommandError } from "./commands";
import { Identity } from "./identity";
import { Opened, type OpenedEvents } from "./opened";
import { Queue } from "./queue";
import type { Known, Vaults } from "./vaults";
import type { World } from "./world";

export type SessionEvents = Omit<OpenedEvents, "ended" | "lost"> & {
  readonly session: (view: SessionView) => void;
};
type SignedIn = {
  readonly person: NonNullable<SessionState["person"]>;
  readonly organisation: SessionState["organisation"];
};

const AGAIN_AFTER = 3_000;
const OFFLINE: Connection = { state: "offline", since: 0, clockOff: false, restored: null };

/** Who is here and what is open: the host's word on the session joined with what this browser holds. */
export class Session {
  readonly #world: World;
  readonly #api: Api;
  readonly #vaults: Vaults;
  readonly #clock: HostClock;
  readonly #events: SessionEvents;
  readonly #queue = new Queue();
  #stage: SessionStage = "loading";
  #state: SessionState | null = null;
  #isOffline = false;
  #opened: Opened | null = null;
  #isLookingAgain = false;
  #isOver = false;
  #isLeaving = false;
  /** After the second factor was set up, its printed codes stay on screen until they are put away. */
  holdsCodes = false;

  constructor(world: World, api: Api, vaults: Vaults, clock: HostClock, events: SessionEvents) {
    this.#world = world;
    this.#api = api;
    this.#vaults = vaults;
    this.#clock = clock;
    this.#events = events;
  }

  get view(): SessionView {
    const { person = null, organisation = null, notice = null } = this.#state ?? {};
    const me = person === null ? null : viewOf(person);
    return {
      stage: this.#stage,
      me,
      organisation: organisation?.name ?? null,
      factors: this.#state?.factors ?? [],
      notice,
      offline: this.#isOffline,
      presence: this.#opened?.rooms.whispering.isShown ?? true,
    };
  }

  get connection(): Connection {
    return this.#opened?.live.connection ?? OFFLINE;
  }

  /** The open vault and its rooms. */
  get opened(): Opened | null {
    return this.#opened;
  }

  get signedIn(): SignedIn {
    const { person = null, organisation = null } = this.#state ?? {};
    if (person === null) throw new CommandError("not_allowed");
    return { person, organisation };
  }

  /** Asks the host where this session stands. Without an answer what is open stays open, and what is not stays locked. */
  look(): Promise<SessionView> {
    return this.#queue.run(() => this.#look());
  }

  /** The first look, once for all who wait for it. */
  begin(): Promise<SessionView> {
    return this.#queue.run(() => (this.#stage === "loading" ? this.#look() : Promise.resolve(this.view)));
  }

  /** Takes what the host says of this session now. */
  enter(state: SessionState): Promise<SessionView> {
    return this.#queue.run(() => this.#enter(state));
  }

  async #look(): Promise<SessionView> {
    try {
      if (this.#isLeaving) await this.#api.signOut();
      this.#isLeaving = false;
      return await this.#enter(await this.#api.session());
    } catch (error) {
      // A host that cannot now is asked again, like one that says nothing.
      if (!(error instanceof HostSilent) && !isUnavailable(error)) throw error;
      return this.#unanswered();
    }
  }

  async #enter(state: SessionState): Promise<SessionView> {
    this.#clock.told(state.now);
    this.#state = state;
    this.#isOffline = false;
    return this.#become(await this.#stageOf(state));
  }

  /** K14: the second factor is too old for what was asked; a code makes it fresh. */
  askCode(): SessionView {
    return this.#become("locked");
  }

  /** K20: the host has ended this person's keys, and they were told so; nothing here opens what comes next. */
  async beginAnew(): Promise<SessionView> {
    await this.look();
    const { person } = this.signedIn;
    if (person.chain !== null || this.#opened === null) throw new CommandError("not_allowed");
    this.close();
    return this.#become("first_steps");
  }

  /** Nothing of the person stays in memory. */
  close(): void {
    this.#opened?.close();
    this.#opened = null;
  }

  /** The end of this engine: whatever was planned for later does not happen. */
  end(): void {
    this.#isOver = true;
    this.close();
  }

  /** Leaving works without the host too: it is told as soon as it answers. */
  leave(isShared: boolean): Promise<SessionView> {
    return this.#queue.run(() => this.#leave(isShared));
  }

  async #leave(isShared: boolean): Promise<SessionView> {
    const person = this.#state?.person?.id ?? null;
    const stay = person === null ? null : await this.#vaults.stayOf(person);
    this.close();
    this.#isLeaving = true;
    if (person !== null && (isShared || stay === "shared")) await this.#vaults.erase(person);
    this.#state = null;
    return this.#look();
  }

  /** Something of the view changed that is not the host's. */
  tell(): void {
    this.#events.session(this.view);
  }

  #become(stage: SessionStage): SessionView {
    this.#stage = stage;
    this.#events.session(this.view);
    return this.view;
  }

  async #stageOf(state: SessionState): Promise<SessionStage> {
    if (state.protocol !== PROTOCOL) return this.#closed("outdated");
    if (state.stage !== "signed_in") return this.#closed(state.stage);
    if (this.holdsCodes) return "enrol_factor";
    const { person } = this.signedIn;
    const opened = this.#opened?.desk.identity;
    const isDisowned = opened !== undefined && toText(opened.chain) !== person.chain;
    if (opened?.person === person.id && (state.device !== null || isDisowned)) return this.#resume(person);
    this.close();
    return this.#open(person, state);
  }

  #closed(stage: SessionStage): SessionStage {
    this.close();
    return stage;
  }

  #resume(person: SignedIn["person"]): SessionStage {
    this.#opened?.resume(person);
    return "ready";
  }

  /** K16: a browser with a vault in use makes no first steps, whatever the host says of this person's keys. */
  async #open(person: SignedIn["person"], state: SessionState): Promise<SessionStage> {
    const known = await this.#vaults.known(person.id);
    for (const one of known) if (await this.#openOne(one, person, state)) return "ready";
    if (person.chain !== null) return "recover";
    return known.some(({ isPending }) => !isPending) ? "locked" : "first_steps";
  }

  async #openOne(
    { name, isPending }: Known,
    person: SignedIn["person"],
    state: SessionState,
  ): Promise<boolean> {
    const opened = await this.#vaults.open(name);
    if (opened === null) return false;
    const { vault } = opened;
    const identity = await loadIdentity(vault);
    const isOwn = identity?.person === person.id && toText(identity.chain) === person.chain;
    // What the host disowns is opened all the same, to be shown.
    const opens = identity !== null && (isOwn ? await this.#bind(identity, state) : !isPending);
    if (!opens) {
      vault.close();
      return false;
    }
    if (isPending) await this.#vaults.settle(person.id, name);
    const whole = Opened.open(
      { world: this.#world, api: this.#api, vault, clock: this.#clock, identity },
      { ...this.#events, ended: (why) => this.#ended(why), lost: () => this.#lost() },
      person,
    );
    this.#opened = await undamaged(whole);
    if (this.#opened === null) vault.close();
    return this.#opened !== null;
  }

  /** H7. */
  async #bind(identity: Identity, state: SessionState): Promise<boolean> {
    const id = toText(identity.device.id);
    if (state.device === id) return true;
    try {
      const { challenge } = await this.#api.challenge();
      const signature = toText(identity.answer(fromText(challenge)));
      await this.#api.bindDevice({ device: id, signature });
      return true;
    } catch (error) {
      // Revoked, or never added: this browser is none of the person's devices.
      if (error instanceof HostRefused && REFUSED.has(error.code)) return false;
      throw error;
    }
  }

  async #unanswered(): Promise<SessionView> {
    this.#isOffline = true;
    this.#lookAgain();
    if (this.#opened !== null) return this.#become(this.#stage);
    return this.#become((await this.#vaults.isEmpty()) || this.#isLeaving ? "signed_out" : "locked");
  }

  #lookAgain(): void {
    const ms = AGAIN_AFTER * (1 + this.#world.chance());
    if (this.#isLookingAgain) return;
    this.#isLookingAgain = true;
    this.#world.timers.after(ms, () => {
      this.#isLookingAgain = false;
      if (this.#isOver) return;
      this.look().catch(() => undefined);
    });
  }

  #ended(why: Ended): void {
    if (why === "outdated") this.#become(this.#closed("outdated"));
    else this.#lookAgain();
  }

  // The line is lost: perhaps the session is too.
  #lost(): void {
    this.#lookAgain();
  }
}

const REFUSED: ReadonlySet<string> = new Set([
  "not_found",
  "not_allowed",
  "bad_request",
  "conflict",
  "bad_credentials",
]);

/** `null`: a record was damaged on the disk. What is left is not relied on; the host and the code give all of it again. */
async function undamaged<T>(loading: Promise<T>): Promise<T | null> {
  try {
    return await loading;
  } catch (error) {
    if (error instanceof Refused && error.code === "cannot_open") return null;
    throw error;
  }
}

const isUnavailable = (error: unknown): boolean =>
  error instanceof HostRefused && error.code === "unavailable";

async function loadIdentity(vault: Vault): Promise<Identity | null> {
  try {
    return await Identity.load(vault);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

const viewOf = (person: SignedIn["person"]): NonNullable<SessionView["me"]> => ({
  id: person.id,
  given: person.given,
  family: person.family,
  profession: person.profession,
  place: person.place,
  rpps: person.rpps,
  trust: "verified",
  ready: person.chain !== null,
  me: true,
});
