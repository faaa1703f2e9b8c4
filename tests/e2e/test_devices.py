"""Several browsers of one person: added by a code, listed, noticed, removed (issue lines 4 and 9)."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Response, expect

from project.bootstrap.client import build_headless
from tests.conftest import StartColloque
from tests.e2e.conftest import Stage, StartStage
from tests.e2e.looks import accessible
from tests.e2e.people import invite
from tests.e2e.persona import Persona
from tests.e2e.settings import told
from tests.e2e.sweep import Sweep
from tests.e2e.waiting import until
from tests.e2e.words import LOCALES, say, spoken
from tests.load.devices import ROOM, measure
from tests.services import chromium

CANARY = "Canari des appareils 7f3a91c4"
PHONE = {"width": 360, "height": 740}


def shown_code(persona: Persona) -> str:
    persona.heading(say("recover.title"))
    groups = persona.page.get_by_role("group", name=say("recover.device_code")).locator("b")
    expect(groups).to_have_count(4)
    return "-".join(groups.all_inner_texts())


def open_devices(persona: Persona) -> None:
    persona.page.goto(f"{persona.origin}/#/securite")
    expect(persona.page.get_by_role("heading", name=say("devices.title"), exact=True)).to_be_visible()
    expect(persona.page.get_by_text(say("devices.here"), exact=True)).to_be_visible()


def test_d1_a_browser_is_added_by_typing_its_code_on_another(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    ines.start_direct(anne_lise.account).send("Écrit avant le second navigateur")
    anne_lise.close()  # nobody else is there
    phone = stage.seat(ines.account, viewport=PHONE).sign_in()
    code = shown_code(phone)
    accessible(phone.page)
    open_devices(ines)
    accessible(ines.page)
    ines.press(say("devices.add"))
    ines.field(say("add.code")).fill(code.lower())
    accessible(ines.page)
    ines.press(say("add.next"))
    expect(ines.page.get_by_role("heading", name=say("add.hand"))).to_be_visible()
    ines.press(say("add.yes"))
    phone.at_home()
    expect(phone.page.get_by_text(say("welcome.readable_one", n=1))).to_be_visible()
    phone.open_direct(anne_lise.account).shows("Écrit avant le second navigateur")
    expect(ines.page.get_by_text(say("add.done"), exact=True)).to_be_visible()
    expect(ines.page.get_by_role("button", name=say("devices.remove"))).to_have_count(1)
    accessible(ines.page)


def test_d3_a_link_counts_only_after_the_answer_and_no_ends_it(stage: Stage) -> None:
    ines = stage.newcomer()
    other = stage.seat(ines.account).sign_in()
    code = shown_code(other).replace("-", "")
    ines.page.goto(f"{ines.origin}/#/appareil/{code}")
    expect(ines.field(say("add.code"))).to_have_value(code)
    assert code not in ines.page.url
    ines.press(say("add.next"))
    expect(ines.page.get_by_role("heading", name=say("add.hand"))).to_be_visible()
    ines.press(say("add.no"))
    expect(other.page.get_by_text(say("recover.device_over"))).to_be_visible()
    other.press(say("recover.device_again"))
    until(lambda: shown_code(other).replace("-", "") != code, "another code")


def test_k21_an_unknown_browser_is_noticed_and_put_out(stage: Stage) -> None:
    ines, anne_lise = stage.pair()
    ines.start_direct(anne_lise.account).send("Bonjour")
    thief = stage.seat(ines.account).sign_in().recover()
    notice = ines.page.get_by_role("region", name=say("notice.region"))
    expect(notice).to_be_visible()
    ines.page.reload()
    expect(notice).to_be_visible()  # until it was seen
    accessible(ines.page)
    notice.get_by_role("button", name=say("notice.unknown")).click()
    accessible(ines.page)
    ines.page.get_by_role("dialog").get_by_role("button", name=say("devices.remove")).click()
    expect(ines.page.get_by_text(say("devices.removed"))).to_be_visible()
    expect(notice).to_have_count(0)
    thief.heading(say("signin.title"))
    thread = ines.open_direct(anne_lise.account)
    thread.send("Après le retrait")
    anne_lise.open_direct(ines.account).shows("Après le retrait")


def test_a_new_browser_opens_every_conversation_with_nobody_online(
    start_colloque: StartColloque, tmp_path: Path
) -> None:
    """As tests/load/devices.py measures it, with fewer conversations."""
    build_headless()
    server = start_colloque(told={**told(), **ROOM})
    owner, other = list(invite(server, 2))
    found = measure(server, owner, other, tmp_path, conversations=12)
    assert found.readable == 12
    assert found.work < 5


# --- a copied profile -------------------------------------------------------------------------------


class Profile:
    """A whole Chromium profile in a folder, and the host's halves of its vaults as they passed by."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.folder = folder
        self._stage = stage
        self.halves: list[str] = []
        self.context: BrowserContext

    def open(self) -> BrowserContext:
        kind = self._stage._browser.browser_type
        self.context = kind.launch_persistent_context(
            str(self.folder),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            executable_path=str(chromium()),
            locale=LOCALES[spoken()],
        )
        self.context.on("response", self._note)
        return self.context

    def _note(self, response: Response) -> None:
        if "/api/vault/" in response.url and response.status == 200:
            self.halves.append(json.loads(response.text())["half"])

    def copy(self, to: Path) -> Path:
        self.context.close()
        return Path(shutil.copytree(self.folder, to, ignore=shutil.ignore_patterns("Singleton*")))


