from msgspec import convert

from accounts import clock, protocol
from accounts.caller import Caller
from accounts.edge import signed_in_route
from accounts.models import Pairing
from accounts.protocol import b64, octets
from accounts.services import pairing as service
from accounts.services.pairing import Answer, Offer


@signed_in_route("POST", protocol.OfferPairing)
def offer(caller: Caller, body: protocol.OfferPairing) -> protocol.PairingOffered:
    keys = body.device
    made = service.offer(
        caller, Offer(octets(keys.id), octets(keys.sign), octets(keys.unseal), octets(body.mac))
    )
    return protocol.PairingOffered(made.pk.hex, clock.seconds(service.until(made)))


@signed_in_route("POST", protocol.Nothing)
def take(caller: Caller, body: protocol.Nothing) -> protocol.PairingTaken:
    taken = service.take(caller)
    asking = taken.offered_by
    return protocol.PairingTaken(
        pairing=taken.pk.hex,
        device=protocol.ShownKeys(b64(taken.device), b64(taken.sign_key), b64(taken.unseal_key)),
        mac=b64(taken.mac),
        browser=convert(asking.browser, protocol.Browser),
        platform=convert(asking.platform, protocol.Platform),
        at=clock.seconds(taken.created_at),
    )


@signed_in_route("POST", protocol.AnswerPairing, fresh=True)
def answer(caller: Caller, body: protocol.AnswerPairing) -> protocol.Done:
    service.answer(caller, body.pairing, Answer(octets(body.map), octets(body.sealed), octets(body.mac)))
    return protocol.Done()


@signed_in_route("POST", protocol.CountersignPairing)
def countersign(caller: Caller, body: protocol.CountersignPairing) -> protocol.Done:
    service.countersign(caller, body.pairing, octets(body.countersign))
    return protocol.Done()


@signed_in_route("POST", protocol.OnePairing)
def drop(caller: Caller, body: protocol.OnePairing) -> protocol.Done:
    service.drop(caller, body.pairing)
    return protocol.Done()


@signed_in_route("GET", protocol.OnePairing)
def pairing(caller: Caller, body: protocol.OnePairing) -> protocol.Pairing:
    return _shape(service.seen(caller, body.pairing))


def _shape(row: Pairing) -> protocol.Pairing:
    return protocol.Pairing(
        state=convert(row.state, protocol.PairingState),
        map=_perhaps(row.addition),
        sealed=_perhaps(row.sealed),
        mac=_perhaps(row.answer_mac),
        device=_perhaps(row.answered_by),
        countersign=_perhaps(row.countersign),
    )


def _perhaps(data: bytes | memoryview | None) -> str | None:
    return None if data is None else b64(data)
