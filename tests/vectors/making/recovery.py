"""P: the recovery code, written, read and used."""
# one row, one vector

from accounts.errors import Refused
from accounts.keylog import fold
from accounts.recovery import BadRecoveryCode, read_code, write_code
from messaging.client.chance import SeededChance
from messaging.client.device import new_device, paper_device
from messaging.client.person import open_seed, recover
from messaging.client.sealing import CannotOpen
from tests.vectors.making.case import Case, Cases, case
from tests.vectors.making.sealing import flipped
from tests.vectors.making.world import NOW, world


def cases() -> Cases:
    code = world()["anna"].code
    codes = {"zero": bytes(20), "ones": b"\xff" * 20, "anna": code}
    made = {f"write-{name}": _written(held) for name, held in codes.items()}
    for name, (comment, written) in _readings(write_code(code)).items():
        made[f"read-{name}"] = _read(comment, written)
    return {**made, **_openings()}


def _readings(good: str) -> dict[str, tuple[str, str]]:
    zero = write_code(bytes(20))
    letters = good.replace("-", "")
    swapped = letters[1] + letters[0] + letters[2:]
    return {
        "good": ("as shown", good),
        "lower": ("small letters", good.lower()),
        "bare": ("without hyphens", letters),
        "spaced": ("with spaces anywhere", "  " + good.replace("-", " - ") + " "),
        "looks-alike": ("O for 0", zero.replace("0", "O")),
        "looks-alike-small": ("o for 0", zero.replace("0", "o")),
        "one": ("I and l for 1", good.replace("1", "I", 1).replace("1", "l")),
        "wrong-check": ("the last letter", letters[:-1] + ("0" if letters[-1] != "0" else "2")),
        "wrong-letter": ("the first letter", ("0" if letters[0] != "0" else "2") + letters[1:]),
        "swapped": ("two letters swapped", swapped),
        "u": ("U is no letter of it", "U" + letters[1:]),
        "short": ("a letter less", letters[:-1]),
        "long": ("a letter more", letters + "0"),
        "empty": ("", ""),
        "tab": ("only spaces and hyphens are dropped", good.replace("-", "\t")),
        "dash": ("a dash is no hyphen", good.replace("-", "\u2013")),
        "dotless": ("a letter that folds into I elsewhere", "\u0131" + letters[1:]),
        "full-width": ("letters of another script", "\uff10" + letters[1:]),
    }


def _written(code: bytes) -> Case:
    paper = paper_device(code)
    return case(
        "P1", "", "recovery.write", {"code": code}, "accepted",
        written=write_code(code), device=paper.id, sign=paper.sign, unseal=paper.unseal,
    )  # fmt: skip


def _read(comment: str, written: str) -> Case:
    try:
        code = read_code(written)
    except BadRecoveryCode:
        return case("P2", comment, "recovery.read", {"written": written}, "refused", "bad_recovery_code")
    return case("P2", comment, "recovery.read", {"written": written}, "accepted", code=code)


def _openings() -> Cases:
    anna, bruno = world()["anna"], world()["bruno"]
    whole, sealed = list(anna.statements), anna.sealed["anna-paper"]
    old = list(anna.statements[:3])
    return {
        "open": _opened("", whole, anna.code, sealed),
        "open-other-code": _opened("not in this log", whole, bruno.code, sealed),
        "open-other-log": _opened("another person's log", list(bruno.statements), anna.code, sealed),
        "open-changed-seed": _opened("the host gives another seed", whole, anna.code, flipped(sealed, -1)),
        "open-other-seed": _opened("the seed of another device", whole, anna.code, anna.sealed["anna-1"]),
        "open-old-log": _opened("a log before the last generation", old, anna.code, sealed),
        "open-before-keys": _opened("a log that does not count", whole[:2], anna.code, sealed),
        "open-broken-log": _opened("a log that does not judge", [*old, whole[5]], anna.code, sealed),
    }


def _opened(comment: str, statements: list[bytes], code: bytes, sealed: bytes) -> Case:
    given = {"statements": statements, "code": code, "sealed": sealed}
    chance = SeededChance("recovering")
    try:
        recover(statements, code, sealed, new_device(chance), NOW, chance)
        seed = open_seed(fold(statements), paper_device(code), sealed)
    except BadRecoveryCode:
        return case("P5", comment, "recovery.open", given, "refused", "bad_recovery_code")
    except (CannotOpen, Refused):
        return case("P5", comment, "recovery.open", given, "refused", "key_log_refused")
    return case("P5", comment, "recovery.open", given, "opened", seed=seed)
