from typing import Any

from django.http import HttpRequest

from accounts import protocol
from accounts.api.session import at_session, opened
from accounts.caller import Caller, Visit
from accounts.edge import Reply, open_route, signed_in_route
from accounts.limits import limit
from accounts.protocol import ENROLS
from accounts.services import passkeys
from accounts.source import source_of


@open_route("POST", protocol.Nothing, stages=("second_factor", "locked", "signed_in"))
def ask(request: HttpRequest, visit: Visit, body: protocol.Nothing) -> protocol.PasskeyQuestion:
    options = passkeys.ask_passkey(at_session(visit))
    return protocol.PasskeyQuestion(
        challenge=options["challenge"],
        host=options["rpId"],
        seconds=limit("challenge_seconds"),
        known=_known(options["allowCredentials"]),
    )


@open_route("POST", protocol.PasskeyAnswer, stages=("second_factor",))
def sign_in(request: HttpRequest, visit: Visit, body: protocol.PasskeyAnswer) -> Reply:
    return opened(passkeys.verify_by_passkey(at_session(visit), _answer(body), source_of(request)))


@open_route("POST", protocol.PasskeyAnswer, stages=("locked", "signed_in"))
def unlock(request: HttpRequest, visit: Visit, body: protocol.PasskeyAnswer) -> Reply:
    return opened(passkeys.unlock_by_passkey(at_session(visit), _answer(body)))


@signed_in_route("POST", protocol.PasskeyAnswer)
def fresh(caller: Caller, body: protocol.PasskeyAnswer) -> protocol.Done:
    passkeys.freshen_by_passkey(caller.session, _answer(body))
    return protocol.Done()


@open_route("POST", protocol.Nothing, stages=ENROLS)
def begin(request: HttpRequest, visit: Visit, body: protocol.Nothing) -> protocol.PasskeyOffer:
    options = passkeys.begin_passkey(at_session(visit))
    return protocol.PasskeyOffer(
        challenge=options["challenge"],
        host=options["rp"]["id"],
        seconds=limit("challenge_seconds"),
        known=_known(options["excludeCredentials"]),
        user=options["user"]["id"],
        name=options["user"]["name"],
        display_name=options["user"]["displayName"],
        algorithms=tuple(kind["alg"] for kind in options["pubKeyCredParams"]),
    )


@open_route("POST", protocol.NewPasskey, stages=ENROLS)
def confirm(request: HttpRequest, visit: Visit, body: protocol.NewPasskey) -> Reply:
    response = {
        "clientDataJSON": body.client_data,
        "attestationObject": body.attestation,
        "transports": list(body.transports),
    }
    made = _credential(body.id, response)
    confirmed = passkeys.confirm_passkey(at_session(visit), made, source_of(request))
    return Reply(protocol.PrintedCodes(confirmed.codes), issued=confirmed.issued)


def _answer(body: protocol.PasskeyAnswer) -> passkeys.Told:
    response = {
        "clientDataJSON": body.client_data,
        "authenticatorData": body.authenticator_data,
        "signature": body.signature,
    }
    return _credential(body.id, response)


def _credential(id: str, response: dict[str, Any]) -> passkeys.Told:
    return {"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {}}


def _known(credentials: list[dict[str, Any]]) -> tuple[protocol.KnownPasskey, ...]:
    return tuple(
        protocol.KnownPasskey(known["id"], tuple(known.get("transports", ()))) for known in credentials
    )
