"""What is answered when there is nothing to show: one calm page, whatever went wrong."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_SAID = {
    HTTPStatus.BAD_REQUEST: "Cette demande n’a pas été comprise.",
    HTTPStatus.FORBIDDEN: "Cet acte ne vous est pas ouvert. Rien n’a été changé.",
    HTTPStatus.NOT_FOUND: "Cette page n’existe pas, ou plus.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Rien ne se change à cet endroit.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Le service n’a pas pu répondre. Réessayez dans un instant.",
}
_FORGED = "La page était ouverte depuis trop longtemps. Revenez en arrière, rechargez-la et recommencez."


def bad(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, HTTPStatus.FORBIDDEN)


def absent(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, HTTPStatus.NOT_FOUND)


def failed(request: HttpRequest) -> HttpResponse:
    return page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, HTTPStatus.FORBIDDEN, said=_FORGED)


def page(request: HttpRequest, status: HTTPStatus, *, said: str = "") -> HttpResponse:
    return render(
        request,
        "administration/said.html",
        {"notice": settings.NOTICE, "said": said or _SAID[status]},
        status=status,
    )
