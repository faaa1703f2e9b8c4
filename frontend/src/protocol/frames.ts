// Written by `manage.py export_protocol` from the protocol.py of accounts and messaging. Not edited by hand.
/* eslint max-lines: "off" */

export const SUBPROTOCOL = "colloque.1";
export const PROTOCOL = 1;
export const FRAME_BYTES = 65536;
export const BODY_BYTES = 65536;
export const KEYS_BODY_BYTES = 1048576;
export const EPOCH_BODY_BYTES = 1048576;
export const PAGE_BYTES = 1048576;
export const PAGE_ENTRIES = 500;
export const HELLO_HEADS = 1000;
export const BEAT_SECONDS = 25;
export const CREDIT_FRAMES = 64;
export const CREDIT_BYTES = 262144;
export const CLOSE = { bad_frames: 4400, signed_out: 4401, not_allowed: 4403, stalled: 4408, outdated: 4409, too_many: 4429, restarting: 1012 } as const;
/** Professions of health by their code: the kind of a roster's row (E22). */
export const HEALTH: readonly string[] = ["10", "21", "26", "28", "31", "32", "35", "36", "37", "38", "39", "40", "50", "60", "69", "70", "80", "81", "82", "83", "84", "85", "86", "91", "92", "94", "95", "96", "98"];

export const ACCOUNT_CODES = ["bad_request", "bad_origin", "too_long", "signed_out", "second_factor_needed", "locked", "fresh_factor_needed", "not_allowed", "not_found", "bad_credentials", "bad_code", "bad_passkey", "link_invalid", "weak_password", "throttled", "last_factor", "too_many_factors", "conflict", "unavailable", "outdated", "method_not_allowed", "restoring"] as const;
export const KEY_LOG_CODES = ["malformed", "newer_version", "bad_signature", "bad_key", "bad_chain", "bad_device", "bad_wraps", "not_active", "bad_generation", "too_many", "paper_protected"] as const;
export const LOG_CODES = ["malformed", "newer_version", "wrong_conversation", "past_epoch", "not_a_member", "unknown_device", "bad_signature", "forked", "replayed", "duplicate", "bad_roster", "not_allowed", "unknown_kind", "epoch_stale", "head_stale", "bad_wraps", "exists", "bad_marker", "bad_frame", "throttled"] as const;
export type RefusalCode = (typeof ACCOUNT_CODES)[number] | (typeof KEY_LOG_CODES)[number] | (typeof LOG_CODES)[number];

