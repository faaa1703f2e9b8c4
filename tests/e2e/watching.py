"""Watches every page: an error of its own or a broken policy fails the test, whatever it tested."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, WebError

_POLICY = (
    "Content Security Policy",
    "Content-Security-Policy",
    "Trusted Type",
    "TrustedScript",
    "TrustedHTML",
)
# The page itself tells what its policy stopped: a report cannot get lost in a format of the console.
_TELL = """addEventListener("securitypolicyviolation", (event) => console.error(
  `Content Security Policy: ${event.violatedDirective} stopped ${event.blockedURI}, ${event.sourceFile}`))"""


@dataclass
class Watch:
    faults: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        context.add_init_script(_TELL)
        context.on("weberror", self._error)
        context.on("console", self._console)

    def _error(self, error: WebError) -> None:
        self.faults.append(f"error on the page: {error.error}")

    def _console(self, message: ConsoleMessage) -> None:
        self.lines.append(f"{message.type}: {message.text}")
        if any(word in message.text for word in _POLICY):
            self.faults.append(f"policy: {message.text}")
