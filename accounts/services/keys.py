"""Key logs: judged by the shared rules (PROTOCOL.md K), appended in one transaction, told to listeners."""

from dataclasses import dataclass

import structlog
from django.db import IntegrityError, transaction

from accounts import clock
from accounts.caller import Caller
from accounts.errors import Refused
from accounts.keylog import Device as LogDevice
from accounts.keylog import KeyLog, extend, fold
from accounts.mail import LANGUAGES, post
from accounts.models import Device, KeyLogEntry, Person, SealedSeed, Session, VaultHalf
from accounts.objects import H, read_object
from accounts.publickeys import SEALED_SECRET
from accounts.queries import statements_of
from accounts.services.counting import next_number
from accounts.services.histories import refuse_in_grace
from accounts.services.paper import refuse_protected
from accounts.services.revocations import revoke_device
from accounts.services.sessions import end_session
from accounts.services.vault import erase_vaults_of
from accounts.shapes import Position
from accounts.signals import device_revoked, key_log_grew, keys_started
from accounts.statements import DeviceAdd, DeviceRevoke, Statement, read_statement

_log = structlog.get_logger("accounts")
_FIRST = ("browser", "paper")


@dataclass(frozen=True, slots=True)
class Seed:
    """A generation's seed as the client sealed it to one device."""

    device: bytes
    generation: int
    sealed: bytes


@transaction.atomic
def start_keys(
    caller: Caller, *, statements: list[bytes], seeds: list[Seed], epoch: bytes, wrap: bytes
) -> KeyLog:
    """K14: the first submission, whole. Whoever keeps conversations makes the person's own from `epoch` and
    `wrap` in this same transaction, or refuses and undoes all of it."""
    person = _locked(caller.person)
    if person.chain is not None:
        raise Refused("conflict")
    log = fold(statements)
    _check_first(log)
    _append(person, None, log, statements, seeds)
    heard = keys_started.send(sender=Person, person=person.pk, chain=log.chain, epoch=epoch, wrap=wrap)
    if not heard:
        raise Refused(
            "unavailable"
        )  # a person without their own conversation would have nowhere to keep pins
    return log


@transaction.atomic
def append_to_key_log(
    caller: Caller, *, statements: list[bytes], seeds: list[Seed], consent: bytes | None = None
) -> Position:
    """Later statements. The same bytes again get the same answer."""
    person = _locked(caller.person)
    held = statements_of(person.chain)
    if not held:
        raise Refused("bad_chain")
    before = fold(held)
    if held[-len(statements) :] == statements:
        return before.head
    refuse_in_grace()
    after = _extended(caller, before, statements, consent)
    _append(person, before, after, statements, seeds)
    return after.head


def _extended(caller: Caller, log: KeyLog, statements: list[bytes], consent: bytes | None) -> KeyLog:
    for data in statements:
        if isinstance(_read(data), DeviceAdd | DeviceRevoke):
            caller.needs_fresh_factor()
        after = extend(log, data)
        refuse_protected(log, data, consent)
        log = after
    return log


def _check_first(log: KeyLog) -> None:
    in_order = sorted(log.all_devices.values(), key=lambda device: device.added)
    sorts = tuple(device.sort for device in in_order)
    if (len(log.hashes), sorts, log.generation) != (3, _FIRST, 1) or log.generations[0].n != 2:
        raise Refused("bad_chain")


def _append(
    person: Person, before: KeyLog | None, after: KeyLog, statements: list[bytes], seeds: list[Seed]
) -> None:
    if _hashes(seeds) != named_seeds(after, statements) or not are_whole(seeds):
        raise Refused("bad_wraps")
    keep_statements(person, before, after, statements, seeds)


def keep_statements(
    person: Person, before: KeyLog | None, after: KeyLog, statements: list[bytes], seeds: list[Seed]
) -> None:
    """Judged already. The person is locked, the seeds are those that the statements name."""
    _store_devices(person, before, after)
    _store_statements(person, after, statements)
    SealedSeed.objects.bulk_create(
        SealedSeed(device_id=seed.device, generation=seed.generation, sealed=seed.sealed)
        for seed in seeds
        if seed.device in after.devices
    )
    Person.objects.filter(pk=person.pk).update(
        chain=after.chain, key_head_n=after.head.n, key_head_hash=after.head.hash
    )
    _tell(person, before, after)


