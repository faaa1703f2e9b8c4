"""The only page without a guard: address, password and one-time code together, one sentence for a refusal."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.admin.entrance import administrator, drop_cookie, enter, set_cookie, somebody
from accounts.admin.words import refusal
from accounts.errors import Refused
from accounts.passwords import LONGEST
from accounts.services.administrators import enter as enter_administration
from accounts.services.administrators import leave
from accounts.source import source_of


class SignIn(forms.Form):
    email = forms.CharField(label="Adresse électronique", max_length=254)
    password = forms.CharField(label="Mot de passe", max_length=LONGEST, strip=False)
    code = forms.CharField(label="Code à six chiffres", max_length=12)


def sign_in(request: HttpRequest) -> HttpResponse:
    enter(request)
    if somebody(request) and request.method == "GET":
        return HttpResponseRedirect(_next(request))
    if request.method == "POST":
        return _try(request)
    return _page(request)


def sign_out(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    leave(administrator(request).session, source_of(request))
    response = HttpResponseRedirect(reverse("admin:login"))
    drop_cookie(response)
    return response


def _try(request: HttpRequest) -> HttpResponse:
    form = SignIn(request.POST)
    if not form.is_valid():
        return _page(request, said=refusal(Refused("bad_credentials")))
    try:
        issued = enter_administration(**form.cleaned_data, source=source_of(request))
    except Refused as refused:
        return _page(request, said=refusal(_same(refused)))
    rotate_token(request)
    response = HttpResponseRedirect(_next(request))
    set_cookie(response, issued)
    return response


def _same(refused: Refused) -> Refused:
    """A wrong password, a wrong code and somebody who has no business here read alike."""
    return refused if refused.code == "throttled" else Refused("bad_credentials")


def _page(request: HttpRequest, *, said: str = "") -> HttpResponse:
    # Nothing typed comes back but the address: a password has no place in a page.
    shown = {
        "notice": settings.NOTICE,
        "said": said,
        "email": request.POST.get("email", "")[:254],
        "next": _next(request),
    }
    return render(request, "administration/sign_in.html", shown)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else reverse("admin:index")
