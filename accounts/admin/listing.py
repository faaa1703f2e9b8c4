"""What may be seen. A listing has one address that reads and those of its acts; nothing else exists."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from unfold.admin import ModelAdmin

from accounts.admin.acts import Act, Button, view_of
from accounts.admin.entrance import administrator, somebody


class Listing(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    heading = ""
    lead = ""
    actions = None
    list_display_links = None
    list_per_page = 50
    show_full_result_count = True
    change_list_template = "administration/listing.html"
    acts: tuple[Act[Any], ...] = ()  # on one row
    beginnings: tuple[Act[Any], ...] = ()  # that make a row

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return somebody(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return somebody(request)

    def has_add_permission(self, request: HttpRequest, *given: object) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Django would let any column be probed letter by letter from the address bar; ours need no leave."""
        return False

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("", self.reading(self.changelist_view), name=f"{name}_changelist"),
            *(self._address(act, name, f"{act.slug}/") for act in self.beginnings),
            *self.more_urls(name),
            *(self._address(act, name, f"<str:key>/{act.slug}/") for act in self.acts),
        ]

    def reading(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        guarded: Callable[..., HttpResponse] = self.admin_site.admin_view(require_safe(view))
        return guarded

    def more_urls(self, name: str) -> list[URLPattern]:
        return []

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        told = {"title": self.heading, "lead": self.lead, "beginnings": self._beginnings()}
        answer: HttpResponse = super().changelist_view(request, {**told, **(extra_context or {})})
        return answer

    def get_list_display(self, request: HttpRequest) -> list[str | Callable[[Any], str]]:
        shown = list(super().get_list_display(request))
        return [*shown, self._column_of_acts(request)] if self.acts else shown

    def buttons(self, request: HttpRequest, row: Any) -> list[Button]:
        """The acts that this administrator may do to this row now."""
        by = administrator(request).person
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return [
            Button(act.button, reverse(f"{name}_{act.slug}", args=(act.key_of(row),)), act.is_grave)
            for act in self.acts
            if act.is_offered(row) and act.may(by, row)
        ]

    def _column_of_acts(self, request: HttpRequest) -> Callable[[Any], str]:
        def acts(row: Any) -> SafeString:
            links = [(button.look, button.link, button.title) for button in self.buttons(request, row)]
            return format_html(
                '<span class="row-acts">{}</span>',
                format_html_join("", '<a class="{}" href="{}">{}</a>', links),
            )

        acts.short_description = "Actes"  # type: ignore[attr-defined]  # read by Django
        return acts

    def _beginnings(self) -> list[Button]:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return [Button(act.title, reverse(f"{name}_{act.slug}"), False) for act in self.beginnings]

    def _address(self, act: Act[Any], name: str, where: str) -> URLPattern:
        view = view_of(act, self.admin_site, back=f"admin:{name}_changelist")
        guarded: Callable[..., HttpResponse] = self.admin_site.admin_view(view)
        return path(where, guarded, name=f"{name}_{act.slug}")
