"""From rows to the bodies of the protocol; nothing is shown that is not named here."""

from django.conf import settings
from msgspec import convert

from accounts import clock, protocol
from accounts.caller import Visit
from accounts.models import Invitation, Organisation, Person, Session
from accounts.policy import stage_of
from accounts.professions import is_of_health
from accounts.protocol import b64
from accounts.queries import factor_sorts, organisation_of


def person_shape(person: Person) -> protocol.Person:
    return protocol.Person(
        id=person.pk.hex,
        given=person.given,
        family=person.family,
        profession=person.profession_label,
        professional=is_of_health(person.profession),
        place=person.place,
        rpps=person.rpps,
        chain=b64(person.chain) if person.chain is not None else None,
        key_head=key_head_shape(person),
    )


def key_head_shape(person: Person) -> protocol.KeyHead | None:
    if person.key_head_n is None or person.key_head_hash is None:
        return None
    return protocol.KeyHead(person.key_head_n, b64(person.key_head_hash))


def visit_shape(visit: Visit) -> protocol.SessionState:
    """Who it is shows only from the second factor on: a password alone reads no name."""
    session = visit.session
    if session is None:
        return _state(visit.stage)
    factors = factor_sorts(session.person)
    if visit.stage in ("second_factor", "enrol_factor"):
        return _state(visit.stage, factors=factors)
    return _state(
        visit.stage,
        factors=factors,
        person=person_shape(session.person),
        organisation=_organisation_shape(organisation_of(session.person)),
        device=b64(session.device.pk) if session.device is not None else None,
    )


def session_shape(session: Session, *, has_factor: bool) -> protocol.SessionState:
    return visit_shape(Visit(stage_of(session, has_factor=has_factor, at=clock.now()), session))


def one_session_shape(session: Session, *, here: bool) -> protocol.OneSession:
    return protocol.OneSession(
        id=session.name.hex,
        started=clock.seconds(session.created_at),
        used=clock.seconds(session.last_seen_at),
        browser=convert(session.browser, protocol.Browser),
        platform=convert(session.platform, protocol.Platform),
        here=here,
        device=b64(session.device.pk) if session.device is not None else None,
    )


def signed_out_shape() -> protocol.SessionState:
    return _state("signed_out")


def invitation_shape(invitation: Invitation) -> protocol.Invitation:
    return protocol.Invitation(
        organisation=invitation.organisation.name,
        email=invitation.email,
        given=invitation.given,
        family=invitation.family,
        profession=invitation.profession_label,
    )


def _organisation_shape(organisation: Organisation | None) -> protocol.Organisation | None:
    return protocol.Organisation(organisation.pk.hex, organisation.name) if organisation else None


def _state(
    stage: protocol.Stage,
    *,
    factors: tuple[protocol.FactorSort, ...] = (),
    person: protocol.Person | None = None,
    organisation: protocol.Organisation | None = None,
    device: str | None = None,
) -> protocol.SessionState:
    return protocol.SessionState(
        stage=stage,
        person=person,
        organisation=organisation,
        device=device,
        factors=factors,
        notice=settings.NOTICE or None,
        protocol=protocol.PROTOCOL,
        now=clock.seconds(clock.now()),
    )
