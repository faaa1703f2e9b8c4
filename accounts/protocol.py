"""Every JSON body of the account, directory, key and vault routes (PROTOCOL.md H5 to H9).

Strict and frozen; a field too many is refused. Bytes travel as base64url without padding. No Django here.
"""

import base64
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, ValidationError

PROTOCOL: Final = 1
BODY_BYTES: Final = 64 * 1024
KEYS_BODY_BYTES: Final = 1024 * 1024
KEY_LOG_PAGE_BYTES: Final = 1024 * 1024
OWN_SEED_GENERATIONS: Final = 16  # older seeds open from newer ones (K7)

Browser = Literal["edge", "firefox", "chrome", "safari", "other"]
Platform = Literal["android", "ios", "windows", "macos", "linux", "other"]
FactorSort = Literal["passkey", "totp"]
Stage = Literal["signed_out", "second_factor", "enrol_factor", "signed_in", "locked"]

# Ends with "nothing follows" instead of "$", which in Python lets a line break pass.
_SOME: Final = r"^[A-Za-z0-9_-]+(?![\s\S])"

Email = Annotated[str, Meta(min_length=1, max_length=254)]
Password = Annotated[str, Meta(min_length=1, max_length=256)]
OneTimeCode = Annotated[str, Meta(min_length=1, max_length=16)]
PrintedOneTimeCode = Annotated[str, Meta(min_length=1, max_length=64)]
LinkToken = Annotated[str, Meta(min_length=1, max_length=64, pattern=_SOME)]
Hex32 = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}(?![\s\S])")]
Bytes16 = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{22}(?![\s\S])")]
Bytes32 = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}(?![\s\S])")]
Bytes64 = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{86}(?![\s\S])")]
SomeBytes = Annotated[str, Meta(min_length=1, max_length=400_000, pattern=_SOME)]
Statement = Annotated[str, Meta(min_length=1, max_length=21_848, pattern=_SOME)]
Sealed = Annotated[str, Meta(min_length=1, max_length=4096, pattern=_SOME)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    """What a client sends."""

    def __repr__(self) -> str:
        # A body may hold a password, a code or a token: it never prints.
        return type(self).__name__


class Answer(Struct, frozen=True):
    """What the server answers."""

    def __repr__(self) -> str:
        return type(self).__name__


# --- sign-in ----------------------------------------------------------------------------------------


class Nothing(Body, frozen=True):
    pass


class SignIn(Body, frozen=True):
    email: Email
    password: Password
    shared: bool


class Code(Body, frozen=True):
    code: OneTimeCode


class PrintedCode(Body, frozen=True):
    code: PrintedOneTimeCode


class LookAtInvitation(Body, frozen=True):
    token: LinkToken


class AcceptInvitation(Body, frozen=True):
    token: LinkToken
    password: Password


class ForgotPassword(Body, frozen=True):
    email: Email


class ResetPassword(Body, frozen=True):
    token: LinkToken
    password: Password


class KeyHead(Answer, frozen=True):
    n: Count
    hash: Bytes32


class Person(Answer, frozen=True):
    id: Hex32
    given: str
    family: str
    profession: str
    professional: bool
    place: str
    rpps: str | None
    chain: Bytes32 | None
    key_head: KeyHead | None


class Organisation(Answer, frozen=True):
    id: Hex32
    name: str


class SessionState(Answer, frozen=True):
    stage: Stage
    person: Person | None
    organisation: Organisation | None
    device: Bytes32 | None
    factors: tuple[FactorSort, ...]
    notice: str | None
    protocol: int
    now: Count


class Invitation(Answer, frozen=True):
    organisation: str
    email: str
    given: str
    family: str
    profession: str


class TotpOffer(Answer, frozen=True):
    uri: str
    secret: str


class PrintedCodes(Answer, frozen=True):
    printed_codes: tuple[str, ...]


class Done(Answer, frozen=True):
    pass


# --- second factors ---------------------------------------------------------------------------------

# Signed in as well: over an existing factor the service asks for a fresh one.
ENROLS: Final[tuple[Stage, ...]] = ("enrol_factor", "signed_in")
# "totp" where a person has one at most, the hash of its credential's id for a passkey.
FactorId = Annotated[str, Meta(pattern=r"^(totp|[0-9a-f]{64})(?![\s\S])")]
CredentialId = Annotated[str, Meta(min_length=1, max_length=1364, pattern=_SOME)]
Signed = Annotated[str, Meta(min_length=1, max_length=16_384, pattern=_SOME)]
Transport = Annotated[str, Meta(min_length=1, max_length=16)]


class PasskeyAnswer(Body, frozen=True):
    id: CredentialId
    client_data: Signed
    authenticator_data: Signed
    signature: Signed


class NewPasskey(Body, frozen=True):
    id: CredentialId
    client_data: Signed
    attestation: Signed
    transports: Annotated[tuple[Transport, ...], Meta(max_length=8)]


class RemoveFactor(Body, frozen=True):
    factor: FactorId


class KnownPasskey(Answer, frozen=True):
    id: CredentialId
    transports: tuple[Transport, ...]


class PasskeyQuestion(Answer, frozen=True):
    challenge: Bytes64
    host: str
    seconds: Count
    known: tuple[KnownPasskey, ...]


class PasskeyOffer(Answer, frozen=True):
    challenge: Bytes64
    host: str
    seconds: Count
    known: tuple[KnownPasskey, ...]
    user: Bytes64
    name: str
    display_name: str
    algorithms: tuple[int, ...]


class Factor(Answer, frozen=True):
    id: FactorId
    sort: FactorSort
    added: Count
    used: Count | None
    browser: Browser | None
    platform: Platform | None


class Factors(Answer, frozen=True):
    factors: tuple[Factor, ...]
    printed_left: Count


# --- directory --------------------------------------------------------------------------------------


class FindPeople(Body, frozen=True):
    q: Annotated[str, Meta(max_length=100, pattern=r"^[^\x00]*(?![\s\S])")] = ""  # PostgreSQL knows no NUL


class OnePerson(Body, frozen=True):
    id: Hex32


class People(Answer, frozen=True):
    people: tuple[Person, ...]


# --- vault, session device --------------------------------------------------------------------------


class MakeVault(Body, frozen=True):
    vault: Bytes16
    device: Bytes32


class OpenVault(Body, frozen=True):
    vault: Bytes16


class Half(Answer, frozen=True):
    half: Bytes32


class OpenedVault(Answer, frozen=True):
    half: Bytes32
    device: Bytes32


class Challenge(Answer, frozen=True):
    challenge: Bytes32


class BindDevice(Body, frozen=True):
    device: Bytes32
    signature: Bytes64


# --- one's sessions ---------------------------------------------------------------------------------


class EndSession(Body, frozen=True):
    id: Hex32


class OneSession(Answer, frozen=True):
    id: Hex32
    started: Count
    used: Count
    browser: Browser
    platform: Platform
    here: bool
    device: Bytes32 | None


class Sessions(Answer, frozen=True):
    sessions: tuple[OneSession, ...]


# --- key log ----------------------------------------------------------------------------------------


class Seed(Body, frozen=True):
    device: Bytes32
    generation: Count
    sealed: Sealed


class StartKeys(Body, frozen=True):
    statements: Annotated[tuple[Statement, ...], Meta(min_length=3, max_length=3)]
    seeds: Annotated[tuple[Seed, ...], Meta(min_length=2, max_length=2)]
    epoch: SomeBytes
    wrap: Sealed


class AppendKeys(Body, frozen=True):
    # P6: every other browser revoked, then this one added.
    statements: Annotated[tuple[Statement, ...], Meta(min_length=1, max_length=17)]
    seeds: Annotated[tuple[Seed, ...], Meta(max_length=160)]
    consent: Bytes64 | None


After = Annotated[int, Meta(ge=-1, le=2**53 - 1)]


class ReadKeyLog(Body, frozen=True):
    chain: Bytes32
    after: After = -1


class ReadOwnKeys(Body, frozen=True):
    after: After = -1


class KeysStarted(Answer, frozen=True):
    chain: Bytes32
    conversation: Bytes32


class GiveBackKeys(Body, frozen=True):
    history: Bytes16
    chain: Bytes32
    after: After
    statements: Annotated[tuple[Statement, ...], Meta(min_length=1, max_length=200)]
    seeds: Annotated[tuple[Seed, ...], Meta(max_length=200)]


class KeysAppended(Answer, frozen=True):
    head: KeyHead


class KeyLog(Answer, frozen=True):
    statements: tuple[Statement, ...]
    head: KeyHead


class OwnSeed(Answer, frozen=True):
    device: Bytes32
    generation: Count
    sealed: Sealed


class OwnKeys(Answer, frozen=True):
    chain: Bytes32 | None
    statements: tuple[Statement, ...]
    head: KeyHead | None
    seeds: tuple[OwnSeed, ...]


# --- devices ----------------------------------------------------------------------------------------

PairingState = Literal["open", "taken", "answered", "countersigned", "over"]
UnsealKey = Annotated[str, Meta(min_length=1622, max_length=1622, pattern=_SOME)]


class OneDevice(Body, frozen=True):
    device: Bytes32


class OneDeviceUse(Answer, frozen=True):
    device: Bytes32
    added_at: Count
    last_used: Count | None
    browser: Browser | None
    platform: Platform | None


class Removal(Answer, frozen=True):
    device: Bytes32
    due: Count


class Devices(Answer, frozen=True):
    devices: tuple[OneDeviceUse, ...]
    removals: tuple[Removal, ...]


class OfferedKeys(Body, frozen=True):
    id: Bytes32
    sign: Bytes32
    unseal: UnsealKey


class ShownKeys(Answer, frozen=True):
    id: Bytes32
    sign: Bytes32
    unseal: UnsealKey


class OfferPairing(Body, frozen=True):
    device: OfferedKeys
    mac: Bytes32


class OnePairing(Body, frozen=True):
    pairing: Hex32


class AnswerPairing(Body, frozen=True):
    pairing: Hex32
    map: Statement
    sealed: Sealed
    mac: Bytes32


class CountersignPairing(Body, frozen=True):
    pairing: Hex32
    countersign: Bytes64


class PairingOffered(Answer, frozen=True):
    pairing: Hex32
    until: Count


class PairingTaken(Answer, frozen=True):
    pairing: Hex32
    device: ShownKeys
    mac: Bytes32
    browser: Browser
    platform: Platform
    at: Count


class Pairing(Answer, frozen=True):
    state: PairingState
    map: Statement | None
    sealed: Sealed | None
    mac: Bytes32 | None
    device: Bytes32 | None
    countersign: Bytes64 | None


# --- refusal ----------------------------------------------------------------------------------------


class Refusal(Answer, frozen=True):
    code: str
    retry_after: int | None


def b64(data: bytes | memoryview) -> str:
    return base64.urlsafe_b64encode(bytes(data)).rstrip(b"=").decode()


def octets(text: str) -> bytes:
    """Raises ValidationError for anything but the one way of writing these bytes."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as wrong:  # binascii.Error is one
        raise ValidationError("not base64url") from wrong
    if b64(data) != text:
        raise ValidationError("not canonical base64url")
    return data
