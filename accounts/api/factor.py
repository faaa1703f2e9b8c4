from django.http import HttpRequest
from msgspec import convert

from accounts import clock, protocol
from accounts.api.session import at_session
from accounts.caller import Caller, Visit
from accounts.edge import Reply, open_route, signed_in_route
from accounts.models import Passkey, Person, TotpFactor
from accounts.models.factors import STEP_SECONDS
from accounts.protocol import ENROLS
from accounts.queries import factors_of, printed_codes_left
from accounts.services import factors
from accounts.services.enrolment import TOTP, remove_factor, renew_sheet
from accounts.source import source_of


@signed_in_route("POST", protocol.Code)
def fresh(caller: Caller, body: protocol.Code) -> protocol.Done:
    factors.give_fresh_factor(caller.session, body.code)
    return protocol.Done()


@open_route("POST", protocol.Nothing, stages=ENROLS)
def totp_begin(request: HttpRequest, visit: Visit, body: protocol.Nothing) -> protocol.TotpOffer:
    offer = factors.begin_totp(at_session(visit))
    return protocol.TotpOffer(offer.uri, offer.secret)


@open_route("POST", protocol.Code, stages=ENROLS)
def totp_confirm(request: HttpRequest, visit: Visit, body: protocol.Code) -> Reply:
    confirmed = factors.confirm_totp(at_session(visit), body.code, source_of(request))
    return Reply(protocol.PrintedCodes(confirmed.codes), issued=confirmed.issued)


@open_route("POST", protocol.Nothing, stages=("signed_in",))
def printed_renew(request: HttpRequest, visit: Visit, body: protocol.Nothing) -> protocol.PrintedCodes:
    return protocol.PrintedCodes(renew_sheet(at_session(visit), source_of(request)))


@signed_in_route("GET", protocol.Nothing)
def all_of_mine(caller: Caller, body: protocol.Nothing) -> protocol.Factors:
    return _factors_shape(caller.person)


@open_route("POST", protocol.RemoveFactor, stages=("signed_in",))
def remove(request: HttpRequest, visit: Visit, body: protocol.RemoveFactor) -> protocol.Done:
    remove_factor(at_session(visit), body.factor, source_of(request))
    return protocol.Done()


def _factors_shape(person: Person) -> protocol.Factors:
    passkeys, totp = factors_of(person)
    shown = [_passkey_shape(passkey) for passkey in passkeys]
    if totp is not None:
        shown.append(_totp_shape(totp))
    return protocol.Factors(tuple(shown), printed_codes_left(person))


def _passkey_shape(passkey: Passkey) -> protocol.Factor:
    browser, platform = passkey.name.split("/")
    return protocol.Factor(
        id=passkey.credential_id_sha256,
        sort="passkey",
        added=clock.seconds(passkey.created_at),
        used=clock.seconds(passkey.last_used_at) if passkey.last_used_at else None,
        browser=convert(browser, protocol.Browser),
        platform=convert(platform, protocol.Platform),
    )


def _totp_shape(totp: TotpFactor) -> protocol.Factor:
    used = totp.last_step * STEP_SECONDS if totp.last_step >= 0 else None
    added = clock.seconds(totp.created_at)
    return protocol.Factor(id=TOTP, sort="totp", added=added, used=used, browser=None, platform=None)
