"""The form of one vector."""

from collections.abc import Mapping
from typing import Any

from accounts.codec import Value

Case = dict[str, Any]
Cases = dict[str, Case]


def plain(value: Any) -> Any:
    """Bytes as hex, for `input` and `output`."""
    match value:
        case bytes():
            return value.hex()
        case Mapping():
            return {name: plain(held) for name, held in value.items()}
        case list() | tuple():
            return [plain(held) for held in value]
    return value


def tagged(value: Value) -> Any:
    """A decoded value: bytes are told from text."""
    match value:
        case bytes():
            return {"bytes": value.hex()}
        case Mapping():
            return {name: tagged(held) for name, held in value.items()}
        case list() | tuple():
            return [tagged(held) for held in value]
    return value


def case(
    rule: str,
    comment: str,
    kind: str,
    given: Mapping[str, Any],
    expect: str,
    code: str | None = None,
    /,
    **output: Any,
) -> Case:
    return {
        "rule": rule,
        "comment": comment,
        "kind": kind,
        "input": plain(given),
        "expect": expect,
        "code": code,
        "output": plain(output),
    }
