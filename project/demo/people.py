"""The people of a health centre that does not exist. RPPS numbers begin with 997, which no real one does."""

from dataclasses import dataclass

ORGANISATION = "MSP des Tilleuls (fictive)"
NOTICE = "Démonstration : toutes les personnes et données sont fictives"
ADMINISTRATOR = "helene"  # who also enters the administration, with the password and the codes she has
_PLACE = "MSP des Tilleuls"


@dataclass(frozen=True)
class Actor:
    key: str
    given: str
    family: str
    profession: str  # code of TRE_G15
    title: str
    rpps: str | None
    place: str = _PLACE
    role: str = "member"
    civility: str | None = None  # M or MME
    speciality: str | None = None  # code of TRE_R01

    @property
    def email(self) -> str:
        return f"{self.key}@msp-tilleuls.example"

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


_GP = "Médecin généraliste"

CAST = (
    Actor("ines", "Inès", "FACTICE-MODELE", "60", "Infirmière", "99700900022", civility="MME"),
    Actor("anne-lise", "Anne-Lise", "TESTARD", "10", _GP, "99700900006", civility="MME", speciality="SM54"),
    Actor("damien", "Damien", "GABARIT", "10", _GP, "99700900113", civility="M", speciality="SM53"),
    Actor(
        "gaetan", "Gaëtan", "MAQUETTE", "21", "Pharmacien", "99700900030", "Pharmacie du Marché", civility="M"
    ),
    Actor(
        "nadia",
        "Nadia",
        "CANEVAS",
        "330",
        "Coordonnatrice de parcours",
        None,
        role="coordinator",
        civility="MME",
    ),
    Actor(
        "helene", "Hélène", "BROUILLON", "331", "Secrétaire médicale", None, role="manager", civility="MME"
    ),
)
