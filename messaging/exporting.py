"""Writes the protocol in TypeScript: types for the compiler, and one table for the checker at run time."""

import json
from collections.abc import Iterator
from typing import Any, Final, get_args

from msgspec import Struct, inspect

from accounts import errors as account_errors
from accounts import professions
from accounts import protocol as accounts
from messaging import errors, protocol

_HEAD: Final = """\
// Written by `manage.py export_protocol` from the protocol.py of accounts and messaging. Not edited by hand.
/* eslint max-lines: "off" */
"""
_SHAPE: Final = """\
/** What a value must be: read by check.ts, which refuses everything else. */
export type Shape =
  | { readonly is: "int"; readonly min: number; readonly max: number }
  | { readonly is: "text"; readonly min: number; readonly max: number; readonly pattern: string | null }
  | { readonly is: "flag" | "null" }
  | { readonly is: "one"; readonly of: readonly string[] }
  | { readonly is: "list"; readonly of: Shape; readonly min: number; readonly max: number }
  | { readonly is: "row"; readonly of: readonly Shape[] }
  | { readonly is: "either"; readonly of: readonly Shape[] }
  | { readonly is: "table"; readonly of: Shape }
  | { readonly is: "fields"; readonly name: string };
export type Fields = Readonly<Record<string, Shape>>;
"""
_ANY: Final = 2**53 - 1


def frames_ts() -> str:
    parts = [_HEAD, _constants(), _codes(), *_types(), _unions(), _SHAPE, _table()]
    return "\n".join(parts)


def frames() -> tuple[list[type[Struct]], list[type[Struct]]]:
    return list(get_args(protocol.FromClient)), list(get_args(protocol.FromServer))


def bodies() -> list[type[Struct]]:
    """What a client sends by HTTP."""
    return _kinds(accounts.Body)


def answers() -> list[type[Struct]]:
    return _kinds(accounts.Answer)


def _kinds(base: type[Struct]) -> list[type[Struct]]:
    ours = (accounts.__name__, protocol.__name__)
    return [kind for kind in base.__subclasses__() if kind.__module__ in ours]


def _every() -> list[type[Struct]]:
    sent, dealt = frames()
    return [*bodies(), *answers(), *sent, *dealt]


def _constants() -> str:
    limits = {
        "SUBPROTOCOL": protocol.SUBPROTOCOL,
        "PROTOCOL": protocol.PROTOCOL,
        "FRAME_BYTES": protocol.FRAME_BYTES,
        "BODY_BYTES": accounts.BODY_BYTES,
        "KEYS_BODY_BYTES": accounts.KEYS_BODY_BYTES,
        "EPOCH_BODY_BYTES": protocol.EPOCH_BODY_BYTES,
        "PAGE_BYTES": protocol.PAGE_BYTES,
        "PAGE_ENTRIES": protocol.PAGE_ENTRIES,
        "HELLO_HEADS": protocol.HELLO_HEADS,
        "BEAT_SECONDS": protocol.BEAT_SECONDS,
        "CREDIT_FRAMES": protocol.CREDIT_FRAMES,
        "CREDIT_BYTES": protocol.CREDIT_BYTES,
    }
    lines = [f"export const {name} = {json.dumps(value)};" for name, value in limits.items()]
    closes = ", ".join(f"{name}: {code}" for name, code in protocol.CLOSE.items())
    health = json.dumps(sorted(professions.HEALTH, key=int))
    return "\n".join([
        *lines,
        f"export const CLOSE = {{ {closes} }} as const;",
        "/** Professions of health by their code: the kind of a roster's row (E22). */",
        f"export const HEALTH: readonly string[] = {health};",
        "",
    ])  # fmt: skip


def _codes() -> str:
    groups = {
        "ACCOUNT_CODES": get_args(account_errors.AccountCode),
        "KEY_LOG_CODES": account_errors.KEY_LOG_CODES,
        "LOG_CODES": errors.LOG_CODES,
    }
    lines = [f"export const {name} = {json.dumps(list(codes))} as const;" for name, codes in groups.items()]
    union = " | ".join(f"(typeof {name})[number]" for name in groups)
    return "\n".join([*lines, f"export type RefusalCode = {union};", ""])


def _types() -> Iterator[str]:
    for kind in _every():
        fields = "; ".join(f"readonly {name}: {text}" for name, text in _typed_fields(kind))
        yield f"export type {kind.__name__} = " + (f"{{ {fields} }};" if fields else "Record<string, never>;")


