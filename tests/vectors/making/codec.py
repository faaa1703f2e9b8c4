"""C: what is one encoding of a value and what is not."""
# one row, one vector

import hashlib
from collections.abc import Iterator

from accounts.codec import LARGEST, Malformed, Value, decode, encode
from tests.vectors.making.case import Case, Cases, case, tagged

LIMIT = 65536
FUZZED = 100_000
CHECKPOINT = 10_000

_GOOD: dict[str, tuple[str, str, Value]] = {
    "zero": ("C1", "the smallest integer", 0),
    "one-byte-head": ("C2", "23 fits into the head", 23),
    "two-byte-head": ("C2", "24 is the first that does not", 24),
    "byte": ("C2", "the last of one byte", 255),
    "short": ("C2", "the first of two bytes", 256),
    "short-end": ("C2", "the last of two bytes", 65535),
    "word": ("C2", "the first of four bytes", 65536),
    "word-end": ("C2", "the last of four bytes", 2**32 - 1),
    "long": ("C2", "the first of eight bytes", 2**32),
    "largest": ("C1", "the last integer that JavaScript holds exactly", LARGEST),
    "false": ("C1", "", False),
    "true": ("C1", "", True),
    "null": ("C1", "", None),
    "empty-bytes": ("C1", "", b""),
    "bytes": ("C1", "longer than the head holds", bytes(range(30))),
    "empty-text": ("C1", "", ""),
    "text": ("C3", "letters of one to four bytes", "aé€🩺"),
    "not-normalised": ("C3", "e and a combining accent stay two", "e\u0301"),
    "byte-order-mark": ("C3", "a mark at the beginning is a character like another", "\ufeffa"),
    "nul": ("C3", "a zero character is a character", "\0"),
    "noncharacter": ("C3", "U+FFFF is valid UTF-8", "\uffff"),
    "empty-array": ("C1", "", []),
    "array": ("C1", "of every sort", [0, b"\x01", "a", [], {}, True, False, None]),
    "long-array": ("C2", "a count that needs a byte", [0] * 24),
    "empty-map": ("C1", "", {}),
    "map": ("C4", "the shorter key comes first, since its head is smaller", {"b": 1, "aa": 2, "": 3}),
    "map-of-accents": (
        "C4",
        "keys are ordered by encoded bytes, not by an alphabet",
        {"é": 1, "z": 2, "zz": 3},
    ),
    "map-of-planes": ("C4", "UTF-16 would order these two the other way", {"\uffff": 1, "\U00010000": 2}),
    "proto": (
        "C4",
        "a key that JavaScript objects treat in their own way",
        {"__proto__": 1, "constructor": 2},
    ),
    "deep-array": ("C5", "eight containers", [[[[[[[[]]]]]]]]),
    "deep-map": ("C5", "eight containers and a value inside", {"a": [{"a": [{"a": [{"a": [0]}]}]}]}),
}
_BAD: dict[str, tuple[str, str, str]] = {
    "nothing": ("C6", "no value at all", ""),
    "beyond-largest": ("C1", "2^53", "1b0020000000000000"),
    "largest-of-64-bits": ("C1", "beyond every double", "1bffffffffffffffff"),
    "negative": ("C1", "-1", "20"),
    "float": ("C1", "1.0 as a half float", "f93c00"),
    "double": ("C1", "1.0", "fb3ff0000000000000"),
    "tag": ("C1", "a date", "c100"),
    "undefined": ("C1", "absent is null", "f7"),
    "simple": ("C1", "another simple value", "e0"),
    "long-simple": ("C1", "true in two bytes", "f815"),
    "break": ("C2", "an end without a beginning", "ff"),
    "loose-integer-1": ("C2", "23 in two bytes", "1817"),
    "loose-integer-2": ("C2", "255 in three bytes", "1900ff"),
    "loose-integer-4": ("C2", "65535 in five bytes", "1a0000ffff"),
    "loose-integer-8": ("C2", "2^32-1 in nine bytes", "1b00000000ffffffff"),
    "loose-length": ("C2", "one byte, with its length in two", "580161"),
    "loose-count": ("C2", "an empty array, with its count in two", "9800"),
    "indefinite-bytes": ("C2", "", "5f4161ff"),
    "indefinite-text": ("C2", "", "7f6161ff"),
    "indefinite-array": ("C2", "", "9fff"),
    "indefinite-map": ("C2", "", "bfff"),
    "reserved-head-28": ("C2", "a head without a meaning", "1c"),
    "reserved-head-30": ("C2", "a head without a meaning", "1e"),
    "surrogate": ("C3", "half a pair", "63eda080"),
    "pair-of-surrogates": ("C3", "CESU-8", "66eda081edb080"),
    "overlong": ("C3", "a slash in two bytes", "62c0af"),
    "overlong-nul": ("C3", "zero in two bytes", "62c080"),
    "beyond-unicode": ("C3", "U+110000", "64f4908080"),
    "torn-text": ("C3", "the first byte of two", "61c3"),
    "stray-continuation": ("C3", "", "6180"),
    "unsorted": ("C4", "b before a", "a2616200616100"),
    "longer-first": ("C4", "aa before b", "a262616100616200"),
    "repeated": ("C4", "a twice", "a2616100616100"),
    "integer-key": ("C4", "keys are text", "a10000"),
    "bytes-key": ("C4", "keys are text", "a1416100"),
    "null-key": ("C4", "keys are text", "a1f600"),
    "deep-array": ("C5", "a container inside eight", "81" * 8 + "80"),
    "deep-map": ("C5", "a map inside eight", "a16161" * 8 + "a0"),
    "very-deep": ("C5", "must not exhaust the stack", "81" * 5000 + "00"),
    "trailing": ("C6", "two values", "0000"),
    "torn-head": ("C6", "", "19"),
    "torn-bytes": ("C6", "", "4261"),
    "huge-bytes": ("C6", "announces 2^53-1 bytes", "5b001fffffffffffff"),
    "huge-text": ("C6", "announces 2^32-1 bytes", "7affffffff"),
    "huge-array": ("C6", "announces 2^53-1 elements", "9b001fffffffffffff"),
    "huge-map": ("C6", "announces 2^32-1 pairs", "baffffffff"),
    "half-a-pair": ("C6", "a key without a value", "a16161"),
    "short-array": ("C6", "two announced, one there", "8200"),
}


