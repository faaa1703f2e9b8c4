from accounts import protocol
from accounts.caller import Caller
from accounts.edge import signed_in_route
from accounts.protocol import b64, octets
from accounts.services.vault import make_vault, open_vault


@signed_in_route("POST", protocol.MakeVault)
def vault_make(caller: Caller, body: protocol.MakeVault) -> protocol.Half:
    half = make_vault(caller.person, vault=octets(body.vault), device=octets(body.device))
    return protocol.Half(b64(half))


@signed_in_route("POST", protocol.OpenVault)
def vault_open(caller: Caller, body: protocol.OpenVault) -> protocol.OpenedVault:
    opened = open_vault(caller.person, vault=octets(body.vault))
    return protocol.OpenedVault(b64(opened.half), b64(opened.device))
