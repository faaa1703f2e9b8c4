"""The closed list of professions: TRE_G15 of the Agence du numérique en santé, and the roles around it that a
care circle cannot do without (usagers de titre, coordination, secrétariat). Codes are never reused."""

from typing import Final, NamedTuple


class Titles(NamedTuple):
    """What somebody is called. Where nothing is said of them, the first, as in the list itself."""

    masculine: str
    feminine: str


def alike(title: str) -> Titles:
    return Titles(title, title)


TRE_G15: Final[dict[str, Titles]] = {
    "10": alike("Médecin"),
    "21": Titles("Pharmacien", "Pharmacienne"),
    "26": alike("Audioprothésiste"),
    "28": Titles("Opticien-lunetier", "Opticienne-lunetière"),
    "31": Titles("Assistant dentaire", "Assistante dentaire"),
    "32": Titles("Physicien médical", "Physicienne médicale"),
    "35": Titles("Aide-soignant", "Aide-soignante"),
    "36": Titles("Ambulancier", "Ambulancière"),
    "37": alike("Auxiliaire de puériculture"),
    "38": Titles("Préparateur en pharmacie hospitalière", "Préparatrice en pharmacie hospitalière"),
    "39": Titles("Préparateur en pharmacie", "Préparatrice en pharmacie"),
    "40": Titles("Chirurgien-dentiste", "Chirurgienne-dentiste"),
    "50": alike("Sage-femme"),
    "60": Titles("Infirmier", "Infirmière"),
    "69": Titles("Infirmier psychiatrique", "Infirmière psychiatrique"),
    "70": Titles("Masseur-kinésithérapeute", "Masseuse-kinésithérapeute"),
    "80": alike("Pédicure-podologue"),
    "81": alike("Orthoprothésiste"),
    "82": alike("Podo-orthésiste"),
    "83": alike("Orthopédiste-orthésiste"),
    "84": alike("Oculariste"),
    "85": alike("Épithésiste"),
    "86": Titles("Technicien de laboratoire médical", "Technicienne de laboratoire médical"),
    "91": alike("Orthophoniste"),
    "92": alike("Orthoptiste"),
    "93": alike("Psychologue"),
    "94": alike("Ergothérapeute"),
    "95": Titles("Diététicien", "Diététicienne"),
    "96": Titles("Psychomotricien", "Psychomotricienne"),
    "98": Titles("Manipulateur ERM", "Manipulatrice ERM"),
}
OTHER_ROLES: Final[dict[str, Titles]] = {
    "41": Titles("Assistant de service social", "Assistante de service social"),
    "71": alike("Ostéopathe"),
    "72": alike("Psychothérapeute"),
    "73": Titles("Chiropracteur", "Chiropractrice"),
    "330": Titles("Coordonnateur de parcours", "Coordonnatrice de parcours"),
    "331": Titles("Secrétaire médical", "Secrétaire médicale"),
    "332": Titles("Assistant médical", "Assistante médicale"),
    "353": alike("Membre de l'équipe de soins"),
    "354": alike("Externe"),
}
PROFESSIONS: Final[dict[str, Titles]] = TRE_G15 | OTHER_ROLES
# The list counts psychologists in; the public health code does not: theirs is a protected title.
HEALTH: Final = frozenset(TRE_G15) - {"93"}


def is_of_health(code: str) -> bool:
    return code in HEALTH


def profession_code(text: str) -> str | None:
    """The code for a code or a title (letter case does not matter), or None when the list has neither."""
    if text in PROFESSIONS:
        return text
    folded = text.strip().casefold()
    return next(
        (code for code, titles in PROFESSIONS.items() if folded in (title.casefold() for title in titles)),
        None,
    )
