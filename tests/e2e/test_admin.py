"""The administration in a real browser: nothing readable on any page, acts that reach open clients."""

import secrets
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.bureau import FORMS, LISTS, Bureau
from tests.e2e.conftest import Stage, StartStage
from tests.e2e.looks import accessible
from tests.e2e.scribe import Scribe
from tests.e2e.sweep import Sweep
from tests.e2e.words import say


def bureau_of(stage: Stage, **context: Any) -> Bureau:
    """Somebody with an account who was let in from the machine itself."""
    persona = stage.newcomer()
    stage.server.manage("staff", "--email", persona.account.email)
    seat = stage.seat(persona.account, **context)
    return Bureau(persona.account, seat.context, stage.origin).sign_in()


def test_a12_with_every_page_of_it_nothing_readable_is_found(stage_with: StartStage) -> None:
    stage = stage_with()
    bureau = bureau_of(stage)
    ines, scribe = stage.newcomer(), Scribe(stage.server, stage.account()).join()
    conversation = scribe.start_direct(ines.account.family)
    typed = {f"message {n}": f"Kanari-Tilleul-{secrets.token_hex(8)}" for n in range(12)}
    texts = list(typed.values())
    for text in texts[:6]:
        scribe.send(conversation, text)
    thread = ines.open_direct(scribe.account)
    for text in texts[6:]:
        thread.send(text)
    thread.last_state("sent")
    thread.composer.fill(texts[0])
    scribe.pull(conversation)
    scribe.close()
    secret = Sweep({**typed, **scribe.secrets(), "code": "".join(ines.account.recovery)})
    seen = Sweep({"name": ines.account.family, "address": ines.account.email})
    shown = [(path, page.content().encode()) for path, page in bureau.every_page()]
    assert len(shown) > 15
    assert any(seen.in_bytes(path, data) for path, data in shown)  # the sweep finds what is there
    assert {found for path, data in shown for found in secret.in_bytes(path, data)} == set()


def test_a_suspension_reaches_an_open_client_at_once(stage: Stage) -> None:
    bureau, ines = bureau_of(stage), stage.newcomer()
    bureau.open_person(ines.account)
    bureau.press("Suspendre")
    expect(bureau.notice).to_contain_text("Le compte est suspendu.")
    expect(ines.page.get_by_role("heading", name=say("signin.title"))).to_be_visible(timeout=6_000)
    bureau.open_person(ines.account)
    bureau.press("Rétablir")
    expect(bureau.notice).to_contain_text("Le compte est rétabli.")


def test_an_invitation_from_there_brings_somebody_in(stage: Stage) -> None:
    bureau = bureau_of(stage)
    page = bureau.go("/accounts/invitation/inviter/")
    page.get_by_label("Adresse électronique").fill(f"{secrets.token_hex(4)}@tilleuls.example")
    for label, text in {"Prénom": "Nour", "Nom d’exercice": "NEUVE", "Lieu d’exercice": "MSP"}.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(bureau.notice).to_contain_text("L’invitation est envoyée.")
    expect(page.get_by_role("cell", name="Nour NEUVE")).to_be_visible()


def test_every_page_is_accessible_in_both_themes(stage: Stage) -> None:
    bureau = bureau_of(stage)
    for path in ("/", *LISTS, *FORMS):
        accessible(bureau.go(path))
    bureau.open_person(bureau.account)
    accessible(bureau.page)
    bureau.page.get_by_role("button", name="Se déconnecter").click()
    expect(bureau.page.get_by_role("heading", name="Connexion")).to_be_visible()
    accessible(bureau.page)


@pytest.mark.parametrize("width", [360, 768])
def test_every_page_fits_a_narrow_window(width: int, stage: Stage) -> None:
    bureau = bureau_of(stage, viewport={"width": width, "height": 800})
    for path in ("/", *LISTS, *FORMS):
        page = bureau.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        small = page.evaluate(
            """() => [...document.querySelectorAll('main button, main .button')]
                 .filter((one) => one.getBoundingClientRect().height < 36).length"""
        )
        assert small == 0, path


def test_it_works_by_keyboard_alone(stage: Stage) -> None:
    bureau = bureau_of(stage)
    page = bureau.go("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Tout le journal":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Journal des actions", level=1)).to_be_visible()
