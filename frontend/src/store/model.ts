/** What screens show. Plain data, made by the engine, sent to every tab; nothing here can open anything. */

/** A calm code that the message catalogue turns into a sentence; never shown raw. */
export type Cause =
  | "not_for_me" // the epoch's secret is not (yet) ours
  | "altered" // bytes or signature do not match
  | "replayed" // the same entry under a second number
  | "past_epoch" // sealed under an epoch that is over
  | "unknown_device" // signed by a device that its owner never added
  | "outsider" // signed by somebody who is not in the conversation
  | "not_allowed" // changes who is in it, or who coordinates it, without the right to
  | "removed_by_host" // the host no longer gives this entry
  | "newer_version" // made by a newer client: reload
  | "malformed";

/** Why a conversation (or a person) takes no new message until looked at. */
export type AlarmKind =
  | "log_rolled_back" // the host shows an older log than we have seen
  | "restored" // the host was restored from a backup, and is given back what it lost
  | "log_forked" // the host shows another history than a member saw
  | "entry_refused" // a forged, altered, replayed or swapped entry was refused
  | "wrap_withheld" // the host does not give, or changed, what an epoch's maker sealed to us
  | "identity_changed" // the colleague has a new chain id
  | "renamed" // the host gives a known colleague another name
  | "key_log_refused" // a key log that does not extend the one we know
  | "added_by_another" // added again by somebody who did not coordinate, as far as was known here
  | "profile_copied" // somebody signs elsewhere with a copy of this browser's keys
  | "device_revoked_since"; // an epoch came from a device known to be revoked

export type Alarm = {
  readonly kind: AlarmKind;
  readonly person: string | null; // person id
  readonly cause: Cause | null;
  readonly seq: number | null;
  readonly blocks: boolean; // nothing is sealed in this conversation until acknowledged or mended
};

export type Trust = "unverified" | "verified" | "changed";

export type PersonView = {
  readonly id: string; // 32 hex
  readonly given: string; // prénom
  readonly family: string; // NOM
  readonly profession: string;
  readonly place: string;
  readonly rpps: string | null;
  readonly trust: Trust;
  readonly ready: boolean; // has made their keys: can be written to
  readonly me: boolean;
};

export type Role = "member" | "coordinator";

/** A row of the roster that members signed. */
export type MemberView = {
  readonly person: PersonView;
  readonly role: Role;
  readonly since: number; // Unix seconds
  readonly by: string | null; // person id of who added them
  readonly paused: boolean; // suspended by the organisation
  readonly leaving: boolean; // has left; the next message takes it up
};

export type MessageState = "queued" | "sent" | "arrived" | "readable" | "read";

/** How many of the others have it so far; the true sum, whoever is behind. */
export type Reach = {
  readonly arrived: number;
  readonly readable: number;
  readonly read: number;
  readonly of: number;
};

/** `at`: when it was at the latest; `null` while it is not so. */
export type ReceiptView = {
  readonly person: PersonView;
  readonly arrived: number | null;
  readonly readable: number | null;
  readonly read: number | null;
};

export const SIGNS = ["agree", "thanks", "seen", "heart", "smile", "question"] as const;
export type Sign = (typeof SIGNS)[number];
export type ReactionView = { readonly sign: Sign; readonly persons: readonly string[] }; // person ids

/** What an epoch changed, as the signed roster says. */
export type ChangeView =
  | { readonly event: "added" | "removed" | "left" | "paused" | "resumed"; readonly person: string | null }
  | { readonly event: "role"; readonly person: string | null; readonly role: Role }
  | { readonly event: "took_role"; readonly person: string | null };

export type MessageBody =
  | {
      readonly kind: "text";
      readonly text: string;
      readonly quote: QuoteView | null;
      readonly mentions: readonly string[]; // person ids
      readonly edited: number | null; // Unix seconds
      readonly reactions: readonly ReactionView[];
    }
  | { readonly kind: "retracted"; readonly at: number }
  | { readonly kind: "roster"; readonly changes: readonly ChangeView[] } // by the message's author
  | { readonly kind: "title"; readonly title: string } // by the message's author
  /** L12: messages exist here that this person was not meant to have. */
  | { readonly kind: "unshared"; readonly count: number }
  | { readonly kind: "unreadable"; readonly cause: Cause } // ours to show, not openable yet
  | { readonly kind: "refused"; readonly cause: Cause } // must not be believed
  | {
      readonly kind: "system";
      readonly event: "started" | "renewed" | "identity_replaced" | "device_added";
      readonly person: string | null;
    };

export type QuoteView = { readonly key: string; readonly author: string; readonly excerpt: string };

export type MessageView = {
  readonly key: string; // stable from typing to reading: client id (or "e" + seq for entries without one)
  readonly seq: number | null; // null while queued
  readonly at: number; // Unix seconds: server's time once acknowledged
  readonly author: string | null; // person id
  readonly own: boolean;
  readonly body: MessageBody;
  readonly state: MessageState | null; // own messages only
  readonly reach: Reach | null; // own messages in a team only
  readonly late: boolean; // queued for more than 10 s: "pas encore envoyé"
};

