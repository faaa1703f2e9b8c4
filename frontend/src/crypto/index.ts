/**
 * The face of this folder: keys, signed objects and their rules (PROTOCOL.md). Nothing here touches network, storage or
 * clock; time and randomness come from the caller. Await `ready` once before anything else.
 *
 * What reads the bytes of others throws only `Refused`. `judge`, `openMessage` and `openWrap` give a value instead: what
 * stands in a log must be shown, never thrown away. A `RangeError` is a bug of the caller.
 */
export type * from "./brands";
export { asChainId, asClientId, asConversationId, asDeviceId, asHash, asSealed, asSignature } from "./brands";
export { ready, systemRandom } from "./sodium";
export { Refused, type Code } from "./refused";
export { Secret } from "./secret";
export type * from "./secret";

export { compareBytes, decode, encode, sameBytes, type Fields, type Value } from "./codec";
export { fromText, toText } from "./base64url";
export { H, logNext, logStart, objectHash } from "./hashing";

export type { Device, DeviceKeys, PersonKeys, Sort } from "./device";
export { packDevice, packPerson, signChallenge, unpackDevice, unpackPerson } from "./device";
export type { DeviceRecord, Generation, KeyLog } from "./keylog";
export { activeAt, activeDevices, againstPin, generationAt, hashAt, revokedSince } from "./keylog";
export { extend, fold, refoldJudged } from "./keyrules";
export { makeRecoveryCode, readRecoveryCode, writeRecoveryCode } from "./recovery";
export type { Beginning, Recovery, Renewed } from "./identity";
export { beginPerson, recoverPerson, renewKey, revokeDevice } from "./identity";
export type { SealedSeed } from "./seeds";
export { openPerson } from "./seeds";

export type { Epoch, Founding, Kind, OpenedWrap, WrapCause } from "./epochs";
export { foundingOf, matchesCommit, openWrap } from "./epochs";
export type { Change, Roster, Row, RowKind, RowRole } from "./roster";
export { rowOf } from "./roster";
export type { MadeEpoch, SealedWrap, ToRenew } from "./making";
export { beginDirect, nextEpoch } from "./making";
export type { RenewReason, ToLookAt } from "./renewal";
export { makerRevoked, renewalNeeded } from "./renewal";

export type { Entry, Header, Message, Suspended } from "./entries";
export { readAccepted } from "./entries";
export type { Current } from "./rules";
export type { Facts, Verdict } from "./judging";
export { judge } from "./judging";

export type { Checked, Content, KeptSecret, OwnState, Pin, Text, Verified } from "./content";
export { MAX_TEXT, STATE_ROWS } from "./content";
export type { OpenCause, Opened, SealedMessage, Sending, ToSeal } from "./messages";
export { firstSending, makeClientId, messageKey, openMessage, openWithKey, sealMessage } from "./messages";
export type { Marker, MarkerFacts, Places, ToMark } from "./markers";
export { comparePlaces, makeMarker, readMarker } from "./markers";
export type { Merged } from "./state";
export { emptyState, inBatches, mergeState } from "./state";
export { openRecord, sealRecord, vaultKey } from "./vaultkey";
export { compareCode } from "./compare";
