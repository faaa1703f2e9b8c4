import type { Answers, RefusalCode } from "../protocol";
import { decodeAnswer, ACCOUNT_CODES, KEY_LOG_CODES, LOG_CODES } from "../protocol";
import type * as body from "../protocol";
import type { Timers } from "./timers";
import { within } from "./timers";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The host answered, and said no. */
export class HostRefused extends Error {
  readonly code: RefusalCode;
  readonly retryAfter: number | null;
  /** The conversation that stands in the way (`exists`). */
  readonly conversation: string | null;
  constructor(code: RefusalCode, retryAfter: number | null = null, conversation: string | null = null) {
    super(code);
    this.name = "HostRefused";
    this.code = code;
    this.retryAfter = retryAfter;
    this.conversation = conversation;
  }
}

/** No answer, or none that the protocol knows. Trying again later may help. */
export class HostSilent extends Error {
  constructor() {
    super("silent");
    this.name = "HostSilent";
  }
}

const CODES: ReadonlySet<string> = new Set([...ACCOUNT_CODES, ...KEY_LOG_CODES, ...LOG_CODES]);
const isCode = (code: string): code is RefusalCode => CODES.has(code);
const PATIENCE = 20_000;

type Asking<Name extends keyof Answers> = {
  readonly path: string;
  readonly answer: Name;
  readonly body?: object;
};

/** Every HTTP route of the host, typed both ways; nothing of an answer is used before it was decoded. */
export class Api {
  readonly #origin: string;
  readonly #fetch: Fetch;
  readonly #timers: Timers;

  constructor(origin: string, fetch: Fetch, timers: Timers) {
    this.#origin = origin;
    this.#fetch = fetch;
    this.#timers = timers;
  }

  readonly session = () => this.#get({ path: "/api/session", answer: "SessionState" });
  readonly signIn = (sent: body.SignIn) =>
    this.#post({ path: "/api/sign-in", answer: "SessionState", body: sent });
  readonly signInCode = (sent: body.Code) =>
    this.#post({ path: "/api/sign-in/code", answer: "SessionState", body: sent });
  readonly signInPrinted = (sent: body.PrintedCode) =>
    this.#post({ path: "/api/sign-in/printed", answer: "SessionState", body: sent });
  readonly unlock = (sent: body.Code) =>
    this.#post({ path: "/api/unlock", answer: "SessionState", body: sent });
  readonly askPasskey = () => this.#post({ path: "/api/passkey/ask", answer: "PasskeyQuestion" });
  readonly signInPasskey = (sent: body.PasskeyAnswer) =>
    this.#post({ path: "/api/sign-in/passkey", answer: "SessionState", body: sent });
  readonly unlockPasskey = (sent: body.PasskeyAnswer) =>
    this.#post({ path: "/api/unlock/passkey", answer: "SessionState", body: sent });
  readonly freshCode = (sent: body.Code) =>
    this.#post({ path: "/api/factor/fresh", answer: "Done", body: sent });
  readonly freshPasskey = (sent: body.PasskeyAnswer) =>
    this.#post({ path: "/api/factor/fresh/passkey", answer: "Done", body: sent });
  readonly signOut = () => this.#post({ path: "/api/sign-out", answer: "SessionState" });
  readonly sessions = () => this.#get({ path: "/api/sessions", answer: "Sessions" });
  readonly endSession = (sent: body.EndSession) =>
    this.#post({ path: "/api/sessions/end", answer: "Done", body: sent });
  readonly endOtherSessions = () => this.#post({ path: "/api/sessions/end-others", answer: "Done" });
  readonly beginTotp = () => this.#post({ path: "/api/factor/totp/begin", answer: "TotpOffer" });
  readonly confirmTotp = (sent: body.Code) =>
    this.#post({ path: "/api/factor/totp/confirm", answer: "PrintedCodes", body: sent });
  readonly beginPasskey = () => this.#post({ path: "/api/factor/passkey/begin", answer: "PasskeyOffer" });
  readonly confirmPasskey = (sent: body.NewPasskey) =>
    this.#post({ path: "/api/factor/passkey/confirm", answer: "PrintedCodes", body: sent });
  readonly factors = () => this.#get({ path: "/api/factors", answer: "Factors" });
  readonly renewPrinted = () => this.#post({ path: "/api/factor/printed/renew", answer: "PrintedCodes" });
  readonly removeFactor = (sent: body.RemoveFactor) =>
    this.#post({ path: "/api/factor/remove", answer: "Done", body: sent });
  readonly lookInvitation = (sent: body.LookAtInvitation) =>
    this.#post({ path: "/api/invitation/look", answer: "Invitation", body: sent });
  readonly acceptInvitation = (sent: body.AcceptInvitation) =>
    this.#post({ path: "/api/invitation/accept", answer: "SessionState", body: sent });
  readonly forgotPassword = (sent: body.ForgotPassword) =>
    this.#post({ path: "/api/password/forgot", answer: "Done", body: sent });
  readonly resetPassword = (sent: body.ResetPassword) =>
    this.#post({ path: "/api/password/reset", answer: "SessionState", body: sent });

  readonly people = (query: string) =>
    this.#get({ path: `/api/people?q=${encodeURIComponent(query)}`, answer: "People" });
  readonly person = (id: string) =>
    this.#get({ path: `/api/people/${encodeURIComponent(id)}`, answer: "Person" });

