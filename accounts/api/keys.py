from accounts import protocol
from accounts.api.shapes import key_head_shape, session_shape
from accounts.caller import Caller
from accounts.edge import signed_in_route
from accounts.errors import Refused
from accounts.objects import object_hash
from accounts.protocol import KEYS_BODY_BYTES, KeyHead, b64, octets
from accounts.queries import key_log_owner, own_seeds, page_of_statements
from accounts.services.devices import bind_device, new_challenge
from accounts.services.keys import Seed, append_to_key_log, start_keys
from accounts.services.throttle import take


@signed_in_route("POST", protocol.StartKeys, limit_bytes=KEYS_BODY_BYTES)
def keys_start(caller: Caller, body: protocol.StartKeys) -> protocol.KeysStarted:
    epoch = octets(body.epoch)
    log = start_keys(
        caller,
        statements=_all_octets(body.statements),
        seeds=_seeds(body.seeds),
        epoch=epoch,
        wrap=octets(body.wrap),
    )
    return protocol.KeysStarted(chain=b64(log.chain), conversation=b64(object_hash(epoch)))


@signed_in_route("POST", protocol.AppendKeys, limit_bytes=KEYS_BODY_BYTES)
def keys_append(caller: Caller, body: protocol.AppendKeys) -> protocol.KeysAppended:
    take("key_log_account", caller.person.pk.hex)
    head = append_to_key_log(caller, statements=_all_octets(body.statements), seeds=_seeds(body.seeds))
    return protocol.KeysAppended(KeyHead(head.n, b64(head.hash)))


@signed_in_route("GET", protocol.ReadKeyLog)
def keys_log(caller: Caller, body: protocol.ReadKeyLog) -> protocol.KeyLog:
    owner = key_log_owner(caller.person, octets(body.chain))
    head = key_head_shape(owner) if owner is not None else None
    if owner is None or head is None:
        raise Refused("not_found")
    return protocol.KeyLog(_all_b64(page_of_statements(owner, after=body.after)), head)


@signed_in_route("GET", protocol.ReadOwnKeys)
def keys_mine(caller: Caller, body: protocol.ReadOwnKeys) -> protocol.OwnKeys:
    person = caller.person
    seeds = own_seeds(person, caller.device)
    return protocol.OwnKeys(
        chain=b64(person.chain) if person.chain is not None else None,
        statements=_all_b64(page_of_statements(person, after=body.after)),
        head=key_head_shape(person),
        seeds=tuple(
            protocol.OwnSeed(b64(seed.device_id), seed.generation, b64(seed.sealed)) for seed in seeds
        ),
    )


@signed_in_route("POST", protocol.Nothing)
def session_challenge(caller: Caller, body: protocol.Nothing) -> protocol.Challenge:
    return protocol.Challenge(b64(new_challenge(caller.session)))


@signed_in_route("POST", protocol.BindDevice)
def session_device(caller: Caller, body: protocol.BindDevice) -> protocol.SessionState:
    bind_device(caller.session, device=octets(body.device), signature=octets(body.signature))
    return session_shape(caller.session, has_factor=True)


def _seeds(given: tuple[protocol.Seed, ...]) -> list[Seed]:
    return [Seed(octets(seed.device), seed.generation, octets(seed.sealed)) for seed in given]


def _all_octets(texts: tuple[str, ...]) -> list[bytes]:
    return [octets(text) for text in texts]


def _all_b64(rows: list[bytes]) -> tuple[str, ...]:
    return tuple(b64(row) for row in rows)
