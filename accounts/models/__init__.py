from accounts.models.factors import PrintedCode, TotpFactor
from accounts.models.keys import Device, KeyLogEntry, SealedSeed, VaultHalf
from accounts.models.links import Invitation, PasswordReset
from accounts.models.people import Membership, Organisation, Person
from accounts.models.revocations import Count, Revocation
from accounts.models.sessions import Session
from accounts.models.throttle import Bucket

__all__ = [
    "Bucket",
    "Count",
    "Device",
    "Invitation",
    "KeyLogEntry",
    "Membership",
    "Organisation",
    "PasswordReset",
    "Person",
    "PrintedCode",
    "Revocation",
    "SealedSeed",
    "Session",
    "TotpFactor",
    "VaultHalf",
]
