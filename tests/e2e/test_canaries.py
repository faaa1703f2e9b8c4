"""Nothing that somebody typed or that opens something is anywhere that a host can look (A1, A9)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests import scale
from tests.e2e.conftest import Stage, StartStage
from tests.e2e.host import Host, Services
from tests.e2e.persona import Persona
from tests.e2e.scribe import Scribe
from tests.e2e.sweep import Sweep
from tests.e2e.words import say
from tests.services import Postgres, Redis

DECOY = "Kanari-Leurre-" + secrets.token_hex(8)
LEAST = 50


@dataclass
class Canaries:
    """Random strings, each noted under the place where somebody typed it."""

    typed: dict[str, str] = field(default_factory=dict)

    def new(self, place: str, form: str = "Kanari-Tilleul-{}") -> str:
        text = form.format(secrets.token_hex(8))
        self.typed[f"{place} {len(self.typed)}"] = text
        return text

    def not_in_the_directory_field(self) -> dict[str, str]:
        """What a process may still have in its memory a moment after it was asked to look it up."""
        brief = ("search", "address", "password", "code")
        return {name: text for name, text in self.typed.items() if not name.startswith(brief)}


@pytest.fixture
def services(postgres_server: Postgres, redis_server: Redis) -> Callable[[], Services]:
    name = f"canaries_{secrets.token_hex(4)}"
    return lambda: Services(postgres_server.create(name), redis_server.url)


@pytest.mark.parametrize("backend", ["postgres", "sqlite"][: scale.chosen().count(1, long=2)])
def test_a1_nothing_typed_and_no_key_is_anywhere_on_the_host(
    backend: str, stage_with: StartStage, request: pytest.FixtureRequest
) -> None:
    told = {"COLLOQUE_NOTICE": DECOY}
    used: Services | None = None
    if backend == "postgres":
        used = request.getfixturevalue("services")()
        told |= {"DATABASE_URL": used.database_url, "REDIS_URL": used.redis_url}
    stage = stage_with(**told)
    canaries = Canaries()
    keys = _live(stage, canaries)
    host = Host(stage.server, used)
    host.plant(DECOY)
    _every_place_gives_its_decoy_away(host)
    assert len(canaries.typed) >= LEAST
    assert host.sweep(Sweep(keys)) == set()
    at_rest = Sweep(canaries.typed)
    lasting = Sweep(canaries.not_in_the_directory_field())
    found = {
        one
        for place, pieces in host.places()
        for one in (lasting if place == "server memory" else at_rest).in_pieces(place, pieces)
    }
    assert found == set()


def _every_place_gives_its_decoy_away(host: Host) -> None:
    sweep = Sweep({"decoy": DECOY})
    assert [place for place, pieces in host.places() if not sweep.in_pieces(place, pieces)] == []


def _live(stage: Stage, canaries: Canaries) -> dict[str, bytes | str]:
    """A persona in a browser and a scribe whose keys we know use everything there is to type into."""
    stray = stage.seat(stage.account())
    _knock_in_vain(stray, canaries)
    ines = stage.newcomer()
    scribe = Scribe(stage.server, stage.account()).join()
    conversation = scribe.start_direct(ines.account.family)
    for _ in range(10):
        scribe.send(conversation, canaries.new("message"))
    thread = ines.open_direct(scribe.account)
    for _ in range(15):
        thread.send(canaries.new("message"))
    thread.last_state("sent")
    quoted = canaries.new("quoted")
    thread.send(quoted)
    thread.last_state("sent")
    thread.quote(quoted)
    thread.send(canaries.new("answer"))
    thread.last_state("sent")
    for _ in range(4):
        thread.composer.fill(canaries.new("draft"))
        ines.leave_thread()
        thread = ines.open_direct(scribe.account)
    _search(ines, canaries)
    scribe.pull(conversation)
    scribe.close()
    known: dict[str, bytes | str] = {**scribe.secrets()}
    for owner in (ines.account, scribe.account):
        known[f"recovery code of {owner.given}"] = "".join(owner.recovery)
        known[f"recovery code as shown to {owner.given}"] = "-".join(owner.recovery)
    return known


def _knock_in_vain(stray: Persona, canaries: Canaries) -> None:
    page = stray.page
    for _ in range(4):
        page.goto(stray.origin)
        stray.heading(say("signin.title"))
        stray.field(say("signin.email")).fill(canaries.new("address", "kanari-{}@exemple.example"))
        stray.field(say("signin.password")).fill(canaries.new("password"))
        stray.press(say("app.continue"))
        expect(page.get_by_text(say("failure.bad_credentials"))).to_be_visible()
        _no_password_on(page, canaries)
    page.goto(f"{stray.origin}/#/mot-de-passe-oublie")
    stray.field(say("signin.email")).fill(canaries.new("address", "kanari-{}@exemple.example"))
    stray.press(say("forgot.send"))
    stray.heading(say("forgot.sent_title"))
    for step in stray.way_in():
        if step == "look_at_invitation":
            stray.account.password = canaries.new("password", "Kanari-Tilleul-{}-Ab")
    stray.sign_out()
    stray.give_password()
    stray.press(say("second.printed"), exact=False)
    for _ in range(2):
        stray.field(say("second.printed")).fill(canaries.new("code"))
        stray.press(say("second.confirm"))
        expect(page.get_by_text(say("failure.bad_code"))).to_be_visible()


def _search(ines: Persona, canaries: Canaries) -> None:
    field = ines.page.get_by_role("textbox", name=say("list.search"))
    for _ in range(6):
        field.fill(canaries.new("search"))
        expect(ines.page.get_by_text(say("list.none_title"))).to_be_visible()
    field.fill("")
    ines.begin("list.new_person")
    dialog = ines.page.get_by_role("dialog", name=say("people.title"))
    for _ in range(4):
        dialog.get_by_role("textbox", name=say("people.search")).fill(canaries.new("search"))
        expect(dialog.get_by_text(say("people.none_title"))).to_be_visible()
    ines.page.keyboard.press("Escape")


def _no_password_on(page: Page, canaries: Canaries) -> None:
    shown = page.content()
    assert [
        text for name, text in canaries.typed.items() if name.startswith("password") and text in shown
    ] == []
