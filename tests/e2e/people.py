"""Fictional people with an invitation in their mail, invited all at once: Django starts once for them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from project.demo.mails import read_mails
from tests.e2e.phone import Phone
from tests.e2e.waiting import until
from tests.running import Colloque

ORGANISATION = "MSP des Tilleuls (fictive)"
PASSWORD = "Tilleul-Argent-27-Bleu"
_TOKEN = re.compile(r"#/invitation/([A-Za-z0-9_-]+)")
_RESET = re.compile(r"#/reinitialiser/([A-Za-z0-9_-]+)")
_GIVEN = ("Inès", "Anne-Lise", "Damien", "Gaëtan", "Nadia", "Hélène", "Yacine", "Maëlle", "Côme", "Zoé")
_FAMILY = ("FACTICE", "TESTARD", "GABARIT", "MAQUETTE", "CANEVAS", "BROUILLON", "EXEMPLE", "MODELE")
_PROFESSIONS = ("60", "10", "21", "70", "330")


@dataclass
class Account:
    given: str
    family: str
    email: str
    token: str = field(repr=False)
    password: str = field(default=PASSWORD, repr=False)
    phone: Phone | None = field(default=None, repr=False)
    printed: list[str] = field(default_factory=list, repr=False)
    recovery: list[str] = field(default_factory=list, repr=False)

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    def code(self) -> str:
        assert self.phone is not None, f"{self.name} has no second factor yet"
        return self.phone.code()


def invite(server: Colloque, count: int, after: int = 0) -> Iterator[Account]:
    people = [_identity(after + number) for number in range(count)]
    server.manage("invite_people", given=json.dumps({"organisation": ORGANISATION, "people": people}))
    tokens = {
        mail.to: found.group(1) for mail in read_mails(server.mail) if (found := _TOKEN.search(mail.text))
    }
    for one in people:
        yield Account(one["given"], one["family"], one["email"], tokens[one["email"]])


def reset_token(server: Colloque, account: Account) -> str:
    """The one of the newest mail: links are mailed in the background."""

    def mailed() -> str:
        mails = [mail for mail in read_mails(server.mail) if mail.to == account.email]
        return next((found.group(1) for mail in mails if (found := _RESET.search(mail.text))), "")

    return until(mailed, "the mail with the link")


def _identity(number: int) -> dict[str, str]:
    family = f"{_FAMILY[number // len(_GIVEN) % len(_FAMILY)]}-{_letters(number)}"
    return {
        "email": f"personne{number}@tilleuls.example",
        "given": _GIVEN[number % len(_GIVEN)],
        "family": family,
        "profession": _PROFESSIONS[number % len(_PROFESSIONS)],
        "place": "Maison de santé des Tilleuls, Bourg-en-Bresse",
    }


def _letters(number: int) -> str:
    """A word of its own for everybody, so that the directory finds exactly one."""
    return "".join(chr(ord("A") + digit) for digit in (number // 676 % 26, number // 26 % 26, number % 26))
