"""The closed list of professions: TRE_G15 of the Agence du numérique en santé, and the roles around it that a
care circle cannot do without (usagers de titre, coordination, secrétariat). Codes are never reused."""

from typing import Final

TRE_G15: Final[dict[str, str]] = {
    "10": "Médecin",
    "21": "Pharmacien",
    "26": "Audioprothésiste",
    "28": "Opticien-lunetier",
    "31": "Assistant dentaire",
    "32": "Physicien médical",
    "35": "Aide-soignant",
    "36": "Ambulancier",
    "37": "Auxiliaire de puériculture",
    "38": "Préparateur en pharmacie hospitalière",
    "39": "Préparateur en pharmacie",
    "40": "Chirurgien-dentiste",
    "50": "Sage-femme",
    "60": "Infirmier",
    "69": "Infirmier psychiatrique",
    "70": "Masseur-kinésithérapeute",
    "80": "Pédicure-podologue",
    "81": "Orthoprothésiste",
    "82": "Podo-orthésiste",
    "83": "Orthopédiste-orthésiste",
    "84": "Oculariste",
    "85": "Épithésiste",
    "86": "Technicien de laboratoire médical",
    "91": "Orthophoniste",
    "92": "Orthoptiste",
    "93": "Psychologue",
    "94": "Ergothérapeute",
    "95": "Diététicien",
    "96": "Psychomotricien",
    "98": "Manipulateur ERM",
}
OTHER_ROLES: Final[dict[str, str]] = {
    "41": "Assistant de service social",
    "71": "Ostéopathe",
    "72": "Psychothérapeute",
    "73": "Chiropracteur",
    "330": "Coordonnateur de parcours",
    "331": "Secrétaire médical",
    "332": "Assistant médical",
    "353": "Membre de l'équipe de soins",
    "354": "Externe",
}
PROFESSIONS: Final[dict[str, str]] = TRE_G15 | OTHER_ROLES


def profession_code(text: str) -> str | None:
    """The code for a code or a label (letter case does not matter), or None when the list has neither."""
    if text in PROFESSIONS:
        return text
    folded = text.strip().casefold()
    return next((code for code, label in PROFESSIONS.items() if label.casefold() == folded), None)
