"""Every stored column of accounts: what sort of thing it holds, why, and for how long. A test compares this
table with the models: a column without a line fails the build.

Sorts: "sealed content" (only clients can open it), "public key", "account secret" (hashed, or sealed under a
key outside the database), "metadata".
"""

from typing import Final, Literal, NamedTuple

# What the host learns from a column, as people are told it (the client has a sentence for each): "nothing" of
# anybody from a row number, a random name, or what is hashed or sealed.
Topic = Literal["identity", "who", "size", "reading", "devices", "attempts", "directory", "nothing"]
# Seen while it passes, kept in no column.
PASSING: Final[tuple[Topic, ...]] = ("directory",)
Sort = Literal["sealed content", "public key", "account secret", "metadata"]


class Column(NamedTuple):
    sort: Sort
    topic: Topic
    reason: str
    retention: str


_ACCOUNT = "as long as the account"
_LOG = "as long as an entry names this key log"
_DEVICE = "as long as the key log"
_SESSION = "30 days after its beginning"
_INVITATION = "30 days after it expires"
_RESET = "until it expires"
_REVOCATION = "7 days"


def _meta(topic: Topic, reason: str, retention: str) -> Column:
    return Column("metadata", topic, reason, retention)


def _secret(reason: str, retention: str) -> Column:
    return Column("account secret", "nothing", reason, retention)


def _key(reason: str, retention: str) -> Column:
    return Column("public key", "devices", reason, retention)