@pytest.fixture
def profile(stage: Stage, tmp_path: Path) -> Iterator[Profile]:
    made = Profile(stage, tmp_path / "profile")
    yield made
    made.context.close()


def _used(profile: Profile, stage: Stage) -> tuple[Persona, Persona]:
    """Somebody in that profile, with the canary sent and received."""
    ines = Persona(stage.account(), profile.open(), stage.origin).join()
    other = stage.newcomer()
    ines.start_direct(other.account).send(CANARY)
    other.open_direct(ines.account).send(f"{CANARY} reçu")
    ines.open_direct(other.account).shows(f"{CANARY} reçu")
    return ines, other


def _sweep(ines: Persona, profile: Profile) -> Sweep:
    """What was written, and what would open it: the code de secours and the halves that the host gives."""
    assert profile.halves  # or the search would be for nothing
    code = {"code": "".join(ines.account.recovery), "spaced": " ".join(ines.account.recovery)}
    halves = {f"half {n}": half for n, half in enumerate(profile.halves)}
    return Sweep({"canary": CANARY, "password": ines.account.password, **code, **halves})


def test_the_search_finds_what_a_page_keeps_in_its_database(
    stage: Stage, profile: Profile, tmp_path: Path
) -> None:
    """The control: the same canary, kept as it is, is found in the copy."""
    page = profile.open().new_page()
    page.goto(stage.origin)
    page.evaluate(
        """(text) => new Promise((done, fail) => {
          const asked = indexedDB.open("control", 1);
          asked.onupgradeneeded = () => asked.result.createObjectStore("plain");
          asked.onerror = fail;
          asked.onsuccess = () => {
            const change = asked.result.transaction("plain", "readwrite");
            change.objectStore("plain").put(new TextEncoder().encode(text), "one");
            change.oncomplete = done;
          };
        })""",
        CANARY,
    )
    found = Sweep({"canary": CANARY}).in_folder("copy", profile.copy(tmp_path / "copy"))
    assert {one.secret for one in found} == {"canary"}


def test_a_profile_copied_after_leaving_holds_nothing(stage: Stage, profile: Profile, tmp_path: Path) -> None:
    ines, _ = _used(profile, stage)
    ines.sign_out()
    ines.heading(say("signin.title"))
    assert _sweep(ines, profile).in_folder("copy", profile.copy(tmp_path / "copy")) == set()


def test_a_profile_copied_while_locked_holds_nothing(stage_with: StartStage, tmp_path: Path) -> None:
    stage = stage_with(COLLOQUE_LIMIT_IDLE_SECONDS="10", COLLOQUE_LIMIT_SESSION_TOUCH_SECONDS="1")
    profile = Profile(stage, tmp_path / "profile")
    ines, _ = _used(profile, stage)
    expect(ines.page.get_by_role("heading", name=say("locked.title"))).to_be_visible(timeout=60_000)
    assert _sweep(ines, profile).in_folder("copy", profile.copy(tmp_path / "copy")) == set()


def test_a_profile_copied_after_its_removal_holds_nothing_and_opens_nothing(
    stage: Stage, profile: Profile, tmp_path: Path
) -> None:
    ines, _other = _used(profile, stage)
    second = stage.seat(ines.account).sign_in().recover()
    open_devices(second)
    second.page.get_by_role("button", name=say("devices.remove")).first.click()
    second.page.get_by_role("dialog").get_by_role("button", name=say("devices.remove")).click()
    expect(second.page.get_by_text(say("devices.removed"))).to_be_visible()
    ines.heading(say("signin.title"))
    copy = profile.copy(tmp_path / "copy")
    assert _sweep(ines, profile).in_folder("copy", copy) == set()
    stolen = Profile(stage, copy)
    thief = Persona(ines.account, stolen.open(), stage.origin).sign_in()
    thief.heading(say("recover.title"))
    stolen.context.close()


def test_on_a_shared_computer_the_deleted_database_holds_nothing(
    stage: Stage, profile: Profile, tmp_path: Path
) -> None:
    account = stage.newcomer().account
    shared = Persona(account, profile.open(), stage.origin).sign_in(shared=True).recover()
    other = stage.newcomer()
    shared.start_direct(other.account).send(CANARY)
    shared.sign_out()
    expect(shared.page.get_by_text(say("left.title"))).to_be_visible()
    assert _sweep(shared, profile).in_folder("copy", profile.copy(tmp_path / "copy")) == set()
