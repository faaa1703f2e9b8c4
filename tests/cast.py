"""The people of every test. Inès, Anne-Lise and Gaëtan work together at the MSP des Tilleuls; Zoé, of another
organisation, must see nothing of them; Noël was suspended. All data are fictional."""

import time
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts import clock
from accounts.at_rest import seal_at_rest
from accounts.models import Membership, Organisation, Person, TotpFactor
from accounts.models.factors import STEP_SECONDS, code_at
from tests.credentials import PASSWORD as PASSWORD
from tests.credentials import SEED as SEED


@dataclass(frozen=True, slots=True)
class Cast:
    tilleuls: Organisation
    glycines: Organisation
    ines: Person
    anne_lise: Person
    gaetan: Person
    zoe: Person
    noel: Person


def make_cast() -> Cast:
    tilleuls = make_organisation("MSP des Tilleuls")
    glycines = make_organisation("EHPAD Les Glycines")
    return Cast(
        tilleuls=tilleuls,
        glycines=glycines,
        ines=make_person(tilleuls, "ines", "Inès", "FACTICE-MODELE", "60", rpps="99700900022"),
        anne_lise=make_person(tilleuls, "anne-lise", "Anne-Lise", "TESTARD", "10", rpps="99700900006"),
        gaetan=make_person(tilleuls, "gaetan", "Gaëtan", "EXEMPLE", "21"),
        zoe=make_person(glycines, "zoe", "Zoé", "AILLEURS", "60"),
        noel=make_person(tilleuls, "noel", "Noël", "ABSENT", "70", state=Person.State.SUSPENDED),
    )


def make_organisation(name: str) -> Organisation:
    return Organisation.objects.create(name=name, created_at=clock.now())


def make_person(
    organisation: Organisation,
    login: str,
    given: str,
    family: str,
    profession: str,
    *,
    civility: str | None = None,
    speciality: str | None = None,
    rpps: str | None = None,
    state: str = Person.State.ACTIVE,
    factor: bool = True,
) -> Person:
    person = Person(
        email=f"{login}@tilleuls.example",
        password=make_password(PASSWORD),
        given=given,
        family=family,
        profession=profession,
        civility=civility,
        speciality=speciality,
        rpps=rpps,
        place="12 rue des Tilleuls, Bourg-en-Bresse",
        state=state,
        created_at=clock.now(),
    )
    person.search = person.words_for_search()
    person.save()
    Membership.objects.create(person=person, organisation=organisation, created_at=clock.now())
    if factor:
        make_factor(person)
    return person


def make_factor(person: Person) -> TotpFactor:
    sealed = seal_at_rest(SEED, purpose="totp-seed", owner=person.pk.hex)
    return TotpFactor.objects.create(
        user=person, name="totp", confirmed=True, key_sealed=sealed, created_at=clock.now()
    )


def code_now(seed: bytes = SEED, *, steps: int = 0) -> str:
    return code_at(seed, int(time.time()) // STEP_SECONDS + steps)


def unused_code(person: Person) -> str:
    """A code good for one use, as if the last one had been given minutes ago."""
    TotpFactor.objects.filter(user=person).update(
        last_step=-1, throttling_failure_count=0, throttling_failure_timestamp=None
    )
    return code_now()
