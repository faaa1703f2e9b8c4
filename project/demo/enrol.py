"""One person's first hour, by the real client: invitation, password, second factor, code de secours."""

import re
import time
from collections.abc import Iterable
from pathlib import Path

from project.bootstrap.console import Fault
from project.demo import totp
from project.demo.headless import Headless
from project.demo.mails import read_mails
from project.demo.people import Actor
from project.demo.phones import Phone, new_password

_TOKEN = re.compile(r"#/invitation/([A-Za-z0-9_-]+)")


def enrol(actor: Actor, client: Headless, mail_folder: Path) -> Phone:
    token = _invitation(actor, mail_folder)
    password = new_password()
    client.ask("open")
    client.ask("lookInvitation", token=token)
    client.ask("acceptInvitation", token=token, password=password)
    offer = client.ask("beginTotp")
    printed = client.ask("confirmTotp", code=totp.code(offer["secret"], time.time()))
    client.ask("factorDone")
    groups = client.ask("prepareKeys")
    client.ask("finishKeys", answers={str(place): group for place, group in enumerate(groups, start=1)})
    return Phone(
        key=actor.key,
        name=actor.name,
        title=actor.title,
        email=actor.email,
        password=password,
        totp_secret=offer["secret"],
        printed_codes=tuple(printed),
        recovery_code=tuple(groups),
    )


def _invitation(actor: Actor, mail_folder: Path) -> str:
    tokens: Iterable[str] = (
        found.group(1)
        for mail in read_mails(mail_folder)
        if actor.email in mail.to and (found := _TOKEN.search(mail.text))
    )
    token = next(iter(tokens), None)
    if token is None:
        raise Fault(f"no invitation was mailed to {actor.email}")
    return token
