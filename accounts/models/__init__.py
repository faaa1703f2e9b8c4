from accounts.models.factors import PrintedCode, TotpFactor
from accounts.models.keys import Device, KeyLogEntry, SealedSeed, VaultHalf
from accounts.models.links import Invitation, PasswordReset
from accounts.models.people import Membership, Organisation, Person
from accounts.models.revocations import Revocation, RevocationCount
from accounts.models.sessions import Session
from accounts.models.throttle import Bucket

__all__ = [
    "Bucket",
    "Device",
    "Invitation",
    "KeyLogEntry",
    "Membership",
    "Organisation",
    "PasswordReset",
    "Person",
    "PrintedCode",
    "Revocation",
    "RevocationCount",
    "SealedSeed",
    "Session",
    "TotpFactor",
    "VaultHalf",
]
