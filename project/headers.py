"""The same headers on every answer, before anything else may answer."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

ADMIN_URLS = "project.admin_urls"
_OFF = (
    "accelerometer autoplay browsing-topics camera clipboard-read display-capture encrypted-media",
    "fullscreen gamepad geolocation gyroscope hid idle-detection local-fonts magnetometer microphone",
    "midi payment picture-in-picture screen-wake-lock serial usb xr-spatial-tracking",
)
_OURS = ("publickey-credentials-create", "publickey-credentials-get")  # passkeys, in no frame of others
_PERMISSIONS = {**dict.fromkeys(" ".join(_OFF).split(), "()"), **dict.fromkeys(_OURS, "(self)")}

CONTENT_SECURITY_POLICY = "; ".join([
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",  # libsodium is WebAssembly
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",  # every form is read by the client; a page without script must post nothing
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types svelte-trusted-html colloque-worker",
])  # fmt: skip

FIXED = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}={who}" for name, who in _PERMISSIONS.items()),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

# The administration: pages made here, with forms and without a script. Nothing inline, nothing evaluated.
ADMIN_CONTENT_SECURITY_POLICY = "; ".join([
    "default-src 'none'",  # no script at all
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
])  # fmt: skip
FIXED_OF_ADMIN = {
    **FIXED,
    "Content-Security-Policy": ADMIN_CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",  # with none, a browser's form says `Origin: null`, and CSRF cannot tell
}

Answer = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


class Headers:
    """Works in both ways, so that no asynchronous view is pushed through a thread because of it."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self._is_async:
            return self._later(request)
        if not _has_our_host(request):
            return harden(request, _strange())
        answer = self._get_response(request)
        assert isinstance(answer, HttpResponseBase)
        return harden(request, answer)

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        if not _has_our_host(request):
            return harden(request, _strange())
        answer = self._get_response(request)
        assert isinstance(answer, Awaitable)
        return harden(request, await answer)


def _has_our_host(request: HttpRequest) -> bool:
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _strange() -> HttpResponse:
    return HttpResponse(status=HTTPStatus.BAD_REQUEST)


def harden(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    fixed = FIXED_OF_ADMIN if is_for_admin(request) else FIXED
    for name, value in fixed.items():
        answer.headers[name] = value
    if settings.HTTPS:
        answer.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains; preload"
    if request.path.startswith("/api") or (is_for_admin(request) and not answer.has_header("Cache-Control")):
        answer.headers["Cache-Control"] = "no-store"
    return answer


def is_for_admin(request: HttpRequest) -> bool:
    """Told by the host alone, before anything else is looked at (see hosts.py)."""
    return getattr(request, "urlconf", None) == ADMIN_URLS
