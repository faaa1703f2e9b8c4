"""What administrators read: refusals, faults of a line, roles, browsers. In French, like everything here."""

from typing import Final

from accounts.errors import Refused

ROLES: Final[dict[str, str]] = {
    "member": "Membre",
    "coordinator": "Coordination",
    "manager": "Responsable",
}
BROWSERS: Final[dict[str, str]] = {
    "edge": "Edge", "firefox": "Firefox", "chrome": "Chrome", "safari": "Safari", "other": "Navigateur",
}  # fmt: skip
PLATFORMS: Final[dict[str, str]] = {
    "android": "Android", "ios": "iOS", "windows": "Windows", "macos": "macOS", "linux": "Linux",
    "other": "système inconnu",
}  # fmt: skip
_REFUSALS: Final[dict[str, str]] = {
    "bad_credentials": "L’adresse, le mot de passe ou le code ne convient pas. Un code ne sert qu’une fois.",
    "bad_code": "Ce code ne convient pas. Attendez le suivant : un code ne sert qu’une fois.",
    "fresh_factor_needed": "Donnez le code à six chiffres de votre téléphone pour confirmer.",
    "conflict": "C’est déjà fait, ou cela contredit ce qui existe : ce nom ou ce numéro est déjà pris.",
    "not_allowed": "Cet acte ne vous est pas ouvert. Rien n’a été changé.",
    "paper_protected": "Le code de secours reste à la personne : seul un navigateur peut être coupé.",
}
FAULTS: Final[dict[str, str]] = {
    "email": "adresse électronique mal formée",
    "given": "prénom absent ou trop long",
    "family": "nom absent ou trop long",
    "profession": "profession inconnue",
    "place": "lieu absent ou trop long",
    "rpps": "numéro RPPS faux",
    "role": "rôle inconnu (membre, coordinateur ou responsable)",
    "civility": "civilité inconnue (M ou MME)",
    "speciality": "spécialité inconnue pour cette profession",
    "known": "cette adresse a déjà un compte",
    "known_rpps": "ce numéro RPPS a déjà un compte",
    "twice": "adresse ou numéro RPPS déjà présent plus haut dans le fichier",
    "empty": "Le fichier ne contient personne.",
    "too_many": "Le fichier contient trop de personnes.",
    "unreadable": "Le fichier n’est pas un tableau CSV lisible.",
    "column email": "Il manque la colonne « adresse ».",
    "column given": "Il manque la colonne « prénom ».",
    "column family": "Il manque la colonne « nom ».",
    "column profession": "Il manque la colonne « profession ».",
    "column place": "Il manque la colonne « lieu ».",
}


def refusal(refused: Refused) -> str:
    if refused.code == "throttled":
        return f"Trop d’essais. Réessayez dans {refused.retry_after or 1} s."
    return _REFUSALS.get(refused.code, "La demande a été refusée. Rien n’a été changé.")
