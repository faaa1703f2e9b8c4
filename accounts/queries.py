"""What may be read. Each question takes the person who asks, so that nothing foreign reaches a variable."""

from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Length

from accounts.folding import fold
from accounts.limits import limit
from accounts.models import (
    Device,
    KeyLogEntry,
    Membership,
    Organisation,
    Passkey,
    Person,
    PrintedCode,
    SealedSeed,
    Session,
    TotpFactor,
)
from accounts.protocol import KEY_LOG_PAGE_BYTES, OWN_SEED_GENERATIONS, FactorSort
from accounts.shapes import Position

_STATEMENTS_A_PAGE = 10_000
_AROUND_A_STATEMENT = 5  # what base64 fills up, quotes and a comma


def colleagues_of(person: Person) -> QuerySet[Person]:
    """Everybody of the organisations where the asker is a member now, the asker included."""
    ours = Membership.objects.filter(person=person, ended_at=None).values("organisation")
    members = Membership.objects.filter(organisation__in=ours, ended_at=None).values("person")
    return Person.objects.filter(pk__in=members)


def people_found(person: Person, words: str) -> list[Person]:
    """Active colleagues whose names, profession or place hold every word, whatever the accents."""
    found = colleagues_of(person).exclude(pk=person.pk).filter(state=Person.State.ACTIVE)
    for word in fold(words).split():
        found = found.filter(search__contains=word)
    return list(found.order_by("family", "given", "pk")[: limit("people_found")])


def person_seen(person: Person, wanted: str) -> Person | None:
    return colleagues_of(person).filter(pk=wanted).first()


def organisation_of(person: Person) -> Organisation | None:
    first = (
        Membership.objects.filter(person=person, ended_at=None)
        .select_related("organisation")
        .order_by("pk")
        .first()
    )
    return first.organisation if first else None


def key_log_head(person: Person, chain: bytes) -> Position | None:
    """Visible to everybody who ever shared an organisation, whether it goes on or has ended (K20): old
    signatures must stay checkable."""
    ours = Membership.objects.filter(person=person).values("organisation")
    members = Membership.objects.filter(organisation__in=ours).values("person")
    seen = KeyLogEntry.objects.filter(chain=chain, person__in=members).order_by("-n")
    last = seen.values_list("n", "hash").first()
    return Position(last[0], bytes(last[1])) if last is not None else None


def statements_of(chain: bytes | memoryview | None) -> list[bytes]:
    rows = KeyLogEntry.objects.filter(chain=chain).order_by("n")
    return [bytes(statement) for statement in rows.values_list("statement", flat=True)]


def page_of_statements(chain: bytes | memoryview | None, *, after: int) -> list[bytes]:
    """As many as fit into 1 MiB as they travel; always one, or a reader would never move."""
    rows = KeyLogEntry.objects.filter(chain=chain, n__gt=after).order_by("n")
    last, total = after, 0
    for n, size in rows.values_list("n", Length("statement"))[:_STATEMENTS_A_PAGE]:
        total += size * 4 // 3 + _AROUND_A_STATEMENT
        if last > after and total > KEY_LOG_PAGE_BYTES:
            break
        last = n
    return [bytes(row) for row in rows.filter(n__lte=last).values_list("statement", flat=True)]


def own_seeds(person: Person, device: bytes | None) -> list[SealedSeed]:
    """Of the paper device, and of the browser that this session is bound to; no other's. The newest only."""
    theirs = {"device__person": person, "device__chain": person.chain}
    seeds = SealedSeed.objects.filter(**theirs, device__revoked_at=None)
    newest = seeds.aggregate(Max("generation"))["generation__max"] or 0
    seeds = seeds.filter(generation__gt=newest - OWN_SEED_GENERATIONS)
    mine = seeds.filter(device__sort=Device.Sort.PAPER)
    if device is not None:
        mine = mine | seeds.filter(device=device)
    return list(mine.order_by("device", "generation"))


def devices_of(person: Person) -> list[Device]:
    """Of one's key log as it goes on now, with when a session last used each and by which browser."""
    used = Session.objects.filter(device=OuterRef("pk")).order_by("-last_seen_at", "-pk")
    rows = Device.objects.filter(person=person, chain=person.chain).order_by("added_n")
    return list(
        rows.annotate(
            last_used=Subquery(used.values("last_seen_at")[:1]),
            browser=Subquery(used.values("browser")[:1]),
            platform=Subquery(used.values("platform")[:1]),
        )
    )


def has_factor(person: Person) -> bool:
    return bool(factor_sorts(person))


def factor_sorts(person: Person) -> tuple[FactorSort, ...]:
    """Those that this person has confirmed, the preferred one first."""
    kinds: tuple[tuple[FactorSort, Any], ...] = (("passkey", Passkey), ("totp", TotpFactor))
    return tuple(sort for sort, kind in kinds if kind.objects.filter(user=person, confirmed=True).exists())


def holds_factor(person: Person, sort: str, row: int) -> bool:
    """This very one; of a sheet of printed codes, one that is of the sheet in force, used or not."""
    if sort == Session.FactorSort.PRINTED:
        return PrintedCode.objects.filter(person=person, pk=row).exists()
    kind: Any = Passkey if sort == Session.FactorSort.PASSKEY else TotpFactor
    return bool(kind.objects.filter(user=person, confirmed=True, pk=row).exists())


def factors_of(person: Person) -> tuple[list[Passkey], TotpFactor | None]:
    passkeys = Passkey.objects.filter(user=person, confirmed=True).order_by("created_at", "pk")
    return list(passkeys), TotpFactor.objects.filter(user=person, confirmed=True).first()


def printed_codes_left(person: Person) -> int:
    return PrintedCode.objects.filter(person=person, used_at=None).count()
