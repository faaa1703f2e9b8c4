import type { Commands, PasskeyOffer, PasskeyQuestion, Proof } from "../../../src/messenger/commands";
import { CommandError } from "../../../src/messenger/commands";
import type {
  Connection,
  ConversationView,
  DirectView,
  TeamView,
  EngineEvent,
  FactorsView,
  MemberView,
  MessageView,
  PersonView,
  Role,
  OwnSessionView,
  SessionStage,
  SessionView,
} from "../../../src/store/model";
import type { Connect } from "../../../src/ui/client.svelte";
import {
  anneLise,
  at,
  conversation,
  conversations,
  everyone,
  from,
  gaetan,
  loic,
  longTalk,
  me,
  NOW,
  ownFactors,
  ownSessions,
  passkeyOffer,
  passkeyQuestion,
  talk,
  team,
  teamTalk,
  zoe,
} from "./cast";

const GROUPS = ["K7QF", "2MXD", "9RTA", "4WHN", "8PZE", "3CVJ", "6YBG", "D1M7", "X5TS"];
const PRINTED = ["7QKF-2MXD-9RTA-4WHN", "8PZE-3CVJ-6YBG-D1M7", "X5TS-K7QF-M2XD-R9TA", "W4HN-P8ZE-C3VJ-Y6BG"];
const STAGES: Readonly<Record<string, SessionStage>> = {
  signin: "signed_out",
  second: "second_factor",
  enrol: "enrol_factor",
  first: "first_steps",
  recover: "recover",
  locked: "locked",
  outdated: "outdated",
  loading: "loading",
};

function session(stage: SessionStage, scene: string): SessionView {
  const known = stage !== "signed_out" && stage !== "outdated" && stage !== "loading";
  const notice = "Démonstration : toutes les personnes et données sont fictives";
  return {
    stage,
    me: known ? me : null,
    organisation: "MSP des Tilleuls",
    factors: ["passkey", "totp"],
    notice,
    offline: scene === "stale",
    presence: true,
  };
}

function sceneConversations(scene: string): readonly ConversationView[] {
  const list = conversations();
  const first = list.find((one) => one.kind === "direct");
  if (first === undefined || scene === "empty") return [];
  const rest = list.filter((one) => one !== first);
  switch (scene) {
    case "alarm":
      return [
        {
          ...first,
          alarm: {
            kind: "key_log_refused",
            person: anneLise.id,
            cause: "unknown_device",
            seq: 12,
            blocks: true,
          },
        },
        ...rest,
      ];
    case "offline":
      return [{ ...first, unread: 0, firstUnread: null, queued: 1 }, ...rest];
    case "big":
      return [{ ...first, unread: 0, firstUnread: null, head: 10_000 }, ...rest];
    case "new":
      return [conversation(anneLise, { head: 1 }), ...rest];
    case "orphan":
      return [team({ role: "member", orphaned: true }), ...list];
    case "gone":
      return [team({ gone: true, typing: [], present: [] }), ...list];
    default:
      return list;
  }
}

function sceneMessages(scene: string): readonly MessageView[] {
  const base = talk();
  if (scene === "big") return longTalk(10_000);
  if (scene === "new") return base.slice(0, 1);
  if (scene === "offline") {
    const waiting = from(
      me,
      0,
      NOW - 40,
      "Poids et PA ce soir, je vous écris avant 20 h. J’apporte la balance de la MSP pour comparer.",
    );
    return [...base, { ...waiting, key: "q1", seq: null, state: "queued", late: true }];
  }
  if (scene !== "unreadable") return base;
  const closed: MessageView = {
    ...from(anneLise, 12, at(0, 9, 20), ""),
    body: { kind: "unreadable", cause: "not_for_me" },
  };
  const forged: MessageView = {
    ...from(anneLise, 13, at(0, 9, 22), ""),
    body: { kind: "refused", cause: "altered" },
  };
  return [...base, closed, forged];
}

function row(person: PersonView, role: Role): MemberView {
  return { person, role, since: NOW, by: me.id, paused: false, leaving: false };
}

function rows(wishes: readonly { readonly person: string; readonly role: Role }[]): readonly MemberView[] {
  return wishes.flatMap(({ person, role }) =>
    everyone.filter(({ id }) => id === person).map((found) => row(found, role)),
  );
}

