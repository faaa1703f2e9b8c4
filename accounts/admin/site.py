"""The site: its guard, its few addresses, and what stands around every page."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_safe
from unfold.sites import UnfoldAdminSite

from accounts.admin.dashboard import Panel, dashboard
from accounts.admin.entrance import enter, somebody
from accounts.admin.navigation import groups
from accounts.admin.sign_in import sign_in, sign_out

View = Callable[..., HttpResponseBase]
_with_messages = decorator_from_middleware(MessageMiddleware)


class Administration(UnfoldAdminSite):  # type: ignore[misc]  # unfold has no types
    """Every address but the sign-in goes through `admin_view`: CSRF first, then both factors on this host."""

    site_title = site_header = "Colloque"
    index_title = "Vue d’ensemble"
    panels: tuple[Panel, ...] = ()

    def has_permission(self, request: HttpRequest) -> bool:
        return somebody(request)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        guarded: View = _with_messages(super().admin_view(view, cacheable))

        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            enter(request)
            return guarded(request, *args, **kwargs)

        return update_wrapper(entered, view)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        lists = [
            path(f"{model._meta.app_label}/{model._meta.model_name}/", include(listing.urls))
            for model, listing in self._registry.items()
        ]
        return [
            path("", self.admin_view(require_safe(self.index)), name="index"),
            path("login/", never_cache(csrf_protect(sign_in)), name="login"),
            path("logout/", self.admin_view(sign_out), name="logout"),
            *lists,
            re_path(r"(?P<url>.*)$", self.admin_view(self.catch_all_view)),
        ]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        context = {**self.each_context(request), "title": self.index_title, **dashboard(self.panels)}
        return TemplateResponse(request, "administration/dashboard.html", context)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        known = somebody(request)
        return {
            "has_permission": known,
            "site_header": self.site_header,
            "notice": settings.NOTICE,
            "navigation": groups(self, request.path) if known else (),
        }
