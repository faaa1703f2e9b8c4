"""The sidebar: three headings, each with the lists that belong there, and how many rows they hold."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.apps import apps
from django.urls import reverse

if TYPE_CHECKING:
    from accounts.admin.site import Administration


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    link: str
    icon: str
    count: int | None
    is_here: bool


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    items: tuple[Item, ...]


_PEOPLE: Final = "Personnes"
_EXCHANGES: Final = "Échanges, sans contenu"
_CONTROL: Final = "Contrôle"
# The model behind each entry, its words, and a name of Material Symbols.
_ENTRIES: Final[tuple[tuple[str, str, str, str], ...]] = (
    (_PEOPLE, "accounts.Person", "Personnes", "person"),
    (_PEOPLE, "accounts.Organisation", "Organisations", "domain"),
    (_PEOPLE, "accounts.Membership", "Rattachements", "badge"),
    (_PEOPLE, "accounts.Invitation", "Invitations", "mail"),
    (_PEOPLE, "accounts.Device", "Appareils", "devices"),
    (_EXCHANGES, "messaging.Conversation", "Fils", "forum"),
    (_CONTROL, "accounts.Session", "Sessions", "key"),
    (_CONTROL, "accounts.Action", "Journal des actions", "verified_user"),
)


def groups(site: "Administration", path: str) -> list[Group]:
    home = Item("Vue d’ensemble", reverse("admin:index"), "dashboard", None, path == reverse("admin:index"))
    titles = dict.fromkeys(title for title, *_ in _ENTRIES)
    return [Group("", (home,)), *(Group(title, _items(site, title, path)) for title in titles)]


def _items(site: "Administration", title: str, path: str) -> tuple[Item, ...]:
    entries = [(apps.get_model(name), words, icon) for group, name, words, icon in _ENTRIES if group == title]
    links = [
        (reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), model, words, icon)
        for model, words, icon in entries
        if site.is_registered(model)
    ]
    return tuple(
        Item(words, link, icon, model._default_manager.count(), path.startswith(link))
        for link, model, words, icon in links
    )
