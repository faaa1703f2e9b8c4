"""K19: which revocations of a paper device stand at once."""

# ruff: noqa: E501  # one row, one vector

from dataclasses import dataclass

from accounts.consent import stands_at_once
from accounts.keylog import KeyLog
from accounts.objects import object_hash
from accounts.recovery import write_code
from messaging.client.chance import SeededChance
from messaging.client.device import Device, paper_device
from messaging.client.person import add_device, new_key
from tests.vectors.making.case import Case, Cases, case
from tests.vectors.making.sealing import flipped
from tests.vectors.making.world import NOW, world

CHANCE = SeededChance("consent")


@dataclass(frozen=True)
class Papers:
    """Bruno with two printed codes."""

    browser: Device
    older: Device
    younger: Device
    log: KeyLog
    statements: list[bytes]

    def revocation(self, of: Device, by: Device) -> bytes:
        seed = world()["bruno"].seeds[1]
        return new_key(self.log, by, seed, NOW + 2, SeededChance("revocation"), revoked=of.id).step.statement


def _papers() -> Papers:
    bruno = world()["bruno"]
    younger = paper_device(SeededChance("second code").draw(20))
    step = add_device(bruno.log(), bruno.first, younger, bruno.seeds[1], NOW + 1, CHANCE)
    return Papers(bruno.first, bruno.paper, younger, step.log, [*bruno.statements, step.statement])


def cases() -> Cases:
    papers = _papers()
    browser, older, younger = papers.browser, papers.older, papers.younger
    asked = papers.revocation(older, browser)
    agreed = older.signs_consent(object_hash(asked))
    other = papers.revocation(younger, browser)
    anna = world()["anna"]

    def judged(
        comment: str,
        statement: bytes,
        consent: bytes | None = None,
        statements: list[bytes] = papers.statements,
        log: KeyLog = papers.log,
    ) -> Case:
        given = {"statements": statements, "statement": statement, "consent": consent}
        if stands_at_once(log, statement, consent):
            return case("K19", comment, "keylog.consent", given, "accepted")
        return case("K19", comment, "keylog.consent", given, "refused", "paper_protected")

    sign = {"code": write_code(world()["bruno"].code), "statement": asked}
    return {
        "sign": case("K19", "the paper device agrees", "consent.sign", sign, "accepted", consent=agreed),
        "agreed": judged("a browser revokes, the code agrees", asked, agreed),
        "asked": judged("a browser revokes on its own", asked),
        "by-older": judged("an older code revokes", papers.revocation(younger, older)),
        "by-younger": judged("a younger code does not", papers.revocation(older, younger)),
        "by-younger-agreed": judged("unless the older agrees", *_agreed(papers, older, younger)),
        "agreed-changed": judged("a changed byte", asked, flipped(agreed, -1)),
        "agreed-by-browser": judged("the signature of the browser", asked, browser.signs_consent(object_hash(asked))),
        "agreed-by-other-code": judged("the signature of another code", asked, younger.signs_consent(object_hash(asked))),
        "agreed-to-other": judged("agreed to another statement", other, older.signs_consent(object_hash(other))),
        "agreed-of-other": judged("to the revocation of the other code", asked, older.signs_consent(object_hash(other))),
        "agreed-as-session": judged("signed as something else", asked, older.signs_session(object_hash(asked))),
        "browser-revoked": judged("a browser needs no consent", anna.statements[5], None, list(anna.statements[:5]), anna.log(5)),
        "added": judged("nor does anything that revokes nothing", anna.statements[3], None, list(anna.statements[:3]), anna.log(3)),
        "renewed": judged("nor a new key", anna.statements[4], None, list(anna.statements[:4]), anna.log(4)),
    }  # fmt: skip


def _agreed(papers: Papers, revoked: Device, by: Device) -> tuple[bytes, bytes]:
    statement = papers.revocation(revoked, by)
    return statement, revoked.signs_consent(object_hash(statement))
