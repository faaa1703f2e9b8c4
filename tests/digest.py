"""What the whole database holds, as one value: asked before and after something that must change nothing."""

import hashlib
from collections.abc import Iterator

from django.apps import apps
from django.db import models

# What a refusal may leave behind, and why.
LEFT_OUT = {
    "Session.last_seen_at": "an act keeps a session awake, whatever comes of it",
    "Bucket": "tries are counted, refused ones too",
}


def digest() -> str:
    found = hashlib.blake2b()
    for label in ("accounts", "messaging"):
        for model in apps.get_app_config(label).get_models():
            if model.__name__ not in LEFT_OUT:
                found.update(f"{model.__name__} {list(_rows(model))}".encode())
    return found.hexdigest()


def _rows(model: type[models.Model]) -> Iterator[tuple[object, ...]]:
    fields = [field.attname for field in model._meta.concrete_fields]
    kept = [name for name in fields if f"{model.__name__}.{name}" not in LEFT_OUT]
    for row in model._default_manager.order_by("pk").values_list(*kept):
        yield tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
