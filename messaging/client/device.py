"""The two key pairs of a device, kept as seeds (PROTOCOL.md B3, K3), and what it signs."""

from dataclasses import dataclass, field, replace

from nacl.signing import SigningKey

from accounts.codec import Value, encode
from accounts.objects import SUITE, H, consent_statement, session_statement, signed_part
from accounts.recovery import signing_seed, unsealing_seed
from accounts.statements import Sort
from messaging.client import xwing
from messaging.client.chance import Chance


@dataclass(frozen=True, slots=True)
class Device:
    id: bytes
    sign: bytes
    unseal: bytes
    sort: Sort
    sign_seed: bytes = field(repr=False)
    unseal_seed: bytes = field(repr=False)

    def signs(self, message: bytes) -> bytes:
        return SigningKey(self.sign_seed).sign(message).signature

    def signs_session(self, challenge: bytes) -> bytes:
        return self.signs(session_statement(challenge, self.id))

    def signed_object(self, label: str, body: bytes) -> bytes:
        signature = self.signs(signed_part(label, body, self.id))
        return encode([SUITE, label, body, self.id, signature])

    def with_new_unsealing_key(self, seed: bytes) -> "Device":
        """The id stays (K8)."""
        return replace(self, unseal=xwing.public_key(seed), unseal_seed=seed)

    @property
    def public(self) -> Value:
        return {"id": self.id, "sign": self.sign, "unseal": self.unseal, "sort": self.sort}

    def signs_consent(self, revocation: bytes) -> bytes:
        """For a paper device that is revoked: given the hash of the statement (K19)."""
        return self.signs(consent_statement(revocation))


def device_of(sign_seed: bytes, unseal_seed: bytes, sort: Sort = "browser") -> Device:
    sign, unseal = SigningKey(sign_seed).verify_key.encode(), xwing.public_key(unseal_seed)
    return Device(H("device", sign, unseal), sign, unseal, sort, sign_seed, unseal_seed)


def new_device(chance: Chance) -> Device:
    return device_of(chance.draw(32), chance.draw(32))


def paper_device(code: bytes) -> Device:
    return device_of(signing_seed(code), unsealing_seed(code), "paper")
