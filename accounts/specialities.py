"""The closed list of specialities (savoir-faire of type S, codes of TRE_R01), each of one profession, with
what people call those who practise it. Codes are never reused."""

from typing import Final, Literal, get_args

from accounts.professions import PROFESSIONS, Titles, alike

Civility = Literal["M", "MME"]
CIVILITIES: Final[tuple[str, ...]] = get_args(Civility)

OF_DOCTORS: Final[dict[str, Titles]] = {
    "SM01": alike("Anatomopathologiste"),
    "SM02": Titles("Anesthésiste-réanimateur", "Anesthésiste-réanimatrice"),
    "SM03": Titles("Biologiste médical", "Biologiste médicale"),
    "SM04": alike("Cardiologue"),
    "SM05": Titles("Chirurgien général", "Chirurgienne générale"),
    "SM06": Titles("Chirurgien maxillo-facial", "Chirurgienne maxillo-faciale"),
    "SM07": Titles("Chirurgien maxillo-facial", "Chirurgienne maxillo-faciale"),
    "SM08": Titles("Chirurgien orthopédiste", "Chirurgienne orthopédiste"),
    "SM09": Titles("Chirurgien pédiatrique", "Chirurgienne pédiatrique"),
    "SM10": Titles("Chirurgien plasticien", "Chirurgienne plasticienne"),
    "SM11": Titles(
        "Chirurgien thoracique et cardio-vasculaire", "Chirurgienne thoracique et cardio-vasculaire"
    ),
    "SM12": Titles("Chirurgien urologue", "Chirurgienne urologue"),
    "SM13": Titles("Chirurgien vasculaire", "Chirurgienne vasculaire"),
    "SM14": Titles("Chirurgien viscéral", "Chirurgienne viscérale"),
    "SM15": alike("Dermatologue"),
    "SM16": alike("Endocrinologue"),
    "SM17": Titles("Médecin généticien", "Médecin généticienne"),
    "SM18": alike("Gériatre"),
    "SM19": Titles("Gynécologue médical", "Gynécologue médicale"),
    "SM20": Titles("Gynécologue-obstétricien", "Gynécologue-obstétricienne"),
    "SM21": alike("Hématologue"),
    "SM22": alike("Hématologue"),
    "SM23": alike("Onco-hématologue"),
    "SM24": alike("Gastro-entérologue"),
    "SM25": alike("Médecin du travail"),
    "SM26": alike("Médecin généraliste"),
    "SM27": alike("Médecin interniste"),
    "SM28": alike("Médecin nucléaire"),
    "SM29": Titles("Médecin rééducateur", "Médecin rééducatrice"),
    "SM30": alike("Néphrologue"),
    "SM31": Titles("Neurochirurgien", "Neurochirurgienne"),
    "SM32": alike("Neurologue"),
    "SM33": alike("Neuropsychiatre"),
    "SM34": alike("ORL"),
    "SM35": alike("Onco-hématologue"),
    "SM36": alike("Oncologue"),
    "SM37": alike("Oncologue radiothérapeute"),
    "SM38": alike("Ophtalmologue"),
    "SM39": alike("ORL"),
    "SM40": alike("Pédiatre"),
    "SM41": alike("Pneumologue"),
    "SM42": alike("Psychiatre"),
    "SM43": alike("Pédopsychiatre"),
    "SM44": alike("Radiologue"),
    "SM45": alike("Radiothérapeute"),
    "SM46": Titles("Médecin intensiviste-réanimateur", "Médecin intensiviste-réanimatrice"),
    "SM47": Titles("Médecin chercheur", "Médecin chercheuse"),
    "SM48": alike("Rhumatologue"),
    "SM49": alike("Médecin de santé publique"),
    "SM50": alike("Stomatologue"),
    "SM51": Titles("Gynécologue-obstétricien", "Gynécologue-obstétricienne"),
    "SM52": Titles("Gynécologue médical", "Gynécologue médicale"),
    "SM53": alike("Médecin généraliste"),
    "SM54": alike("Médecin généraliste"),
    "SM55": alike("Radiologue et radiothérapeute"),
    "SM56": Titles("Chirurgien oral", "Chirurgienne orale"),
    "SM57": alike("Allergologue"),
    "SM58": alike("Infectiologue"),
    "SM59": alike("Médecin urgentiste"),
    "SM60": alike("Médecin légiste"),
    "SM61": alike("Médecin vasculaire"),
    "SM62": alike("Endocrinologue-diabétologue"),
    "SM63": Titles("Biologiste médical", "Biologiste médicale"),
    "SM64": Titles("Biologiste médical", "Biologiste médicale"),
    "SM65": Titles("Biologiste médical", "Biologiste médicale"),
    "SM66": Titles("Biologiste médical", "Biologiste médicale"),
    "SM67": Titles("Biologiste médical", "Biologiste médicale"),
    "SM68": Titles("Chirurgien maxillo-facial", "Chirurgienne maxillo-faciale"),
    "SM69": Titles("Chirurgien pédiatrique", "Chirurgienne pédiatrique"),
    "SM70": Titles("Chirurgien orthopédiste pédiatrique", "Chirurgienne orthopédiste pédiatrique"),
    "SM71": alike("Hématologue"),
    "SM72": alike("Médecin interniste"),
}
OF_DENTISTS: Final[dict[str, Titles]] = {
    "SCD01": alike("Orthodontiste"),
    "SCD02": Titles("Chirurgien oral", "Chirurgienne orale"),
    "SCD03": alike("Spécialiste en médecine bucco-dentaire"),
}
_ADVANCED: Final = Titles("Infirmier en pratique avancée", "Infirmière en pratique avancée")
OF_NURSES: Final[dict[str, Titles]] = dict.fromkeys(("SI01", "SI02", "SI03", "SI04"), _ADVANCED)

# By code of the profession: nobody has the speciality of another one.
SPECIALITIES: Final[dict[str, dict[str, Titles]]] = {"10": OF_DOCTORS, "40": OF_DENTISTS, "60": OF_NURSES}


def is_speciality(code: str, *, of: str) -> bool:
    return code in SPECIALITIES.get(of, {})


def title_of(*, profession: str, civility: str | None, speciality: str | None) -> str:
    titles = _titles(profession, speciality)
    return titles.feminine if civility == "MME" else titles.masculine


def words_of(*, profession: str, speciality: str | None) -> str:
    """Everything that somebody may be looked for by: a cardiologist is a doctor too, in either gender."""
    every = (*_titles(profession, speciality), *PROFESSIONS[profession])
    return " ".join(dict.fromkeys(every))


def _titles(profession: str, speciality: str | None) -> Titles:
    return PROFESSIONS[profession] if speciality is None else SPECIALITIES[profession][speciality]
