"""Makes tests/vectors/frames: for every frame and every answer one that is accepted, and one refusal for each
way of being wrong. `python -m tests.messaging.make_frames [--check]`."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, inspect

from messaging.exporting import answers, frames

PLACE = Path(__file__).resolve().parent.parent / "vectors" / "frames"
LARGEST = 2**53 - 1
Case = dict[str, Any]


def every_file() -> dict[str, str]:
    sent, dealt = frames()
    kinds = [
        *(("from_client", kind) for kind in sent),
        *(("from_server", kind) for kind in dealt),
        *(("answer", kind) for kind in answers()),
    ]
    return {f"{direction}-{kind.__name__}.json": _file(direction, kind) for direction, kind in kinds}


def _file(direction: str, kind: type[Struct]) -> str:
    rule = "H3" if direction == "answer" else "F8"
    rows = [
        {
            "rule": rule, "comment": comment, "direction": direction, "name": kind.__name__, "frame": frame,
            "expect": expect,
        }
        for comment, frame, expect in _cases(kind)
    ]  # fmt: skip
    return "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n"


def _cases(kind: type[Struct]) -> Iterator[tuple[str, Any, str]]:
    shape = inspect.type_info(kind)
    assert isinstance(shape, inspect.StructType)
    good = sample(shape)
    yield "as it should be", good, "accepted"
    yield "a field too many is refused, not ignored", {**good, "more": 1}, "refused"
    yield "no map at all", [good], "refused"
    if shape.tag_field is not None:
        yield "an unknown type", {**good, shape.tag_field: "nonsense"}, "refused"
        yield "without a type", {name: good[name] for name in good if name != shape.tag_field}, "refused"
    for field in shape.fields:
        name = field.encode_name
        if field.required:
            yield f"without {name}", {other: good[other] for other in good if other != name}, "refused"
        yield f"{name} of another type", {**good, name: {"not": "this"}}, "refused"
        for comment, value in too_much(field.type):
            yield f"{name} {comment}", {**good, name: value}, "refused"
        if isinstance(field.type, inspect.UnionType):
            yield f"{name} may be absent", {**good, name: None}, "accepted"


def sample(kind: inspect.Type) -> Any:
    match kind:
        case inspect.IntType(ge=least):
            return max(least or 0, 1)
        case inspect.StrType(min_length=least, pattern=pattern):
            least = max(least or 0, 1)
            return _matching(pattern).ljust(least, "A") if pattern else "a" * least
        case inspect.BoolType():
            return True
        case inspect.NoneType():
            return None
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.TupleType(item_types=items):
            return [sample(item) for item in items]
        case inspect.VarTupleType(item_type=item, min_length=least):
            return [sample(item) for _ in range(max(least or 0, 1))]
        case inspect.DictType(value_type=value):
            return {"some": sample(value)}
        case inspect.UnionType(types=types):
            return sample(next(one for one in types if not isinstance(one, inspect.NoneType)))
        case inspect.StructType():
            tag: Mapping[str, Any] = {kind.tag_field: kind.tag} if kind.tag_field is not None else {}
            return {**tag, **{field.encode_name: sample(field.type) for field in kind.fields}}
    raise TypeError(kind)


def too_much(kind: inspect.Type) -> Iterator[tuple[str, Any]]:
    """Values just beyond the bounds."""
    match kind:
        case inspect.IntType(ge=least, le=most):
            yield "is no whole number", 1.5
            if least is not None:
                yield "below its least", least - 1
            if most is not None:
                yield "beyond its most", most + 1
        case inspect.StrType(max_length=most, pattern=pattern):
            if pattern:
                yield "with a foreign character", _matching(pattern)[:-1] + "+"
                yield "with a line break after it", _matching(pattern) + "\n"
            if most is not None and most < LARGEST:
                yield "too long", "A" * (most + 1)
        case inspect.LiteralType():
            yield "of another word", "another"
        case inspect.TupleType():
            yield "with one too many", [*sample(kind), 1]
            yield "with one too few", sample(kind)[:-1]
        case inspect.VarTupleType(item_type=item, max_length=most):
            yield "with something foreign in it", [*sample(kind), {"not": "this"}]
            if most is not None and most < LARGEST:
                yield "too many", [sample(item)] * (most + 1)
            for comment, value in too_much(item):
                yield f"with one {comment}", [value]
        case inspect.UnionType(types=types):
            for one in types:
                yield from too_much(one)


def _matching(pattern: str) -> str:
    for size in (32, 64):
        if f"[0-9a-f]{{{size}}}" in pattern:
            return "0" * size
    for size in (42, 43, 22, 86):
        if f"{{{size}}}" in pattern:
            return "A" * (43 if size == 42 else size)
    return "AAAA"


def main(words: list[str]) -> int:
    wanted = every_file()
    if "--check" in words:
        held = {path.name: path.read_text() for path in PLACE.glob("*.json")}
        return 0 if held == wanted else 1
    PLACE.mkdir(parents=True, exist_ok=True)
    for path in PLACE.glob("*.json"):
        path.unlink()
    for name, text in wanted.items():
        (PLACE / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
