/**
 * The face of this folder: keys, signed objects and their rules (PROTOCOL.md). Nothing here touches network,
 * storage or clock; time and randomness come from the caller. Await `ready` once before anything else.
 *
 * Functions that read what others made throw only `Refused`; `judge` and `openMessage` give a value instead,
 * since what a log holds must be shown, never thrown away.
 */
import type {
  ChainId,
  ClientId,
  ConversationId,
  DeviceId,
  Hash,
  Position,
  Random,
  SealKey,
  SignKey,
  Sealed,
  Signature,
} from "./brands";
import type { Code } from "./refused";
import type { EpochSecret, MessageKey, RecoveryCode, SignSeed, UnsealSeed, VaultKey } from "./secret";

export * from "./brands";
export { ready, systemRandom } from "./sodium";
export { Refused, type Code } from "./refused";
export { Secret } from "./secret";
export type * from "./secret";
export { encode, decode, sameBytes, compareBytes, type Value, type Fields } from "./codec";

// --- text of bytes (JSON, map keys): base64url without padding, one text a value
export declare function toText(bytes: Uint8Array): string;
export declare function fromText(text: string): Uint8Array; // Refused malformed

// --- hashes
export declare function objectHash(whole: Uint8Array): Hash; // O4: of a statement, epoch, entry
export declare function logStart(conversation: ConversationId): Hash; // h(0)
export declare function logNext(previous: Hash, seq: number, entry: Hash): Hash; // h(n)

// --- K: key logs
export type Sort = "browser" | "paper";
export type DeviceRecord = {
  readonly id: DeviceId;
  readonly sign: SignKey;
  readonly unseal: SealKey;
  readonly sort: Sort;
  readonly added: number;
  readonly at: number;
  readonly revoked: number | null; // n of the statements, time of adding
};
export type Generation = {
  readonly generation: number;
  readonly n: number;
  readonly maker: DeviceId;
  readonly public: SealKey;
  readonly earlier: { readonly generation: number; readonly sealed: Sealed } | null;
};
/** Immutable; `extend` gives the next one. `devices` is keyed by `toText(id)`; `hashes[n]` is the hash of statement n. */
export type KeyLog = {
  readonly chain: ChainId;
  readonly head: Position;
  readonly hashes: readonly Hash[];
  readonly devices: ReadonlyMap<string, DeviceRecord>;
  readonly generations: readonly Generation[]; // last = current
  readonly ids: ReadonlySet<string>; // internal: ids and sign keys ever used
};
export declare function extend(log: KeyLog | null, statement: Uint8Array): KeyLog; // Refused
export declare function fold(statements: readonly Uint8Array[], log?: KeyLog): KeyLog; // Refused
export declare function hashAt(log: KeyLog, n: number): Hash | null;
export declare function activeAt(log: KeyLog, device: DeviceId, n: number): DeviceRecord | null;
export declare function activeDevices(log: KeyLog, n?: number): readonly DeviceRecord[];
export declare function generationAt(log: KeyLog, n: number): Generation | null;
export declare function revokedSince(log: KeyLog, n: number): boolean;
/** K15: null, or why a served log (already folded) does not fit the pin. */
export declare function againstPin(
  log: KeyLog,
  pin: { readonly chain: ChainId; readonly head: Position },
): "identity_changed" | "key_log_refused" | null;

// --- devices and persons
/** What a browser keeps sealed in its vault. `chain` is null until its statement is made. */
export type Device = {
  readonly id: DeviceId;
  readonly sign: SignSeed;
  readonly unseal: UnsealSeed;
  readonly chain: ChainId;
};
/** Seeds of a person's generations that this device could open, keyed by generation. */
export type PersonKeys = { readonly chain: ChainId; readonly seeds: ReadonlyMap<number, UnsealSeed> };
export declare function packDevice(device: Device): Uint8Array; // secret bytes, for the vault only
export declare function unpackDevice(bytes: Uint8Array): Device;
export declare function packPerson(person: PersonKeys): Uint8Array;
export declare function unpackPerson(bytes: Uint8Array): PersonKeys;
export type SealedSeed = { readonly device: DeviceId; readonly generation: number; readonly sealed: Sealed };

// --- P: the code de secours
export declare function makeRecoveryCode(random: Random): RecoveryCode;
export declare function writeRecoveryCode(code: RecoveryCode): readonly string[]; // nine groups of four
export declare function readRecoveryCode(text: string): RecoveryCode; // Refused bad_recovery_code

