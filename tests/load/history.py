"""Long logs made quickly, in the server's own shell: numbered and chained as real ones, of random bytes."""

import os
from collections.abc import Iterator

from django.db import connection, transaction

from accounts import clock
from accounts.objects import object_hash
from messaging.loghash import next_hash
from messaging.models import Conversation, Entry

_COLUMNS = "conversation_id, seq, kind, object, hash, h, device, client_id, at"
_AT_ONCE = 2000


def grow(conversations: list[str], count: int, size: int) -> None:
    """`conversations` in hexadecimal."""
    for id in conversations:
        with transaction.atomic():
            row = Conversation.objects.select_for_update().get(pk=bytes.fromhex(id))
            entries = _entries(row, count, size)
            _copy(entries) if connection.vendor == "postgresql" else _insert(entries)
            row.save(update_fields=["head", "hash", "moved_at"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE messaging_entry" if connection.vendor == "postgresql" else "ANALYZE")


def _entries(row: Conversation, count: int, size: int) -> Iterator[Entry]:
    device, at = os.urandom(32), clock.seconds(clock.now())
    row.moved_at = clock.now()
    for _ in range(count):
        data = os.urandom(size)
        hash = object_hash(data)
        row.head, row.hash = row.head + 1, next_hash(bytes(row.hash), row.head + 1, hash)
        yield Entry(
            conversation_id=bytes(row.pk), seq=row.head, kind=Entry.Kind.MESSAGE, object=data, hash=hash,
            h=row.hash, device=device, client_id=os.urandom(16), at=at,
        )  # fmt: skip


def _copy(entries: Iterator[Entry]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY messaging_entry ({_COLUMNS}) FROM STDIN") as rows:
        for one in entries:
            rows.write_row(
                (one.conversation_id, one.seq, one.kind, one.object, one.hash, one.h, one.device,
                 one.client_id, one.at)
            )  # fmt: skip


def _insert(entries: Iterator[Entry]) -> None:
    Entry.objects.bulk_create(entries, batch_size=_AT_ONCE)
