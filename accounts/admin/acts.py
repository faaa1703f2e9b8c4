"""What may be done. Each act says beforehand what it will do and asks for a code of the last five minutes. It
is done and logged in one transaction, or refused and logged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts import clock
from accounts.admin.entrance import administrator
from accounts.admin.words import refusal
from accounts.caller import Caller
from accounts.errors import Refused
from accounts.models import Person
from accounts.models.actions import Outcome, What
from accounts.policy import is_fresh
from accounts.services.actions import Thing, record
from accounts.services.factors import give_fresh_factor
from accounts.source import source_of

if TYPE_CHECKING:
    from accounts.admin.site import Administration

T = TypeVar("T")
Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    title: str
    link: str
    is_grave: bool

    @property
    def look(self) -> str:
        return "act grave" if self.is_grave else "act"


def _anybody(by: Person, on: Any) -> bool:
    return True


def _always(on: Any) -> bool:
    return True


def _key(on: Any) -> str:
    return str(on.pk)


@dataclass(frozen=True, slots=True)
class Act(Generic[T]):
    """`find` gives the row for a key of the address, or None. An act that begins something has no row."""

    slug: str
    what: What
    title: str
    told: str
    button: str
    done: str
    perform: Callable[[T, Person, Given], Thing | list[Thing]]
    find: Callable[[str], T | None] | None = None
    name: Callable[[T], str] = str
    key_of: Callable[[T], str] = _key
    form: Callable[..., forms.Form] = forms.Form
    initial: Callable[[T], Given] | None = None
    may: Callable[[Person, T], bool] = _anybody
    is_offered: Callable[[T], bool] = _always
    is_grave: bool = False


@dataclass(slots=True)
class _Attempt(Generic[T]):
    """One request for one act."""

    act: Act[T]
    on: Any
    request: HttpRequest
    caller: Caller
    form: forms.Form
    said: str = ""

    def run(self) -> bool:
        """True when it was done; otherwise `said` or the form's errors tell why not."""
        if not self.form.is_valid():
            return False
        try:
            self._confirm()
            with transaction.atomic():
                self._perform()
        except Refused as refused:
            self.said = refusal(refused)
            self._log_refused()
            return False
        return True

    def _confirm(self) -> None:
        if is_fresh(self.caller.session, clock.now()):
            return
        code = self.request.POST.get("code", "").strip()
        if not code:
            raise Refused("fresh_factor_needed")
        give_fresh_factor(self.caller.session, code)

    def _perform(self) -> None:
        by = self.caller.person
        made = self.act.perform(self.on, by, self.form.cleaned_data)
        for thing in made if isinstance(made, list) else [made]:
            record(self.act.what, thing, by=by, source=source_of(self.request))

    def _log_refused(self) -> None:
        on = self.on if self.on is not None else self.caller.person
        log_refused(self.act.what, on, self.request)


def log_refused(what: What, on: Thing, request: HttpRequest) -> None:
    by = administrator(request).person
    record(what, on, by=by, source=source_of(request), outcome=Outcome.REFUSED)


def view_of(act: Act[Any], site: "Administration", *, back: str) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, key: str | None = None) -> HttpResponse:
        on = _found(act, key)
        caller = administrator(request)
        if not act.may(caller.person, on):
            log_refused(act.what, on, request)
            raise PermissionDenied
        if request.method not in ("GET", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        attempt = _Attempt(act, on, request, caller, _form(act, on, request))
        if request.method == "POST" and attempt.run():
            messages.success(request, act.done)
            return HttpResponseRedirect(reverse(back))
        return _page(attempt, site, back)

    return view


def _found(act: Act[Any], key: str | None) -> Any:
    if act.find is None or key is None:
        return None
    on = act.find(key)
    if on is None:
        raise Http404
    return on


def _form(act: Act[Any], on: Any, request: HttpRequest) -> forms.Form:
    if request.method == "POST":
        return act.form(request.POST)
    return act.form(initial=act.initial(on) if act.initial else None)


def _page(attempt: _Attempt[Any], site: "Administration", back: str) -> TemplateResponse:
    act, on = attempt.act, attempt.on
    context = {
        **site.each_context(attempt.request),
        "title": act.title,
        "act": act,
        "named": act.name(on) if on is not None else "",
        "form": attempt.form,
        "said": attempt.said,
        "needs_code": not is_fresh(attempt.caller.session, clock.now()),
        "back": reverse(back),
    }
    status = 200 if attempt.request.method == "GET" else 422
    return TemplateResponse(attempt.request, "administration/act.html", context, status=status)