// --- identity
export type Beginning = {
  readonly device: Device;
  readonly person: PersonKeys;
  readonly log: KeyLog;
  readonly statements: readonly Uint8Array[];
  readonly seeds: readonly SealedSeed[];
  readonly self: MadeEpoch;
};
/** K14 and H8: first browser, paper device, first person key and the person's `self` conversation. */
export declare function beginPerson(input: {
  readonly code: RecoveryCode;
  readonly organisation: Uint8Array;
  readonly at: number;
  readonly random: Random;
}): Beginning;
/** Adds a browser by the code: `statements` and `seeds` for H9. Refused bad_recovery_code when the code is not this log's. */
export declare function recoverPerson(input: {
  readonly code: RecoveryCode;
  readonly log: KeyLog;
  readonly sealed: SealedSeed;
  readonly at: number;
  readonly random: Random;
}): {
  readonly device: Device;
  readonly person: PersonKeys;
  readonly log: KeyLog;
  readonly statements: readonly Uint8Array[];
  readonly seeds: readonly SealedSeed[];
};
/** Opens the seed sealed to this device and, through `earlier`, every one before it. Refused cannot_open. */
export declare function openPerson(device: Device, log: KeyLog, sealed: SealedSeed): PersonKeys;
/** H7: the signature that binds a session to this device. */
export declare function signChallenge(device: Device, challenge: Uint8Array): Signature;

// --- E: epochs
export type Kind = "self" | "direct";
export type Founding = { readonly kind: Kind; readonly organisation: Uint8Array };
export type RowKind = "professional" | "other" | "connector";
export type RowRole = "member" | "coordinator";
export type Row = {
  readonly chain: ChainId;
  readonly kind: RowKind;
  readonly head: Position;
  readonly generation: number;
  readonly wrap: Hash;
  readonly role: RowRole;
  readonly by: ChainId;
  readonly since: number;
  readonly paused: boolean;
  readonly inside: boolean;
};
export type Change =
  | { readonly act: "pause" | "resume"; readonly chain: ChainId }
  | { readonly act: "replace"; readonly old: ChainId; readonly chain: ChainId };
/** `conversation` is filled in for epoch 0 too (its own hash); `founding` is that of epoch 0 carried along by `judge`. */
export type Epoch = {
  readonly type: "epoch";
  readonly hash: Hash;
  readonly signer: DeviceId;
  readonly conversation: ConversationId;
  readonly number: number;
  readonly prev: Hash | null;
  readonly founding: Founding | null;
  readonly roster: readonly Row[];
  readonly change: readonly Change[];
  readonly commit: Hash;
  readonly seen: Position | null;
  readonly at: number;
  readonly maker: ChainId;
};
export type SealedWrap = { readonly chain: ChainId; readonly sealed: Sealed };
export type MadeEpoch = {
  readonly statement: Uint8Array;
  readonly hash: Hash;
  readonly conversation: ConversationId;
  readonly epoch: Epoch;
  readonly secret: EpochSecret;
  readonly wraps: readonly SealedWrap[];
};
/** Epoch 0 of a direct conversation. Both logs current and counting. */
export declare function beginDirect(input: {
  readonly device: Device;
  readonly own: KeyLog;
  readonly peer: KeyLog;
  readonly organisation: Uint8Array;
  readonly at: number;
  readonly random: Random;
}): MadeEpoch;
/** The next epoch: takes up current heads and generations, pauses what was suspended, replaces where asked. */
export declare function nextEpoch(input: {
  readonly last: Epoch;
  readonly founding: Founding;
  readonly device: Device;
  readonly logs: readonly KeyLog[]; // current, one a row (the new chain's for a replacement)
  readonly suspended: readonly ChainId[];
  readonly seen: Position;
  readonly at: number;
  readonly random: Random;
  readonly replace?: { readonly old: ChainId; readonly chain: ChainId };
  readonly resume?: readonly ChainId[];
}): MadeEpoch;
/** E9, E17: the secret, or Refused bad_wraps (missing, other hash) / cannot_open. */
export declare function openWrap(epoch: Epoch, sealed: Sealed | null, person: PersonKeys): EpochSecret;
/** S3: a secret from elsewhere counts only if it is the one committed to. */
export declare function matchesCommit(epoch: Epoch, secret: EpochSecret): boolean;
export type RenewReason = "revoked" | "suspended" | "own_head" | "day" | "no_secret";
/** E16: why the next epoch comes before the next message, or null. `now` is the server's time. */
export declare function renewalNeeded(input: {
  readonly epoch: Epoch;
  readonly logs: readonly KeyLog[];
  readonly device: Device;
  readonly suspended: readonly ChainId[];
  readonly secret: EpochSecret | null;
  readonly now: number;
}): RenewReason | null;
/** E18: the maker's device is now revoked in the (current) log and this epoch does not name the revocation. */
export declare function makerRevoked(epoch: Epoch, makerLog: KeyLog): boolean;

