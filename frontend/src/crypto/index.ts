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
export { makeDeviceKeys, packDevice, packPerson, signChallenge, unpackDevice, unpackPerson } from "./device";
export type { DeviceRecord, Generation, KeyLog } from "./keylog";
export { activeAt, activeDevices, againstPin, generationAt, hashAt, revokedSince } from "./keylog";
export { extend, fold, refoldJudged } from "./keyrules";
export { makeRecoveryCode, readRecoveryCode, writeRecoveryCode } from "./recovery";
export type { Beginning, Renewed } from "./identity";
export { beginPerson, renewKey, revokeDevice } from "./identity";
export type { SeedFault } from "./faults";
export { seedFault } from "./faults";
export type { Told } from "./telling";
export { tellStatement } from "./telling";
export type { Several } from "./paper";
export { addPaper, consentTo, othersThan, paperIdOf, standsAtOnce } from "./paper";
export type { Recovery } from "./recovering";
export { recoverPerson } from "./recovering";
export type { Acceptance, Completed, PairingAnswer, ShownKeys } from "./pairing";
export {
  acceptAnswer,
  answerMac,
  answerOffer,
  checkOffer,
  completeAddition,
  isCompletion,
  makePairingCode,
  offerMac,
  readPairingCode,
  shownKeys,
  writePairingCode,
} from "./pairing";
export type { SealedSeed } from "./seeds";
export { openPerson } from "./seeds";

export type { Epoch, Founding, Kind, OpenedWrap, WrapCause } from "./epochs";
export { foundingOf, matchesCommit, openWrap } from "./epochs";
export type { Change, Roster, Row, RowKind, RowRole } from "./roster";
export { isIn, MOST_ROWS, rowOf } from "./roster";
export type { Entrant, MadeEpoch, Newcomer, SealedWrap, ToRenew } from "./making";
export { beginDirect, beginTeam, nextEpoch } from "./making";
export type { RenewReason, ToLookAt } from "./renewal";
export { makerRevoked, renewalNeeded } from "./renewal";

export type { Entry, Header, Leave, Message, Suspended } from "./entries";
export { readAccepted } from "./entries";
export type { Current } from "./current";
export { hasCoordinator, isCoordinator } from "./current";
export { mayTakeRole } from "./teamrules";
export type { Facts, Joining, Verdict } from "./judging";
export { judge } from "./judging";

export type { Content, Edit, React, Retract, Sign, Text, Title } from "./content";
export { MAX_MENTIONS, MAX_TEXT, MAX_TITLE } from "./content";
export type { Checked, KeptSecret, Muted, OwnState, Pin, Verified } from "./stating";
export { STATE_ROWS } from "./stating";
export type { OpenCause, Opened, SealedMessage, Sending, ToLeave, ToSeal } from "./messages";
export {
  firstSending,
  makeClientId,
  makeLeave,
  messageKey,
  openMessage,
  openWithKey,
  sealMessage,
} from "./messages";
export type { Marker, MarkerFacts, Places, ToMark } from "./markers";
export { comparePlaces, makeMarker, readMarker } from "./markers";
export type { KeptPin, KeptState, Merged, Written } from "./state";
export { emptyState, inBatches, mergeState } from "./state";
export { openRecord, sealRecord, vaultKey } from "./vaultkey";
export { compareCode } from "./compare";
