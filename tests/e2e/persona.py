"""One person in front of one browser: says what people do, by the roles and words that they see."""

import re
from collections.abc import Iterator

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.people import Account
from tests.e2e.phone import Phone
from tests.e2e.thread import Thread
from tests.e2e.waiting import until
from tests.e2e.words import say


class Persona:
    def __init__(self, account: Account, context: BrowserContext, origin: str) -> None:
        self.account = account
        self.context = context
        self.origin = origin
        self.page: Page = context.new_page()

    # --- arriving -----------------------------------------------------------------------------------

    def look_at_invitation(self) -> None:
        self.page.goto(f"{self.origin}/#/invitation/{self.account.token}")
        self.heading(say("invite.title", given=self.account.given))

    def accept_invitation(self) -> None:
        self.field(say("password.new")).fill(self.account.password)
        self.press(say("invite.accept"))
        self.heading(say("host.title"))

    def face_factor(self) -> None:
        self.press(say("app.continue"))
        self.heading(say("factor.title"))

    def begin_factor(self) -> None:
        self.press(say("factor.app"), exact=False)
        self.account.phone = Phone(self.page.locator("p.secret").inner_text())

    def confirm_factor(self) -> None:
        self.field(say("second.code")).fill(self.account.code())
        self.heading(say("factor.printed_title"))
        rows = self.page.locator("main ol").first.locator("li")
        self.account.printed = rows.evaluate_all(
            "rows => rows.map((row) => row.lastChild.textContent.trim())"
        )

    def read_recovery_code(self) -> None:
        self.press(say("factor.kept"))
        self.heading(say("recovery.title"))
        groups = self.page.locator("main ol li b")
        expect(groups).to_have_count(9)
        self.account.recovery = groups.all_inner_texts()

    def check_recovery_code(self) -> None:
        self.press(say("recovery.noted"))
        self.heading(say("check.title"))
        for box in self.page.locator("main form input").all():
            number = int(re.sub(r"\D", "", box.get_attribute("aria-label") or ""))
            box.fill(self.account.recovery[number - 1])

    def finish_first_steps(self) -> None:
        self.press(say("check.open"))
        self.at_home()

    def way_in(self) -> Iterator[str]:
        """Every step from the link in the mail to the list of threads; pauses on each screen."""
        for step in (
            self.look_at_invitation,
            self.accept_invitation,
            self.face_factor,
            self.begin_factor,
            self.confirm_factor,
            self.read_recovery_code,
            self.check_recovery_code,
            self.finish_first_steps,
        ):
            step()
            yield step.__name__

    def join(self) -> "Persona":
        for _screen in self.way_in():
            pass
        return self

    # --- signing in and out -------------------------------------------------------------------------

    def give_password(self, *, shared: bool = False) -> None:
        self.page.goto(self.origin)
        self.heading(say("signin.title"))
        self.field(say("signin.email")).fill(self.account.email)
        self.field(say("signin.password")).fill(self.account.password)
        if shared:
            self.page.get_by_role("checkbox", name=say("signin.shared")).click()
        self.press(say("app.continue"))
        self.heading(say("second.title"))

    def sign_in(self, *, shared: bool = False) -> "Persona":
        self.give_password(shared=shared)
        self.give_code()
        return self

    def give_code(self) -> None:
        self.field(say("second.code")).fill(self.account.code())

    def sign_in_by_printed_code(self) -> "Persona":
        self.give_password()
        self.press(say("second.printed"), exact=False)
        self.field(say("second.printed")).fill(self.account.printed.pop())
        self.press(say("second.confirm"))
        return self

    def recover(self) -> "Persona":
        self.heading(say("recover.title"))
        self.choose_code()
        self.field(say("recovery.group", n=1)).fill(" ".join(self.account.recovery))
        self.press(say("recover.open"))
        self.at_home()
        return self

    def choose_code(self) -> None:
        """The code de secours, rather than another device."""
        self.page.get_by_role("radiogroup", name=say("recover.ways")).get_by_text(
            say("recover.by_code")
        ).click()

    def unlock(self) -> None:
        self.heading(say("locked.title"))
        self.field(say("second.code")).fill(self.account.code())
        self.at_home()

    def sign_out(self) -> None:
        self.press(say("settings.title"))
        self.press(say("settings.sign_out"))
        expect(self.threads).to_have_count(0)

    # --- threads ------------------------------------------------------------------------------------

    @property
    def threads(self) -> Locator:
        """The list: a navigation beside the thread, the main thing on a phone."""
        return self.page.get_by_label(say("list.label"), exact=True)

    def at_home(self) -> None:
        expect(self.threads).to_be_visible(timeout=30_000)

    def start_direct(self, other: Account) -> Thread:
        self.begin("list.new_person")
        dialog = self.page.get_by_role("dialog", name=say("people.title"))
        dialog.get_by_role("textbox", name=say("people.search")).fill(other.family)
        dialog.get_by_role("button", name=re.compile(re.escape(other.name))).click()
        return self.thread(other)

    def begin(self, what: str) -> None:
        self.page.get_by_role("button", name=say("list.new")).locator("visible=true").first.click()
        self.press(say(what))

    def open_direct(self, other: Account) -> Thread:
        """From the list of threads, where the conversation is or soon will be."""
        self.row(other).click()
        return self.thread(other)

    def thread(self, other: Account) -> Thread:
        thread = Thread(self.page, other.name)
        expect(thread.region).to_be_visible(timeout=20_000)
        return thread

    def row(self, other: Account) -> Locator:
        return self.threads.get_by_role("link", name=re.compile(re.escape(other.name))).last

    def unread(self, other: Account) -> int:
        found = re.search(r"(\d+) non lus?", self.row(other).inner_text())
        return int(found.group(1)) if found else 0

    def until_unread(self, other: Account, count: int) -> None:
        until(lambda: self.row(other).is_visible() and self.unread(other) == count, f"{count} unread")

    def leave_thread(self) -> None:
        self.page.evaluate("location.hash = '#/'")
        self.heading_of_home()

    def heading_of_home(self) -> None:
        expect(self.page.get_by_text(say("home.none_title"))).to_be_visible()

    def alarm(self, key: str, **filled: object) -> None:
        """The sentence of this alarm is on the screen within five seconds."""
        alert = self.page.get_by_role("alert").filter(has_text=say(f"alarm.{key}", **filled))
        expect(alert).to_be_visible(timeout=5_000)

    # --- the browser --------------------------------------------------------------------------------

    def reload(self) -> None:
        self.page.reload()
        self.at_home()

    def online(self) -> None:
        self._connection("online")

    def offline(self) -> None:
        self._connection("offline")

    def stores(self) -> list[str]:
        """Everything this browser keeps for the origin, by name."""
        names = self.page.evaluate(
            """async () => [
              ...(await indexedDB.databases()).map((one) => `IndexedDB ${one.name}`),
              ...Object.keys(localStorage).map((key) => `localStorage ${key}`),
              ...Object.keys(sessionStorage).map((key) => `sessionStorage ${key}`),
              ...(await caches.keys()).map((key) => `cache ${key}`),
            ]"""
        )
        return [str(name) for name in names]

    def close(self) -> None:
        self.context.close()

    # --- words to elements --------------------------------------------------------------------------

    def heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", name=text, level=1)).to_be_visible(timeout=20_000)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def press(self, label: str, *, exact: bool = True) -> None:
        self.page.get_by_role("button", name=label, exact=exact).locator("visible=true").first.click()

    def _connection(self, state: str) -> None:
        words = say(f"connection.{state}")
        until(lambda: words in self.threads.inner_text(), f"the list says “{words}”", within=40)
