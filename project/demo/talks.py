"""What they say to one another. Nobody in it exists; no sentence comes from anybody's record."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    by: str
    text: str  # "@damien" stands for his whole name
    quotes: int | None = None  # number of an earlier line of the same talk
    names: tuple[str, ...] = ()  # whom it mentions
    unread: bool = False


@dataclass(frozen=True)
class Talk:
    starter: str
    others: tuple[str, ...]
    lines: tuple[Line, ...]
    title: str | None = None  # of a team; between two people there is none

    @property
    def everybody(self) -> tuple[str, ...]:
        return (self.starter, *self.others)


TALKS = (
    Talk("nadia", ("ines", "anne-lise", "damien", "gaetan"), (
        Line("nadia", "Bonjour à toutes et à tous. Ici, l’organisation de la maison de santé : plannings, salles, matériel. "
                      "Pas de patient dans ce fil."),
        Line("gaetan", "Bonne idée. La pharmacie ferme à midi samedi."),
        Line("damien", "Merci. Je prends la garde du 8 si quelqu’un prend celle du 15."),
        Line("anne-lise", "Je prends le 15.", quotes=2),
        Line("nadia", "C’est noté au planning. @ines, peux-tu apporter la balance de la salle 2 jeudi ?", names=("ines",),
             unread=True),
    ), title="MSP des Tilleuls · organisation"),
    Talk("nadia", ("helene",), (
        Line("nadia", "Bonjour Hélène, la réunion de concertation est bien jeudi à 13 h, salle du rez-de-chaussée ?"),
        Line("helene", "Oui, je viens de confirmer la salle. Six places, café compris."),
        Line("nadia", "Parfait, merci. J’envoie l’ordre du jour demain matin."),
    )),
    Talk("gaetan", ("anne-lise",), (
        Line("gaetan", "Bonjour Docteur. Rupture sur la furosémide 40 mg en boîte de 30 : je peux délivrer du 20 mg à la "
                       "place, deux comprimés par prise. D’accord pour vous ?"),
        Line("anne-lise", "Bonjour Gaëtan. Oui, d’accord, à condition que ce soit écrit en gros sur la boîte."),
        Line("gaetan", "C’est noté sur l’étiquette et expliqué au comptoir. Retour à la normale prévu lundi."),
        Line("anne-lise", "Merci de m’avoir prévenue avant de délivrer.", quotes=0),
    )),
    Talk("anne-lise", ("damien",), (
        Line("anne-lise", "Damien, peux-tu prendre mes visites du mercredi après-midi les deux prochaines semaines ?"),
        Line("damien", "La première oui, sans souci. La seconde je suis en formation, on demande au remplaçant ?"),
        Line("anne-lise", "Bonne idée. Je l’appelle ce soir et je te dis."),
    )),
    Talk("nadia", ("ines",), (
        Line("nadia", "Bonjour Inès, une sortie d’hospitalisation est annoncée pour demain dans ta tournée du matin. "
                      "Le centre hospitalier envoie la lettre de liaison par messagerie de santé."),
        Line("ines", "Bien reçu. J’ai un créneau à 8 h 30. Le lit médicalisé est-il livré ?"),
        Line("nadia", "Livré hier soir, et le pilulier est prêt à la Pharmacie du Marché."),
        Line("ines", "Alors je passe à la pharmacie avant d’y aller.", unread=True),
    )),
    Talk("ines", ("gaetan",), (
        Line("ines", "Bonjour Gaëtan, je passerai prendre le pilulier demain vers 8 h 10. C’est possible avant l’ouverture ?"),
        Line("gaetan", "Oui, sonnez côté cour. Je joins le plan de prise imprimé."),
        Line("ines", "Merci beaucoup !", unread=True),
    )),
    Talk("ines", ("anne-lise",), (
        Line("ines", "Bonjour Docteur, le pansement de la rue des Acacias évolue bien : berges propres, pas de rougeur, "
                     "pas de fièvre."),
        Line("anne-lise", "Très bien. On garde le même protocole encore une semaine, un jour sur deux."),
        Line("ines", "Entendu. Il me reste trois compresses hydrocellulaires : pouvez-vous renouveler l’ordonnance ?"),
        Line("anne-lise", "C’est fait, elle est partie à la Pharmacie du Marché ce matin.", quotes=2),
        Line("ines", "Merci. Le protocole de la maison est ici : https://msp-tilleuls.example/protocoles/plaies"),
        Line("anne-lise", "Pouvez-vous me dire demain si la douleur au changement a diminué ?", unread=True),
    )),
)  # fmt: skip
