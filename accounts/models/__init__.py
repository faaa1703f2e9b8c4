from accounts.models.actions import Action
from accounts.models.factors import PrintedCode, TotpFactor
from accounts.models.histories import History
from accounts.models.keys import Device, KeyLogEntry, SealedSeed, VaultHalf
from accounts.models.links import Invitation, PasswordReset
from accounts.models.pairing import Pairing, PaperRemoval
from accounts.models.passkeys import Passkey
from accounts.models.people import Membership, Organisation, Person
from accounts.models.revocations import Count, Revocation
from accounts.models.sessions import Session
from accounts.models.throttle import Bucket

__all__ = [
    "Action",
    "Bucket",
    "Count",
    "Device",
    "History",
    "Invitation",
    "KeyLogEntry",
    "Membership",
    "Organisation",
    "Pairing",
    "PaperRemoval",
    "Passkey",
    "PasswordReset",
    "Person",
    "PrintedCode",
    "Revocation",
    "SealedSeed",
    "Session",
    "TotpFactor",
    "VaultHalf",
]
