"""A new start for somebody who lost every browser and the code de secours (PROTOCOL.md K20). It gives nobody
access to anything: what was sealed to the old keys stays closed, and colleagues are told of the new ones."""

import structlog
from django.db import transaction

from accounts.errors import Refused
from accounts.mail import LANGUAGES, post
from accounts.models import Person
from accounts.services.sessions import end_sessions_of
from accounts.signals import chain_ended

_log = structlog.get_logger("accounts")


@transaction.atomic
def open_new_start(person: Person) -> None:
    """For an administrator. The old key log takes no more and stays readable; the next sign-in makes anew."""
    locked = Person.objects.select_for_update().get(pk=person.pk)
    if locked.chain is None:
        raise Refused("conflict")  # there is nothing to start anew from
    chain_ended.send(sender=Person, person=person.pk, chain=bytes(locked.chain))
    Person.objects.filter(pk=person.pk).update(chain=None, key_head_n=None, key_head_hash=None)
    post("new_start", locked.email, LANGUAGES[0])
    _log.info("person.new_start", person=person.pk.hex)
    end_sessions_of(locked)
