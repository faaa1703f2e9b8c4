"""The checker sees each violation that is planted, and nothing where nothing is."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults.checker import agree, check
from tests.faults.transcript import Line, Record, Said, Transcript, outsider

TEXTS = ("ines 1", "pen 1", "ines 2", "pen 2", "ines 3", "pen 3")
FIRST = 3  # places before belong to epochs and titles
Plant = Callable[[Record], None]


def honest() -> Record:
    lines = tuple(Line(seq, f"{text} Bonjour.") for seq, text in enumerate(TEXTS, start=FIRST))
    shown = [Transcript(reader, "fil", lines) for reader in ("ines", "damien", "pen")]
    said = [
        Said(text.split()[0], "fil", int(text.split()[1]), at=seq / 10, acknowledged=seq / 10 + 0.1, seq=seq)
        for seq, text in enumerate(TEXTS, start=FIRST)
    ]
    glimpse = replace(shown[1], lines=lines[:3])
    places = set(range(1, FIRST + len(TEXTS)))
    return Record(said, shown, [glimpse], [outsider("zoe", "fil")], {"fil": places}, ended=2.0, settled=5.0)


def shows(record: Record, *lines: Line, reader: int = 1) -> None:
    record.shown[reader] = replace(record.shown[reader], lines=lines)


def lines_of(record: Record) -> list[Line]:
    return list(record.shown[1].lines)


def lost(record: Record) -> None:
    record.log["fil"].remove(5)


def never_shown(record: Record) -> None:
    shows(record, *lines_of(record)[:-1])


def shown_twice(record: Record) -> None:
    shows(record, *lines_of(record), Line(20, TEXTS[-1]))


def swapped(record: Record) -> None:
    first, second, *rest = lines_of(record)
    shows(record, first._replace(text=second.text), second._replace(text=first.text), *rest)


def out_of_order(record: Record) -> None:
    first, second, *rest = lines_of(record)
    shows(record, second, first, *rest)


def jumped(record: Record) -> None:
    record.glimpses[0] = replace(record.glimpses[0], lines=record.shown[0].lines[2:3])


def leaked(record: Record) -> None:
    record.outsiders[0] = outsider("zoe", "fil", [Line(4, "pen 1")])


def held_after_going(record: Record) -> None:
    record.shown[1] = replace(record.shown[1], last=5)


def never_agreed(record: Record) -> None:
    record.settled = None


def agreed_late(record: Record) -> None:
    record.settled = 18.0


def never_marked(record: Record) -> None:
    record.said[-1].acknowledged = record.said[-1].at + 20


def marked_late(record: Record) -> None:
    never_marked(record)
    record.said[-1].late = record.said[-1].at + 15


def never_left(record: Record) -> None:
    record.said.append(Said("ines", "fil", 4, at=1.0))


PLANTED: list[tuple[str, Plant]] = [
    ("I1", lost),
    ("I2", never_shown),
    ("I2", shown_twice),
    ("I3", swapped),
    ("I3", out_of_order),
    ("I4", jumped),
    ("I5", leaked),
    ("I5", held_after_going),
    ("I6", never_agreed),
    ("I6", agreed_late),
    ("I7", never_marked),
    ("I7", marked_late),
    ("I7", never_left),
]


def test_an_honest_run_has_no_violation() -> None:
    assert check(honest()) == []
    assert agree(honest().shown, honest().said)


@pytest.mark.parametrize(("rule", "plant"), PLANTED, ids=[plant.__name__ for _, plant in PLANTED])
def test_a_planted_violation_is_seen(rule: str, plant: Plant) -> None:
    record = honest()
    plant(record)
    assert rule in {one.rule for one in check(record)}


@pytest.mark.parametrize("plant", [never_shown, swapped, out_of_order], ids=lambda plant: plant.__name__)
def test_readers_who_differ_do_not_agree(plant: Plant) -> None:
    record = honest()
    plant(record)
    assert not agree(record.shown, record.said)


def test_a_mark_in_the_place_of_what_is_not_shown_is_no_jump() -> None:
    record = honest()
    first, second, *rest = lines_of(record)
    shows(record, first._replace(text="unreadable", kind="gap"), second, *rest)
    assert {one.rule for one in check(record)} == {"I2"}


def test_what_a_client_may_have_dropped_when_it_died_is_missed_by_nobody() -> None:
    record = honest()
    record.said[2].taken, record.said[2].acknowledged, record.said[2].seq = None, None, None
    for number, transcript in enumerate(record.shown):
        record.shown[number] = replace(transcript, lines=transcript.lines[:2] + transcript.lines[3:])
    record.glimpses.clear()
    assert check(record) == []


def test_a_reader_answers_only_for_places_that_they_may_read() -> None:
    record = honest()
    record.shown[1] = replace(record.shown[1], first=5, lines=record.shown[1].lines[2:])
    assert check(record) == []
