"""A9: nothing secret prints, and no page ever gives back a password that was typed."""

import logging

import pytest

from accounts import protocol
from accounts.caller import caller_of, visit_of
from accounts.models import Invitation, Person, PrintedCode, Session, TotpFactor
from accounts.services.factors import begin_totp
from accounts.services.invitations import Identity, invite
from accounts.services.printed import new_codes, replace_codes
from tests.accounts.browser import Browser, Response
from tests.accounts.test_matrix import OPEN_AT
from tests.cast import PASSWORD, SEED, Cast, make_person, unused_code

TYPED = "Canari-Tape.Ici-9137"


def test_no_answer_contains_a_typed_password(cast: Cast, visitor: Browser) -> None:
    answers: list[Response] = []
    visitor.sign_in(cast.ines)
    for method, path in OPEN_AT:
        concrete = path.replace("<str:id>", cast.ines.pk.hex)
        for sent in (
            {"email": cast.ines.email, "password": TYPED, "shared": False},
            {"token": "A" * 43, "password": TYPED},
            {"password": TYPED},
            {"code": TYPED},
        ):
            answers.append(
                visitor.post(concrete, sent) if method == "POST" else visitor.get(concrete, q=TYPED)
            )
    assert len(answers) == 4 * len(OPEN_AT)
    for answer in answers:
        assert TYPED not in answer.content.decode()
        assert TYPED not in str(answer.headers)
        assert TYPED not in str(answer.cookies)


def test_no_log_line_contains_what_was_typed(
    cast: Cast, visitor: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor.post("sign-in", {"email": cast.ines.email, "password": TYPED, "shared": False})
    visitor.give_password(cast.ines)
    typed = unused_code(cast.ines)
    visitor.post("sign-in/code", {"code": typed})
    lines = caplog.text
    assert "session.verified" in lines  # the log is really looked at
    for secret in (TYPED, PASSWORD, typed, str(visitor.token), cast.ines.email, cast.ines.family):
        assert secret not in lines


def test_nothing_secret_prints(cast: Cast, visitor: Browser) -> None:
    visitor.sign_in(cast.ines)
    codes = new_codes()
    replace_codes(cast.ines, codes)
    scope = {"headers": [(b"cookie", f"colloque={visitor.token}".encode())]}
    identity = Identity("nour@tilleuls.example", "Nour", "NOUVELLE", "60", "ici")
    invited = invite(organisation=cast.tilleuls, identity=identity)
    newcomer = make_person(cast.tilleuls, "new", "Nour", "NOUVELLE", "60", factor=False)
    Browser().give_password(newcomer)
    offer = begin_totp(Session.objects.select_related("person").get(person=newcomer))
    printed = repr(
        [
            caller_of(scope),
            visit_of(scope),
            codes,
            invited,
            offer,
            protocol.SignIn("a@b.example", TYPED, False),
            protocol.Code(TYPED),
            protocol.TotpOffer(offer.uri, offer.secret),
            protocol.PrintedCodes(codes.plain),
            *Person.objects.all(),
            *Session.objects.all(),
            *TotpFactor.objects.all(),
            *PrintedCode.objects.all(),
            *Invitation.objects.all(),
        ]
    )
    secrets = [
        TYPED,
        str(visitor.token),
        *codes.plain,
        invited.link,
        offer.secret,
        SEED.decode(),
        cast.ines.email,
    ]
    secrets += [bytes(row.token_hash).hex() for row in Session.objects.all()]
    for secret in secrets:
        assert secret not in printed


def test_account_secrets_lie_sealed_under_a_key_outside_the_database(cast: Cast, settings: object) -> None:
    from accounts.at_rest import open_at_rest
    from accounts.errors import Unavailable

    sealed = bytes(TotpFactor.objects.get(user=cast.ines).key_sealed)
    owner = cast.ines.pk.hex
    assert open_at_rest(sealed, purpose="totp-seed", owner=owner) == SEED
    for purpose, whose in (("vault-half", owner), ("totp-seed", cast.zoe.pk.hex)):
        with pytest.raises(Unavailable):
            open_at_rest(sealed, purpose=purpose, owner=whose)
    settings.AT_REST_KEY = "YW5vdGhlciBrZXkgb2YgMzIgYnl0ZXMgYXQgcmVzdC4="  # type: ignore[attr-defined]
    with pytest.raises(Unavailable):
        open_at_rest(sealed, purpose="totp-seed", owner=owner)
