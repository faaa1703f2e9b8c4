"""Key-log statements as a client would make them. Sealed seeds are random bytes of the right size: no server
can tell the difference, and none of these tests opens one."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from accounts.codec import Value, encode
from accounts.objects import H, object_hash, session_statement, signed_part
from accounts.protocol import b64, octets
from accounts.publickeys import SEALED_SECRET
from tests.accounts.browser import Browser, body

AT = 1_790_000_000


def public_key() -> bytes:
    return bytes(1152) + secrets.token_bytes(32) + bytes(PrivateKey.generate().public_key)


@dataclass
class Pen:
    """A device that can sign."""

    sort: str
    key: SigningKey = field(default_factory=SigningKey.generate)
    unseal: bytes = field(default_factory=public_key)

    @property
    def sign(self) -> bytes:
        return bytes(self.key.verify_key)

    @property
    def id(self) -> bytes:
        return H("device", self.sign, self.unseal)

    def signature(self, message: bytes) -> bytes:
        return self.key.sign(message).signature

    def binds(self, challenge: bytes) -> dict[str, str]:
        signature = self.signature(session_statement(challenge, self.id))
        return {"device": b64(self.id), "signature": b64(signature)}


def bind(visitor: Browser, pen: Pen) -> Browser:
    """H7: from now on this session speaks for that device."""
    challenge = octets(body(visitor.post("session/challenge"))["challenge"])
    assert visitor.post("session/device", pen.binds(challenge)).status_code == 200
    return visitor


@dataclass
class Keymaker:
    """One person's client: keeps the log it made and hands out request bodies."""

    browser: Pen = field(default_factory=lambda: Pen("browser"))
    paper: Pen = field(default_factory=lambda: Pen("paper"))
    statements: list[bytes] = field(default_factory=list)
    active: list[bytes] = field(default_factory=list)
    generation: int = 0

    @property
    def chain(self) -> bytes:
        return object_hash(self.statements[0])

    def start(self, epoch: bytes = b"an epoch", wrap: bytes = b"a wrap") -> dict[str, Any]:
        self.add(self.browser, by=self.browser)
        self.add(self.paper, by=self.browser)
        seeds = self.renew(by=self.browser)["seeds"]
        texts = [b64(data) for data in self.statements]
        return {"statements": texts, "seeds": seeds, "epoch": b64(epoch), "wrap": b64(wrap)}

    def add(self, device: Pen, *, by: Pen) -> dict[str, Any]:
        sealed = secrets.token_bytes(SEALED_SECRET)
        held: dict[str, Value] = {
            **self._place("device.add"),
            "device": {"id": device.id, "sign": device.sign, "unseal": device.unseal, "sort": device.sort},
            "seed_hash": H("sealed-seed", sealed) if self.generation else None,
        }
        joined = encode([1, "device-join", encode(held)])
        self._sign({**held, "countersign": device.signature(joined)}, by)
        self.active.append(device.id)
        return self._body([(device.id, sealed)] if self.generation else [])

    def several(self, *parts: dict[str, Any]) -> dict[str, Any]:
        """One submission of what was made one after another."""
        return {
            "statements": [text for part in parts for text in part["statements"]],
            "seeds": [seed for part in parts for seed in part["seeds"]],
            "consent": None,
        }

    def renew(self, *, by: Pen) -> dict[str, Any]:
        return self._keys("key.new", {}, by)

    def revoke(self, device: Pen, *, by: Pen) -> dict[str, Any]:
        self.active.remove(device.id)
        return self._keys("device.revoke", {"device": device.id}, by)

    def _keys(self, kind: str, more: dict[str, Value], by: Pen) -> dict[str, Any]:
        sealed = [(device, secrets.token_bytes(SEALED_SECRET)) for device in sorted(self.active)]
        self.generation += 1
        earlier: Value = (
            [self.generation - 1, secrets.token_bytes(SEALED_SECRET)] if self.generation > 1 else None
        )
        held: dict[str, Value] = {
            **self._place(kind),
            **more,
            "generation": self.generation,
            "public": public_key(),
            "wraps": [[device, H("sealed-seed", seed)] for device, seed in sealed],
            "earlier": earlier,
            "unseal": None,
        }
        self._sign(held, by)
        return self._body(sealed)

    def _place(self, kind: str) -> dict[str, Value]:
        last = object_hash(self.statements[-1]) if self.statements else None
        first = self.chain if self.statements else None
        return {"kind": kind, "chain": first, "n": len(self.statements), "prev": last, "at": AT}

    def _sign(self, held: dict[str, Value], by: Pen) -> None:
        body = encode(held)
        signature = by.signature(signed_part("key-log", body, by.id))
        self.statements.append(encode([1, "key-log", body, by.id, signature]))

    def _body(self, sealed: list[tuple[bytes, bytes]]) -> dict[str, Any]:
        seeds = [
            {"device": b64(device), "generation": self.generation, "sealed": b64(seed)}
            for device, seed in sealed
        ]
        return {"statements": [b64(self.statements[-1])], "seeds": seeds, "consent": None}
