"""Two steps, nothing kept between them: the file is looked at; its text comes back with the sending click."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts import clock
from accounts.admin.acts import log_refused
from accounts.admin.entrance import administrator
from accounts.admin.forms import BatchFile, BatchText
from accounts.admin.words import FAULTS, refusal
from accounts.errors import Refused
from accounts.models import Organisation
from accounts.models.actions import What
from accounts.policy import is_fresh
from accounts.services.actions import record
from accounts.services.batches import BadBatch, Batch, read_batch, send_batch
from accounts.services.factors import give_fresh_factor
from accounts.source import source_of

if TYPE_CHECKING:
    from accounts.admin.site import Administration


class BatchPages:
    def __init__(self, site: "Administration") -> None:
        self._site = site

    def page(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self._ask(request, BatchFile())
        return self._send(request) if "text" in request.POST else self._look(request)

    def _look(self, request: HttpRequest) -> HttpResponse:
        form = BatchFile(request.POST, request.FILES)
        if not form.is_valid():
            return self._ask(request, form)
        text = _text_of(form.cleaned_data["file"])
        return self._show(request, form.cleaned_data["organisation"], text)

    def _send(self, request: HttpRequest) -> HttpResponse:
        form = BatchText(request.POST)
        if not form.is_valid():
            return self._ask(request, BatchFile())
        organisation, text = form.cleaned_data["organisation"], form.cleaned_data["text"]
        try:
            count = _sent(request, organisation, text)
        except Refused as refused:
            log_refused(What.INVITED, organisation, request)
            return self._show(request, organisation, text, said=refusal(refused))
        except BadBatch:
            return self._show(request, organisation, text)
        messages.success(request, f"Invitations parties : {count}.")
        return HttpResponseRedirect(reverse("admin:accounts_invitation_changelist"))

    def _ask(self, request: HttpRequest, form: BatchFile) -> HttpResponse:
        status = 422 if form.errors else 200
        return self._answer(request, {"form": form}, status=status)

    def _show(
        self, request: HttpRequest, organisation: Organisation, text: str, *, said: str = ""
    ) -> HttpResponse:
        batch = read_batch(text)
        context = {
            "batch": batch,
            "faults": _told(batch),
            "organisation": organisation,
            "text": text,
            "said": said,
            "needs_code": not is_fresh(administrator(request).session, clock.now()),
        }
        return self._answer(request, context, status=200 if batch.is_good and not said else 422)

    def _answer(self, request: HttpRequest, context: dict[str, object], *, status: int) -> HttpResponse:
        told = {**self._site.each_context(request), "title": "Inviter par fichier", **context}
        return TemplateResponse(request, "administration/batch.html", told, status=status)


def _sent(request: HttpRequest, organisation: Organisation, text: str) -> int:
    caller = administrator(request)
    if not is_fresh(caller.session, clock.now()):
        code = request.POST.get("code", "").strip()
        if not code:
            raise Refused("fresh_factor_needed")
        give_fresh_factor(caller.session, code)
    with transaction.atomic():
        sent = send_batch(text, organisation, caller.person)
        for invited in sent:
            record(What.INVITED, invited.invitation, by=caller.person, source=source_of(request))
    return len(sent)


def _text_of(file: "UploadedFile[bytes]") -> str:
    """UTF-8, or what spreadsheets on Windows write without being asked."""
    data: bytes = file.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _told(batch: Batch) -> list[str]:
    of_lines = [
        f"Ligne {line.number} : {', '.join(FAULTS[fault] for fault in line.faults)}."
        for line in batch.lines
        if line.faults
    ]
    return [*(FAULTS[fault] for fault in batch.faults), *of_lines]
