"""Who stands before a page of the administration, and the cookie that says so on its host alone."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from accounts.caller import Caller, administrator_of
from accounts.errors import Refused
from accounts.services.sessions import Issued

_CALLER = "colloque.administrator"


def enter(request: HttpRequest) -> None:
    caller = administrator_of(request)
    request.META[_CALLER] = caller
    request.user = caller.person if caller else AnonymousUser()


def somebody(request: HttpRequest) -> bool:
    return request.META.get(_CALLER) is not None


def administrator(request: HttpRequest) -> Caller:
    """Behind the site's guard there is always one; a view that went around it gets a refusal."""
    caller = request.META.get(_CALLER)
    if not isinstance(caller, Caller):
        raise Refused("signed_out")
    return caller


def set_cookie(response: HttpResponse, issued: Issued) -> None:
    # Without an age: the browser forgets it when it closes; the server ends it after eight hours at most.
    response.set_cookie(
        settings.ADMIN_COOKIE_NAME,
        issued.token,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def drop_cookie(response: HttpResponse) -> None:
    response.delete_cookie(settings.ADMIN_COOKIE_NAME, path="/", samesite="Strict")
    response.cookies[settings.ADMIN_COOKIE_NAME]["secure"] = settings.SESSION_COOKIE_SECURE
