from accounts import protocol
from accounts.api.shapes import key_head_shape
from accounts.caller import Caller
from accounts.edge import signed_in_route
from accounts.errors import Refused
from accounts.objects import object_hash
from accounts.protocol import KEYS_BODY_BYTES, KeyHead, b64, octets
from accounts.queries import key_log_head, own_seeds, page_of_statements
from accounts.services.keys import Seed, append_to_key_log, start_keys
from accounts.services.paper import ask_removal, keep_paper
from accounts.services.restoring import take_back_statements
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
    head = append_to_key_log(
        caller,
        statements=_all_octets(body.statements),
        seeds=_seeds(body.seeds),
        consent=octets(body.consent) if body.consent is not None else None,
    )
    return protocol.KeysAppended(KeyHead(head.n, b64(head.hash)))


@signed_in_route("POST", protocol.GiveBackKeys, limit_bytes=KEYS_BODY_BYTES)
def keys_given_back(caller: Caller, body: protocol.GiveBackKeys) -> protocol.KeysAppended:
    take("giving_back_device", caller.with_device().hex())
    head = take_back_statements(
        caller,
        history=octets(body.history),
        chain=octets(body.chain),
        after=body.after,
        statements=_all_octets(body.statements),
        seeds=_seeds(body.seeds),
    )
    return protocol.KeysAppended(KeyHead(head.n, b64(head.hash)))


@signed_in_route("GET", protocol.ReadKeyLog)
def keys_log(caller: Caller, body: protocol.ReadKeyLog) -> protocol.KeyLog:
    chain = octets(body.chain)
    head = key_log_head(caller.person, chain)
    if head is None:
        raise Refused("not_found")
    statements = page_of_statements(chain, after=body.after)
    return protocol.KeyLog(_all_b64(statements), KeyHead(head.n, b64(head.hash)))


@signed_in_route("GET", protocol.ReadOwnKeys)
def keys_mine(caller: Caller, body: protocol.ReadOwnKeys) -> protocol.OwnKeys:
    person = caller.person
    seeds = own_seeds(person, caller.device)
    return protocol.OwnKeys(
        chain=b64(person.chain) if person.chain is not None else None,
        statements=_all_b64(page_of_statements(person.chain, after=body.after)),
        head=key_head_shape(person),
        seeds=tuple(
            protocol.OwnSeed(b64(seed.device_id), seed.generation, b64(seed.sealed)) for seed in seeds
        ),
    )


@signed_in_route("POST", protocol.OneDevice, fresh=True)
def paper_remove(caller: Caller, body: protocol.OneDevice) -> protocol.Done:
    ask_removal(caller, device=octets(body.device))
    return protocol.Done()


@signed_in_route("POST", protocol.OneDevice)
def paper_keep(caller: Caller, body: protocol.OneDevice) -> protocol.Done:
    keep_paper(caller, device=octets(body.device))
    return protocol.Done()


def _seeds(given: tuple[protocol.Seed, ...]) -> list[Seed]:
    return [Seed(octets(seed.device), seed.generation, octets(seed.sealed)) for seed in given]


def _all_octets(texts: tuple[str, ...]) -> list[bytes]:
    return [octets(text) for text in texts]


def _all_b64(rows: list[bytes]) -> tuple[str, ...]:
    return tuple(b64(row) for row in rows)
