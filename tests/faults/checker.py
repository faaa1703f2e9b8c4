"""Whether a run kept the promise: I1 to I7, from what was said and what was shown. It knows no product.

Seen failing on planted violations of each: tests/faults/test_checker.py.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from tests.faults.transcript import Record, Said, Transcript, by_conversation

LATE_AFTER = 10.0
GRACE = 3.0  # a screen's own timer on a machine that is busy with the fault


class Violation(NamedTuple):
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.text}"


def check(record: Record) -> list[Violation]:
    return [Violation(rule, text) for rule, find in _RULES.items() for text in find(record)]


def agree(shown: list[Transcript], said: list[Said]) -> bool:
    """Whether nothing is missing anywhere and everybody reads the same."""
    for conversation, transcripts in by_conversation(shown):
        due = {one.name for one in said if one.conversation == conversation and one.taken}
        for transcript in transcripts:
            if not _due_to(transcript, due, said) <= set(transcript.names):
                return False
    return not list(_order(Record(shown=shown)))


def _kept(record: Record) -> Iterator[str]:
    for one in record.said:
        if one.acknowledged is not None and one.seq not in record.log.get(one.conversation, set()):
            yield f"{one.name} was acknowledged at {one.seq} and is not in the log"


def _once(record: Record) -> Iterator[str]:
    for conversation, transcripts in by_conversation(record.shown):
        due = {one.name for one in record.said if _counts(one, conversation) and one.acknowledged}
        for transcript in transcripts:
            names = transcript.names
            for name in sorted(_due_to(transcript, due, record.said) - set(names)):
                yield f"{transcript.reader} never saw {name}"
            for name in sorted({name for name in names if names.count(name) > 1}):
                yield f"{transcript.reader} saw {name} {names.count(name)} times"


def _order(record: Record) -> Iterator[str]:
    """Same place, same text; and places ascend on every screen. Glimpses too."""
    for _conversation, transcripts in by_conversation([*record.shown, *record.glimpses]):
        first_seen: dict[int, tuple[str | None, str]] = {}
        for transcript in transcripts:
            for line in transcript.lines:
                if line.kind != "text" or line.seq is None:
                    continue
                text, reader = first_seen.setdefault(line.seq, (line.text, transcript.reader))
                if text != line.text:
                    yield f"{transcript.reader} shows {line.text!r} where {reader} shows {text!r}"
            places = [line.seq for line in transcript.lines if line.seq is not None]
            if any(after <= before for before, after in pairwise(places)):
                yield f"{transcript.reader} shows places out of order"


def _jumps(record: Record) -> Iterator[str]:
    doubtful = {(one.conversation, one.name) for one in record.said if one.taken is not True}
    for transcript in [*record.shown, *record.glimpses]:
        counted: dict[str, int] = {}
        marks, marks_at = 0, dict[str, int]()
        for line in transcript.lines:
            marks += line.kind == "gap"
            if line.kind != "text" or line.name is None:
                continue
            writer, number = line.name.rsplit(" ", 1)
            since = range(counted.get(writer, 0) + 1, int(number))
            counted[writer] = max(int(number), counted.get(writer, 0))
            missed = [n for n in since if (transcript.conversation, f"{writer} {n}") not in doubtful]
            is_marked = marks > marks_at.get(writer, 0)
            marks_at[writer] = marks
            if missed and not is_marked and transcript.first == 1:
                yield f"{transcript.reader} shows {line.name} with neither {writer} {missed[0]} nor a mark"


def _private(record: Record) -> Iterator[str]:
    for transcript in [*record.shown, *record.glimpses, *record.outsiders]:
        for line in transcript.lines:
            if line.seq is not None and not transcript.first <= line.seq <= transcript.last:
                yield f"{transcript.reader} holds place {line.seq}: {line.text!r}"


def _agreed(record: Record) -> Iterator[str]:
    if record.settled is None:
        yield f"the readers never agreed: {_differing(record) or 'something is missing'}"
    elif record.settled - record.ended > record.within:
        yield f"the readers agreed after {record.settled - record.ended:.1f} s, not {record.within:.0f}"


def _marked(record: Record) -> Iterator[str]:
    last = {name for one in record.shown for name in one.names}
    for one in record.said:
        waited = (one.acknowledged or record.settled or one.at) - one.at
        is_told = one.late is not None and one.late - one.at <= LATE_AFTER + GRACE
        if one.is_watched and waited > LATE_AFTER + GRACE and not is_told:
            yield f"{one.name} waited {waited:.0f} s and was never marked as not sent"
        if one.taken and one.acknowledged is None and one.name not in last:
            yield f"{one.name} was taken and never left"


def _counts(one: Said, conversation: str) -> bool:
    return one.conversation == conversation and one.taken is not False


def _due_to(transcript: Transcript, names: set[str], said: list[Said]) -> set[str]:
    """Without what lies outside this reader's window."""
    outside = {
        one.name
        for one in said
        if one.conversation == transcript.conversation
        and one.seq is not None
        and not transcript.first <= one.seq <= transcript.last
    }
    return names - outside


def _differing(record: Record) -> str:
    parts = (f"{one.reader} has {len(one.names)}" for one in record.shown)
    return ", ".join(parts)


_RULES: Final[dict[str, Callable[[Record], Iterator[str]]]] = {
    "I1": _kept,
    "I2": _once,
    "I3": _order,
    "I4": _jumps,
    "I5": _private,
    "I6": _agreed,
    "I7": _marked,
}
