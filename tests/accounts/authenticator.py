"""An authenticator in software, honest unless told otherwise: real keys, real CBOR, attestation "none"."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from accounts.protocol import b64
from tests.accounts.browser import ORIGIN

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
_ES256, _P256 = -7, 1


@dataclass
class Authenticator:
    host: str = "localhost"
    origin: str = ORIGIN
    flags: int = PRESENT | VERIFIED
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def make(self, offer: Any) -> dict[str, Any]:
        """The body of factor/passkey/confirm."""
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self._public_key()
        data = self._data(ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return {
            "id": b64(self.id),
            "client_data": b64(self._client_data("webauthn.create", offer["challenge"])),
            "attestation": b64(attestation),
            "transports": ["internal", "hybrid"],
        }

    def sign(self, question: Any) -> dict[str, Any]:
        """The body of sign-in/passkey and its like."""
        self.count += 1
        client_data = self._client_data("webauthn.get", question["challenge"])
        data = self._data()
        signed = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return {
            "id": b64(self.id),
            "client_data": b64(client_data),
            "authenticator_data": b64(data),
            "signature": b64(signed),
        }

    def _data(self, more: int = 0) -> bytes:
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _client_data(self, sort: str, challenge: str) -> bytes:
        told = {"type": sort, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _public_key(self) -> bytes:
        point = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        return bytes(cbor2.dumps({1: 2, 3: _ES256, -1: _P256, -2: x, -3: y}))