  readonly makeVault = (sent: body.MakeVault) =>
    this.#post({ path: "/api/vault/make", answer: "Half", body: sent });
  readonly openVault = (sent: body.OpenVault) =>
    this.#post({ path: "/api/vault/open", answer: "OpenedVault", body: sent });
  readonly challenge = () => this.#post({ path: "/api/session/challenge", answer: "Challenge" });
  readonly bindDevice = (sent: body.BindDevice) =>
    this.#post({ path: "/api/session/device", answer: "SessionState", body: sent });

  readonly startKeys = (sent: body.StartKeys) =>
    this.#post({ path: "/api/keys/start", answer: "KeysStarted", body: sent });
  readonly appendKeys = (sent: body.AppendKeys) =>
    this.#post({ path: "/api/keys/append", answer: "KeysAppended", body: sent });
  readonly giveBackKeys = (sent: body.GiveBackKeys) =>
    this.#post({ path: "/api/restoring/keys", answer: "KeysAppended", body: sent });
  readonly keyLog = (chain: string, after: number) =>
    this.#get({ path: `/api/keys/log?chain=${chain}&after=${String(after)}`, answer: "KeyLog" });
  readonly ownKeys = (after: number) =>
    this.#get({ path: `/api/keys/mine?after=${String(after)}`, answer: "OwnKeys" });

  readonly devices = () => this.#get({ path: "/api/devices", answer: "Devices" });
  readonly offerPairing = (sent: body.OfferPairing) =>
    this.#post({ path: "/api/pairing/offer", answer: "PairingOffered", body: sent });
  readonly takePairing = () => this.#post({ path: "/api/pairing/take", answer: "PairingTaken" });
  readonly answerPairing = (sent: body.AnswerPairing) =>
    this.#post({ path: "/api/pairing/answer", answer: "Done", body: sent });
  readonly countersignPairing = (sent: body.CountersignPairing) =>
    this.#post({ path: "/api/pairing/countersign", answer: "Done", body: sent });
  readonly dropPairing = (sent: body.OnePairing) =>
    this.#post({ path: "/api/pairing/drop", answer: "Done", body: sent });
  readonly pairing = (pairing: string) =>
    this.#get({ path: `/api/pairing?pairing=${pairing}`, answer: "Pairing" });
  readonly removePaper = (sent: body.OneDevice) =>
    this.#post({ path: "/api/keys/paper/remove", answer: "Done", body: sent });
  readonly keepPaper = (sent: body.OneDevice) =>
    this.#post({ path: "/api/keys/paper/keep", answer: "Done", body: sent });

  readonly postEpoch = (sent: body.PostEpoch) =>
    this.#post({ path: "/api/epochs", answer: "EpochPosted", body: sent });
  readonly conversations = () => this.#get({ path: "/api/conversations", answer: "Conversations" });
  readonly entries = (conversation: string, after: number, limit: number) => {
    const query = `conversation=${conversation}&after=${String(after)}&limit=${String(limit)}`;
    return this.#get({ path: `/api/entries?${query}`, answer: "Entries" });
  };
  readonly giveBackEntries = (sent: body.GiveBackEntries) =>
    this.#post({ path: "/api/restoring/entries", answer: "EntriesTaken", body: sent });
  readonly figures = (sent: body.PutFigures) =>
    this.#post({ path: "/api/figures", answer: "Done", body: sent });
  readonly markers = (conversation: string) =>
    this.#get({ path: `/api/markers?conversation=${conversation}`, answer: "Markers" });

  #get<Name extends keyof Answers>(asking: Asking<Name>): Promise<Answers[Name]> {
    return this.#ask(asking, { method: "GET" });
  }

  #post<Name extends keyof Answers>(asking: Asking<Name>): Promise<Answers[Name]> {
    return this.#ask(asking, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(asking.body ?? {}),
    });
  }

  async #ask<Name extends keyof Answers>(asking: Asking<Name>, init: RequestInit): Promise<Answers[Name]> {
    const { ok, value } = await this.#exchange(asking.path, init);
    if (!ok) throw refusalOf(value);
    try {
      return decodeAnswer(asking.answer, value);
    } catch {
      throw new HostSilent();
    }
  }

  async #exchange(
    path: string,
    init: RequestInit,
  ): Promise<{ readonly ok: boolean; readonly value: unknown }> {
    const given = new AbortController();
    const exchange = async () => {
      const response = await this.#fetch(this.#origin + path, {
        ...init,
        signal: given.signal,
        credentials: "same-origin",
        cache: "no-store",
      });
      const value: unknown = await response.json();
      return { ok: response.ok, value };
    };
    try {
      return await within(this.#timers, PATIENCE, exchange());
    } catch {
      given.abort(); // a browser opens few lines to a host: one that is silent must not keep its own
      throw new HostSilent();
    }
  }
}

function refusalOf(value: unknown): HostRefused | HostSilent {
  try {
    const exists = readExists(value);
    if (exists !== null) return new HostRefused("exists", null, exists);
    const { code, retry_after } = decodeAnswer("Refusal", value);
    return isCode(code) ? new HostRefused(code, retry_after) : new HostSilent();
  } catch {
    return new HostSilent();
  }
}

function readExists(value: unknown): string | null {
  const isExists = typeof value === "object" && value !== null && "code" in value && value.code === "exists";
  return isExists ? decodeAnswer("Exists", value).conversation : null;
}
