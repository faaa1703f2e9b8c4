"""An organisation says who somebody is; the link makes exactly that person, once."""

from dataclasses import dataclass

import structlog
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from accounts import clock
from accounts.address import address
from accounts.errors import Refused
from accounts.limits import limit
from accounts.mail import post
from accounts.models import Invitation, Membership, Organisation, Person, Session
from accounts.passwords import is_strong
from accounts.professions import PROFESSIONS
from accounts.rpps import is_rpps
from accounts.services.sessions import Issued, begin_session
from accounts.services.throttle import take
from accounts.source import Source
from accounts.specialities import CIVILITIES, is_speciality
from accounts.tokens import new_token, token_hash

_log = structlog.get_logger("accounts")


@dataclass(frozen=True, slots=True)
class Identity:
    """What the organisation vouches for. Whoever is invited can change none of it."""

    email: str
    given: str
    family: str
    profession: str
    place: str
    rpps: str | None = None
    role: str = Membership.Role.MEMBER
    civility: str | None = None
    speciality: str | None = None

    def faults(self) -> list[str]:
        checks = {
            "email": address(self.email) is not None,
            "given": 0 < len(self.given.strip()) <= 80,
            "family": 0 < len(self.family.strip()) <= 80,
            "profession": self.profession in PROFESSIONS,
            "place": 0 < len(self.place.strip()) <= 120,
            "rpps": self.rpps is None or is_rpps(self.rpps),
            "role": self.role in Membership.Role.values,
            "civility": self.civility is None or self.civility in CIVILITIES,
            "speciality": self.speciality is None or is_speciality(self.speciality, of=self.profession),
        }
        return [field for field, good in checks.items() if not good]


@dataclass(frozen=True, slots=True)
class Invited:
    invitation: Invitation
    link: str

    def __repr__(self) -> str:
        return f"Invited({self.invitation})"


class CannotInvite(ValueError):
    """For whoever invites: the fields that are wrong, or `known` when the address has an account."""


@transaction.atomic
def invite(
    *, organisation: Organisation, identity: Identity, by: Person | None = None, language: str = "fr"
) -> Invited:
    faults = identity.faults()
    email = address(identity.email)
    if faults or email is None:
        raise CannotInvite(", ".join(faults))
    if Person.objects.filter(email=email).exists():
        raise CannotInvite("known")
    token = new_token()
    invitation = _store(organisation, identity, email, token, by)
    link = f"{settings.PUBLIC_ORIGIN}/#/invitation/{token}"
    hours = limit("invitation_seconds") // 3600
    post("invitation", email, language, link=link, hours=hours, organisation=organisation.name)
    return Invited(invitation, link)


def look_at_invitation(token: str, source: Source) -> Invitation:
    take("link_source", source.address)
    found = _open(token)
    if found is None:
        raise Refused("link_invalid")
    return found


def accept_invitation(*, token: str, password: str, source: Source, instead_of: Session | None) -> Issued:
    invitation = look_at_invitation(token, source)
    if not is_strong(password, names=_known_words(invitation)):
        raise Refused("weak_password")
    hashed = make_password(password)
    try:
        return _accept(invitation, hashed, source, instead_of)
    except IntegrityError as taken:  # the address or the RPPS got an account since
        raise Refused("link_invalid") from taken


@transaction.atomic
def _accept(invitation: Invitation, hashed: str, source: Source, instead_of: Session | None) -> Issued:
    unused = Invitation.objects.filter(pk=invitation.pk, used_at=None)
    if not unused.update(used_at=clock.now()):
        raise Refused("link_invalid")
    person = _person(invitation, hashed)
    Membership.objects.create(
        person=person, organisation=invitation.organisation, role=invitation.role, created_at=clock.now()
    )
    _log.info("invitation.accepted", person=person.pk.hex, invitation=invitation.pk.hex)
    return begin_session(person=person, shared=False, source=source, instead_of=instead_of)


def _open(token: str) -> Invitation | None:
    usable = Invitation.objects.select_related("organisation").filter(
        used_at=None, expires_at__gt=clock.now()
    )
    return usable.filter(token_hash=token_hash(token)).first()


def _person(invitation: Invitation, hashed: str) -> Person:
    person = Person(
        email=invitation.email,
        given=invitation.given,
        family=invitation.family,
        profession=invitation.profession,
        civility=invitation.civility,
        speciality=invitation.speciality,
        rpps=invitation.rpps,
        place=invitation.place,
        password=hashed,
        created_at=clock.now(),
    )
    person.search = person.words_for_search()
    person.save(force_insert=True)
    return person


def _store(
    organisation: Organisation, identity: Identity, email: str, token: str, by: Person | None
) -> Invitation:
    return Invitation.objects.create(
        organisation=organisation,
        email=email,
        given=identity.given.strip(),
        family=identity.family.strip(),
        profession=identity.profession,
        civility=identity.civility,
        speciality=identity.speciality,
        rpps=identity.rpps,
        place=identity.place.strip(),
        role=identity.role,
        token_hash=token_hash(token),
        created_at=clock.now(),
        expires_at=clock.ahead(limit("invitation_seconds")),
        created_by=by,
    )


def _known_words(invitation: Invitation) -> list[str]:
    return [invitation.email, invitation.given, invitation.family, invitation.organisation.name]
