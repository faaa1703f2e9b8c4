"""Which host was asked decides what there is: the administration has one of its own, with nothing else."""

from collections.abc import Awaitable
from urllib.parse import urlsplit

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase

from project.headers import ADMIN_URLS, Answer


class AdminHost:
    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if _host(request) == urlsplit(settings.ADMIN_ORIGIN).hostname:
            request.urlconf = ADMIN_URLS
        return self._get_response(request)


def _host(request: HttpRequest) -> str:
    return split_domain_port(request.get_host())[0]