export type Nothing = Record<string, never>;
export type SignIn = { readonly email: string; readonly password: string; readonly shared: boolean };
export type Code = { readonly code: string };
export type PrintedCode = { readonly code: string };
export type LookAtInvitation = { readonly token: string };
export type AcceptInvitation = { readonly token: string; readonly password: string };
export type ForgotPassword = { readonly email: string };
export type ResetPassword = { readonly token: string; readonly password: string };
export type PasskeyAnswer = { readonly id: string; readonly client_data: string; readonly authenticator_data: string; readonly signature: string };
export type NewPasskey = { readonly id: string; readonly client_data: string; readonly attestation: string; readonly transports: readonly (string)[] };
export type RemoveFactor = { readonly factor: string };
export type FindPeople = { readonly q: string };
export type OnePerson = { readonly id: string };
export type MakeVault = { readonly vault: string; readonly device: string };
export type OpenVault = { readonly vault: string };
export type BindDevice = { readonly device: string; readonly signature: string };
export type EndSession = { readonly id: string };
export type Seed = { readonly device: string; readonly generation: number; readonly sealed: string };
export type StartKeys = { readonly statements: readonly (string)[]; readonly seeds: readonly (Seed)[]; readonly epoch: string; readonly wrap: string };
export type AppendKeys = { readonly statements: readonly (string)[]; readonly seeds: readonly (Seed)[]; readonly consent: string | null };
export type ReadKeyLog = { readonly chain: string; readonly after: number };
export type ReadOwnKeys = { readonly after: number };
export type GiveBackKeys = { readonly history: string; readonly chain: string; readonly after: number; readonly statements: readonly (string)[]; readonly seeds: readonly (Seed)[] };
export type OneDevice = { readonly device: string };
export type OfferedKeys = { readonly id: string; readonly sign: string; readonly unseal: string };
export type OfferPairing = { readonly device: OfferedKeys; readonly mac: string };
export type OnePairing = { readonly pairing: string };
export type AnswerPairing = { readonly pairing: string; readonly map: string; readonly sealed: string; readonly mac: string };
export type CountersignPairing = { readonly pairing: string; readonly countersign: string };
export type PostEpoch = { readonly conversation: string | null; readonly statement: string; readonly wraps: readonly (readonly [string, string])[] };
export type GivenBack = { readonly at: number; readonly entry: string; readonly wraps: readonly (readonly [string, string])[] };
export type GiveBackEntries = { readonly history: string; readonly conversation: string; readonly after: number; readonly entries: readonly (GivenBack)[] };
export type ReadConversations = Record<string, never>;
export type ReadEntries = { readonly conversation: string; readonly after: number; readonly limit: number };
export type ReadMarkers = { readonly conversation: string };
export type PutFigures = { readonly shown: number; readonly unreadable: readonly (readonly ["altered" | "malformed" | "newer_version" | "not_for_me" | "removed_by_host", number])[] };
export type KeyHead = { readonly n: number; readonly hash: string };
export type Person = { readonly id: string; readonly given: string; readonly family: string; readonly profession: string; readonly professional: boolean; readonly place: string; readonly rpps: string | null; readonly chain: string | null; readonly key_head: KeyHead | null };
export type Organisation = { readonly id: string; readonly name: string };
export type SessionState = { readonly stage: "enrol_factor" | "locked" | "second_factor" | "signed_in" | "signed_out"; readonly person: Person | null; readonly organisation: Organisation | null; readonly device: string | null; readonly factors: readonly ("passkey" | "totp")[]; readonly notice: string | null; readonly protocol: number; readonly now: number };
export type Invitation = { readonly organisation: string; readonly email: string; readonly given: string; readonly family: string; readonly profession: string };
export type TotpOffer = { readonly uri: string; readonly secret: string };
export type PrintedCodes = { readonly printed_codes: readonly (string)[] };
export type Done = Record<string, never>;
export type KnownPasskey = { readonly id: string; readonly transports: readonly (string)[] };
export type PasskeyQuestion = { readonly challenge: string; readonly host: string; readonly seconds: number; readonly known: readonly (KnownPasskey)[] };
export type PasskeyOffer = { readonly challenge: string; readonly host: string; readonly seconds: number; readonly known: readonly (KnownPasskey)[]; readonly user: string; readonly name: string; readonly display_name: string; readonly algorithms: readonly (number)[] };
export type Factor = { readonly id: string; readonly sort: "passkey" | "totp"; readonly added: number; readonly used: number | null; readonly browser: "chrome" | "edge" | "firefox" | "other" | "safari" | null; readonly platform: "android" | "ios" | "linux" | "macos" | "other" | "windows" | null };
export type Factors = { readonly factors: readonly (Factor)[]; readonly printed_left: number };
export type People = { readonly people: readonly (Person)[] };
export type Half = { readonly half: string };
export type OpenedVault = { readonly half: string; readonly device: string };
export type Challenge = { readonly challenge: string };
export type OneSession = { readonly id: string; readonly started: number; readonly used: number; readonly browser: "chrome" | "edge" | "firefox" | "other" | "safari"; readonly platform: "android" | "ios" | "linux" | "macos" | "other" | "windows"; readonly here: boolean; readonly device: string | null };
export type Sessions = { readonly sessions: readonly (OneSession)[] };
export type KeysStarted = { readonly chain: string; readonly conversation: string };
export type KeysAppended = { readonly head: KeyHead };
export type KeyLog = { readonly statements: readonly (string)[]; readonly head: KeyHead };
export type OwnSeed = { readonly device: string; readonly generation: number; readonly sealed: string };
export type OwnKeys = { readonly chain: string | null; readonly statements: readonly (string)[]; readonly head: KeyHead | null; readonly seeds: readonly (OwnSeed)[] };
export type OneDeviceUse = { readonly device: string; readonly added_at: number; readonly last_used: number | null; readonly browser: "chrome" | "edge" | "firefox" | "other" | "safari" | null; readonly platform: "android" | "ios" | "linux" | "macos" | "other" | "windows" | null };
export type Removal = { readonly device: string; readonly due: number };
export type Devices = { readonly devices: readonly (OneDeviceUse)[]; readonly removals: readonly (Removal)[] };
export type ShownKeys = { readonly id: string; readonly sign: string; readonly unseal: string };
export type PairingOffered = { readonly pairing: string; readonly until: number };
export type PairingTaken = { readonly pairing: string; readonly device: ShownKeys; readonly mac: string; readonly browser: "chrome" | "edge" | "firefox" | "other" | "safari"; readonly platform: "android" | "ios" | "linux" | "macos" | "other" | "windows"; readonly at: number };
export type Pairing = { readonly state: "answered" | "countersigned" | "open" | "over" | "taken"; readonly map: string | null; readonly sealed: string | null; readonly mac: string | null; readonly device: string | null; readonly countersign: string | null };
export type Refusal = { readonly code: string; readonly retry_after: number | null };
export type History = { readonly id: string; readonly restored: number | null; readonly until: number | null };
export type EpochPosted = { readonly conversation: string; readonly seq: number; readonly at: number };
export type EntriesTaken = { readonly head: number; readonly hash: string };
export type Exists = { readonly code: "exists"; readonly retry_after: null; readonly conversation: string };
export type Member = { readonly id: string; readonly chain: string };
export type Conversation = { readonly id: string; readonly kind: "direct" | "self" | "team"; readonly head: number; readonly hash: string; readonly start: readonly [number, string]; readonly until: number | null; readonly persons: readonly (Member)[] };
export type Conversations = { readonly now: number; readonly conversations: readonly (Conversation)[] };
export type EntryRow = { readonly seq: number; readonly at: number; readonly entry: string | null; readonly stub: string | null; readonly wrap: string | null };
export type Entries = { readonly entries: readonly (EntryRow)[]; readonly head: number; readonly hash: string };
export type Markers = { readonly markers: readonly (string)[] };
export type Hello = { readonly type: "hello"; readonly protocol: number; readonly heads: readonly (readonly [string, number])[] };
export type Append = { readonly type: "append"; readonly ref: number; readonly conversation: string; readonly entry: string };
export type Cursor = { readonly type: "cursor"; readonly conversation: string; readonly seq: number };
export type Beat = { readonly type: "beat"; readonly ref: number };
export type PutMarker = { readonly type: "marker"; readonly ref: number; readonly marker: string };
export type Look = { readonly type: "look"; readonly conversation: string | null };
export type Whisper = { readonly type: "whisper"; readonly conversation: string; readonly word: "stopped" | "typing" };
export type Present = { readonly type: "present"; readonly on: boolean };
export type Welcome = { readonly type: "welcome"; readonly now: number; readonly history: History; readonly heads: readonly (readonly [string, number, string])[] };
export type Appended = { readonly type: "appended"; readonly ref: number; readonly conversation: string; readonly seq: number; readonly at: number };
export type RefusedFrame = { readonly type: "refused"; readonly ref: number | null; readonly code: string; readonly retry_after: number | null };
export type EntryFrame = { readonly type: "entry"; readonly conversation: string; readonly seq: number; readonly at: number; readonly entry: string };
export type Behind = { readonly type: "behind"; readonly conversation: string; readonly head: number; readonly hash: string };
export type Gone = { readonly type: "gone"; readonly conversation: string };
export type Heads = { readonly type: "heads"; readonly ref: number; readonly now: number; readonly heads: readonly (readonly [string, number, string])[] };
export type Marked = { readonly type: "marked"; readonly ref: number };
export type MarkersFrame = { readonly type: "markers"; readonly conversation: string; readonly markers: readonly (string)[] };
export type WhisperFrame = { readonly type: "whisper"; readonly conversation: string; readonly person: string; readonly word: "stopped" | "typing" };
export type Presence = { readonly type: "presence"; readonly conversation: string; readonly persons: readonly (string)[] };
export type PersonFrame = { readonly type: "person"; readonly person: string; readonly chain: string; readonly head: KeyHead };
export type FromClient = Hello | Append | Cursor | Beat | PutMarker | Look | Whisper | Present;
export type FromServer = Welcome | Appended | RefusedFrame | EntryFrame | Behind | Gone | Heads | Marked | MarkersFrame | WhisperFrame | Presence | PersonFrame;
/** What each HTTP route answers, by name. */
export type Answers = { KeyHead: KeyHead; Person: Person; Organisation: Organisation; SessionState: SessionState; Invitation: Invitation; TotpOffer: TotpOffer; PrintedCodes: PrintedCodes; Done: Done; KnownPasskey: KnownPasskey; PasskeyQuestion: PasskeyQuestion; PasskeyOffer: PasskeyOffer; Factor: Factor; Factors: Factors; People: People; Half: Half; OpenedVault: OpenedVault; Challenge: Challenge; OneSession: OneSession; Sessions: Sessions; KeysStarted: KeysStarted; KeysAppended: KeysAppended; KeyLog: KeyLog; OwnSeed: OwnSeed; OwnKeys: OwnKeys; OneDeviceUse: OneDeviceUse; Removal: Removal; Devices: Devices; ShownKeys: ShownKeys; PairingOffered: PairingOffered; PairingTaken: PairingTaken; Pairing: Pairing; Refusal: Refusal; History: History; EpochPosted: EpochPosted; EntriesTaken: EntriesTaken; Exists: Exists; Member: Member; Conversation: Conversation; Conversations: Conversations; EntryRow: EntryRow; Entries: Entries; Markers: Markers };

