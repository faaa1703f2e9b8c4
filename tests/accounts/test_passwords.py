import pytest

from accounts.passwords import is_strong

NAMES = ["ines.factice@tilleuls.example", "Inès", "FACTICE-MODELE", "MSP des Tilleuls"]


@pytest.mark.parametrize(
    "password",
    [
        "",
        "Court.1aZ",
        "Elevensign1",  # 11 signs
        "twelvesigns1",  # 12 signs, 2 classes
        "Twelvesigns12",  # 13 signs, 3 classes
        "fourteensigns1",  # 14 signs, 2 classes
        "Aaaaaaaaaaa1!",  # two letters, again and again
        "six mots ne suffisent pas ici",
        "oui oui oui oui oui oui oui oui",
        "Motdepasse2026!",
        "M0tdep@sse2026!!",
        "!!Azertyuiop123",
        "Bonjour-Bonjour1",
        "Password12345!",
        "Changez-Moi2026!",
        "Factice.Secret.42x",  # a name
        "Tilleuls.Secret.4",  # the organisation
        "A1b2.Inès-secrète",  # a name with its accent
        "Aa1." + "x7Kq" * 70,  # longer than the limit
    ],
)
def test_a_weak_password_is_refused(password: str) -> None:
    assert not is_strong(password, names=NAMES)


@pytest.mark.parametrize(
    "password",
    [
        "Renard.bleu42",  # 12 signs of 4 classes
        "RenardBleuDansLaNeige7",  # 14 signs of 3 classes
        "le renard bleu dort sous la neige tiède",  # 7 words
        "renard-bleu-neige-tiède-vélo-lampe-pont",
        "Aa1." + "x7Kq" * 15,  # 64 signs must be possible
    ],
)
def test_a_password_by_the_rules_of_the_cnil_is_taken(password: str) -> None:
    assert is_strong(password, names=NAMES)