/** A scripted engine: answers as the real one would, from a handful of fictional messages. */
class Script implements Commands {
  readonly #scene: string;
  readonly #tell: (event: EngineEvent) => void;
  #list: readonly ConversationView[];
  #messages: readonly MessageView[];

  constructor(scene: string, tell: (event: EngineEvent) => void) {
    this.#scene = scene;
    this.#tell = tell;
    this.#list = sceneConversations(scene);
    this.#messages = sceneMessages(scene);
  }

  #stage(stage: SessionStage): Promise<SessionView> {
    return Promise.resolve(session(stage, this.#scene));
  }

  async open(): ReturnType<Commands["open"]> {
    if (this.#scene === "broken") throw new CommandError("storage");
    const state: Connection["state"] = this.#scene === "offline" ? "offline" : "online";
    const connection = { state, since: at(0, 9, 42), clockOff: this.#scene === "clock", restored: null };
    const stage = STAGES[this.#scene] ?? "ready";
    return {
      session: await this.#stage(stage),
      connection,
      conversations: stage === "ready" ? this.#list : [],
    };
  }

  async signIn({ password }: { password: string }): Promise<SessionView> {
    if (password === "faux") throw new CommandError("bad_credentials");
    if (password === "trop") throw new CommandError("throttled", 240);
    return this.#stage("second_factor");
  }

  async secondFactor(proof: Proof): Promise<SessionView> {
    if ("code" in proof && proof.code === "000000") throw new CommandError("bad_code");
    return this.#ready();
  }

  async #ready(): Promise<SessionView> {
    this.#tell({ type: "session", session: session("ready", this.#scene) });
    this.#tell({ type: "conversations", conversations: this.#list });
    return this.#stage("ready");
  }

  printedCode = (): Promise<SessionView> => this.#ready();
  unlock = (proof: Proof): Promise<SessionView> => this.secondFactor(proof);
  async freshFactor(proof: Proof): Promise<void> {
    await this.secondFactor(proof);
  }
  askPasskey = (): Promise<PasskeyQuestion> => Promise.resolve(passkeyQuestion());
  beginPasskey = (): Promise<PasskeyOffer> => Promise.resolve(passkeyOffer());
  confirmPasskey = (): Promise<readonly string[]> => Promise.resolve(PRINTED);
  factors = (): Promise<FactorsView> => Promise.resolve(ownFactors());
  renewPrintedCodes = (): Promise<readonly string[]> => Promise.resolve(PRINTED);
  removeFactor = (): Promise<FactorsView> => Promise.resolve(ownFactors());
  signOut = (): Promise<SessionView> => this.#stage("signed_out");
  sessions = (): Promise<readonly OwnSessionView[]> => Promise.resolve(ownSessions());
  endSession = (): Promise<void> => Promise.resolve();
  endOtherSessions = (): Promise<void> => Promise.resolve();
  forgotPassword = (): Promise<void> => Promise.resolve();
  resetPassword = (): Promise<SessionView> => this.#stage("signed_out");

  async lookInvitation({ token }: { token: string }): ReturnType<Commands["lookInvitation"]> {
    if (token === "expired") throw new CommandError("link_invalid");
    const { given, family, profession } = me;
    return {
      organisation: "MSP des Tilleuls",
      email: "ines.factice@msp-tilleuls.example",
      given,
      family,
      profession,
    };
  }

  async acceptInvitation({ password }: { password: string }): Promise<SessionView> {
    if (password.length < 12) throw new CommandError("weak_password");
    return this.#stage("enrol_factor");
  }

  beginTotp = (): ReturnType<Commands["beginTotp"]> =>
    Promise.resolve({
      uri: "otpauth://totp/Colloque:ines?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Colloque",
      secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    });

  async confirmTotp({ code }: { code: string }): Promise<readonly string[]> {
    if (code === "000000") throw new CommandError("bad_code");
    return PRINTED;
  }

  factorDone = (): Promise<SessionView> => this.#stage("first_steps");
  prepareKeys = (): Promise<readonly string[]> => Promise.resolve(GROUPS);

  async finishKeys({ answers }: { answers: Readonly<Record<number, string>> }): Promise<SessionView> {
    const right = Object.entries(answers).every(([n, group]) => GROUPS[Number(n) - 1] === group);
    if (!right) throw new CommandError("bad_recovery_code");
    return this.#ready();
  }

  async recover({ code }: { code: string }): Promise<SessionView> {
    if (code !== GROUPS.join("")) throw new CommandError("bad_recovery_code");
    return this.#ready();
  }

  async findPeople({ query }: { query: string }): ReturnType<Commands["findPeople"]> {
    const wanted = query.toLowerCase();
    return everyone.filter((one) =>
      `${one.given} ${one.family} ${one.profession} ${one.place}`.toLowerCase().includes(wanted),
    );
  }

  async openDirect({ person }: { person: string }): Promise<string> {
    const known = this.#direct(person);
    if (known !== null) return known.id;
    const peer = everyone.find((one) => one.id === person);
    if (peer === undefined) throw new CommandError("not_found");
    const made = conversation(peer, { head: 0 });
    this.#change(made);
    return made.id;
  }

  async page({
    conversation: id,
    before,
    limit,
  }: Parameters<Commands["page"]>[0]): ReturnType<Commands["page"]> {
    if (this.#scene === "failing") throw new CommandError("storage");
    if (this.#scene === "slow") await new Promise((resolve) => setTimeout(resolve, 60_000));
    if (id === "fil-equipe") return { conversation: id, messages: teamTalk(), more: false };
    if (id !== "fil-02") return { conversation: id, messages: [], more: false };
    const older = this.#messages.filter(
      (message) => before === null || (message.seq !== null && message.seq < before),
    );
    const messages = older.slice(-(this.#scene === "big" && before !== null ? 2000 : limit));
    return { conversation: id, messages, more: messages.length < older.length };
  }

  look = (): Promise<void> => Promise.resolve();

  async send({ conversation: id, text, quote }: Parameters<Commands["send"]>[0]): Promise<string> {
    const key = `s${Date.now().toString()}`;
    const answered = this.#messages.find((message) => message.key === quote) ?? null;
    const message = { ...from(me, 0, Math.floor(Date.now() / 1000), text, answered), key };
    this.#show(id, { ...message, seq: null, state: "queued" });
    const seq = Math.max(...this.#messages.map((one) => one.seq ?? 0)) + 1;
    setTimeout(() => this.#show(id, { ...message, seq, state: "sent" }), 400);
    setTimeout(() => this.#show(id, { ...message, seq, state: "arrived" }), 1200);
    setTimeout(() => this.#show(id, { ...message, seq, state: "read" }), 3000);
    if (text.startsWith("?"))
      setTimeout(() => this.#show(id, from(anneLise, seq + 1, Math.floor(Date.now() / 1000), "Oui.")), 1500);
    return key;
  }

  async cancel({ conversation: id, key }: { conversation: string; key: string }): Promise<string> {
    const message = this.#messages.find((one) => one.key === key);
    this.#messages = this.#messages.filter((one) => one.key !== key);
    this.#tell({ type: "messages", conversation: id, messages: [], removed: [key] });
    const here = this.#list.find((one) => one.id === id);
    if (here !== undefined) this.#change({ ...here, queued: 0 });
    return message?.body.kind === "text" ? message.body.text : "";
  }

  async markRead({ conversation: id }: { conversation: string; seq: number }): Promise<void> {
    const here = this.#list.find((one) => one.id === id);
    if (here !== undefined) this.#change({ ...here, unread: 0, firstUnread: null });
  }

  saveDraft = (): Promise<void> => Promise.resolve();
  compareCode = (): Promise<readonly string[]> =>
    Promise.resolve(
      Array.from({ length: 12 }, (_, index) => String((index * 7919 + 10_243) % 100_000).padStart(5, "0")),
    );

  async markVerified({ person, verified }: { person: string; verified: boolean }): Promise<void> {
    const here = this.#direct(person);
    if (here !== null)
      this.#change({ ...here, peer: { ...here.peer, trust: verified ? "verified" : "unverified" } });
  }

  async acknowledge({ conversation: id }: { conversation: string }): Promise<void> {
    const here = this.#list.find((one) => one.id === id);
    if (here !== undefined) this.#change({ ...here, alarm: null });
  }

  async createTeam({ title, members }: Parameters<Commands["createTeam"]>[0]): Promise<string> {
    const own: MemberView = { ...row(me, "coordinator"), by: me.id };
    const made = team({
      id: `fil-${title.length.toString()}`,
      title,
      members: [own, ...rows(members)],
      preview: null,
    });
    this.#change(made);
    return made.id;
  }

  async changeTeam(change: Parameters<Commands["changeTeam"]>[0]): Promise<void> {
    const here = this.#team(change.conversation);
    const roles = new Map(change.roles.map(({ person, role }) => [person, role]));
    const stay = here.members
      .filter(({ person }) => !change.remove.includes(person.id))
      .map((one) => ({
        ...one,
        role: roles.get(one.person.id) ?? one.role,
        paused: one.paused && !change.resume.includes(one.person.id),
      }));
    this.#change({ ...here, members: [...stay, ...rows(change.add)] });
  }

  async takeRole({ conversation: id }: { conversation: string }): Promise<void> {
    this.#change({ ...this.#team(id), role: "coordinator", orphaned: false });
  }

  async setTitle({ conversation: id, title }: { conversation: string; title: string }): Promise<void> {
    this.#change({ ...this.#team(id), title });
  }

  async leaveTeam({ conversation: id }: { conversation: string }): Promise<void> {
    this.#change({ ...this.#team(id), gone: true });
  }

  async mute({ conversation: id, muted }: { conversation: string; muted: boolean }): Promise<void> {
    const here = this.#list.find((one) => one.id === id);
    if (here !== undefined) this.#change({ ...here, muted });
  }

  edit = (): Promise<void> => Promise.resolve();
  retract = (): Promise<string> => Promise.resolve("");
  react = (): Promise<void> => Promise.resolve();
  typing = (): Promise<void> => Promise.resolve();
  setPresence = (): Promise<void> => Promise.resolve();

  async receipts(): ReturnType<Commands["receipts"]> {
    return [
      { person: anneLise, arrived: at(0, 9, 6), readable: at(0, 9, 6), read: at(0, 9, 12) },
      { person: gaetan, arrived: at(0, 9, 6), readable: at(0, 9, 6), read: at(0, 9, 40) },
      { person: zoe, arrived: at(0, 9, 7), readable: at(0, 9, 7), read: null },
      { person: loic, arrived: null, readable: null, read: null },
    ];
  }

  #direct(person: string): DirectView | null {
    return (
      this.#list.find((one): one is DirectView => one.kind === "direct" && one.peer.id === person) ?? null
    );
  }

  #team(id: string): TeamView {
    const found = this.#list.find((one): one is TeamView => one.kind === "team" && one.id === id);
    if (found === undefined) throw new CommandError("not_found");
    return found;
  }

  #change(changed: ConversationView): void {
    this.#list = [changed, ...this.#list.filter((one) => one.id !== changed.id)];
    this.#tell({ type: "conversations", conversations: [changed] });
  }

  offerPairing: Commands["offerPairing"] = () =>
    Promise.resolve({ groups: ["0F3K", "9TQW", "M2XB", "7HD4"], until: 0 });
  followPairing: Commands["followPairing"] = () => Promise.resolve("waiting");
  dropPairing: Commands["dropPairing"] = () => Promise.resolve();
  takePairing: Commands["takePairing"] = () =>
    Promise.resolve({ browser: "firefox", platform: "windows", at: 0 });
  confirmPairing: Commands["confirmPairing"] = () => this.devices();
  devices: Commands["devices"] = () => Promise.resolve({ devices: [], notices: [] });
  revokeDevice: Commands["revokeDevice"] = () => this.devices();
  prepareCode: Commands["prepareCode"] = () => this.prepareKeys();
  finishCode: Commands["finishCode"] = () => this.devices();
  keepCode: Commands["keepCode"] = () => this.devices();
  seenDevices: Commands["seenDevices"] = () => Promise.resolve();
  countReadable: Commands["countReadable"] = () => Promise.resolve(1284);
  beginAnew: Commands["beginAnew"] = () => this.factorDone();

  #show(id: string, message: MessageView): void {
    this.#messages = [...this.#messages.filter((one) => one.key !== message.key), message];
    this.#tell({ type: "messages", conversation: id, messages: [message], removed: [] });
  }
}

export function stage(search: URLSearchParams): Connect {
  return (tell) => new Script(search.get("scene") ?? "home", tell);
}
