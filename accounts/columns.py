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
_INVITATION = "90 days after it expires"
_RESET = "until it expires"
_PAIRING = "10 minutes, or until another begins"
_REMOVAL = "30 days, or until it is cancelled"
_REVOCATION = "30 days"
_ACTION = "365 days"


def meta(topic: Topic, reason: str, retention: str) -> Column:
    return Column("metadata", topic, reason, retention)


def _secret(reason: str, retention: str) -> Column:
    return Column("account secret", "nothing", reason, retention)


def _key(reason: str, retention: str) -> Column:
    return Column("public key", "devices", reason, retention)


COLUMNS: Final[dict[str, Column]] = {
    "Organisation.id": meta("identity", "names the organisation in signed objects", _ACCOUNT),
    "Organisation.name": meta("identity", "shown in invitations and at the top of the screen", _ACCOUNT),
    "Organisation.created_at": meta("identity", "traces", _ACCOUNT),
    "Person.id": meta("identity", "names the person in the API", _ACCOUNT),
    "Person.password": _secret("Argon2id hash for the first step of sign-in", _ACCOUNT),
    "Person.email": meta("identity", "sign-in name and address of account mail", _ACCOUNT),
    "Person.given": meta("identity", "directory, fixed by the organisation", _ACCOUNT),
    "Person.family": meta("identity", "directory, fixed by the organisation", _ACCOUNT),
    "Person.profession": meta("identity", "directory, code of TRE_G15", _ACCOUNT),
    "Person.civility": meta("identity", "directory, so that the profession reads as it is said", _ACCOUNT),
    "Person.speciality": meta("identity", "directory, code of TRE_R01", _ACCOUNT),
    "Person.rpps": meta("identity", "directory, national number of the professional", _ACCOUNT),
    "Person.place": meta("identity", "directory, fixed by the organisation", _ACCOUNT),
    "Person.search": meta(
        "identity", "names, profession, place without accents: the directory's search", _ACCOUNT
    ),
    "Person.state": meta("identity", "a suspended person signs in nowhere", _ACCOUNT),
    "Person.created_at": meta("identity", "traces", _ACCOUNT),
    "Person.is_staff": meta("identity", "may enter the administration", _ACCOUNT),
    "Person.is_superuser": meta("identity", "may let others into the administration", _ACCOUNT),
    "Person.chain": _key("hash of the first key-log statement: the cryptographic identity", _LOG),
    "Person.key_head_n": _key("number of the last key-log statement", _LOG),
    "Person.key_head_hash": _key("hash of the last key-log statement", _LOG),
    "Membership.id": meta("nothing", "row number", _ACCOUNT),
    "Membership.person": meta("identity", "who works where", _ACCOUNT),
    "Membership.organisation": meta("identity", "who works where", _ACCOUNT),
    "Membership.role": meta("identity", "what a member may do in the organisation", _ACCOUNT),
    "Membership.created_at": meta("identity", "traces", _ACCOUNT),
    "Membership.ended_at": meta("identity", "an end closes the directory, not old signatures", _ACCOUNT),
    "TotpFactor.id": meta("nothing", "row number", _ACCOUNT),
    "TotpFactor.user": meta("attempts", "whose factor", _ACCOUNT),
    "TotpFactor.name": meta("nothing", "field of django-otp, always the same word", _ACCOUNT),
    "TotpFactor.confirmed": meta("attempts", "an unconfirmed factor opens nothing", "a day when unconfirmed"),
    "TotpFactor.key_sealed": _secret(
        "seed of one-time codes, sealed under a key outside the database", _ACCOUNT
    ),
    "TotpFactor.last_step": meta("attempts", "each code is good once", _ACCOUNT),
    "TotpFactor.throttling_failure_timestamp": meta(
        "attempts", "wrong codes slow the next one down", _ACCOUNT
    ),
    "TotpFactor.throttling_failure_count": meta("attempts", "wrong codes slow the next one down", _ACCOUNT),
    "TotpFactor.created_at": meta("attempts", "traces", _ACCOUNT),
    "PrintedCode.id": meta("nothing", "row number", _ACCOUNT),
    "PrintedCode.person": meta("attempts", "whose code", _ACCOUNT),
    "PrintedCode.selector": meta("nothing", "finds the row, proves nothing", _ACCOUNT),
    "PrintedCode.code_hash": _secret("Argon2id hash of 80 random bits", _ACCOUNT),
    "PrintedCode.created_at": meta("attempts", "traces", _ACCOUNT),
    "PrintedCode.used_at": meta("attempts", "each code is good once", _ACCOUNT),
    "Session.id": meta("nothing", "names the session in revocations", _SESSION),
    "Session.name": meta("nothing", "random; by it its person ends the session", _SESSION),
    "Session.token_hash": _secret("hash of the cookie's random token", _SESSION),
    "Session.person": meta("devices", "whose session", _SESSION),
    "Session.device": meta("devices", "which of the person's devices this browser proved to be", _SESSION),
    "Session.created_at": meta("devices", "absolute limit of 12 hours", _SESSION),
    "Session.last_seen_at": meta("devices", "locks after idling", _SESSION),
    "Session.verified_at": meta("devices", "second factor given on this session", _SESSION),
    "Session.fresh_factor_at": meta("devices", "asked again before key changes", _SESSION),
    "Session.factor_sort": meta("attempts", "a session ends with the factor that it rests on", _SESSION),
    "Session.factor": meta("attempts", "a session ends with the factor that it rests on", _SESSION),
    "Session.ended_at": meta("devices", "an ended session serves nothing", _SESSION),
    "Session.shared": meta("devices", "a shared workstation locks sooner", _SESSION),
    "Session.browser": meta("devices", "one of five words, to recognise one's sessions", _SESSION),
    "Session.platform": meta("devices", "one of six words, to recognise one's sessions", _SESSION),
    "Session.admin": meta("devices", "begun on the administration's host, good there only", _SESSION),
    "Session.challenge": meta("nothing", "random, signed by the device once", "2 minutes, or the session's"),
    "Session.challenge_at": meta("devices", "a challenge lives two minutes", "2 minutes, or the session's"),
    "Session.passkey_challenge": meta(
        "nothing", "random, signed by a passkey once", "2 minutes, or the session's"
    ),
    "Session.passkey_challenge_at": meta(
        "devices", "a challenge lives two minutes", "2 minutes, or the session's"
    ),
    "Invitation.id": meta("identity", "names the invitation in traces", _INVITATION),
    "Invitation.organisation": meta("identity", "who invites", _INVITATION),
    "Invitation.email": meta("identity", "the exact address invited", _INVITATION),
    "Invitation.given": meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.family": meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.profession": meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.civility": meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.speciality": meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.rpps": meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.place": meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.role": meta("identity", "what the organisation says of the person", _INVITATION),
    "Invitation.token_hash": _secret("hash of the link's random token", _INVITATION),
    "Invitation.created_at": meta("identity", "traces", _INVITATION),
    "Invitation.expires_at": meta("identity", "72 hours", _INVITATION),
    "Invitation.used_at": meta("identity", "works once", _INVITATION),
    "Invitation.created_by": meta("identity", "traces", _INVITATION),
    "PasswordReset.id": meta("nothing", "row number", _RESET),
    "PasswordReset.person": meta("attempts", "whose password", _RESET),
    "PasswordReset.token_hash": _secret("hash of the link's random token", _RESET),
    "PasswordReset.created_at": meta("attempts", "traces", _RESET),
    "PasswordReset.expires_at": meta("attempts", "30 minutes", _RESET),
    "PasswordReset.used_at": meta("attempts", "works once", _RESET),
    "Device.id": _key("hash of the device's public keys", _DEVICE),
    "Device.person": meta("devices", "whose device", _DEVICE),
    "Device.chain": _key("which of the person's key logs names it", _DEVICE),
    "Device.sort": meta("devices", "browser or paper", _DEVICE),
    "Device.sign_key": _key("verifies what the device signs", _DEVICE),
    "Device.unseal_key": _key("others seal to it", _DEVICE),
    "Device.added_n": meta("devices", "statement of the key log that added it", _DEVICE),
    "Device.revoked_n": meta("devices", "statement of the key log that revoked it", _DEVICE),
    "Device.added_at": meta("devices", "shown in the person's list of devices", _DEVICE),
    "Device.revoked_at": meta("devices", "a revoked device is served nothing", _DEVICE),
    "Device.cut_off_at": meta("devices", "a device cut off by an administrator is served nothing", _DEVICE),
    "KeyLogEntry.id": meta("nothing", "row number", _LOG),
    "KeyLogEntry.person": meta("devices", "whose key log", _LOG),
    "KeyLogEntry.chain": _key("which of the person's key logs it is in", _LOG),
    "KeyLogEntry.n": meta("devices", "place in the key log", _LOG),
    "KeyLogEntry.statement": _key("signed statement, as it was made", _LOG),
    "KeyLogEntry.hash": _key("hash of the statement", _LOG),
    "KeyLogEntry.created_at": meta("devices", "traces", _LOG),
    "SealedSeed.id": meta("nothing", "row number", _DEVICE),
    "SealedSeed.device": meta("devices", "to which device it is sealed", _DEVICE),
    "SealedSeed.generation": meta("devices", "generation of the person key", _DEVICE),
    "SealedSeed.sealed": Column(
        "sealed content", "nothing", "seed of the person key, sealed by a device to a device", _DEVICE
    ),
    "VaultHalf.id": meta("nothing", "row number", "until the device is revoked"),
    "VaultHalf.person": meta("devices", "whose vault", "until the device is revoked"),
    "VaultHalf.vault": meta("nothing", "random name of the vault", "until the device is revoked"),
    "VaultHalf.device": meta("devices", "which device's vault", "until the device is revoked"),
    "VaultHalf.half_sealed": _secret(
        "half of a vault key, useless alone, sealed", "until the device is revoked"
    ),
    "VaultHalf.created_at": meta("devices", "traces", "until the device is revoked"),
    "Pairing.id": meta("nothing", "random; names the offer", _PAIRING),
    "Pairing.person": meta("devices", "whose offer", _PAIRING),
    "Pairing.state": meta("devices", "which of the two browsers is next", _PAIRING),
    "Pairing.offered_by": meta("devices", "the browser that asks to be added", _PAIRING),
    "Pairing.taken_by": meta("devices", "the browser that adds it", _PAIRING),
    "Pairing.device": _key("hash of the new device's public keys", _PAIRING),
    "Pairing.sign_key": _key("will verify what the new device signs", _PAIRING),
    "Pairing.unseal_key": _key("the seed is sealed to it", _PAIRING),
    "Pairing.mac": meta("devices", "keyed by a code that the host never has", _PAIRING),
    "Pairing.answered_by": _key("device that adds", _PAIRING),
    "Pairing.addition": _key("the coming key-log statement, not yet signed", _PAIRING),
    "Pairing.sealed": Column(
        "sealed content", "nothing", "seed of the person key, sealed by a device to a device", _PAIRING
    ),
    "Pairing.answer_mac": meta("devices", "keyed by a code that the host never has", _PAIRING),
    "Pairing.countersign": _key("the new device's consent", _PAIRING),
    "Pairing.created_at": meta("devices", "an offer lives ten minutes", _PAIRING),
    "PaperRemoval.id": meta("nothing", "row number", _REMOVAL),
    "PaperRemoval.device": meta("devices", "which code de secours is to go", _REMOVAL),
    "PaperRemoval.asked_at": meta("devices", "it stands after 72 hours", _REMOVAL),
    "Count.name": meta("nothing", "revocations or key_log", "for ever"),
    "Count.n": meta("nothing", "last number given, in commit order", "for ever"),
    "History.n": meta("size", "how often this database was restored", "for ever"),
    "History.id": meta("nothing", "random; clients notice a restoration", "for ever"),
    "History.began_at": meta("size", "how long what is missing is taken back", "for ever"),
    "History.restored_at": meta("size", "told to people: what is younger is missing", "for ever"),
    "Revocation.n": meta("nothing", "commit order", _REVOCATION),
    "Revocation.what": meta("devices", "session, device, person or membership", _REVOCATION),
    "Revocation.person": meta("devices", "whose sockets close", _REVOCATION),
    "Revocation.session": meta("devices", "which sockets close", _REVOCATION),
    "Revocation.device": meta("devices", "which sockets close", _REVOCATION),
    "Revocation.conversation": meta("who", "which conversation a member left", _REVOCATION),
    "Revocation.at": meta("devices", "traces", _REVOCATION),
    "Action.id": meta("nothing", "row number", _ACTION),
    "Action.at": meta("identity", "when an administrator did it", _ACTION),
    "Action.actor": meta("identity", "which administrator did it", _ACTION),
    "Action.what": meta("identity", "one of a closed list of acts", _ACTION),
    "Action.outcome": meta("identity", "done or refused", _ACTION),
    "Action.sort": meta("identity", "what sort of thing it was done to", _ACTION),
    "Action.target": meta("identity", "identifier of that thing", _ACTION),
    "Action.person": meta("identity", "whom it concerns", _ACTION),
    "Action.organisation": meta("identity", "which organisation it concerns", _ACTION),
    "Action.address": meta("attempts", "network address that it came from", _ACTION),
    "Bucket.id": meta("attempts", "keyed hash of an account or source", "7 days"),
    "Bucket.rate": meta("attempts", "which rate", "7 days"),
    "Bucket.tokens": meta("attempts", "tries left", "7 days"),
    "Bucket.at": meta("attempts", "when they were counted", "7 days"),
}

