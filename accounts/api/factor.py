from django.http import HttpRequest

from accounts import protocol
from accounts.api.session import at_session
from accounts.caller import Caller, Visit
from accounts.edge import Reply, open_route, signed_in_route
from accounts.protocol import Stage
from accounts.services import factors
from accounts.source import source_of

# Signed in as well: over an existing factor the service asks for a fresh one.
_ENROLS: tuple[Stage, ...] = ("enrol_factor", "signed_in")


@signed_in_route("POST", protocol.Code)
def fresh(caller: Caller, body: protocol.Code) -> protocol.Done:
    factors.give_fresh_factor(caller.session, body.code)
    return protocol.Done()


@open_route("POST", protocol.Nothing, stages=_ENROLS)
def totp_begin(request: HttpRequest, visit: Visit, body: protocol.Nothing) -> protocol.TotpOffer:
    offer = factors.begin_totp(at_session(visit))
    return protocol.TotpOffer(offer.uri, offer.secret)


@open_route("POST", protocol.Code, stages=_ENROLS)
def totp_confirm(request: HttpRequest, visit: Visit, body: protocol.Code) -> Reply:
    confirmed = factors.confirm_totp(at_session(visit), body.code, source_of(request))
    return Reply(protocol.PrintedCodes(confirmed.codes), issued=confirmed.issued)
