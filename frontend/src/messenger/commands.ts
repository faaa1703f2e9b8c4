import type {
  ConversationView,
  Connection,
  DevicesView,
  FactorsView,
  Invitation,
  OwnSessionView,
  Page,
  PairingOfferView,
  PairingStep,
  PairingView,
  PersonView,
  ReceiptView,
  Role,
  SessionView,
  Sign,
} from "../store/model";

/** Codes a command may fail with; the catalogue has a sentence for each. */
export type Failure =
  | "bad_credentials"
  | "bad_code"
  | "bad_passkey" // the host does not accept what a device or key signed
  | "passkey_dropped" // the browser's own window was closed, or the time ran out
  | "passkey_known" // this device or key is one of the person's already
  | "passkey_unusable" // this browser or device cannot
  | "fresh_factor_needed"
  | "last_factor" // one factor must stay
  | "too_many_factors"
  | "throttled"
  | "pairing_over" // the code for adding a browser is used, expired or given up
  | "paper_protected" // the code de secours has the last word; it can be removed slowly
  | "link_invalid" // invitation or reset link: used, expired or unknown
  | "weak_password"
  | "bad_recovery_code" // checksum or group wrong, or not this person's
  | "not_allowed"
  | "not_found"
  | "too_long"
  | "too_many" // a team has at most 200 persons
  | "last_coordinator" // somebody else must coordinate first
  | "blocked" // the conversation has a blocking alarm
  | "copied" // another copy of this browser's profile signs too: this one signs nothing more
  | "offline"
  | "unavailable" // the host answered that it cannot now
  | "restoring" // the host was restored from a backup: nothing new before what it lost is back
  | "storage" // the browser refused to store
  | "outdated"
  | "bug";

