"""The server's half of a browser's vault key (PROTOCOL.md V1, V2): made once, given to its person only."""

import secrets
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts import clock
from accounts.at_rest import open_at_rest, seal_at_rest
from accounts.errors import Refused
from accounts.limits import limit
from accounts.models import Device, Person, VaultHalf

_HALF_BYTES = 32
_PURPOSE = "vault-half"


@dataclass(frozen=True, slots=True)
class Opened:
    half: bytes
    device: bytes

    def __repr__(self) -> str:
        return "Opened()"


def make_vault(person: Person, *, vault: bytes, device: bytes) -> bytes:
    half = secrets.token_bytes(_HALF_BYTES)
    try:
        _store(person, vault, device, half)
    except IntegrityError as taken:
        raise Refused("conflict") from taken
    return half


def open_vault(person: Person, *, vault: bytes) -> Opened:
    row = VaultHalf.objects.filter(person=person, vault=vault).first()
    if row is None or _is_revoked(bytes(row.device)):
        raise Refused("not_found")  # foreign, erased and absent alike
    half = open_at_rest(bytes(row.half_sealed), purpose=_PURPOSE, owner=_owner(person, vault))
    return Opened(half, bytes(row.device))


def erase_vaults_of(device: bytes) -> None:
    """On revocation: what the browser kept is noise from now on, to the server as well."""
    VaultHalf.objects.filter(device=device).delete()


@transaction.atomic
def _store(person: Person, vault: bytes, device: bytes, half: bytes) -> None:
    # One at a time for a person, so that two requests cannot claim past each other.
    Person.objects.select_for_update().get(pk=person.pk)
    if _is_of_somebody_else(person, device) or _is_revoked(device):
        raise Refused("conflict")
    _make_room(person)
    VaultHalf.objects.create(
        person=person,
        vault=vault,
        device=device,
        half_sealed=seal_at_rest(half, purpose=_PURPOSE, owner=_owner(person, vault)),
        created_at=clock.now(),
    )


def _is_of_somebody_else(person: Person, device: bytes) -> bool:
    claimed = VaultHalf.objects.filter(device=device).exclude(person=person).exists()
    return claimed or Device.objects.filter(pk=device).exclude(person=person).exists()


def _make_room(person: Person) -> None:
    """The oldest of a browser that never became a device goes: it holds nothing yet."""
    theirs = VaultHalf.objects.filter(person=person).order_by("created_at", "pk")
    if theirs.count() < limit("vaults_person"):
        return
    devices = Device.objects.filter(person=person).values("pk")
    oldest = theirs.exclude(device__in=devices).first()
    if oldest is None:
        raise Refused("conflict")
    oldest.delete()


def _is_revoked(device: bytes) -> bool:
    cut = Q(revoked_at__isnull=False) | Q(cut_off_at__isnull=False)
    return Device.objects.filter(cut, pk=device).exists()


def _owner(person: Person, vault: bytes) -> str:
    return f"{person.pk.hex}/{vault.hex()}"
