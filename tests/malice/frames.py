"""Frames of a websocket as bytes: read and written again (RFC 6455, without fragments or compression)."""

import asyncio
import struct
from typing import NamedTuple

TEXT = 1


class Frame(NamedTuple):
    opcode: int
    payload: bytes
    mask: bytes | None

    def encode(self) -> bytes:
        size = len(self.payload)
        masked = 0x80 if self.mask is not None else 0
        if size < 126:
            head = struct.pack("!BB", 0x80 | self.opcode, masked | size)
        elif size < 2**16:
            head = struct.pack("!BBH", 0x80 | self.opcode, masked | 126, size)
        else:
            head = struct.pack("!BBQ", 0x80 | self.opcode, masked | 127, size)
        if self.mask is None:
            return head + self.payload
        return head + self.mask + _masked(self.payload, self.mask)


async def read_frame(reader: asyncio.StreamReader) -> Frame | None:
    try:
        first, second = await reader.readexactly(2)
        size = second & 0x7F
        if size == 126:
            size = struct.unpack("!H", await reader.readexactly(2))[0]
        elif size == 127:
            size = struct.unpack("!Q", await reader.readexactly(8))[0]
        mask = await reader.readexactly(4) if second & 0x80 else None
        payload = await reader.readexactly(size)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    assert first & 0x80, "the product sends no fragments"
    return Frame(first & 0x0F, payload if mask is None else _masked(payload, mask), mask)


def _masked(payload: bytes, mask: bytes) -> bytes:
    key = int.from_bytes((mask * (len(payload) // 4 + 1))[: len(payload)], "big")
    return (int.from_bytes(payload, "big") ^ key).to_bytes(len(payload), "big")
