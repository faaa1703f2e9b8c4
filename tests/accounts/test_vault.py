from accounts import clock
from accounts.models import Device, VaultHalf
from accounts.protocol import b64, octets
from accounts.services.vault import erase_vaults_of
from tests.accounts.browser import Browser, body, code
from tests.accounts.conftest import Limits
from tests.cast import Cast

VAULT, DEVICE = b64(b"v" * 16), b64(b"d" * 32)


def test_v2_a_vault_of_somebody_else_is_not_found(cast: Cast, visitor: Browser) -> None:
    Browser().sign_in(cast.ines).post("vault/make", {"vault": VAULT, "device": DEVICE})
    visitor.sign_in(cast.anne_lise)
    foreign, absent = (visitor.post("vault/open", {"vault": vault}) for vault in (VAULT, b64(b"x" * 16)))
    assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content)
    assert code(foreign) == "not_found"


def test_h6_a_vault_is_made_once(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    assert visitor.post("vault/make", {"vault": VAULT, "device": DEVICE}).status_code == 200
    for who in (visitor, Browser().sign_in(cast.anne_lise)):
        assert code(who.post("vault/make", {"vault": VAULT, "device": b64(b"e" * 32)})) == "conflict"


def test_h6_live_vaults_of_a_person_are_counted(cast: Cast, visitor: Browser, limits: Limits) -> None:
    limits(vaults_person=2)
    visitor.sign_in(cast.ines)
    _device(cast)
    assert visitor.post("vault/make", {"vault": VAULT, "device": DEVICE}).status_code == 200
    for number in (1, 2):  # the first of a browser that never became a device makes room
        sent = {"vault": b64(bytes([number] * 16)), "device": b64(bytes([number] * 32))}
        assert visitor.post("vault/make", sent).status_code == 200
    assert code(visitor.post("vault/open", {"vault": b64(bytes([1] * 16))})) == "not_found"
    assert visitor.post("vault/open", {"vault": VAULT}).status_code == 200
    limits(vaults_person=1)
    erase_vaults_of(bytes([2] * 32))
    assert code(visitor.post("vault/make", {"vault": b64(b"w" * 16), "device": DEVICE})) == "conflict"


def test_h6_a_device_is_claimed_by_one_person(cast: Cast, visitor: Browser) -> None:
    Browser().sign_in(cast.ines).post("vault/make", {"vault": VAULT, "device": DEVICE})
    visitor.sign_in(cast.anne_lise)
    assert code(visitor.post("vault/make", {"vault": b64(b"w" * 16), "device": DEVICE})) == "conflict"


def test_a_device_in_somebodys_key_log_cannot_be_claimed(cast: Cast, visitor: Browser) -> None:
    _device(cast)
    visitor.sign_in(cast.anne_lise)
    assert code(visitor.post("vault/make", {"vault": VAULT, "device": DEVICE})) == "conflict"


def test_v2_the_half_of_a_revoked_device_stays_shut(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    visitor.post("vault/make", {"vault": VAULT, "device": DEVICE})
    _device(cast, revoked=True)
    assert code(visitor.post("vault/open", {"vault": VAULT})) == "not_found"


def test_the_half_comes_back_and_lies_sealed(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    half = body(visitor.post("vault/make", {"vault": VAULT, "device": DEVICE}))["half"]
    assert body(visitor.post("vault/open", {"vault": VAULT})) == {"half": half, "device": DEVICE}
    assert len(octets(half)) == 32
    assert octets(half) not in bytes(VaultHalf.objects.get().half_sealed)


def test_a_half_moved_to_another_person_does_not_open(cast: Cast, visitor: Browser) -> None:
    Browser().sign_in(cast.ines).post("vault/make", {"vault": VAULT, "device": DEVICE})
    VaultHalf.objects.update(person=cast.anne_lise)
    visitor.sign_in(cast.anne_lise)
    assert code(visitor.post("vault/open", {"vault": VAULT})) == "unavailable"


def test_bytes_of_another_size_are_refused(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    for vault, device in (
        (b64(b"v" * 15), DEVICE),
        (b64(b"v" * 17), DEVICE),
        (VAULT, b64(b"d" * 31)),
        (VAULT + "=", DEVICE),
    ):
        assert code(visitor.post("vault/make", {"vault": vault, "device": device})) == "bad_request"
    last = VAULT[:-1] + "B"  # the last bits of the last letter mean nothing: one way of writing only
    assert code(visitor.post("vault/make", {"vault": last, "device": DEVICE})) == "bad_request"


def _device(cast: Cast, *, revoked: bool = False) -> None:
    Device.objects.create(
        id=b"d" * 32,
        person=cast.ines,
        chain=b"c" * 32,
        sort="browser",
        sign_key=b"s" * 32,
        unseal_key=b"u" * 1216,
        added_n=0,
        added_at=clock.now(),
        revoked_at=clock.now() if revoked else None,
    )
