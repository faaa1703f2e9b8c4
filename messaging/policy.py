"""Who is in a conversation now. The only function that says so; reads and appends both use it."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from messaging.errors import LogRefused
from messaging.models import Member


def members_now(conversations: Iterable[bytes]) -> QuerySet[Member]:
    return Member.objects.filter(conversation__in=list(conversations), left_at=None)


def memberships_now(person: UUID) -> QuerySet[Member]:
    return Member.objects.filter(person=person, left_at=None)


def member_now(person: UUID, conversation: bytes) -> Member:
    """Raises the same refusal for a foreign conversation and for one that does not exist."""
    found = memberships_now(person).filter(conversation=conversation).select_related("conversation").first()
    if found is None:
        raise LogRefused("not_found")
    return found