COLUMNS: Final[dict[str, Column]] = {
    "Organisation.id": _meta("identity", "names the organisation in signed objects", _ACCOUNT),
    "Organisation.name": _meta("identity", "shown in invitations and at the top of the screen", _ACCOUNT),
    "Organisation.created_at": _meta("identity", "traces", _ACCOUNT),
    "Person.id": _meta("identity", "names the person in the API", _ACCOUNT),
    "Person.password": _secret("Argon2id hash for the first step of sign-in", _ACCOUNT),
    "Person.email": _meta("identity", "sign-in name and address of account mail", _ACCOUNT),
    "Person.given": _meta("identity", "directory, fixed by the organisation", _ACCOUNT),
    "Person.family": _meta("identity", "directory, fixed by the organisation", _ACCOUNT),
    "Person.profession": _meta("identity", "directory, code of TRE_G15", _ACCOUNT),
    "Person.civility": _meta("identity", "directory, so that the profession reads as it is said", _ACCOUNT),
    "Person.speciality": _meta("identity", "directory, code of TRE_R01", _ACCOUNT),
    "Person.rpps": _meta("identity", "directory, national number of the professional", _ACCOUNT),
    "Person.place": _meta("identity", "directory, fixed by the organisation", _ACCOUNT),
    "Person.search": _meta(
        "identity", "names, profession, place without accents: the directory's search", _ACCOUNT
    ),
    "Person.state": _meta("identity", "a suspended person signs in nowhere", _ACCOUNT),
    "Person.created_at": _meta("identity", "traces", _ACCOUNT),
    "Person.chain": _key("hash of the first key-log statement: the cryptographic identity", _LOG),
    "Person.key_head_n": _key("number of the last key-log statement", _LOG),
    "Person.key_head_hash": _key("hash of the last key-log statement", _LOG),
    "Membership.id": _meta("nothing", "row number", _ACCOUNT),
    "Membership.person": _meta("identity", "who works where", _ACCOUNT),
    "Membership.organisation": _meta("identity", "who works where", _ACCOUNT),
    "Membership.role": _meta("identity", "what a member may do in the organisation", _ACCOUNT),
    "Membership.created_at": _meta("identity", "traces", _ACCOUNT),
    "Membership.ended_at": _meta("identity", "an end closes the directory, not old signatures", _ACCOUNT),
    "TotpFactor.id": _meta("nothing", "row number", _ACCOUNT),
    "TotpFactor.user": _meta("attempts", "whose factor", _ACCOUNT),
    "TotpFactor.name": _meta("nothing", "field of django-otp, always the same word", _ACCOUNT),
    "TotpFactor.confirmed": _meta(
        "attempts", "an unconfirmed factor opens nothing", "a day when unconfirmed"
    ),
    "TotpFactor.key_sealed": _secret(
        "seed of one-time codes, sealed under a key outside the database", _ACCOUNT
    ),
    "TotpFactor.last_step": _meta("attempts", "each code is good once", _ACCOUNT),
    "TotpFactor.throttling_failure_timestamp": _meta(
        "attempts", "wrong codes slow the next one down", _ACCOUNT
    ),
    "TotpFactor.throttling_failure_count": _meta("attempts", "wrong codes slow the next one down", _ACCOUNT),
    "TotpFactor.created_at": _meta("attempts", "traces", _ACCOUNT),
    "PrintedCode.id": _meta("nothing", "row number", _ACCOUNT),
    "PrintedCode.person": _meta("attempts", "whose code", _ACCOUNT),
    "PrintedCode.selector": _meta("nothing", "finds the row, proves nothing", _ACCOUNT),
    "PrintedCode.code_hash": _secret("Argon2id hash of 80 random bits", _ACCOUNT),
    "PrintedCode.created_at": _meta("attempts", "traces", _ACCOUNT),
    "PrintedCode.used_at": _meta("attempts", "each code is good once", _ACCOUNT),
    "Session.id": _meta("nothing", "names the session in revocations", _SESSION),
    "Session.token_hash": _secret("hash of the cookie's random token", _SESSION),
    "Session.person": _meta("devices", "whose session", _SESSION),
    "Session.device": _meta("devices", "which of the person's devices this browser proved to be", _SESSION),
    "Session.created_at": _meta("devices", "absolute limit of 12 hours", _SESSION),
    "Session.last_seen_at": _meta("devices", "locks after idling", _SESSION),
    "Session.verified_at": _meta("devices", "second factor given on this session", _SESSION),
    "Session.fresh_factor_at": _meta("devices", "asked again before key changes", _SESSION),
    "Session.ended_at": _meta("devices", "an ended session serves nothing", _SESSION),
    "Session.shared": _meta("devices", "a shared workstation locks sooner", _SESSION),
    "Session.agent": _meta("devices", "sort of browser and system, to recognise one's sessions", _SESSION),
    "Session.challenge": _meta("nothing", "random, signed by the device once", "2 minutes, or the session's"),
    "Session.challenge_at": _meta("devices", "a challenge lives two minutes", "2 minutes, or the session's"),
    "Invitation.id": _meta("identity", "names the invitation in traces", _INVITATION),
    "Invitation.organisation": _meta("identity", "who invites", _INVITATION),
    "Invitation.email": _meta("identity", "the exact address invited", _INVITATION),
    "Invitation.given": _meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.family": _meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.profession": _meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.civility": _meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.speciality": _meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.rpps": _meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.place": _meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.role": _meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.token_hash": _secret("hash of the link's random token", _INVITATION),
    "Invitation.created_at": _meta("identity", "traces", _INVITATION),
    "Invitation.expires_at": _meta("identity", "72 hours", _INVITATION),
    "Invitation.used_at": _meta("identity", "works once", _INVITATION),
    "Invitation.created_by": _meta("identity", "traces", _INVITATION),
    "PasswordReset.id": _meta("nothing", "row number", _RESET),
    "PasswordReset.person": _meta("attempts", "whose password", _RESET),
    "PasswordReset.token_hash": _secret("hash of the link's random token", _RESET),
    "PasswordReset.created_at": _meta("attempts", "traces", _RESET),
    "PasswordReset.expires_at": _meta("attempts", "30 minutes", _RESET),
    "PasswordReset.used_at": _meta("attempts", "works once", _RESET),
    "Device.id": _key("hash of the device's public keys", _DEVICE),
    "Device.person": _meta("devices", "whose device", _DEVICE),
    "Device.sort": _meta("devices", "browser or paper", _DEVICE),
    "Device.sign_key": _key("verifies what the device signs", _DEVICE),
    "Device.unseal_key": _key("others seal to it", _DEVICE),
    "Device.added_n": _meta("devices", "statement of the key log that added it", _DEVICE),
    "Device.revoked_n": _meta("devices", "statement of the key log that revoked it", _DEVICE),
    "Device.added_at": _meta("devices", "shown in the person's list of devices", _DEVICE),
    "Device.revoked_at": _meta("devices", "a revoked device is served nothing", _DEVICE),
    "KeyLogEntry.id": _meta("nothing", "row number", _LOG),
    "KeyLogEntry.person": _meta("devices", "whose key log", _LOG),
    "KeyLogEntry.n": _meta("devices", "place in the key log", _LOG),
    "KeyLogEntry.statement": _key("signed statement, as it was made", _LOG),
    "KeyLogEntry.hash": _key("hash of the statement", _LOG),
    "KeyLogEntry.created_at": _meta("devices", "traces", _LOG),
    "SealedSeed.id": _meta("nothing", "row number", _DEVICE),
    "SealedSeed.device": _meta("devices", "to which device it is sealed", _DEVICE),
    "SealedSeed.generation": _meta("devices", "generation of the person key", _DEVICE),
    "SealedSeed.sealed": Column(
        "sealed content", "nothing", "seed of the person key, sealed by a device to a device", _DEVICE
    ),
    "VaultHalf.id": _meta("nothing", "row number", "until the device is revoked"),
    "VaultHalf.person": _meta("devices", "whose vault", "until the device is revoked"),
    "VaultHalf.vault": _meta("nothing", "random name of the vault", "until the device is revoked"),
    "VaultHalf.device": _meta("devices", "which device's vault", "until the device is revoked"),
    "VaultHalf.half_sealed": _secret(
        "half of a vault key, useless alone, sealed", "until the device is revoked"
    ),
    "VaultHalf.created_at": _meta("devices", "traces", "until the device is revoked"),
    "Count.name": _meta("nothing", "revocations or key_log", "for ever"),
    "Count.n": _meta("nothing", "last number given, in commit order", "for ever"),
    "Revocation.n": _meta("nothing", "commit order", _REVOCATION),
    "Revocation.what": _meta("devices", "session, device or person", _REVOCATION),
    "Revocation.person": _meta("devices", "whose sockets close", _REVOCATION),
    "Revocation.session": _meta("devices", "which sockets close", _REVOCATION),
    "Revocation.device": _meta("devices", "which sockets close", _REVOCATION),
    "Revocation.at": _meta("devices", "traces", _REVOCATION),
    "Bucket.id": _meta("attempts", "keyed hash of an account or source", "7 days"),
    "Bucket.rate": _meta("attempts", "which rate", "7 days"),
    "Bucket.tokens": _meta("attempts", "tries left", "7 days"),
    "Bucket.at": _meta("attempts", "when they were counted", "7 days"),
}
