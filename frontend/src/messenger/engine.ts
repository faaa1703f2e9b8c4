import type { EngineEvent } from "../store/model";
import { Api } from "../sync";
import { Beginning } from "./beginning";
import { HostClock } from "./clock";
import { COMMANDS } from "./channel";
import type { Commands } from "./commands";
import { CommandError } from "./commands";
import { Devices } from "./devices";
import { Factors } from "./factors";
import { failureOf } from "./failures";
import { Joining } from "./joining";
import type { Opened } from "./opened";
import { Session } from "./session";
import { Talking } from "./talking";
import { Vaults } from "./vaults";
import type { World } from "./world";

/** The commands about who is here; those about what is said are told by `talking`. */
export class Engine implements Omit<Commands, keyof Talking | keyof Devices> {
  readonly talking: Talking;
  readonly devices: Devices;
  readonly #api: Api;
  readonly #vaults: Vaults;
  readonly #session: Session;
  readonly #beginning: Beginning;
  readonly #factors: Factors;
  readonly #joining: Joining;
  #looks: readonly string[] = [];
  #isShared = false;

  constructor(world: World, tell: (event: EngineEvent) => void) {
    const clock = new HostClock(world.timers);
    this.#api = new Api(world.origin, world.fetch, world.timers);
    this.#vaults = new Vaults(world.storages, this.#api, world.random);
    this.#factors = new Factors(this.#api);
    this.talking = new Talking({ world, api: this.#api, ready: () => this.#ready() });
    this.devices = new Devices({ world, ready: () => this.#ready() });
    this.#joining = new Joining(world, this.#api, this.#vaults);
    this.#beginning = new Beginning(world, this.#api, this.#vaults, clock);
    this.#session = new Session(world, this.#api, this.#vaults, clock, {
      tell,
      session: (session) => {
        tell({ type: "session", session });
        this.#lookOn();
      },
    });
  }

  /** Nothing is answered before it is known who is here: the engine may have taken over in the middle of a question. */
  async begin(): Promise<void> {
    if (this.#session.view.stage === "loading") await this.#session.begin();
  }

  /** The network says it is back. */
  hurry(): void {
    this.#session.opened?.live.socket.hurry();
    this.#session.look().catch(() => undefined);
  }

  /** The network says it is gone. */
  lose(): void {
    this.#session.opened?.live.socket.lose();
  }

  stop(): void {
    this.#session.end();
  }

  open: Commands["open"] = async () => {
    await this.begin();
    const conversations = this.#session.opened?.rooms.views() ?? [];
    return { session: this.#session.view, connection: this.#session.connection, conversations };
  };

  signIn: Commands["signIn"] = async (input) => {
    this.#isShared = input.shared;
    return this.#session.enter(await this.#api.signIn(input));
  };
  secondFactor: Commands["secondFactor"] = async (proof) =>
    this.#session.enter(await this.#factors.signIn(proof));
  printedCode: Commands["printedCode"] = async ({ code }) =>
    this.#session.enter(await this.#api.signInPrinted({ code }));
  unlock: Commands["unlock"] = async (proof) => this.#session.enter(await this.#factors.unlock(proof));
  freshFactor: Commands["freshFactor"] = (proof) => this.#factors.freshen(proof);
  askPasskey: Commands["askPasskey"] = () => this.#factors.ask();

  signOut: Commands["signOut"] = () => {
    this.#beginning.forget();
    this.#joining.forget();
    this.devices.forget();
    const isShared = this.#isShared;
    this.#isShared = false;
    return this.#session.leave(isShared);
  };

  sessions: Commands["sessions"] = async () => (await this.#api.sessions()).sessions;
  endSession: Commands["endSession"] = async (input) => {
    await this.#api.endSession(input);
  };
  endOtherSessions: Commands["endOtherSessions"] = async () => {
    await this.#api.endOtherSessions();
  };

  forgotPassword: Commands["forgotPassword"] = async (input) => {
    await this.#api.forgotPassword(input);
  };
  resetPassword: Commands["resetPassword"] = async (input) =>
    this.#session.enter(await this.#api.resetPassword(input));
  lookInvitation: Commands["lookInvitation"] = (input) => this.#api.lookInvitation(input);
  acceptInvitation: Commands["acceptInvitation"] = async (input) =>
    this.#session.enter(await this.#api.acceptInvitation(input));

  beginTotp: Commands["beginTotp"] = () => this.#api.beginTotp();
  confirmTotp: Commands["confirmTotp"] = ({ code }) => this.#enrolled(this.#factors.confirmTotp(code));
  beginPasskey: Commands["beginPasskey"] = () => this.#factors.begin();
  confirmPasskey: Commands["confirmPasskey"] = (made) => this.#enrolled(this.#factors.confirm(made));
  factors: Commands["factors"] = () => this.#factors.list();
  renewPrintedCodes: Commands["renewPrintedCodes"] = () => this.#factors.renewPrinted();
  removeFactor: Commands["removeFactor"] = async ({ factor }) => {
    await this.#factors.remove(factor);
    await this.#session.look();
    return this.#factors.list();
  };
  factorDone: Commands["factorDone"] = () => {
    this.#session.holdsCodes = false;
    return this.#session.look();
  };

  prepareKeys: Commands["prepareKeys"] = () => {
    this.#atStage("first_steps");
    return Promise.resolve(this.#beginning.prepare());
  };
  finishKeys: Commands["finishKeys"] = async ({ answers }) => {
    this.#atStage("first_steps");
    await this.#beginning.finish(answers, this.#whose());
    return this.#session.look();
  };
  recover: Commands["recover"] = async ({ code, alone = false }) => {
    this.#atStage("recover");
    const isAdded = await this.#beginning.recover(code, alone, this.#whose());
    return isAdded ? this.#session.look() : this.#session.askCode();
  };

  offerPairing: Commands["offerPairing"] = () => {
    this.#atStage("recover");
    return this.#joining.offer(this.#whose());
  };
  followPairing: Commands["followPairing"] = async () => {
    const step = await this.#joining.follow();
    if (step === "joined") await this.#session.look();
    return step;
  };
  dropPairing: Commands["dropPairing"] = async () => {
    await this.#joining.drop();
    if (this.#session.opened !== null) await this.devices.drop();
  };
  beginAnew: Commands["beginAnew"] = () => this.#session.beginAnew();

  look: Commands["look"] = ({ conversation }) => {
    this.looked(conversation === null ? [] : [conversation]);
    return Promise.resolve();
  };

  /** What is on screen, of all tabs; the last one looked at first. */
  looked(conversations: readonly string[]): void {
    this.#looks = conversations;
    this.#session.opened?.live.look(conversations);
  }

  // What was on screen before there was a line, or before there was this engine.
  #lookOn(): void {
    const live = this.#session.opened?.live;
    if (live !== undefined && live.looks !== this.#looks) live.look(this.#looks);
  }

  setPresence: Commands["setPresence"] = async ({ on }) => {
    await this.#ready().rooms.whispering.show(on);
    this.#session.tell();
  };

  /** In the first steps the printed codes stay on screen; later on only the list of factors changes. */
  async #enrolled(confirmed: Promise<readonly string[]>): Promise<readonly string[]> {
    const codes = await confirmed;
    if (this.#session.view.stage === "enrol_factor") this.#session.holdsCodes = true;
    else await this.#session.look();
    return codes;
  }

  #ready(): Opened {
    const { opened } = this.#session;
    if (opened === null) throw new CommandError("not_allowed");
    return opened;
  }

  #atStage(stage: "first_steps" | "recover"): void {
    if (this.#session.view.stage !== stage) throw new CommandError("not_allowed");
  }

  #whose() {
    const { person, organisation } = this.#session.signedIn;
    if (organisation === null) throw new CommandError("not_allowed");
    const stay = this.#isShared ? "shared" : "kept";
    const kind = person.professional ? "professional" : "other";
    return { person: person.id, organisation: organisation.id, kind, stay } as const;
  }
}

type Act = (input: unknown, id?: string) => Promise<unknown>;

/** Every command fails with a code that screens have a sentence for, and with nothing else. */
export function asCommands(engine: Engine): Commands {
  const begun =
    (name: keyof Commands): Act =>
    async (input, id) => {
      await engine.begin();
      return (actOf(engine, name) as Act)(input, id);
    };
  const wrapped = COMMANDS.map((name) => [name, failing(begun(name))]);
  return Object.fromEntries(wrapped) as Commands;
}

type Own = Exclude<keyof Commands, keyof Talking | keyof Devices>;

function actOf(engine: Engine, name: keyof Commands): Commands[keyof Commands] {
  const { talking, devices } = engine;
  if (isTold(talking, name)) return talking[name];
  return isDevices(devices, name) ? devices[name] : engine[name as Own];
}

const isTold = (talking: Talking, name: keyof Commands): name is keyof Commands & keyof Talking =>
  name in talking;
const isDevices = (devices: Devices, name: keyof Commands): name is keyof Commands & keyof Devices =>
  name in devices;

function failing(act: Act): Act {
  return async (input, id) => {
    try {
      return await act(input, id);
    } catch (error) {
      throw failureOf(error);
    }
  };
}