def _typed_fields(kind: type[Struct]) -> Iterator[tuple[str, str]]:
    shape = _struct(kind)
    if shape.tag_field is not None:
        yield shape.tag_field, json.dumps(shape.tag)
    for field in shape.fields:
        yield field.encode_name, _typescript(field.type)


def _typescript(kind: inspect.Type) -> str:
    match kind:
        case inspect.IntType():
            return "number"
        case inspect.StrType():
            return "string"
        case inspect.BoolType():
            return "boolean"
        case inspect.NoneType():
            return "null"
        case inspect.LiteralType(values=values):
            return " | ".join(json.dumps(value) for value in values)
        case inspect.TupleType(item_types=items):
            return f"readonly [{', '.join(_typescript(item) for item in items)}]"
        case inspect.VarTupleType(item_type=item):
            return f"readonly ({_typescript(item)})[]"
        case inspect.DictType(value_type=value):
            return f"Readonly<Record<string, {_typescript(value)}>>"
        case inspect.StructType(cls=cls):
            return cls.__name__
        case inspect.UnionType(types=types):
            return " | ".join(_typescript(one) for one in types)
    raise TypeError(f"{kind!r} has no form in the client")


def _unions() -> str:
    sent, dealt = frames()
    return "\n".join([
        f"export type FromClient = {' | '.join(kind.__name__ for kind in sent)};",
        f"export type FromServer = {' | '.join(kind.__name__ for kind in dealt)};",
        "/** What each HTTP route answers, by name. */",
        f"export type Answers = {{ {'; '.join(f'{k.__name__}: {k.__name__}' for k in answers())} }};",
        "",
    ])  # fmt: skip


def _table() -> str:
    sent, dealt = frames()
    lines = [f"  {kind.__name__}: {json.dumps(_fields(kind))}," for kind in _every()]
    return "\n".join([
        "export const SHAPES: Readonly<Record<string, Fields>> = {",
        *lines,
        "};",
        f"export const FROM_CLIENT: Readonly<Record<string, string>> = {json.dumps(_by_tag(sent))};",
        f"export const FROM_SERVER: Readonly<Record<string, string>> = {json.dumps(_by_tag(dealt))};",
        "",
    ])  # fmt: skip


def _by_tag(kinds: list[type[Struct]]) -> dict[str, str]:
    return {str(_struct(kind).tag): kind.__name__ for kind in kinds}


def _fields(kind: type[Struct]) -> dict[str, Any]:
    shape = _struct(kind)
    tag = {shape.tag_field: {"is": "one", "of": [shape.tag]}} if shape.tag_field is not None else {}
    return {**tag, **{field.encode_name: _shape(field.type) for field in shape.fields}}


def _shape(kind: inspect.Type) -> dict[str, Any]:
    match kind:
        case inspect.IntType(ge=least, le=most):
            return {
                "is": "int",
                "min": -_ANY if least is None else least,
                "max": _most(most),
            }
        case inspect.StrType(min_length=least, max_length=most, pattern=pattern):
            return {
                "is": "text",
                "min": least or 0,
                "max": _most(most),
                "pattern": pattern,
            }
        case inspect.BoolType():
            return {"is": "flag"}
        case inspect.NoneType():
            return {"is": "null"}
        case inspect.LiteralType(values=values):
            return {"is": "one", "of": list(values)}
        case inspect.TupleType(item_types=items):
            return {"is": "row", "of": [_shape(item) for item in items]}
        case inspect.VarTupleType(item_type=item, min_length=least, max_length=most):
            return {
                "is": "list",
                "of": _shape(item),
                "min": least or 0,
                "max": _most(most),
            }
        case inspect.DictType(value_type=value):
            return {"is": "table", "of": _shape(value)}
        case inspect.StructType(cls=cls):
            return {"is": "fields", "name": cls.__name__}
        case inspect.UnionType(types=types):
            return {"is": "either", "of": [_shape(one) for one in types]}
    raise TypeError(f"{kind!r} has no form in the client")


def _most(most: int | None) -> int:
    return _ANY if most is None else most


def _struct(kind: type[Struct]) -> inspect.StructType:
    shape = inspect.type_info(kind)
    assert isinstance(shape, inspect.StructType)
    return shape
