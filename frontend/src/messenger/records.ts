/** What the vault keeps. Only this client wrote it, sealed to its place, so it is read back as it was written. */
import type {
  ChainId,
  ClientId,
  Content,
  ConversationId,
  DeviceId,
  Edit,
  Hash,
  Kind,
  OwnState,
  Position,
  React,
  Retract,
  RowRole,
  Sign,
  Value,
} from "../crypto";
import { decode, encode } from "../crypto";
import type { AlarmKind, Cause } from "../store/model";
import type { Change } from "../vault";

export type Store =
  | "identity"
  | "persons"
  | "keylogs"
  | "conversations"
  | "entries"
  | "journal"
  | "secrets"
  | "epochs"
  | "wraps"
  | "outbox"
  | "drafts"
  | "markers"
  | "receipts"
  | "noted";

export type IdentityRecord = {
  readonly person: string;
  readonly organisation: Uint8Array;
  readonly device: Uint8Array;
  readonly keys: Uint8Array;
  readonly self: ConversationId | null;
  /** M9: another copy of this profile signs too. */
  readonly cloned: boolean;
};

/** Each ends by its own. `identity_changed` and `pins_compete` are shown as a new identity, the others as a refused key log. */
export type Trouble =
  /** K15: another chain than the pinned one. */
  | "identity_changed"
  /** K15: the log that is served does not continue what is known. */
  | "log_unfit"
  /** K15: the chain that is served is pinned to another person. */
  | "chain_taken"
  /** S3: two devices of this person have seen different logs. */
  | "pins_differ"
  /** S3: another device of this person knows them by another chain, without having seen this pin. Over when the user looked. */
  | "pins_compete"
  /** K18: the host keeps back a seed that the log names. */
  | "seed_withheld";
export type PersonRecord = {
  readonly id: string;
  readonly given: string;
  readonly family: string;
  readonly profession: string;
  /** E22: what a row of theirs says. */
  readonly professional: boolean;
  readonly place: string;
  readonly rpps: string | null;
  /** K15: the pinned chain, and the highest head that own state or a key log named. */
  readonly pin: { readonly chain: ChainId; readonly head: Position } | null;
  /** Chains of theirs before the user acknowledged a new one: what was written under them stays theirs. */
  readonly former: readonly ChainId[];
  /** What the host last said; counts for nothing but "can be written to". */
  readonly served: ChainId | null;
  readonly verified: boolean;
  readonly troubles: readonly Trouble[];
  /** Another name that the host gives since the chain was pinned; shown, and taken once it was seen. */
  readonly renamed: { readonly given: string; readonly family: string } | null;
};

export type AlarmRecord = {
  readonly kind: AlarmKind;
  readonly cause: Cause | null;
  readonly seq: number | null;
  readonly blocks: boolean;
};
/** The last message of one device here (M7). */
export type SenderRecord = { readonly device: DeviceId; readonly deviceSeq: number; readonly hash: Hash };

