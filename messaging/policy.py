"""Who is in a conversation now. The only place that says so; reads and appends both use it.

A window serves a person as long as it is open and under the chain id that is theirs at present (K20): after
a new start the old rows serve nobody.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, QuerySet

from messaging.errors import LogRefused
from messaging.models import Member


def in_now() -> QuerySet[Member]:
    return Member.objects.filter(left=None, chain=F("person__chain"))


def members_now(conversations: Iterable[bytes]) -> QuerySet[Member]:
    return in_now().filter(conversation__in=list(conversations))


def memberships_now(person: UUID) -> QuerySet[Member]:
    return in_now().filter(person=person)


def member_now(person: UUID, conversation: bytes) -> Member:
    """Raises the same refusal for a foreign conversation and for one that does not exist."""
    found = memberships_now(person).filter(conversation=conversation).select_related("conversation").first()
    if found is None:
        raise LogRefused("not_found")
    return found


def windows_of(person: UUID) -> QuerySet[Member]:
    """Where a person is or was under their present chain id, in order: what they may read, then and now."""
    rows = Member.objects.filter(person=person, chain=F("person__chain"))
    return rows.select_related("conversation").order_by("joined")


def windows_in(person: UUID, conversation: bytes) -> list[Member]:
    """At least one, the last one last. Raises the same refusal as `member_now`."""
    windows = list(windows_of(person).filter(conversation=conversation))
    if not windows:
        raise LogRefused("not_found")
    return windows
