"""One open conversation on one screen: what is shown in it, and writing into it."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.waiting import until
from tests.e2e.words import say

# The list mounts only what is near: this reads what is in sight, with its place in the whole.
_IN_SIGHT = """(log) => [...log.querySelectorAll("article[data-row]")].filter((row) => {
  const [there, all] = [row.getBoundingClientRect(), log.getBoundingClientRect()];
  return there.bottom > all.top && there.top < all.bottom;
}).map((row) => ({
  key: row.dataset.row,
  top: row.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop,
  text: row.querySelector(".words")?.textContent ?? null,
  quote: row.querySelector(".quote")?.textContent ?? null,
  notice: row.querySelector(".words") === null ? row.textContent.trim() : null,
  state: row.querySelector(".state .told")?.textContent.trim() ?? null,
  own: row.querySelector(".message.own") !== null,
}))"""
_STEP = """(log) => {
  const before = log.scrollTop;
  log.scrollTop += Math.max(100, log.clientHeight - 100);
  return log.scrollTop > before + 1;
}"""


@dataclass(frozen=True)
class Row:
    key: str
    text: str | None
    quote: str | None
    notice: str | None
    state: str | None
    own: bool


class Thread:
    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.region = page.get_by_role("region", name=say("thread.label", name=name))
        self.log = page.get_by_role("log", name=say("thread.messages"))
        self.start = self.log.get_by_text(say("thread.start_direct", name=name))
        self.composer = page.get_by_role("textbox", name=say("composer.label", name=name))

    def send(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")
        expect(self.composer).to_have_value("")

    def shows(self, text: str, *, within: float = 20) -> None:
        expect(self.message(text)).to_be_visible(timeout=within * 1000)

    def message(self, text: str) -> Locator:
        return self.log.locator("article").filter(has=self.page.get_by_text(text, exact=True)).last

    def quote(self, text: str) -> None:
        message = self.message(text)
        message.hover()
        message.get_by_role("button", name=say("thread.reply")).click()

    def last_state(self, state: str, *, within: float = 20) -> None:
        """The newest own message says this of itself."""
        words = say(f"state.{state}")
        until(lambda: self._newest_state().startswith(words), f"the last message is “{words}”", within=within)

    def last_reach(self, words: str, *, within: float = 20) -> None:
        until(lambda: words in self._newest_state(), f"the last message is “{words}”", within=within)

    def acknowledged(self, *, within: float = 20) -> None:
        """The newest own message has left: the host has it, whoever else may have it too."""
        done = [say(f"state.{state}") for state in ("sent", "arrived", "read")]
        until(lambda: self._newest_state() in done, "the last message is acknowledged", within=within)

    def rows(self) -> list[Row]:
        """Every row from the first to the last, scrolled through as a person would."""
        self._to_start()
        found: dict[str, dict[str, Any]] = {}
        while True:
            self._settle()
            for row in sorted(self.log.evaluate(_IN_SIGHT), key=lambda row: row["top"]):
                found.setdefault(row["key"], row)
            if not self.log.evaluate(_STEP):
                break
        return [Row(**{name: row[name] for name in Row.__annotations__}) for row in found.values()]

    def texts(self) -> list[str]:
        return [row.text for row in self.rows() if row.text is not None]

    def to_end(self) -> None:
        self.log.evaluate("(log) => { log.scrollTop = log.scrollHeight; }")

    def _newest_state(self) -> str:
        rows = sorted(self.log.evaluate(_IN_SIGHT), key=lambda row: row["top"])
        states = [row["state"] for row in rows if row["own"] and row["state"]]
        return str(states[-1]) if states else ""

    def _to_start(self) -> None:
        def stays() -> bool:
            """A thread that has just been opened may still be on its way to where it was left."""
            self.log.evaluate("(log) => { log.scrollTop = 0; }")
            for _ in range(3):
                self._settle()
            return self.start.is_visible() and self.log.evaluate("(log) => log.scrollTop") == 0

        until(lambda: stays() and stays(), "the beginning of the thread", within=60)

    def _settle(self) -> None:
        """Two frames: the list has mounted and measured what came into sight."""
        self.log.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
