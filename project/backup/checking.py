"""Whether a restored database is whole: every log from its first entry on, nothing taken on trust."""

from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.db import connections, models
from django.db.migrations.executor import MigrationExecutor

from accounts.errors import Refused
from accounts.keylog import fold
from accounts.models import KeyLogEntry, Person
from messaging.envelopes import read_entry
from messaging.loghash import first_hash, next_hash
from messaging.models import Conversation, Entry


class Damaged(Exception):
    """What does not add up, by its id."""


class Whole(NamedTuple):
    conversations: int
    entries: int
    key_logs: int


def check_all(alias: str) -> Whole:
    """Raises Damaged."""
    check_schema(alias)
    entries = [_check_log(alias, row) for row in Conversation.objects.using(alias).iterator()]
    return Whole(len(entries), sum(entries), sum(1 for _ in _key_logs(alias)))


def check_schema(alias: str) -> None:
    connection = connections[alias]
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Damaged("its tables are older than this code: run migrate")
    connection.check_constraints()


def counts(alias: str) -> dict[str, int]:
    return {model._meta.db_table: model._default_manager.using(alias).count() for model in _tables()}


def _tables() -> Iterator[type[models.Model]]:
    for app in ("accounts", "messaging"):
        yield from apps.get_app_config(app).get_models()


def _check_log(alias: str, row: Conversation) -> int:
    id = bytes(row.pk)
    place, log_hash = 0, first_hash(id)
    rows = Entry.objects.using(alias).filter(conversation=id).order_by("seq")
    for seq, data, hash, h in rows.values_list("seq", "object", "hash", "h").iterator():
        place, read = place + 1, read_entry(bytes(data))
        log_hash = next_hash(log_hash, place, read.hash)
        if (seq, bytes(h), bytes(hash)) != (place, log_hash, read.hash):
            raise Damaged(f"{row}: entry {place}")
    if (row.head, bytes(row.hash)) != (place, log_hash):
        raise Damaged(f"{row}: its head")
    return place


def _key_logs(alias: str) -> Iterator[bytes]:
    for person in Person.objects.using(alias).exclude(chain=None).iterator():
        rows = KeyLogEntry.objects.using(alias).filter(chain=person.chain).order_by("n")
        try:
            head = fold(bytes(statement) for statement in rows.values_list("statement", flat=True)).head
        except Refused as refused:
            raise Damaged(f"the key log of {person}: {refused.code}") from refused
        if person.key_head_hash is None or head != (person.key_head_n, bytes(person.key_head_hash)):
            raise Damaged(f"the key log of {person}: its head")
        yield head.hash
