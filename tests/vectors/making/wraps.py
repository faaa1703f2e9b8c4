"""E8, E9: secrets of epochs, and what they are wrapped in."""

# ruff: noqa: E501  # one row, one vector

from accounts.codec import Value
from accounts.shapes import array
from messaging.client.chance import SeededChance
from messaging.client.entries import open_wrap
from messaging.client.sealing import CannotOpen, seal
from messaging.envelopes import read_entry
from messaging.epochs import Epoch, secret_commit, wrap_hash
from tests.vectors.making.case import Case, Cases, case
from tests.vectors.making.sealing import flipped
from tests.vectors.making.talk import Talk, parts_of, signed
from tests.vectors.making.world import world


def epoch_cases() -> Cases:
    anna, bruno, talk = world()["anna"], world()["bruno"], Talk("wraps")
    first = talk.made
    second = talk.renew()
    made: Cases = {}
    for number, prev in ((0, None), (1, bytes(32)), (7, b"\x01" * 32)):
        secret = SeededChance(f"commit {number}").draw(32)
        made[f"commit-{number}"] = case(
            "E8", "", "epoch.commit", {"number": number, "prev": prev, "secret": secret}, "accepted",
            commit=secret_commit(number, prev, secret),
        )  # fmt: skip

    def opened(rule: str, comment: str, statement: bytes, chain: bytes, seed: bytes, wrap: bytes) -> Case:
        given = {"epoch": statement, "chain": chain, "seed": seed, "wrap": wrap}
        epoch = read_entry(statement)
        assert isinstance(epoch, Epoch)
        row = epoch.row_of(chain)
        if row is None or row.wrap != wrap_hash(wrap):
            return case(rule, comment, "epoch.open", given, "unreadable", "foreign_wrap")
        try:
            secret = open_wrap(seed, epoch, row, wrap)
        except CannotOpen:
            return case(rule, comment, "epoch.open", given, "unreadable", "cannot_open")
        return case(rule, comment, "epoch.open", given, "opened", secret=secret)

    mine, wrap = bruno.seeds[1], second.wraps[bruno.chain]
    bad = _bad_wraps(talk, second.statement)
    return {
        **made,
        "open-first": opened("E9", "of epoch 0", first.statement, bruno.chain, mine, first.wraps[bruno.chain]),
        "open-next": opened("E9", "of a later epoch", second.statement, bruno.chain, mine, wrap),
        "open-maker": opened("E9", "the maker's own", second.statement, anna.chain, anna.seeds[3], second.wraps[anna.chain]),
        "open-other-row": opened("E17", "the other's wrap", second.statement, bruno.chain, mine, second.wraps[anna.chain]),
        "open-other-epoch": opened("E17", "of the epoch before", second.statement, bruno.chain, mine, first.wraps[bruno.chain]),
        "open-changed": opened("E17", "a changed byte", second.statement, bruno.chain, mine, flipped(wrap, -1)),
        "open-stranger": opened("E17", "no row of hers", second.statement, world()["chloe"].chain, mine, wrap),
        "open-other-seed": opened("E9", "with another person's key", second.statement, bruno.chain, anna.seeds[3], wrap),
        "open-old-seed": opened("E9", "with an earlier generation", second.statement, anna.chain, anna.seeds[2], second.wraps[anna.chain]),
        **{f"open-{name}": opened("E17", comment, statement, bruno.chain, mine, held) for name, (comment, statement, held) in bad.items()},
    }  # fmt: skip


def _bad_wraps(talk: Talk, statement: bytes) -> dict[str, tuple[str, bytes, bytes]]:
    """Stated and matching, and of no use: the maker's fault."""
    anna, bruno = world()["anna"], world()["bruno"]
    label, fields, _ = parts_of(statement)
    public = bruno.log().public
    assert public is not None

    def stated(sealed: bytes) -> tuple[bytes, bytes]:
        rows: list[Value] = []
        for row in array(fields["roster"]):
            assert isinstance(row, dict)
            mine = row["chain"] == bruno.chain
            rows.append({**row, "wrap": wrap_hash(sealed)} if mine else row)
        return signed(label, {**fields, "roster": rows}, anna.first), sealed

    commit = fields["secret_commit"]
    right: list[Value] = ["wrap", 1, anna.first.id, bruno.chain, 1, talk.conversation, 1, commit]

    def sealed_for(context: Value, secret: bytes) -> bytes:
        return seal(public, context, secret, talk.chance)

    return {
        "other-secret": ("opens to another secret than committed", *stated(sealed_for(right, bytes(32)))),
        "other-number": ("sealed for another epoch", *stated(sealed_for([*right[:6], 2, commit], talk.made.secret))),
        "other-maker": ("sealed in another device's name", *stated(sealed_for([*right[:2], bytes(32), *right[3:]], talk.made.secret))),
        "garbage": ("no sealed secret at all", *stated(bytes(1168))),
        "short": ("too short to be one", *stated(bytes(10))),
    }  # fmt: skip