export type ConversationRecord = {
  readonly id: ConversationId;
  readonly kind: Kind;
  readonly peer: string | null;
  /** L7: the highest place applied. */
  readonly seq: number;
  readonly h: Hash;
  readonly organisation: Uint8Array | null;
  /** The last accepted epoch as it was made, its place, and whom the server suspended since. */
  readonly epoch: Uint8Array | null;
  readonly epochSeq: number;
  readonly suspended: readonly ChainId[];
  /** L11: who left since. */
  readonly left: readonly ChainId[];
  /** L13. */
  readonly anchor: Position;
  /** L12: stubs came after the last epoch known here; nothing counts until a joining epoch does. */
  readonly isBlind: boolean;
  /** In a roster accepted here, and in the last one no more. */
  readonly former: readonly ChainId[];
  /** L12: not all that was said can be seen here, so breaks in a sender's counting say nothing. */
  readonly isPartial: boolean;
  /** L13: another device of this person knows more of its beginning than the host gave. */
  readonly isCut: boolean;
  /** Where the run of stubs at the end of the log begins. */
  readonly unshared: number | null;
  /** By the host's word: this person is no longer in it. */
  readonly isGone: boolean;
  /** M13, and the last epoch with newcomers after which no title was said. */
  readonly title: string | null;
  readonly untitled: number | null;
  readonly muted: boolean;
  readonly senders: readonly SenderRecord[];
  /** Epochs that this device made and has not yet seen accepted or overtaken. */
  readonly made: readonly Hash[];
  /** E17: the host keeps back this person's wrap of the current epoch. */
  readonly wrapMissing: boolean;
  readonly alarms: readonly AlarmRecord[];
  readonly activity: number;
  readonly preview: { readonly seq: number; readonly text: string; readonly sender: ChainId | null } | null;
  readonly unread: number;
  /** M14: how many of those name this person. */
  readonly mentioned: number;
  readonly firstUnread: number | null;
  readonly read: number;
  /** What stood before an own message of another browser: no longer unread here, but this browser has not read it. */
  readonly answered: number;
  /** The first message that did not open. */
  readonly unreadable: number | null;
  readonly counter: number;
  /** What this device's last marker said, and under which epoch. */
  readonly marked: {
    readonly arrived: number;
    readonly readable: number;
    readonly read: number;
    readonly epoch: number;
  };
  /** A place that another device of this person has checked (S3). */
  readonly floor: Position | null;
  /** T4: since when it waits to be served as it is here by a host that was restored, by this browser's clock. */
  readonly awaited: number | null;
  /** T8: the epoch that was given back without all its wraps. */
  readonly lacking: number | null;
  /** K21: a revocation in the own key log, and the last place that was there when it counted. */
  readonly revoked: { readonly n: number; readonly seq: number } | null;
};

/** M11, M12: what came later, each with its place, so that the order of opening does not matter. */
export type Reaction = { readonly chain: ChainId; readonly sign: Sign | null; readonly seq: number };
export type ShownText = {
  readonly kind: "text";
  readonly text: string;
  readonly quote: Hash | null;
  readonly mentions: readonly ChainId[];
  readonly edited: { readonly seq: number; readonly at: number } | null;
  readonly retracted: { readonly seq: number; readonly at: number } | null;
  readonly reactions: readonly Reaction[];
};
export type RosterChange =
  | {
      readonly event: "added" | "removed" | "left" | "paused" | "resumed" | "took_role";
      readonly chain: ChainId;
    }
  | { readonly event: "role"; readonly chain: ChainId; readonly role: RowRole };
export type Shown =
  | { readonly kind: "nothing" }
  | ShownText
  /** Shown at what it is about. */
  | { readonly kind: "act"; readonly act: Edit | Retract | React }
  | { readonly kind: "title"; readonly title: string }
  | { readonly kind: "roster"; readonly changes: readonly RosterChange[] }
  | { readonly kind: "unshared"; readonly count: number }
  | { readonly kind: "unreadable"; readonly cause: Cause }
  | { readonly kind: "refused"; readonly cause: Cause }
  | {
      readonly kind: "system";
      readonly event: "started" | "renewed" | "identity_replaced" | "device_added";
      readonly chain: ChainId | null;
    };
export type EntryRecord = {
  readonly seq: number;
  readonly at: number;
  readonly hash: Hash;
  readonly entry: Uint8Array;
  readonly accepted: boolean;
  readonly sender: ChainId | null;
  /** Of own messages: what they are called from typing to reading. */
  readonly clientId: ClientId | null;
  readonly epoch: number;
  readonly shown: Shown;
};

export type Said = Exclude<Content, OwnState>;
export type Attempt = { readonly hash: Hash; readonly entry: Uint8Array; readonly epoch: Hash };
export type OutboxRecord = {
  readonly key: string;
  readonly conversation: string;
  readonly clientId: ClientId;
  readonly order: number;
  readonly at: number;
  /** `null`: own state, which is gathered anew rather than sealed again. */
  readonly said: Said | null;
  /** M9: all that was ever sealed for it. */
  readonly attempts: readonly Attempt[];
};

export const pack = (record: unknown): Uint8Array => encode(record as Value);
export const unpack = <T>(bytes: Uint8Array): T => decode(bytes) as unknown as T;

export const put = (store: Store, id: string, record: unknown): Change => ({
  store,
  id,
  bytes: pack(record),
});
export const drop = (store: Store, id: string): Change => ({ store, id, bytes: null });

/** Ten digits keep the order of numbers in the order of names. */
export const placeId = (conversation: string, n: number): string =>
  `${conversation}/${String(n).padStart(10, "0")}`;
