"""The people of a health centre that does not exist. RPPS numbers begin with 997, which no real one does."""

from dataclasses import dataclass

ORGANISATION = "MSP des Tilleuls (fictive)"
NOTICE = "Démonstration : toutes les personnes et données sont fictives"
_PLACE = "MSP des Tilleuls, Bourg-en-Bresse"


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

    @property
    def email(self) -> str:
        return f"{self.key}@msp-tilleuls.example"

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


CAST = (
    Actor("ines", "Inès", "FACTICE-MODELE", "60", "Infirmière", "99700900022"),
    Actor("anne-lise", "Anne-Lise", "TESTARD", "10", "Médecin généraliste", "99700900006"),
    Actor("damien", "Damien", "GABARIT", "10", "Médecin généraliste", "99700900113"),
    Actor(
        "gaetan",
        "Gaëtan",
        "MAQUETTE",
        "21",
        "Pharmacien",
        "99700900030",
        "Pharmacie du Marché, Bourg-en-Bresse",
    ),
    Actor("nadia", "Nadia", "CANEVAS", "330", "Coordonnatrice de parcours", None, role="coordinator"),
    Actor("helene", "Hélène", "BROUILLON", "331", "Secrétaire, administratrice", None, role="manager"),
)
