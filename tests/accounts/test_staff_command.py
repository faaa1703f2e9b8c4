"""`manage.py staff`: the first administrator, from the machine itself."""

import base64
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, Person
from tests.accounts.office import Office
from tests.cast import Cast, code_now, unused_code

NEW = {"email": "karim@tilleuls.example", "given": "Karim", "family": "EXEMPLE", "place": "Siège"}


def staff(**words: str) -> str:
    out = StringIO()
    call_command("staff", stdout=out, **words)
    return out.getvalue()


@pytest.mark.parametrize(("field", "value"), [("email", "karim"), ("given", ""), ("profession", "Magicien")])
def test_what_is_wrong_or_missing_is_named(field: str, value: str, cast: Cast) -> None:
    with pytest.raises(CommandError, match=field):
        staff(**(NEW | {field: value}))
    assert not Person.objects.filter(is_staff=True).exists()


def test_a_new_one_gets_a_password_and_a_seed_that_open_the_door(cast: Cast) -> None:
    told = staff(**NEW)
    password = re.search(r"password: (\S+)", told)
    seed = re.search(r"seed of one-time codes: (\S+)", told)
    assert password
    assert seed
    assert "http://admin.localhost:8000" in told
    karim = Person.objects.get(email=NEW["email"])
    assert (karim.is_staff, karim.is_superuser, karim.chain) == (True, True, None)
    assert not Membership.objects.filter(person=karim).exists()  # in nobody's directory
    code = code_now(base64.b32decode(seed.group(1)))
    assert Office().knock(karim.email, password.group(1), code).status_code == 302


def test_whoever_has_an_account_keeps_password_and_factor(cast: Cast) -> None:
    told = staff(email=cast.ines.email)
    assert "password:" not in told
    Office().enter(cast.ines)
    assert unused_code(cast.ines)
