from django.http import HttpRequest

from accounts import protocol
from accounts.api.shapes import session_shape, signed_out_shape, visit_shape
from accounts.caller import Visit
from accounts.edge import ANY_STAGE, Reply, open_route
from accounts.models import Session
from accounts.queries import has_factor
from accounts.services import factors
from accounts.services.sessions import Issued, end_session
from accounts.services.sign_in import sign_in as sign_in_service
from accounts.source import source_of


@open_route("GET", protocol.Nothing, stages=ANY_STAGE)
def session(request: HttpRequest, visit: Visit, body: protocol.Nothing) -> protocol.SessionState:
    return visit_shape(visit)


@open_route("POST", protocol.SignIn, stages=ANY_STAGE)
def sign_in(request: HttpRequest, visit: Visit, body: protocol.SignIn) -> Reply:
    issued = sign_in_service(
        email=body.email,
        password=body.password,
        shared=body.shared,
        source=source_of(request),
        instead_of=visit.session,
    )
    return opened(issued)


@open_route("POST", protocol.Code, stages=("second_factor",))
def sign_in_code(request: HttpRequest, visit: Visit, body: protocol.Code) -> Reply:
    return opened(factors.verify_by_code(at_session(visit), body.code, source_of(request)))


@open_route("POST", protocol.PrintedCode, stages=("second_factor",))
def sign_in_printed(request: HttpRequest, visit: Visit, body: protocol.PrintedCode) -> Reply:
    return opened(factors.verify_by_printed_code(at_session(visit), body.code, source_of(request)))


@open_route("POST", protocol.Code, stages=("locked", "signed_in"))
def unlock(request: HttpRequest, visit: Visit, body: protocol.Code) -> Reply:
    return opened(factors.unlock(at_session(visit), body.code))


@open_route("POST", protocol.Nothing, stages=ANY_STAGE)
def sign_out(request: HttpRequest, visit: Visit, body: protocol.Nothing) -> Reply:
    if visit.session is not None:
        end_session(visit.session)
    return Reply(signed_out_shape(), forget=True)


def opened(issued: Issued) -> Reply:
    return Reply(session_shape(issued.session, has_factor=has_factor(issued.session.person)), issued=issued)


def at_session(visit: Visit) -> Session:
    """The stages of these routes all have a session; only "signed_out" has none."""
    assert visit.session is not None
    return visit.session