export class CommandError extends Error {
  readonly code: Failure;
  readonly retryAfter: number | null;
  constructor(code: Failure, retryAfter: number | null = null) {
    super(code);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** What shows that it is the person: a code of their application, or what a passkey signed. */
export type Proof = { readonly code: string } | { readonly passkey: PasskeyAnswer };
export type KnownPasskey = { readonly id: Uint8Array; readonly transports: readonly string[] };
export type PasskeyQuestion = {
  readonly challenge: Uint8Array;
  readonly host: string;
  readonly seconds: number;
  readonly known: readonly KnownPasskey[];
};
export type PasskeyOffer = PasskeyQuestion & {
  readonly user: Uint8Array;
  readonly name: string;
  readonly displayName: string;
  readonly algorithms: readonly number[];
};
export type PasskeyAnswer = {
  readonly id: Uint8Array;
  readonly clientData: Uint8Array;
  readonly authenticatorData: Uint8Array;
  readonly signature: Uint8Array;
};
export type NewPasskey = {
  readonly id: Uint8Array;
  readonly clientData: Uint8Array;
  readonly attestation: Uint8Array;
  readonly transports: readonly string[];
};
export type TotpOffer = { readonly uri: string; readonly secret: string }; // otpauth:// for the QR, base32 for typing

/** Everything the screens may ask of the engine. Each rejects with CommandError only. */
export interface Commands {
  /** First answer for a new tab: enough for the first screen. */
  open(): Promise<{
    session: SessionView;
    connection: Connection;
    conversations: readonly ConversationView[];
  }>;

  signIn(input: { email: string; password: string; shared: boolean }): Promise<SessionView>;
  secondFactor(input: Proof): Promise<SessionView>;
  printedCode(input: { code: string }): Promise<SessionView>;
  unlock(input: Proof): Promise<SessionView>;
  /** After a command rejected `fresh_factor_needed`: it may be tried again. */
  freshFactor(input: Proof): Promise<void>;
  /** What a tab must know to ask the browser for one of the person's passkeys. */
  askPasskey(): Promise<PasskeyQuestion>;
  signOut(): Promise<SessionView>;
  /** Where this person is signed in: here first, then the last used. */
  sessions(): Promise<readonly OwnSessionView[]>;
  /** Rejects `not_found` for one that is over already. */
  endSession(input: { id: string }): Promise<void>;
  endOtherSessions(): Promise<void>;
  forgotPassword(input: { email: string }): Promise<void>;
  resetPassword(input: { token: string; password: string }): Promise<SessionView>;
  lookInvitation(input: { token: string }): Promise<Invitation>;
  acceptInvitation(input: { token: string; password: string }): Promise<SessionView>;
  beginTotp(): Promise<TotpOffer>;
  /** Returns the printed one-time codes, shown once. */
  confirmTotp(input: { code: string }): Promise<readonly string[]>;
  beginPasskey(): Promise<PasskeyOffer>;
  /** Returns the printed one-time codes, shown once; none if the person has some left. */
  confirmPasskey(input: NewPasskey): Promise<readonly string[]>;
  factors(): Promise<FactorsView>;
  removeFactor(input: { factor: string }): Promise<FactorsView>;
  /** A new sheet of printed codes; the earlier one is void. */
  renewPrintedCodes(): Promise<readonly string[]>;
  /** Leaves the printed codes' page: moves from `enrol_factor` on. */
  factorDone(): Promise<SessionView>;

  /** Makes keys in memory and returns the code de secours: nine groups of four. Nothing leaves yet. */
  prepareKeys(): Promise<readonly string[]>;
  /** Checks the groups asked for (1-based), then publishes the keys. Rejects `bad_recovery_code`. */
  finishKeys(input: { answers: Readonly<Record<number, string>> }): Promise<SessionView>;
  /** Adds this browser by the code de secours; `alone` puts out all others (lost or stolen). */
  recover(input: { code: string; alone?: boolean }): Promise<SessionView>;
  /** Of a browser that is no device yet: a code to type on another. */
  offerPairing(): Promise<PairingOfferView>;
  /** One step on; asked again and again while the code is on screen. */
  followPairing(): Promise<PairingStep>;
  /** On either side: the code is good no more. */
  dropPairing(): Promise<void>;
  /** On a device: what asks to be added under this code. Rejects `bad_code`, after which a new code is needed. */
  takePairing(input: { code: string }): Promise<PairingView>;
  /** The user has the device in hand. Rejects `fresh_factor_needed`. */
  confirmPairing(): Promise<DevicesView>;
  devices(): Promise<DevicesView>;
  /** Rejects `fresh_factor_needed`, and `paper_protected` for a code de secours whose time has not come. */
  revokeDevice(input: { device: string }): Promise<DevicesView>;
  /** A new code de secours in memory, as `prepareKeys`. */
  prepareCode(): Promise<readonly string[]>;
  /** With the old code it goes at once, without it after days (K19). */
  finishCode(input: { answers: Readonly<Record<number, string>>; old: string | null }): Promise<DevicesView>;
  /** Cancels a removal that somebody asked for. */
  keepCode(input: { device: string }): Promise<DevicesView>;
  /** The notices up to here were seen. */
  seenDevices(input: { n: number }): Promise<void>;
  /** How many messages open in this browser. */
  countReadable(): Promise<number>;
  /** K20: the organisation has opened a new start; what is kept here goes when the new keys are made. */
  beginAnew(): Promise<SessionView>;

  findPeople(input: { query: string }): Promise<readonly PersonView[]>;
  /** Finds or starts the direct conversation with this person; resolves to its id. */
  openDirect(input: { person: string }): Promise<string>;
  page(input: { conversation: string; before: number | null; limit: number }): Promise<Page>;
  /** Tells which conversation this tab shows (for markers and live order). */
  look(input: { conversation: string | null }): Promise<void>;
  /** Mentions are person ids. Resolves to the message's key. */
  send(input: {
    conversation: string;
    text: string;
    quote: string | null;
    mentions: readonly string[];
  }): Promise<string>;
  cancel(input: { conversation: string; key: string }): Promise<string>; // → its text, back to the composer
  markRead(input: { conversation: string; seq: number }): Promise<void>;
  saveDraft(input: { conversation: string; text: string }): Promise<void>;
  /** Twelve groups of five digits both people see alike; comparing them is optional. */
  compareCode(input: { person: string }): Promise<readonly string[]>;
  markVerified(input: { person: string; verified: boolean }): Promise<void>;
  /** "J'ai vu": lifts a blocking alarm where the protocol lets a person decide. */
  acknowledge(input: { conversation: string }): Promise<void>;

  /** Resolves to the conversation's id. */
  createTeam(input: {
    title: string;
    members: readonly { readonly person: string; readonly role: Role }[];
  }): Promise<string>;
  /** One signed change; whoever it names is named once. `last_coordinator` if nobody would coordinate. */
  changeTeam(input: {
    conversation: string;
    add: readonly { readonly person: string; readonly role: Role }[];
    remove: readonly string[];
    roles: readonly { readonly person: string; readonly role: Role }[];
    resume: readonly string[];
  }): Promise<void>;
  takeRole(input: { conversation: string }): Promise<void>;
  setTitle(input: { conversation: string; title: string }): Promise<void>;
  /** `last_coordinator` while others stay and nobody else coordinates. */
  leaveTeam(input: { conversation: string }): Promise<void>;
  edit(input: {
    conversation: string;
    key: string;
    text: string;
    mentions: readonly string[];
  }): Promise<void>;
  /** Takes an own message back, for all to see. Resolves to its text, for whoever wants to write it anew. */
  retract(input: { conversation: string; key: string }): Promise<string>;
  react(input: { conversation: string; key: string; sign: Sign | null }): Promise<void>;
  receipts(input: { conversation: string; key: string }): Promise<readonly ReceiptView[]>;
  mute(input: { conversation: string; muted: boolean }): Promise<void>;
  typing(input: { conversation: string; on: boolean }): Promise<void>;
  setPresence(input: { on: boolean }): Promise<void>;
}
