"""Writes what the host sees as a list for the client, from the classes of all stored columns."""

import json
from typing import Final, get_args

from accounts import columns as accounts
from messaging import columns

_HEAD: Final = """\
// Written by `manage.py export_protocol` from the columns.py of accounts and messaging. Not edited by hand.
"""


def topics() -> list[str]:
    """In the order of their declaration; what tells nothing of anybody is left out."""
    told = {column.topic for column in (*accounts.COLUMNS.values(), *columns.COLUMNS.values())}
    return [
        topic for topic in get_args(accounts.Topic) if topic in told.union(accounts.PASSING) - {"nothing"}
    ]


def seen_ts() -> str:
    return f"{_HEAD}export const SEEN = {json.dumps(topics())} as const;\n"
