"""Cutting a browser off from outside: the host serves it nothing more. It stays in its person's key log,
which only their devices can write; whoever seals to the person seals to it until they revoke it."""

import structlog
from django.db import transaction

from accounts import clock
from accounts.errors import Refused
from accounts.models import Device, Person, Session
from accounts.services.revocations import revoke_device
from accounts.services.sessions import end_session
from accounts.services.vault import erase_vaults_of
from accounts.signals import device_revoked

_log = structlog.get_logger("accounts")


@transaction.atomic
def cut_off(device: Device) -> None:
    """Once and for good: its sessions end, its vault half is gone, it is bound to no session again."""
    if device.sort != Device.Sort.BROWSER:
        raise Refused("paper_protected")  # it would leave its person without a way back
    untouched = Device.objects.filter(pk=device.pk, cut_off_at=None)
    if not untouched.update(cut_off_at=clock.now()):
        return
    id = bytes(device.pk)
    device_revoked.send(sender=Person, person=device.person_id, device=id)
    erase_vaults_of(id)
    for session in Session.objects.select_related("person").filter(device=id, ended_at=None).order_by("pk"):
        end_session(session)
    revoke_device(device.person, id)
    _log.info("device.cut_off", person=device.person_id.hex)