def are_named(after: KeyLog, statements: list[bytes], seeds: list[Seed]) -> bool:
    """Whether each is one that the statements name, with the hash that they name."""
    return _hashes(seeds).items() <= named_seeds(after, statements).items() and are_whole(seeds)


def are_whole(seeds: list[Seed]) -> bool:
    once = len({(seed.device, seed.generation) for seed in seeds}) == len(seeds)
    return once and all(len(seed.sealed) == SEALED_SECRET for seed in seeds)


def named_seeds(after: KeyLog, statements: list[bytes]) -> dict[tuple[bytes, int], bytes]:
    named: dict[tuple[bytes, int], bytes] = {}
    for statement in map(_read, statements):
        if not isinstance(statement, DeviceAdd):
            named |= {(device, statement.generation): hash for device, hash in statement.wraps}
        elif statement.seed_hash is not None:
            named[statement.device, after.generation_at(statement.n)] = statement.seed_hash
    return named


def _hashes(seeds: list[Seed]) -> dict[tuple[bytes, int], bytes]:
    return {(seed.device, seed.generation): H("sealed-seed", seed.sealed) for seed in seeds}


def _store_statements(person: Person, after: KeyLog, statements: list[bytes]) -> None:
    first = len(after.hashes) - len(statements)
    now = clock.now()
    next_number("key_log")  # rows get their ids in commit order: readers ask for what is after an id
    KeyLogEntry.objects.bulk_create(
        KeyLogEntry(
            person=person, chain=after.chain, n=n, statement=data, hash=after.hashes[n], created_at=now
        )
        for n, data in enumerate(statements, first)
    )


def _store_devices(person: Person, before: KeyLog | None, after: KeyLog) -> None:
    known = before.all_devices if before else {}
    for device in after.all_devices.values():
        if device.id not in known:
            _store_new(person, after.chain, device)
        elif device != known[device.id]:
            _store_change(device)


def _store_new(person: Person, chain: bytes, device: LogDevice) -> None:
    claimed = VaultHalf.objects.filter(device=device.id).exclude(person=person).exists()
    if claimed or device.revoked is not None:
        raise Refused("bad_device")
    try:
        with transaction.atomic():
            Device.objects.create(
                id=device.id,
                person=person,
                chain=chain,
                sort=device.sort,
                sign_key=device.sign,
                unseal_key=device.unseal,
                added_n=device.added,
                added_at=clock.now(),
            )
    except IntegrityError as taken:  # in somebody else's key log
        raise Refused("bad_device") from taken


def _store_change(device: LogDevice) -> None:
    row = Device.objects.get(pk=device.id)
    row.unseal_key = device.unseal
    if device.revoked is not None and row.revoked_at is None:
        row.revoked_n, row.revoked_at = device.revoked, clock.now()
    row.save()


def _tell(person: Person, before: KeyLog | None, after: KeyLog) -> None:
    revoked = sorted(after.revoked_since(before.head.n)) if before else []
    key_log_grew.send(
        sender=Person,
        person=person.pk,
        chain=after.chain,
        n=after.head.n,
        hash=after.head.hash,
        revoked=revoked,
    )
    _write_letters(person, before, after, revoked=bool(revoked))
    for device in revoked:
        _revoke(person, device)
    _log.info("key_log.grew", person=person.pk.hex, n=after.head.n, revoked=len(revoked))


def _write_letters(person: Person, before: KeyLog | None, after: KeyLog, *, revoked: bool) -> None:
    """No word of which: whoever reads the mail of somebody learns nothing of their computers."""
    if before is not None and after.all_devices.keys() - before.all_devices.keys():
        post("device_added", person.email, LANGUAGES[0])
    if revoked:
        post("device_revoked", person.email, LANGUAGES[0])


def _revoke(person: Person, device: bytes) -> None:
    device_revoked.send(sender=Person, person=person.pk, device=device)
    erase_vaults_of(device)
    SealedSeed.objects.filter(device=device).delete()
    for session in Session.objects.select_related("person").filter(device=device, ended_at=None):
        end_session(session)
    revoke_device(person, device)


def _locked(person: Person) -> Person:
    """One submission at a time for a person."""
    return Person.objects.select_for_update().get(pk=person.pk)


def _read(data: bytes) -> Statement:
    return read_statement(read_object(data, "key-log").body)
