"""The authenticator of a browser, by Chromium's own tools: a finger that always touches."""

from typing import Any, Literal

from playwright.sync_api import BrowserContext, Page

Transport = Literal["internal", "usb"]


class Touch:
    """One authenticator at a time; what it holds can be carried to another browser, as a key would be."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self._tools = context.new_cdp_session(page)
        self._tools.send("WebAuthn.enable")
        self._id: str | None = None

    def plug(self, transport: Transport = "internal", *, knows_owner: bool = True) -> None:
        """In the place of the one before."""
        self.unplug()
        options = {
            "protocol": "ctap2",
            "transport": transport,
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": knows_owner,
            "automaticPresenceSimulation": True,
        }
        added = self._tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = str(added["authenticatorId"])

    def unplug(self) -> None:
        if self._id is not None:
            self._tools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self._id})
        self._id = None

    def held(self) -> list[Any]:
        told = self._tools.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        return list(told["credentials"])

    def hold(self, credentials: list[Any]) -> None:
        for credential in credentials:
            self._tools.send(
                "WebAuthn.addCredential", {"authenticatorId": self._id, "credential": credential}
            )
