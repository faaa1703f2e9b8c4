"""Who belongs to which organisation, as administrators say it. It opens and closes the directory; who is in a
conversation, its members alone decide."""

from django.db import IntegrityError, transaction

from accounts import clock
from accounts.errors import Refused
from accounts.models import Membership, Organisation, Person


@transaction.atomic
def join(person: Person, organisation: Organisation, role: str) -> Membership:
    """Somebody who left comes back to the same row: there is one a person and organisation."""
    row = Membership.objects.filter(person=person, organisation=organisation).first()
    if row is None:
        return Membership.objects.create(
            person=person, organisation=organisation, role=role, created_at=clock.now()
        )
    if row.ended_at is None:
        raise Refused("conflict")
    row.role, row.ended_at = role, None
    row.save(update_fields={"role", "ended_at"})
    return row


def change_role(membership: Membership, role: str) -> None:
    if not Membership.objects.filter(pk=membership.pk, ended_at=None).update(role=role):
        raise Refused("conflict")


def end_membership(membership: Membership) -> None:
    if not Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=clock.now()):
        raise Refused("conflict")


@transaction.atomic
def make_organisation(name: str) -> Organisation:
    return Organisation.objects.create(name=_free(name), created_at=clock.now())


@transaction.atomic
def rename_organisation(organisation: Organisation, name: str) -> None:
    try:
        with transaction.atomic():
            Organisation.objects.filter(pk=organisation.pk).update(name=name)
    except IntegrityError as taken:
        raise Refused("conflict") from taken


def _free(name: str) -> str:
    if Organisation.objects.filter(name=name).exists():
        raise Refused("conflict")
    return name
