"""The three statements of a key log as typed values (PROTOCOL.md K2, K6, K9): shape only, no judgement."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypedDict, cast

from accounts import shapes
from accounts.codec import Malformed, Value, decode, encode
from accounts.objects import LIMITS, SIGNATURE
from accounts.publickeys import PUBLIC_KEY, SEALED_SECRET

Sort = Literal["browser", "paper"]
Wraps = tuple[tuple[bytes, bytes], ...]
SHARED: Final = frozenset({"kind", "chain", "n", "prev", "at"})
ADDING: Final = SHARED | {"device", "seed_hash", "countersign"}
KEYS: Final = SHARED | {"generation", "public", "wraps", "earlier", "unseal"}
REVOKING: Final = KEYS | {"device"}
DEVICE: Final = frozenset({"id", "sign", "unseal", "sort"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    chain: bytes | None
    n: int
    prev: bytes | None
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAdd(Placed):
    device: bytes
    sign: bytes
    unseal: bytes
    sort: Sort
    seed_hash: bytes | None
    countersign: bytes
    joined: bytes  # the statement without its countersign, as the new device signed it


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyNew(Placed):
    generation: int
    public: bytes
    wraps: Wraps
    earlier: tuple[int, bytes] | None
    unseal: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRevoke(Placed):
    device: bytes
    generation: int
    public: bytes
    wraps: Wraps
    earlier: tuple[int, bytes] | None
    unseal: bytes | None


Statement = DeviceAdd | KeyNew | DeviceRevoke


def read_statement(body: bytes) -> Statement:
    value = decode(body, LIMITS["key-log"])
    kind = value.get("kind") if isinstance(value, Mapping) else None
    match kind:
        case "device.add":
            return _device_add(value)
        case "key.new":
            row = shapes.fields(value, KEYS)
            return KeyNew(**_placed(row), **_keys(row))
        case "device.revoke":
            row = shapes.fields(value, REVOKING)
            return DeviceRevoke(device=shapes.digest(row["device"]), **_placed(row), **_keys(row))
    raise Malformed


class _Place(TypedDict):
    chain: bytes | None
    n: int
    prev: bytes | None
    at: int


def _placed(row: Mapping[str, Value]) -> _Place:
    return {
        "chain": shapes.perhaps(shapes.digest, row["chain"]),
        "n": shapes.integer(row["n"]),
        "prev": shapes.perhaps(shapes.digest, row["prev"]),
        "at": shapes.time(row["at"]),
    }


def _device_add(value: Value) -> DeviceAdd:
    row = shapes.fields(value, ADDING)
    device = shapes.fields(row["device"], DEVICE)
    return DeviceAdd(
        device=shapes.digest(device["id"]),
        sign=shapes.octets(device["sign"], 32),
        unseal=shapes.octets(device["unseal"], PUBLIC_KEY),
        sort=_sort(device["sort"]),
        seed_hash=shapes.perhaps(shapes.digest, row["seed_hash"]),
        countersign=shapes.octets(row["countersign"], SIGNATURE),
        joined=encode({name: held for name, held in row.items() if name != "countersign"}),
        **_placed(row),
    )


def _sort(value: Value) -> Sort:
    if value not in ("browser", "paper"):
        raise Malformed
    return cast(Sort, value)


class _Keys(TypedDict):
    generation: int
    public: bytes
    wraps: Wraps
    earlier: tuple[int, bytes] | None
    unseal: bytes | None


def _keys(row: Mapping[str, Value]) -> _Keys:
    return {
        "generation": shapes.integer(row["generation"]),
        "public": shapes.octets(row["public"], PUBLIC_KEY),
        "wraps": _wraps(row["wraps"]),
        "earlier": shapes.perhaps(_earlier, row["earlier"]),
        "unseal": shapes.perhaps(_public_key, row["unseal"]),
    }


def _public_key(value: Value) -> bytes:
    return shapes.octets(value, PUBLIC_KEY)


def _earlier(value: Value) -> tuple[int, bytes]:
    generation, sealed = shapes.array(value, 2)
    return shapes.integer(generation), shapes.octets(sealed, SEALED_SECRET)


def _wraps(value: Value) -> Wraps:
    rows = tuple(_wrap(row) for row in shapes.array(value))
    ids = [id for id, _ in rows]
    if any(low >= high for low, high in pairwise(ids)):
        raise Malformed
    return rows


def _wrap(value: Value) -> tuple[bytes, bytes]:
    device, hash = shapes.array(value, 2)
    return shapes.digest(device), shapes.digest(hash)
