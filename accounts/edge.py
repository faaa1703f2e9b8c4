"""The HTTP edge of the JSON API: every check that comes before a view, in one order, and the one place where
a refusal becomes an answer. Other apps use it for their routes too."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, Literal, TypeVar

import msgspec
import structlog
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from accounts.caller import SAFE_METHODS, Caller, Visit, caller_at, caller_of
from accounts.errors import Refused, Unavailable
from accounts.limits import limit
from accounts.measures import FAULTS, REFUSED_REQUESTS
from accounts.protocol import BODY_BYTES, Refusal, Stage
from accounts.services.sessions import Issued

Method = Literal["GET", "POST"]
View = Callable[..., HttpResponse]
B = TypeVar("B", bound=msgspec.Struct)
ANY_STAGE: Final[tuple[Stage, ...]] = ("signed_out", "second_factor", "enrol_factor", "signed_in", "locked")

_log = structlog.get_logger("accounts")
_JSON = re.compile(r"application/json\s*(;\s*charset=utf-8)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that also sets the session's cookie, or takes it away."""

    answer: msgspec.Struct
    issued: Issued | None = None
    forget: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """What a view needs, readable by the test that lists every route."""

    method: Method
    stages: tuple[Stage, ...]
    body: type[msgspec.Struct]
    fresh: bool = False


def open_route(
    method: Method, body: type[B], *, stages: tuple[Stage, ...]
) -> Callable[[Callable[[HttpRequest, Visit, B], msgspec.Struct | Reply]], View]:
    """For the account routes that need less than both factors."""

    def around(view: Callable[[HttpRequest, Visit, B], msgspec.Struct | Reply]) -> View:
        def handle(request: HttpRequest, given: Mapping[str, str]) -> HttpResponse:
            visit = caller_at(request, *stages)
            return to_response(view(request, visit, decode(request, body, given, BODY_BYTES)))

        return _route(handle, view, Route(method, stages, body), BODY_BYTES)

    return around


def signed_in_route(
    method: Method, body: type[B], *, fresh: bool = False, limit_bytes: int = BODY_BYTES
) -> Callable[[Callable[[Caller, B], msgspec.Struct | Reply | HttpResponse]], View]:
    """For everything else: both factors on this session, not locked; with `fresh`, one of five minutes."""

    def around(view: Callable[[Caller, B], msgspec.Struct | Reply | HttpResponse]) -> View:
        def handle(request: HttpRequest, given: Mapping[str, str]) -> HttpResponse:
            caller = caller_of(request)
            if fresh:
                caller.needs_fresh_factor()
            return to_response(view(caller, decode(request, body, given, limit_bytes)))

        return _route(handle, view, Route(method, ("signed_in",), body, fresh), limit_bytes)

    return around


def decode(request: HttpRequest, body: type[B], given: Mapping[str, str], limit_bytes: int) -> B:
    """The body of a POST, the query of a GET; what the path carries counts as a field."""
    if request.method in SAFE_METHODS:
        if any(len(values) > 1 for _, values in request.GET.lists()):
            raise Refused("bad_request")
        return msgspec.convert({**request.GET.dict(), **given}, body, strict=False)
    try:
        return msgspec.json.decode(_body_of(request, limit_bytes), type=body)
    except UnicodeDecodeError as wrong:  # msgspec lets this one through as it is
        raise Refused("bad_request") from wrong


def to_response(result: msgspec.Struct | Reply | HttpResponse) -> HttpResponse:
    if isinstance(result, HttpResponse):
        return result
    if not isinstance(result, Reply):
        return json_response(result)
    response = json_response(result.answer)
    if result.issued is not None:
        _set_cookie(response, result.issued)
    if result.forget:
        response.delete_cookie(settings.SESSION_COOKIE_NAME, path="/", samesite="Strict")
        response.cookies[settings.SESSION_COOKIE_NAME]["secure"] = settings.SESSION_COOKIE_SECURE
    return response


def json_response(answer: msgspec.Struct, *, status: int = 200) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(answer), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def absent(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For a path that is no route: JSON like every answer, never a page."""
    return refusal_response(Refused("not_found"))


def failed(request: HttpRequest) -> HttpResponse:
    """For a fault of ours: says nothing of it."""
    FAULTS.add("request")
    return refusal_response(Unavailable())


def refusal_response(refused: Refused | Unavailable) -> HttpResponse:
    REFUSED_REQUESTS.add(refused.code)
    response = json_response(Refusal(refused.code, refused.retry_after), status=refused.status)
    if refused.retry_after is not None:
        response.headers["Retry-After"] = str(refused.retry_after)
    return response


def _route(
    handle: Callable[[HttpRequest, Mapping[str, str]], HttpResponse],
    named: Callable[..., Any],
    route: Route,
    most: int,
) -> View:
    @wraps(named)
    def view(request: HttpRequest, **given: str) -> HttpResponse:
        try:
            _check_before_reading(request, route.method, most)
            return handle(request, given)
        except (Refused, Unavailable) as refused:
            return _refuse(named.__name__, refused)
        except msgspec.MsgspecError:
            return _refuse(named.__name__, Refused("bad_request"))
        except OperationalError:
            return _refuse(named.__name__, Unavailable())

    view.route = route  # type: ignore[attr-defined]  # see route_of
    view.csrf_exempt = True  # type: ignore[attr-defined]  # exact Origin and JSON only, checked below
    return view


def route_of(view: Callable[..., Any]) -> Route:
    """What a view of this edge needs; raises for a view that went around it."""
    route = getattr(view, "route", None)
    if not isinstance(route, Route):
        raise TypeError(f"{view!r} is not a route of the edge")
    return route


def _check_before_reading(request: HttpRequest, method: Method, most: int) -> None:
    if request.method != method:
        raise Refused("method_not_allowed")
    if method in SAFE_METHODS:
        return
    if request.headers.get("Origin") not in settings.ALLOWED_ORIGINS:
        raise Refused("bad_origin")
    if _JSON.fullmatch(request.headers.get("Content-Type", "")) is None:
        raise Refused("bad_request")
    if _announced(request) > most:
        raise Refused("too_long")


def _announced(request: HttpRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not (length.isascii() and length.isdigit()):
        raise Refused("bad_request")
    return int(length)


def _body_of(request: HttpRequest, most: int) -> bytes:
    body = request.read(most + 1)
    if len(body) > most:
        raise Refused("too_long")
    return body


def _refuse(route: str, refused: Refused | Unavailable) -> HttpResponse:
    _log.info("request.refused", route=route, code=refused.code)
    return refusal_response(refused)


def _set_cookie(response: HttpResponse, issued: Issued) -> None:
    # A shared workstation forgets with the browser; elsewhere the cookie lives as long as the session may.
    response.set_cookie(
        settings.SESSION_COOKIE_NAME,
        issued.token,
        max_age=None if issued.session.shared else limit("session_seconds"),
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