type Described = {
  readonly id: string; // base64url
  readonly head: number; // newest seq stored here
  readonly activity: number; // Unix seconds, for sorting
  readonly preview: { readonly text: string; readonly own: boolean; readonly author: string | null } | null;
  readonly unread: number;
  readonly mentioned: number; // unread messages that name this person
  readonly muted: boolean;
  readonly firstUnread: number | null; // seq
  readonly queued: number;
  readonly draft: string;
  readonly alarm: Alarm | null;
  readonly behind: boolean; // the host announced more than we have
  readonly typing: readonly string[]; // person ids
  readonly present: readonly string[]; // person ids, a lease that expires
};
export type DirectView = Described & { readonly kind: "direct"; readonly peer: PersonView };
export type TeamView = Described & {
  readonly kind: "team";
  readonly title: string | null; // null until a title could be opened
  readonly members: readonly MemberView[]; // oneself among them, coordinators first
  readonly former: readonly PersonView[]; // who was in it and is not: what they said stays theirs
  readonly role: Role;
  /** E21: no coordinator is active, and this person may take the role. */
  readonly orphaned: boolean;
  /** The host says that this person is no longer a member; what is here stays readable. */
  readonly gone: boolean;
};
export type ConversationView = DirectView | TeamView;

export type Connection = {
  readonly state: "online" | "connecting" | "offline";
  readonly since: number;
  readonly clockOff: boolean;
  /** The host was restored lately: what it knew last, before that. */
  readonly restored: number | null;
};

export type SessionStage =
  | "loading"
  | "signed_out"
  | "second_factor" // password given, code awaited
  | "enrol_factor" // invitation accepted, second factor to be set up
  | "first_steps" // signed in, no keys anywhere yet
  | "recover" // signed in, this browser is not one of the person's devices: code de secours
  | "locked" // idle too long: a code unlocks
  | "ready"
  | "outdated"; // this client is older than the server's protocol: reload

export type FactorSort = "passkey" | "totp";

/** One of the ways in which a person confirms that it is them. */
export type FactorView = {
  readonly id: string;
  readonly sort: FactorSort;
  readonly added: number; // Unix seconds
  readonly used: number | null;
  readonly browser: OwnSessionView["browser"] | null; // from where a passkey was added
  readonly platform: OwnSessionView["platform"] | null;
};

export type FactorsView = { readonly factors: readonly FactorView[]; readonly printedLeft: number };

export type SessionView = {
  readonly stage: SessionStage;
  readonly me: PersonView | null;
  readonly organisation: string | null;
  readonly factors: readonly FactorSort[]; // what this person may confirm with, the preferred one first
  readonly notice: string | null; // e.g. the strip of a demonstration
  readonly offline: boolean; // no answer from the host: what is shown may be old; a reload stays locked
  readonly presence: boolean; // whether colleagues may see that this person is here
};

/** A browser where this person is signed in; in words that the host keeps of it, not in the browser's own. */
export type OwnSessionView = {
  readonly id: string;
  readonly started: number;
  readonly used: number;
  readonly browser: "edge" | "firefox" | "chrome" | "safari" | "other";
  readonly platform: "android" | "ios" | "windows" | "macos" | "linux" | "other";
  readonly here: boolean;
  readonly device: string | null; // base64url; null until the browser has shown which device it is
};

export type Invitation = {
  readonly organisation: string;
  readonly email: string;
  readonly given: string;
  readonly family: string;
  readonly profession: string;
};

export type Page = {
  readonly conversation: string;
  readonly messages: readonly MessageView[];
  readonly more: boolean;
};

export type BrowserWord = "edge" | "firefox" | "chrome" | "safari" | "other";
export type PlatformWord = "android" | "ios" | "windows" | "macos" | "linux" | "other";
/** A device of one's key log, as the log says; when and by what it was used last is the host's word. */
export type DeviceView = {
  readonly id: string;
  readonly sort: "browser" | "paper";
  readonly here: boolean;
  readonly added: number; // Unix seconds
  readonly used: number | null;
  readonly browser: BrowserWord | null;
  readonly platform: PlatformWord | null;
  readonly revoked: boolean;
  readonly removal: number | null; // when an asked removal of a code may be done
};
/**
 * K21: what another of one's devices did. `removal`: somebody asked to remove a code de secours without it. `mended`: a
 * key that `by` made did not open here, and this browser made the next one (K18).
 */
export type DeviceNotice = {
  readonly n: number;
  readonly event: "added" | "revoked" | "renewed" | "removal" | "mended";
  readonly device: DeviceView | null;
  readonly by: DeviceView | null;
  readonly at: number;
};
export type DevicesView = {
  readonly devices: readonly DeviceView[];
  readonly notices: readonly DeviceNotice[]; // not yet seen in this browser
};
export type PairingOfferView = { readonly groups: readonly string[]; readonly until: number };
export type PairingStep = "waiting" | "taken" | "joined" | "over";
export type PairingView = {
  readonly browser: BrowserWord;
  readonly platform: PlatformWord;
  readonly at: number;
};

export type EngineEvent =
  | { readonly type: "devices"; readonly devices: DevicesView }
  | { readonly type: "session"; readonly session: SessionView }
  | { readonly type: "connection"; readonly connection: Connection }
  | { readonly type: "conversations"; readonly conversations: readonly ConversationView[] } // changed ones only
  | {
      readonly type: "messages";
      readonly conversation: string;
      readonly messages: readonly MessageView[];
      readonly removed: readonly string[];
    };