// --- L: judging a log
export type Header = {
  readonly conversation: ConversationId;
  readonly epoch: number;
  readonly epochHash: Hash;
  readonly person: ChainId;
  readonly device: DeviceId;
  readonly deviceSeq: number;
  readonly prevOwn: Hash | null;
  readonly seen: Position;
  readonly head: Position;
  readonly clientId: ClientId;
};
export type Message = {
  readonly type: "message";
  readonly hash: Hash;
  readonly header: Header;
  readonly headerBytes: Uint8Array;
  readonly commit: Uint8Array;
  readonly body: Sealed;
};
export type Suspended = {
  readonly type: "suspended";
  readonly hash: Hash;
  readonly conversation: ConversationId;
  readonly chain: ChainId;
  readonly at: number;
};
export type Entry = Epoch | Message | Suspended;
export type Verdict =
  | { readonly kind: "accepted"; readonly hash: Hash; readonly entry: Entry }
  | { readonly kind: "refused"; readonly hash: Hash; readonly code: Code }
  | { readonly kind: "waiting"; readonly hash: Hash; readonly chain: ChainId; readonly head: number }; // fetch that key log to `head`
/** What the log before the entry says; the caller answers from its store. */
export interface Facts {
  readonly conversation: ConversationId;
  /** Founding of epoch 0, the last accepted epoch with its seq, and the chains suspended since it; null before entry 1. */
  readonly current: {
    readonly founding: Founding;
    readonly epoch: Epoch;
    readonly seq: number;
    readonly suspended: readonly ChainId[];
  } | null;
  /** h(n) of this log, for n < seq of the entry judged; null when unknown. */
  hashAt(n: number): Hash | null;
  keyLog(chain: ChainId): KeyLog | null;
  /** Is there an entry (of any verdict) with this hash in the log before? */
  hasEntry(hash: Hash): boolean;
  /** Is there an accepted message of this device with this client id? */
  hasClientId(device: DeviceId, clientId: ClientId): boolean;
}
export declare function judge(entry: Uint8Array, seq: number, facts: Facts): Verdict;
/** The entry's content without judging: for entries once accepted and read back from the own vault. */
export declare function readAccepted(entry: Uint8Array): Entry;

// --- M: messages
export type Content =
  { readonly kind: "text"; readonly text: string; readonly quote: Hash | null } | OwnState;
export type Sending = { readonly deviceSeq: number; readonly prevOwn: Hash | null }; // state a device and conversation; begins 1, null
export declare function sealMessage(input: {
  readonly epoch: Epoch;
  readonly secret: EpochSecret;
  readonly device: Device;
  readonly sending: Sending;
  readonly seen: Position;
  readonly head: Position;
  readonly clientId: ClientId;
  readonly content: Content;
  readonly random: Random;
}): { readonly entry: Uint8Array; readonly hash: Hash; readonly next: Sending };
export type OpenCause = "not_for_me" | "altered" | "newer_version";
export type Opened =
  { readonly ok: true; readonly content: Content } | { readonly ok: false; readonly cause: OpenCause };
export declare function openMessage(message: Message, secret: EpochSecret | null, kind: Kind): Opened;
export declare function messageKey(message: Message, secret: EpochSecret): MessageKey; // M10: opens this one alone
export declare function openWithKey(message: Message, key: MessageKey, kind: Kind): Opened;
export declare const MAX_TEXT: number; // code points
export declare function makeClientId(random: Random): ClientId;

// --- R: markers
export type Marker = {
  readonly conversation: ConversationId;
  readonly chain: ChainId;
  readonly device: DeviceId;
  readonly counter: number;
  readonly arrived: Position | null;
  readonly readable: Position | null;
  readonly read: Position | null;
};
export declare function makeMarker(input: Omit<Marker, "chain" | "device">, device: Device): Uint8Array;
/** Verifies signature and shape; Refused. The caller compares the hashes with its own log (R3). */
export declare function readMarker(marker: Uint8Array, keyLog: (chain: ChainId) => KeyLog | null): Marker;

// --- S: own state
export type OwnState = {
  readonly kind: "state";
  readonly pins: readonly { readonly person: Uint8Array; readonly chain: ChainId; readonly head: Position }[];
  readonly verified: readonly { readonly chain: ChainId; readonly verified: boolean }[];
  readonly checked: readonly {
    readonly conversation: ConversationId;
    readonly number: number;
    readonly epoch: Hash;
    readonly place: Position;
  }[];
  readonly secrets: readonly {
    readonly conversation: ConversationId;
    readonly number: number;
    readonly secret: EpochSecret;
  }[];
};
export declare const emptyState: OwnState;
export declare function mergeState(known: OwnState, later: OwnState): OwnState; // S3
export declare const STATE_ROWS: number; // 200 an array a message

// --- V: the vault
export declare function vaultKey(vault: Uint8Array, local: Uint8Array, server: Uint8Array): VaultKey;
export declare function sealRecord(
  key: VaultKey,
  store: string,
  id: string,
  record: Uint8Array,
  random: Random,
): Sealed;
export declare function openRecord(key: VaultKey, store: string, id: string, sealed: Uint8Array): Uint8Array; // Refused cannot_open

// --- comparing
export declare function compareCode(one: ChainId, other: ChainId): readonly string[]; // twelve groups of five digits
