"""The whole way by keyboard alone: no test here touches a mouse or puts the focus anywhere itself."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Stage
from tests.e2e.people import Account
from tests.e2e.persona import Persona
from tests.e2e.phone import Phone
from tests.e2e.waiting import until
from tests.e2e.words import say

MOST_TABS = 40


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, name: str) -> None:
        """Tab after tab until what has the focus is called so; nothing may hold the focus back."""
        seen = []
        for _ in range(MOST_TABS):
            seen.append(self.focused())
            if seen[-1].startswith(name):
                return
            self.press("Tab")
        raise AssertionError(f"“{name}” is not reached by Tab; reached: {seen}")

    def focused(self) -> str:
        return str(
            self.page.evaluate(
                """() => {
                  const at = document.activeElement;
                  const label = at.labels?.[0]?.textContent ?? "";
                  const named = at.getAttribute("aria-label") ?? (label || at.textContent || "");
                  return named.replace(/\\s+/g, " ").trim();
                }"""
            )
        )

    def focused_text(self) -> str:
        return str(self.page.evaluate("document.activeElement.textContent"))

    def is_seen(self) -> bool:
        """What has the focus shows it."""
        return bool(
            self.page.evaluate(
                """() => {
                  const at = document.activeElement;
                  const drawn = (style) => style.outlineStyle !== "none" || style.boxShadow !== "none";
                  const ring = (one) => drawn(getComputedStyle(one));
                  return at === document.body || [at, at.parentElement].some(ring);
                }"""
            )
        )


def test_two_people_join_talk_and_leave_by_keyboard_alone(stage: Stage) -> None:
    colleague = stage.newcomer()
    account = stage.account()
    persona = stage.seat(account)
    keys = Keyboard(persona.page)
    persona.look_at_invitation()
    _join(keys, account, persona)
    _write(keys, colleague.account)
    theirs = colleague.open_direct(account)
    theirs.shows("Écrit sans souris")
    theirs.send("Lu sans souris")
    _answer(keys, persona)
    theirs.shows("Répondu sans souris")
    _leave(keys, persona)


def _join(keys: Keyboard, account: Account, persona: Persona) -> None:
    keys.tab_to(say("password.new"))
    keys.type(account.password)
    keys.press("Enter")
    persona.heading(say("host.title"))
    keys.tab_to(say("app.continue"))
    assert keys.is_seen()
    keys.press("Enter")
    persona.heading(say("factor.title"))
    keys.tab_to(say("factor.app"))
    keys.press("Enter")
    account.phone = Phone(persona.page.locator("p.secret").inner_text())
    keys.tab_to(say("second.code"))
    keys.type(account.code())
    persona.heading(say("factor.printed_title"))
    keys.tab_to(say("factor.kept"))
    keys.press("Enter")
    persona.heading(say("recovery.title"))
    expect(persona.page.locator("main ol li b")).to_have_count(9)
    account.recovery = persona.page.locator("main ol li b").all_inner_texts()
    keys.tab_to(say("recovery.noted"))
    keys.press("Enter")
    persona.heading(say("check.title"))
    for _ in range(2):
        keys.tab_to(say("recovery.group", n=""))
        keys.type(account.recovery[int("".join(filter(str.isdigit, keys.focused()))) - 1])
        keys.press("Tab")
    keys.tab_to(say("check.open"))
    keys.press("Enter")
    persona.at_home()


def _write(keys: Keyboard, colleague: Account) -> None:
    keys.press("Control+Shift+N")
    expect(keys.page.get_by_role("dialog", name=say("people.title"))).to_be_visible()
    keys.tab_to(say("people.search"))
    keys.type(colleague.family)
    row = keys.page.get_by_role("dialog").get_by_role("button").filter(has_text=colleague.family)
    expect(row).to_have_count(1)
    until(lambda: _goes_down_to(keys, colleague.name), "the arrow leads to the person")
    keys.press("Enter")
    composer = say("composer.label", name=colleague.name)
    until(lambda: keys.focused() == composer, "the focus is where one goes on writing")
    keys.type("Écrit sans souris")
    keys.press("Enter")


def _goes_down_to(keys: Keyboard, name: str) -> bool:
    keys.press("ArrowDown")
    return name in keys.focused()


def _answer(keys: Keyboard, persona: Persona) -> None:
    expect(persona.page.get_by_text("Lu sans souris").first).to_be_visible()
    keys.press("Escape")
    until(lambda: "Lu sans souris" in keys.focused_text(), "the newest message has the focus")
    keys.press("r")
    expect(persona.page.get_by_role("button", name=say("composer.unquote"))).to_be_visible()
    keys.tab_to(say("composer.label", name=""))
    keys.type("Répondu sans souris")
    keys.press("Enter")


def _leave(keys: Keyboard, persona: Persona) -> None:
    keys.tab_to(say("settings.title"))
    keys.press("Enter")
    keys.tab_to(say("settings.sign_out"))
    keys.press("Enter")
    persona.heading(say("signin.title"))
    keys.tab_to(say("signin.email"))
