import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from accounts.source import source_of


def source(peer: str, *forwarded: str) -> str:
    return source_of(
        RequestFactory(REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=", ".join(forwarded)).get("/")
    ).address


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::2"),
    ],
)
def test_what_one_subscriber_holds_is_one_source(first: str, second: str) -> None:
    assert source(first) == source(second)


def test_neighbours_are_several_sources() -> None:
    found = {source(peer) for peer in ("2001:db8:1:2::1", "2001:db8:1:3::1", "192.0.2.1", "192.0.2.2", "")}
    assert len(found) == 5


@pytest.mark.parametrize("hop", ["unknown", "_hidden", "198.51.100", "x" * 500, "198.51.100.1:80"])
def test_a_hop_that_is_no_address_is_not_believed(hop: str, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    assert source("192.0.2.1", "198.51.100.7", hop) == "192.0.2.1"


def test_a_forwarded_network_is_one_source_too(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    assert source("192.0.2.1", "2001:db8::1") == source("192.0.2.1", "2001:db8::2") != "192.0.2.1"
