"""Many rows in one statement. PostgreSQL gets each column as one array: Django would give every value a
parameter of its own, and the driver takes longer over such a statement than the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection

from messaging.models import Conversation, Entry

_INSERT: Final = """
INSERT INTO messaging_entry (conversation_id, seq, kind, object, hash, h, device, client_id, at)
SELECT * FROM unnest(
    %s::bytea[], %s::bigint[], %s::varchar[], %s::bytea[], %s::bytea[], %s::bytea[], %s::bytea[], %s::bytea[],
    %s::bigint[]
)
"""
_MOVE: Final = """
UPDATE messaging_conversation AS log
SET head = moved.head, hash = moved.hash, stale = moved.stale, moved_at = %s
FROM unnest(%s::bytea[], %s::bigint[], %s::bytea[], %s::boolean[]) AS moved (id, head, hash, stale)
WHERE log.id = moved.id
"""


def insert_entries(entries: Sequence[Entry]) -> None:
    if connection.vendor != "postgresql":
        Entry.objects.bulk_create(entries)
    elif entries:
        _execute(_INSERT, [], [_entry(entry) for entry in entries])


def move_conversations(rows: Sequence[Conversation], moved_at: datetime) -> None:
    """Writes head, hash and whether they are stale."""
    if connection.vendor != "postgresql":
        for row in rows:
            row.moved_at = moved_at
        Conversation.objects.bulk_update(rows, ["head", "hash", "stale", "moved_at"])
    elif rows:
        _execute(_MOVE, [moved_at], [(bytes(row.pk), row.head, bytes(row.hash), row.stale) for row in rows])


def _entry(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.conversation_id, entry.seq, str(entry.kind), entry.object, entry.hash, entry.h, entry.device,
        entry.client_id, entry.at,
    )  # fmt: skip


def _execute(statement: str, first: list[Any], rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [*first, *(list(column) for column in zip(*rows, strict=True))])