def cases() -> Cases:
    made = {f"accept-{name}": _accepted(*told) for name, told in _GOOD.items()}
    made |= {f"refuse-{name}": _refused(*told) for name, told in _BAD.items()}
    too_long = encode(bytes(100))
    made["refuse-too-long"] = case(
        "O6", "larger than the limit is refused unread", "codec.decode",
        {"bytes": too_long, "limit": 101}, "refused", "malformed",
    )  # fmt: skip
    made["fuzz"] = _fuzz()
    return made


def _accepted(rule: str, comment: str, value: Value) -> Case:
    given = {"bytes": encode(value), "limit": LIMIT}
    return case(rule, comment, "codec.decode", given, "accepted", value=tagged(value))


def _refused(rule: str, comment: str, data: str) -> Case:
    given = {"bytes": bytes.fromhex(data), "limit": LIMIT}
    return case(rule, comment, "codec.decode", given, "refused", "malformed")


def _fuzz() -> Case:
    corpus = [encode(value) for _, _, value in _GOOD.values()]
    seed = 0x9E3779B9
    accepted, digests = fuzzed(corpus, seed)
    given = {"seed": seed, "count": FUZZED, "corpus": corpus}
    return case(
        "C6",
        "any bytes: the same verdict",
        "codec.fuzz",
        given,
        "accepted",
        accepted=accepted,
        digests=digests,
    )


def fuzzed(corpus: list[bytes], seed: int) -> tuple[int, list[bytes]]:
    accepted, digest, digests = 0, bytes(32), []
    draws = xorshift(seed)
    for number in range(1, FUZZED + 1):
        data = bytearray(corpus[next(draws) % len(corpus)])
        for _ in range(1 + next(draws) % 3):
            _mutate(data, draws)
        try:
            told = b"\x01" + encode(decode(bytes(data), LIMIT))
            accepted += 1
        except Malformed:
            told = b"\x00"
        digest = hashlib.blake2b(digest + told, digest_size=32).digest()
        if number % CHECKPOINT == 0:
            digests.append(digest)
    return accepted, digests


def xorshift(state: int) -> Iterator[int]:
    while True:
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        yield state


def _mutate(data: bytearray, draws: Iterator[int]) -> None:
    deed = next(draws) % 5
    if not data and deed in (0, 1, 3):
        return
    match deed:
        case 0:
            at = next(draws) % len(data)
            data[at] = next(draws) % 256
        case 1:
            at = next(draws) % len(data)
            data[at] ^= 1 << next(draws) % 8
        case 2:
            at = next(draws) % (len(data) + 1)
            data.insert(at, next(draws) % 256)
        case 3:
            del data[next(draws) % len(data)]
        case 4:
            del data[next(draws) % (len(data) + 1) :]
