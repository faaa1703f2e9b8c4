"""Key-log statements that a restored server has lost, given back by whoever holds them (PROTOCOL.md T6)."""

import structlog
from django.db import transaction

from accounts.caller import Caller
from accounts.errors import Refused
from accounts.keylog import extend, fold
from accounts.models import Person
from accounts.queries import key_log_head, statements_of
from accounts.services.histories import check_takes_back
from accounts.services.keys import Seed, are_named, keep_statements
from accounts.shapes import Position

_log = structlog.get_logger("accounts")


@transaction.atomic
def take_back_statements(
    caller: Caller, *, history: bytes, chain: bytes, after: int, statements: list[bytes], seeds: list[Seed]
) -> Position:
    """Gives the head as it is then. What is there already must be the same; the rest is judged by K."""
    check_takes_back(history)
    if key_log_head(caller.person, chain) is None:
        raise Refused("not_found")
    person = Person.objects.select_for_update().filter(chain=chain).first()
    if person is None:  # a chain that is over takes nothing more (K20)
        raise Refused("not_allowed")
    held = statements_of(chain)
    before = fold(held)
    fresh = _fresh(held, after, statements)
    if not fresh:
        return before.head
    log = before
    for statement in fresh:
        log = extend(log, statement)
    named = [seed for seed in seeds if are_named(log, fresh, [seed])]
    keep_statements(person, before, log, fresh, named)
    _log.warning("key_log.given_back", person=person.pk.hex, n=log.head.n)
    return log.head


def _fresh(held: list[bytes], after: int, given: list[bytes]) -> list[bytes]:
    """What continues the log; another statement in a place that is taken is another log."""
    known = held[after + 1 :]
    if after + 1 > len(held) or any(mine != theirs for mine, theirs in zip(known, given, strict=False)):
        raise Refused("bad_chain")
    return given[len(known) :]
