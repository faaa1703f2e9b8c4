"""Everybody who may knock at a route or at the socket (the matrix of A11), made once for a whole table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.core.management import call_command
from django.db import transaction

from accounts import clock
from accounts.edge import Route
from accounts.models import Device, Person, Session
from accounts.services.sessions import begin_session
from accounts.tokens import token_hash
from tests.accounts.browser import ORIGIN, Browser, Response, body
from tests.cast import Cast, make_cast, make_person
from tests.digest import digest
from tests.messaging.world import SOURCE, Desk, Thread, bind, open_desk, second_desk, sign_in, start

HOUR = 3600
REFUSAL = {
    "signed_out": "401 signed_out",
    "second_factor": "403 second_factor_needed",
    "enrol_factor": "403 second_factor_needed",
    "locked": "403 locked",
    "signed_in": "403 not_allowed",
}
# Where each actor stands, whatever their cookie says.
STAGES = {
    "nobody": "signed_out",
    "password_only": "second_factor",
    "enrolling": "enrol_factor",
    "locked": "locked",
    "expired": "signed_out",
    "suspended": "signed_out",
    "revoked_device": "signed_out",
    "foreign_origin": "signed_in",
    "no_origin": "signed_in",
    "without_device": "signed_in",
    "other_organisation": "signed_in",
    "non_member": "signed_in",
    "removed_member": "signed_in",
    "member": "signed_in",
}
ORIGINS: dict[str, str | None] = {"foreign_origin": "https://ailleurs.example", "no_origin": None}


@dataclass(frozen=True)
class Actor:
    name: str
    token: str | None

    @property
    def stage(self) -> str:
        return STAGES[self.name]

    @property
    def origin(self) -> str | None:
        return ORIGINS.get(self.name, ORIGIN)

    def at_the_gate(self, route: Route) -> str | None:
        """How the edge refuses before it looks at what is asked; None where it does not."""
        if route.method == "POST" and self.origin != ORIGIN:
            return "403 bad_origin"
        return None if self.stage in route.stages else REFUSAL[self.stage]


@dataclass(frozen=True)
class Ground:
    cast: Cast
    ines: Desk
    team: Thread  # of Inès and Anne-Lise; somebody was removed from it
    tokens: dict[str, str | None]

    def actor(self, name: str) -> Actor:
        return Actor(name, self.tokens[name])


@contextmanager
def ground() -> Iterator[Ground]:
    yield make_ground()
    call_command("flush", interactive=False, verbosity=0)


def answer_of(response: Response) -> str:
    """ "200", or the status with the code."""
    status = response.status_code
    return str(status) if status < 400 else f"{status} {body(response)['code']}"


def ask(actor: Actor, method: str, path: str, said: dict[str, object] | None = None) -> Response:
    visitor = Browser()
    if actor.token is not None:
        visitor.token = actor.token
    if method == "GET":
        return visitor.get(path, **{name: str(value) for name, value in (said or {}).items()})
    return visitor.post(path, said, origin=actor.origin)


def asked(actor: Actor, method: str, path: str, said: dict[str, object], before: str) -> tuple[str, bool]:
    """What it is answered, and whether a refusal left anything behind. Undone afterwards, so that each cell
    finds the same world, of which `before` is the digest."""
    with transaction.atomic():
        answer = answer_of(ask(actor, method, path, said))
        changed = answer != "200" and digest() != before
        transaction.set_rollback(True)
    return answer, changed


def as_sent(response: Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that a client can see of an answer but its date."""
    return response.status_code, response.content, sorted(response.headers.items())


def make_ground() -> Ground:
    cast = make_cast()
    ines, anne_lise = open_desk(cast.ines, cast.tilleuls), open_desk(cast.anne_lise, cast.tilleuls)
    removed = open_desk(make_person(cast.tilleuls, "hugo", "Hugo", "PARTI", "60"), cast.tilleuls)
    tokens = {
        "nobody": None,
        "password_only": _password_only(cast.ines),
        "enrolling": _password_only(make_person(cast.tilleuls, "nour", "Nour", "NEUVE", "60", factor=False)),
        "locked": _bound(ines, last_seen_at=clock.ago(2 * HOUR)),
        "expired": _bound(ines, created_at=clock.ago(12 * HOUR)),
        "suspended": _suspended(cast),
        "revoked_device": _revoked_device(ines),
        "foreign_origin": ines.token,
        "no_origin": ines.token,
        "without_device": sign_in(cast.ines),
        "other_organisation": open_desk(cast.zoe, cast.glycines).token,
        "non_member": open_desk(cast.gaetan, cast.tilleuls).token,
        "removed_member": removed.token,
        "member": anne_lise.token,
    }
    return Ground(cast, ines, _team_without(removed, ines, anne_lise), tokens)


def _password_only(person: Person) -> str:
    return begin_session(person=person, shared=False, source=SOURCE, instead_of=None).token


def _bound(desk: Desk, **changed: object) -> str:
    token = sign_in(desk.person)
    bind(token, desk.device)
    Session.objects.filter(token_hash=token_hash(token)).update(**changed)
    return token


def _suspended(cast: Cast) -> str:
    """As if nothing else had been told: the session itself was not ended."""
    person = make_person(cast.tilleuls, "maelle", "Maëlle", "ABSENTE", "60")
    token = open_desk(person, cast.tilleuls).token
    Person.objects.filter(pk=person.pk).update(state=Person.State.SUSPENDED)
    return token


def _revoked_device(desk: Desk) -> str:
    phone = second_desk(desk)
    Device.objects.filter(pk=phone.device.id).update(revoked_at=clock.now())
    return phone.token


def _team_without(removed: Desk, *desks: Desk) -> Thread:
    maker = desks[0]
    team = start(maker, [*desks[1:], removed], kind="team")
    draft = team.draft()
    rows = tuple(row for row in draft.rows if row.chain != removed.log.chain)
    team.desks = desks
    team.change(maker, replace(draft, rows=rows, change=[["remove", removed.log.chain]]))
    return team
