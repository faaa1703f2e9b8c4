"""Where a request comes from: an address to throttle by, a sort of browser, a language."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

# The first that matches wins: Edge also calls itself Chrome, Chrome also calls itself Safari.
_BROWSERS = (("Edg/", "edge"), ("Firefox/", "firefox"), ("Chrome/", "chrome"), ("Safari/", "safari"))
_PLATFORMS = (
    ("Android", "android"),
    ("iPhone", "ios"),
    ("iPad", "ios"),
    ("Windows", "windows"),
    ("Mac OS", "macos"),
    ("Linux", "linux"),
)
_OTHER = "other"
# All that is ever kept of what a browser says of itself.
BROWSERS = (*(name for _, name in _BROWSERS), _OTHER)
PLATFORMS = (*dict.fromkeys(name for _, name in _PLATFORMS), _OTHER)


@dataclass(frozen=True, slots=True)
class Source:
    address: str
    browser: str
    platform: str
    language: str

    def __repr__(self) -> str:
        return f"Source({self.browser}, {self.platform})"


def source_of(request: HttpRequest) -> Source:
    agent = request.headers.get("User-Agent", "")
    return Source(
        _address(request),
        _first(agent, _BROWSERS),
        _first(agent, _PLATFORMS),
        _language(request.headers.get("Accept-Language", "")),
    )


def _address(request: HttpRequest) -> str:
    """A forwarded address counts only as far as our own proxies wrote it: anybody can send the header."""
    depth = int(settings.TRUSTED_PROXIES)
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    hop = _network(hops[-depth]) if depth and len(hops) >= depth else None
    return hop or _network(str(request.META.get("REMOTE_ADDR") or "")) or "unknown"


def _network(text: str) -> str | None:
    """What one subscriber holds: an address of IPv4, or the 2^64 of IPv6 that every line is given."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64))


def _first(text: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in marks if mark in text), _OTHER)


def _language(accepted: str) -> str:
    first = accepted.split(",")[0].strip().casefold()
    return "en" if first.startswith("en") else "fr"