# The tables that django-otp-webauthn brings. Its attestations stay empty: no maker is asked for.
_PASSKEY = "until its person removes it"
_NEVER = "never written"
PASSKEY_COLUMNS: Final[dict[str, Column]] = {
    "WebAuthnCredential.id": meta("nothing", "row number", _PASSKEY),
    "WebAuthnCredential.user": meta("devices", "whose passkey", _PASSKEY),
    "WebAuthnCredential.name": meta("devices", "sort of browser and system that added it", _PASSKEY),
    "WebAuthnCredential.confirmed": meta("devices", "field of django-otp, always true", _PASSKEY),
    "WebAuthnCredential.created_at": meta("devices", "shown in the person's list of factors", _PASSKEY),
    "WebAuthnCredential.last_used_at": meta("devices", "shown in the person's list of factors", _PASSKEY),
    "WebAuthnCredential.credential_type": meta("devices", "always the same word", _PASSKEY),
    "WebAuthnCredential.credential_id": meta("devices", "the browser finds the passkey by it", _PASSKEY),
    "WebAuthnCredential.credential_id_sha256": meta("devices", "the server finds the row by it", _PASSKEY),
    "WebAuthnCredential.public_key": _key("verifies what the passkey signs", _PASSKEY),
    "WebAuthnCredential.transports": meta("devices", "how a browser reaches the passkey", _PASSKEY),
    "WebAuthnCredential.sign_count": meta("devices", "a copied passkey counts backwards", _PASSKEY),
    "WebAuthnCredential.backup_eligible": meta("devices", "field of the library", _PASSKEY),
    "WebAuthnCredential.backup_state": meta("devices", "field of the library", _PASSKEY),
    "WebAuthnCredential.aaguid": meta("devices", "model of the authenticator, often zeros", _PASSKEY),
    "WebAuthnCredential.discoverable": meta("devices", "field of the library", _PASSKEY),
    "WebAuthnAttestation.id": meta("nothing", "row number", _NEVER),
    "WebAuthnAttestation.fmt": meta("devices", "field of the library", _NEVER),
    "WebAuthnAttestation.data": meta("devices", "field of the library", _NEVER),
    "WebAuthnAttestation.client_data_json": meta("devices", "field of the library", _NEVER),
    "WebAuthnAttestation.credential": meta("devices", "field of the library", _NEVER),
    "WebAuthnUserHandle.handle_hex": meta("devices", "random: one authenticator, one passkey", _ACCOUNT),
    "WebAuthnUserHandle.user": meta("devices", "whose random name it is", _ACCOUNT),
}
