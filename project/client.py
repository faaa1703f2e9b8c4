"""Serves the built client: files that are the same for everyone, found once at start."""

import re
from collections.abc import Awaitable
from http import HTTPStatus
from pathlib import Path

import unfold
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from whitenoise.base import WhiteNoise
from whitenoise.responders import Redirect, Response, StaticFile

from project.headers import Answer, is_for_admin

# Vite puts the content's hash into these names, so the bytes behind one never change.
_HASHED = re.compile(r"^/assets/.+-[\w-]{8}\.\w+$")


class StaticClient:
    """WhiteNoise's own middleware is synchronous: every asynchronous view would go through one thread."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response
        self._files = _find_files()
        self._files_of_admin = _find_files_of_admin()
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        files = self._files_of_admin if is_for_admin(request) else self._files
        file = files.get(request.path_info)
        if file is None:
            return self._get_response(request)
        answer = _answer(file.get_response(request.method, request.META))
        return _ready(answer) if iscoroutinefunction(self) else answer


async def _ready(answer: HttpResponse) -> HttpResponse:
    return answer


def _find_files() -> dict[str, StaticFile | Redirect]:
    if not settings.CLIENT_FOLDER.is_dir():
        return {}
    shelf = WhiteNoise(
        application=None,
        root=str(settings.CLIENT_FOLDER),
        index_file=True,
        max_age=0,
        allow_all_origins=False,
        immutable_file_test=lambda _path, url: bool(_HASHED.match(url)),
    )
    return dict(shelf.files)


def _find_files_of_admin() -> dict[str, StaticFile | Redirect]:
    """What its pages ask for, straight from where it lies: a style sheet, an icon, two fonts of unfold's."""
    shelf = WhiteNoise(application=None, max_age=3600, allow_all_origins=False)
    fonts = Path(unfold.__file__).parent / "static" / "unfold" / "fonts"
    ours = settings.BASE_DIR / "accounts" / "admin" / "static"
    for name, folder in (("fonts", fonts), ("administration", ours)):
        shelf.add_files(str(folder), prefix=f"static/{name}/")
    return dict(shelf.files)


def _answer(found: Response) -> HttpResponse:
    content = b""
    if found.file is not None:
        with found.file:
            content = found.file.read()
    answer = HttpResponse(content, status=HTTPStatus(found.status))
    del answer.headers["Content-Type"]
    for name, value in found.headers:
        answer.headers[name] = value
    return answer