/** What a value must be: read by check.ts, which refuses everything else. */
export type Shape =
  | { readonly is: "int"; readonly min: number; readonly max: number }
  | { readonly is: "text"; readonly min: number; readonly max: number; readonly pattern: string | null }
  | { readonly is: "flag" | "null" }
  | { readonly is: "one"; readonly of: readonly string[] }
  | { readonly is: "list"; readonly of: Shape; readonly min: number; readonly max: number }
  | { readonly is: "row"; readonly of: readonly Shape[] }
  | { readonly is: "either"; readonly of: readonly Shape[] }
  | { readonly is: "table"; readonly of: Shape }
  | { readonly is: "fields"; readonly name: string };
export type Fields = Readonly<Record<string, Shape>>;

export const SHAPES: Readonly<Record<string, Fields>> = {
  Nothing: {},
  SignIn: {"email": {"is": "text", "min": 1, "max": 254, "pattern": null}, "password": {"is": "text", "min": 1, "max": 256, "pattern": null}, "shared": {"is": "flag"}},
  Code: {"code": {"is": "text", "min": 1, "max": 16, "pattern": null}},
  PrintedCode: {"code": {"is": "text", "min": 1, "max": 64, "pattern": null}},
  LookAtInvitation: {"token": {"is": "text", "min": 1, "max": 64, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}},
  AcceptInvitation: {"token": {"is": "text", "min": 1, "max": 64, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "password": {"is": "text", "min": 1, "max": 256, "pattern": null}},
  ForgotPassword: {"email": {"is": "text", "min": 1, "max": 254, "pattern": null}},
  ResetPassword: {"token": {"is": "text", "min": 1, "max": 64, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "password": {"is": "text", "min": 1, "max": 256, "pattern": null}},
  PasskeyAnswer: {"id": {"is": "text", "min": 1, "max": 1364, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "client_data": {"is": "text", "min": 1, "max": 16384, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "authenticator_data": {"is": "text", "min": 1, "max": 16384, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "signature": {"is": "text", "min": 1, "max": 16384, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}},
  NewPasskey: {"id": {"is": "text", "min": 1, "max": 1364, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "client_data": {"is": "text", "min": 1, "max": 16384, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "attestation": {"is": "text", "min": 1, "max": 16384, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "transports": {"is": "list", "of": {"is": "text", "min": 1, "max": 16, "pattern": null}, "min": 0, "max": 8}},
  RemoveFactor: {"factor": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^(totp|[0-9a-f]{64})(?![\\s\\S])"}},
  FindPeople: {"q": {"is": "text", "min": 0, "max": 100, "pattern": "^[^\\x00]*(?![\\s\\S])"}},
  OnePerson: {"id": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[0-9a-f]{32}(?![\\s\\S])"}},
  MakeVault: {"vault": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{22}(?![\\s\\S])"}, "device": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}},
  OpenVault: {"vault": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{22}(?![\\s\\S])"}},
  BindDevice: {"device": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, "signature": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{86}(?![\\s\\S])"}},
  EndSession: {"id": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[0-9a-f]{32}(?![\\s\\S])"}},
  Seed: {"device": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, "generation": {"is": "int", "min": 0, "max": 9007199254740991}, "sealed": {"is": "text", "min": 1, "max": 4096, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}},
  StartKeys: {"statements": {"is": "list", "of": {"is": "text", "min": 1, "max": 21848, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "min": 3, "max": 3}, "seeds": {"is": "list", "of": {"is": "fields", "name": "Seed"}, "min": 2, "max": 2}, "epoch": {"is": "text", "min": 1, "max": 400000, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "wrap": {"is": "text", "min": 1, "max": 4096, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}},
  AppendKeys: {"statements": {"is": "list", "of": {"is": "text", "min": 1, "max": 21848, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "min": 1, "max": 17}, "seeds": {"is": "list", "of": {"is": "fields", "name": "Seed"}, "min": 0, "max": 160}, "consent": {"is": "either", "of": [{"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{86}(?![\\s\\S])"}, {"is": "null"}]}},
  ReadKeyLog: {"chain": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, "after": {"is": "int", "min": -1, "max": 9007199254740991}},
  ReadOwnKeys: {"after": {"is": "int", "min": -1, "max": 9007199254740991}},
  GiveBackKeys: {"history": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{22}(?![\\s\\S])"}, "chain": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, "after": {"is": "int", "min": -1, "max": 9007199254740991}, "statements": {"is": "list", "of": {"is": "text", "min": 1, "max": 21848, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "min": 1, "max": 200}, "seeds": {"is": "list", "of": {"is": "fields", "name": "Seed"}, "min": 0, "max": 200}},
  OneDevice: {"device": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}},
  OfferedKeys: {"id": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, "sign": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, "unseal": {"is": "text", "min": 1622, "max": 1622, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}},
  OfferPairing: {"device": {"is": "fields", "name": "OfferedKeys"}, "mac": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}},
  OnePairing: {"pairing": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[0-9a-f]{32}(?![\\s\\S])"}},
  AnswerPairing: {"pairing": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[0-9a-f]{32}(?![\\s\\S])"}, "map": {"is": "text", "min": 1, "max": 21848, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "sealed": {"is": "text", "min": 1, "max": 4096, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "mac": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}},
  CountersignPairing: {"pairing": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[0-9a-f]{32}(?![\\s\\S])"}, "countersign": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{86}(?![\\s\\S])"}},
  PostEpoch: {"conversation": {"is": "either", "of": [{"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, {"is": "null"}]}, "statement": {"is": "text", "min": 1, "max": 349526, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "wraps": {"is": "list", "of": {"is": "row", "of": [{"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, {"is": "text", "min": 1, "max": 2048, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}]}, "min": 0, "max": 200}},
  GivenBack: {"at": {"is": "int", "min": 0, "max": 9007199254740991}, "entry": {"is": "text", "min": 1, "max": 349526, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "wraps": {"is": "list", "of": {"is": "row", "of": [{"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, {"is": "text", "min": 1, "max": 2048, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}]}, "min": 0, "max": 200}},
  GiveBackEntries: {"history": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{22}(?![\\s\\S])"}, "conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "after": {"is": "int", "min": 0, "max": 9007199254740991}, "entries": {"is": "list", "of": {"is": "fields", "name": "GivenBack"}, "min": 1, "max": 500}},
  ReadConversations: {},
  ReadEntries: {"conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "after": {"is": "int", "min": 0, "max": 9007199254740991}, "limit": {"is": "int", "min": 1, "max": 500}},
  ReadMarkers: {"conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}},
  PutFigures: {"shown": {"is": "int", "min": 0, "max": 1000000}, "unreadable": {"is": "list", "of": {"is": "row", "of": [{"is": "one", "of": ["altered", "malformed", "newer_version", "not_for_me", "removed_by_host"]}, {"is": "int", "min": 0, "max": 1000000}]}, "min": 0, "max": 5}},
  KeyHead: {"n": {"is": "int", "min": 0, "max": 9007199254740991}, "hash": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}},
  Person: {"id": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[0-9a-f]{32}(?![\\s\\S])"}, "given": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "family": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "profession": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "professional": {"is": "flag"}, "place": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "rpps": {"is": "either", "of": [{"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, {"is": "null"}]}, "chain": {"is": "either", "of": [{"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, {"is": "null"}]}, "key_head": {"is": "either", "of": [{"is": "fields", "name": "KeyHead"}, {"is": "null"}]}},
  Organisation: {"id": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[0-9a-f]{32}(?![\\s\\S])"}, "name": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}},
  SessionState: {"stage": {"is": "one", "of": ["enrol_factor", "locked", "second_factor", "signed_in", "signed_out"]}, "person": {"is": "either", "of": [{"is": "fields", "name": "Person"}, {"is": "null"}]}, "organisation": {"is": "either", "of": [{"is": "fields", "name": "Organisation"}, {"is": "null"}]}, "device": {"is": "either", "of": [{"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, {"is": "null"}]}, "factors": {"is": "list", "of": {"is": "one", "of": ["passkey", "totp"]}, "min": 0, "max": 9007199254740991}, "notice": {"is": "either", "of": [{"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, {"is": "null"}]}, "protocol": {"is": "int", "min": -9007199254740991, "max": 9007199254740991}, "now": {"is": "int", "min": 0, "max": 9007199254740991}},
  Invitation: {"organisation": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "email": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "given": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "family": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "profession": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}},
  TotpOffer: {"uri": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "secret": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}},
  PrintedCodes: {"printed_codes": {"is": "list", "of": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "min": 0, "max": 9007199254740991}},
  Done: {},
  KnownPasskey: {"id": {"is": "text", "min": 1, "max": 1364, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "transports": {"is": "list", "of": {"is": "text", "min": 1, "max": 16, "pattern": null}, "min": 0, "max": 9007199254740991}},
  PasskeyQuestion: {"challenge": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{86}(?![\\s\\S])"}, "host": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "seconds": {"is": "int", "min": 0, "max": 9007199254740991}, "known": {"is": "list", "of": {"is": "fields", "name": "KnownPasskey"}, "min": 0, "max": 9007199254740991}},
  PasskeyOffer: {"challenge": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{86}(?![\\s\\S])"}, "host": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "seconds": {"is": "int", "min": 0, "max": 9007199254740991}, "known": {"is": "list", "of": {"is": "fields", "name": "KnownPasskey"}, "min": 0, "max": 9007199254740991}, "user": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{86}(?![\\s\\S])"}, "name": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "display_name": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "algorithms": {"is": "list", "of": {"is": "int", "min": -9007199254740991, "max": 9007199254740991}, "min": 0, "max": 9007199254740991}},
  Factor: {"id": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^(totp|[0-9a-f]{64})(?![\\s\\S])"}, "sort": {"is": "one", "of": ["passkey", "totp"]}, "added": {"is": "int", "min": 0, "max": 9007199254740991}, "used": {"is": "either", "of": [{"is": "int", "min": 0, "max": 9007199254740991}, {"is": "null"}]}, "browser": {"is": "either", "of": [{"is": "one", "of": ["chrome", "edge", "firefox", "other", "safari"]}, {"is": "null"}]}, "platform": {"is": "either", "of": [{"is": "one", "of": ["android", "ios", "linux", "macos", "other", "windows"]}, {"is": "null"}]}},
  Factors: {"factors": {"is": "list", "of": {"is": "fields", "name": "Factor"}, "min": 0, "max": 9007199254740991}, "printed_left": {"is": "int", "min": 0, "max": 9007199254740991}},
  People: {"people": {"is": "list", "of": {"is": "fields", "name": "Person"}, "min": 0, "max": 9007199254740991}},
  Half: {"half": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}},
  OpenedVault: {"half": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, "device": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}},
  Challenge: {"challenge": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}},
  OneSession: {"id": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[0-9a-f]{32}(?![\\s\\S])"}, "started": {"is": "int", "min": 0, "max": 9007199254740991}, "used": {"is": "int", "min": 0, "max": 9007199254740991}, "browser": {"is": "one", "of": ["chrome", "edge", "firefox", "other", "safari"]}, "platform": {"is": "one", "of": ["android", "ios", "linux", "macos", "other", "windows"]}, "here": {"is": "flag"}, "device": {"is": "either", "of": [{"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, {"is": "null"}]}},
  Sessions: {"sessions": {"is": "list", "of": {"is": "fields", "name": "OneSession"}, "min": 0, "max": 9007199254740991}},
  KeysStarted: {"chain": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, "conversation": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}},
  KeysAppended: {"head": {"is": "fields", "name": "KeyHead"}},
  KeyLog: {"statements": {"is": "list", "of": {"is": "text", "min": 1, "max": 21848, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "min": 0, "max": 9007199254740991}, "head": {"is": "fields", "name": "KeyHead"}},
  OwnSeed: {"device": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, "generation": {"is": "int", "min": 0, "max": 9007199254740991}, "sealed": {"is": "text", "min": 1, "max": 4096, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}},
  OwnKeys: {"chain": {"is": "either", "of": [{"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, {"is": "null"}]}, "statements": {"is": "list", "of": {"is": "text", "min": 1, "max": 21848, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "min": 0, "max": 9007199254740991}, "head": {"is": "either", "of": [{"is": "fields", "name": "KeyHead"}, {"is": "null"}]}, "seeds": {"is": "list", "of": {"is": "fields", "name": "OwnSeed"}, "min": 0, "max": 9007199254740991}},
  OneDeviceUse: {"device": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, "added_at": {"is": "int", "min": 0, "max": 9007199254740991}, "last_used": {"is": "either", "of": [{"is": "int", "min": 0, "max": 9007199254740991}, {"is": "null"}]}, "browser": {"is": "either", "of": [{"is": "one", "of": ["chrome", "edge", "firefox", "other", "safari"]}, {"is": "null"}]}, "platform": {"is": "either", "of": [{"is": "one", "of": ["android", "ios", "linux", "macos", "other", "windows"]}, {"is": "null"}]}},
  Removal: {"device": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, "due": {"is": "int", "min": 0, "max": 9007199254740991}},
  Devices: {"devices": {"is": "list", "of": {"is": "fields", "name": "OneDeviceUse"}, "min": 0, "max": 9007199254740991}, "removals": {"is": "list", "of": {"is": "fields", "name": "Removal"}, "min": 0, "max": 9007199254740991}},
  ShownKeys: {"id": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, "sign": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, "unseal": {"is": "text", "min": 1622, "max": 1622, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}},
  PairingOffered: {"pairing": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[0-9a-f]{32}(?![\\s\\S])"}, "until": {"is": "int", "min": 0, "max": 9007199254740991}},
  PairingTaken: {"pairing": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[0-9a-f]{32}(?![\\s\\S])"}, "device": {"is": "fields", "name": "ShownKeys"}, "mac": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, "browser": {"is": "one", "of": ["chrome", "edge", "firefox", "other", "safari"]}, "platform": {"is": "one", "of": ["android", "ios", "linux", "macos", "other", "windows"]}, "at": {"is": "int", "min": 0, "max": 9007199254740991}},
  Pairing: {"state": {"is": "one", "of": ["answered", "countersigned", "open", "over", "taken"]}, "map": {"is": "either", "of": [{"is": "text", "min": 1, "max": 21848, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, {"is": "null"}]}, "sealed": {"is": "either", "of": [{"is": "text", "min": 1, "max": 4096, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, {"is": "null"}]}, "mac": {"is": "either", "of": [{"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, {"is": "null"}]}, "device": {"is": "either", "of": [{"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{43}(?![\\s\\S])"}, {"is": "null"}]}, "countersign": {"is": "either", "of": [{"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{86}(?![\\s\\S])"}, {"is": "null"}]}},
  Refusal: {"code": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "retry_after": {"is": "either", "of": [{"is": "int", "min": -9007199254740991, "max": 9007199254740991}, {"is": "null"}]}},
  History: {"id": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": "^[A-Za-z0-9_-]{22}(?![\\s\\S])"}, "restored": {"is": "either", "of": [{"is": "int", "min": 0, "max": 9007199254740991}, {"is": "null"}]}, "until": {"is": "either", "of": [{"is": "int", "min": 0, "max": 9007199254740991}, {"is": "null"}]}},
  EpochPosted: {"conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "seq": {"is": "int", "min": 1, "max": 9007199254740991}, "at": {"is": "int", "min": 0, "max": 9007199254740991}},
  EntriesTaken: {"head": {"is": "int", "min": 0, "max": 9007199254740991}, "hash": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}},
  Exists: {"code": {"is": "one", "of": ["exists"]}, "retry_after": {"is": "null"}, "conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}},
  Member: {"id": {"is": "text", "min": 32, "max": 32, "pattern": "^[0-9a-f]{32}(?![\\s\\S])"}, "chain": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}},
  Conversation: {"id": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "kind": {"is": "one", "of": ["direct", "self", "team"]}, "head": {"is": "int", "min": 0, "max": 9007199254740991}, "hash": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "start": {"is": "row", "of": [{"is": "int", "min": 0, "max": 9007199254740991}, {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}]}, "until": {"is": "either", "of": [{"is": "int", "min": 1, "max": 9007199254740991}, {"is": "null"}]}, "persons": {"is": "list", "of": {"is": "fields", "name": "Member"}, "min": 0, "max": 9007199254740991}},
  Conversations: {"now": {"is": "int", "min": 0, "max": 9007199254740991}, "conversations": {"is": "list", "of": {"is": "fields", "name": "Conversation"}, "min": 0, "max": 9007199254740991}},
  EntryRow: {"seq": {"is": "int", "min": 1, "max": 9007199254740991}, "at": {"is": "int", "min": 0, "max": 9007199254740991}, "entry": {"is": "either", "of": [{"is": "text", "min": 1, "max": 349526, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, {"is": "null"}]}, "stub": {"is": "either", "of": [{"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, {"is": "null"}]}, "wrap": {"is": "either", "of": [{"is": "text", "min": 1, "max": 2048, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, {"is": "null"}]}},
  Entries: {"entries": {"is": "list", "of": {"is": "fields", "name": "EntryRow"}, "min": 0, "max": 9007199254740991}, "head": {"is": "int", "min": 0, "max": 9007199254740991}, "hash": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}},
  Markers: {"markers": {"is": "list", "of": {"is": "text", "min": 1, "max": 1366, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "min": 0, "max": 9007199254740991}},
  Hello: {"type": {"is": "one", "of": ["hello"]}, "protocol": {"is": "int", "min": 0, "max": 9007199254740991}, "heads": {"is": "list", "of": {"is": "row", "of": [{"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, {"is": "int", "min": 0, "max": 9007199254740991}]}, "min": 0, "max": 1000}},
  Append: {"type": {"is": "one", "of": ["append"]}, "ref": {"is": "int", "min": 0, "max": 9007199254740991}, "conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "entry": {"is": "text", "min": 1, "max": 54614, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}},
  Cursor: {"type": {"is": "one", "of": ["cursor"]}, "conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "seq": {"is": "int", "min": 0, "max": 9007199254740991}},
  Beat: {"type": {"is": "one", "of": ["beat"]}, "ref": {"is": "int", "min": 0, "max": 9007199254740991}},
  PutMarker: {"type": {"is": "one", "of": ["marker"]}, "ref": {"is": "int", "min": 0, "max": 9007199254740991}, "marker": {"is": "text", "min": 1, "max": 1366, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}},
  Look: {"type": {"is": "one", "of": ["look"]}, "conversation": {"is": "either", "of": [{"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, {"is": "null"}]}},
  Whisper: {"type": {"is": "one", "of": ["whisper"]}, "conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "word": {"is": "one", "of": ["stopped", "typing"]}},
  Present: {"type": {"is": "one", "of": ["present"]}, "on": {"is": "flag"}},
  Welcome: {"type": {"is": "one", "of": ["welcome"]}, "now": {"is": "int", "min": 0, "max": 9007199254740991}, "history": {"is": "fields", "name": "History"}, "heads": {"is": "list", "of": {"is": "row", "of": [{"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, {"is": "int", "min": 0, "max": 9007199254740991}, {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}]}, "min": 0, "max": 9007199254740991}},
  Appended: {"type": {"is": "one", "of": ["appended"]}, "ref": {"is": "int", "min": 0, "max": 9007199254740991}, "conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "seq": {"is": "int", "min": 1, "max": 9007199254740991}, "at": {"is": "int", "min": 0, "max": 9007199254740991}},
  RefusedFrame: {"type": {"is": "one", "of": ["refused"]}, "ref": {"is": "either", "of": [{"is": "int", "min": 0, "max": 9007199254740991}, {"is": "null"}]}, "code": {"is": "text", "min": 0, "max": 9007199254740991, "pattern": null}, "retry_after": {"is": "either", "of": [{"is": "int", "min": 0, "max": 9007199254740991}, {"is": "null"}]}},
  EntryFrame: {"type": {"is": "one", "of": ["entry"]}, "conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "seq": {"is": "int", "min": 1, "max": 9007199254740991}, "at": {"is": "int", "min": 0, "max": 9007199254740991}, "entry": {"is": "text", "min": 1, "max": 54614, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}},
  Behind: {"type": {"is": "one", "of": ["behind"]}, "conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "head": {"is": "int", "min": 0, "max": 9007199254740991}, "hash": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}},
  Gone: {"type": {"is": "one", "of": ["gone"]}, "conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}},
  Heads: {"type": {"is": "one", "of": ["heads"]}, "ref": {"is": "int", "min": 0, "max": 9007199254740991}, "now": {"is": "int", "min": 0, "max": 9007199254740991}, "heads": {"is": "list", "of": {"is": "row", "of": [{"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, {"is": "int", "min": 0, "max": 9007199254740991}, {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}]}, "min": 0, "max": 9007199254740991}},
  Marked: {"type": {"is": "one", "of": ["marked"]}, "ref": {"is": "int", "min": 0, "max": 9007199254740991}},
  MarkersFrame: {"type": {"is": "one", "of": ["markers"]}, "conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "markers": {"is": "list", "of": {"is": "text", "min": 1, "max": 1366, "pattern": "^[A-Za-z0-9_-]+(?![\\s\\S])"}, "min": 0, "max": 9007199254740991}},
  WhisperFrame: {"type": {"is": "one", "of": ["whisper"]}, "conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "person": {"is": "text", "min": 32, "max": 32, "pattern": "^[0-9a-f]{32}(?![\\s\\S])"}, "word": {"is": "one", "of": ["stopped", "typing"]}},
  Presence: {"type": {"is": "one", "of": ["presence"]}, "conversation": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "persons": {"is": "list", "of": {"is": "text", "min": 32, "max": 32, "pattern": "^[0-9a-f]{32}(?![\\s\\S])"}, "min": 0, "max": 9007199254740991}},
  PersonFrame: {"type": {"is": "one", "of": ["person"]}, "person": {"is": "text", "min": 32, "max": 32, "pattern": "^[0-9a-f]{32}(?![\\s\\S])"}, "chain": {"is": "text", "min": 43, "max": 43, "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048](?![\\s\\S])"}, "head": {"is": "fields", "name": "KeyHead"}},
};
export const FROM_CLIENT: Readonly<Record<string, string>> = {"hello": "Hello", "append": "Append", "cursor": "Cursor", "beat": "Beat", "marker": "PutMarker", "look": "Look", "whisper": "Whisper", "present": "Present"};
export const FROM_SERVER: Readonly<Record<string, string>> = {"welcome": "Welcome", "appended": "Appended", "refused": "RefusedFrame", "entry": "EntryFrame", "behind": "Behind", "gone": "Gone", "heads": "Heads", "marked": "Marked", "markers": "MarkersFrame", "whisper": "WhisperFrame", "presence": "Presence", "person": "PersonFrame"};
