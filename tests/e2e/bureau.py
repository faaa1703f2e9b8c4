"""An administrator in front of a browser, on the administration's own host."""

from collections.abc import Iterator

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.people import Account

LISTS = (
    "/accounts/person/", "/accounts/organisation/", "/accounts/membership/", "/accounts/invitation/",
    "/accounts/device/", "/accounts/session/", "/accounts/action/", "/messaging/conversation/",
)  # fmt: skip
FORMS = ("/accounts/invitation/inviter/", "/accounts/invitation/fichier/", "/accounts/organisation/creer/")


class Bureau:
    def __init__(self, account: Account, context: BrowserContext, origin: str) -> None:
        self.account = account
        self.origin = origin.replace("://", "://admin.", 1)
        self.page: Page = context.new_page()

    def sign_in(self) -> "Bureau":
        self.go("/")
        self.page.get_by_label("Adresse électronique").fill(self.account.email)
        self.page.get_by_label("Mot de passe").fill(self.account.password)
        self.page.get_by_label("Code à six chiffres").fill(self.account.code())
        self.page.get_by_role("button", name="Se connecter").click()
        expect(self.page.get_by_text("Messages scellés par jour")).to_be_visible()
        return self

    def go(self, path: str) -> Page:
        self.page.goto(self.origin + path)
        return self.page

    def open_person(self, other: Account) -> None:
        self.go("/accounts/person/")
        self.page.get_by_role("link", name=other.name).click()
        expect(self.page.get_by_role("heading", name=other.name, level=1)).to_be_visible()

    def press(self, label: str) -> None:
        self.page.get_by_role("link", name=label, exact=True).click()
        self.page.get_by_role("button", name=label, exact=True).click()

    @property
    def notice(self) -> Locator:
        return self.page.get_by_role("status")

    def every_page(self) -> Iterator[tuple[str, Page]]:
        """Lists, forms, and all that a list leads to: a page of each person, the acts on each row."""
        found = dict.fromkeys(("/", *LISTS, *FORMS))
        for path in ("/accounts/person/", "/accounts/device/", "/accounts/session/"):
            found |= dict.fromkeys(self._links(path))
        for path in found:
            yield path, self.go(path)

    def _links(self, path: str) -> list[str]:
        links = self.go(path).locator("main table a[href^='/accounts/']")
        return [str(link.get_attribute("href")) for link in links.all()][:12]
