from typing import Any

from django.contrib.admin import display

from accounts import clock
from accounts.admin.acts import Act, Given
from accounts.admin.columns import chosen, dated
from accounts.admin.listing import Listing
from accounts.admin.marks import mark
from accounts.admin.words import BROWSERS, PLATFORMS
from accounts.models import Person, Session
from accounts.models.actions import What
from accounts.policy import is_idle, is_over, may_act_on
from accounts.services.sessions import end_session


def _find(key: str) -> Session | None:
    rows = Session.objects.select_related("person", "device")
    return rows.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 18 else None


def _name(session: Session) -> str:
    return f"{browser_of(session)} · {session.person.given} {session.person.family}"


def _may(by: Person, session: Session) -> bool:
    return may_act_on(by, session.person)


def _is_running(session: Session) -> bool:
    return not is_over(session, clock.now())


def _end(session: Session, by: Person, given: Given) -> Session:
    end_session(session)
    return session


def browser_of(session: Session) -> str:
    return f"{BROWSERS[session.browser]}, {PLATFORMS[session.platform]}"


END: Act[Any] = Act(
    "terminer", What.SESSION_ENDED, "Terminer cette session",
    "Ce navigateur est déconnecté aussitôt. La personne peut se reconnecter avec son mot de passe et un "
    "code.",
    "Terminer", "La session est terminée.", _end,
    find=_find, name=_name, may=_may, is_offered=_is_running, is_grave=True,
)  # fmt: skip


class SessionListing(Listing):
    heading = "Sessions"
    lead = "Qui est connecté, d’où, et depuis quand. Une session reste listée trente jours après son début."
    list_display = (
        "who",
        "browser_word",
        "host_word",
        dated("created_at", "Début"),
        dated("last_seen_at", "Vue le"),
        "state_mark",
    )
    list_filter = (chosen("admin", "Où", {"0": "Messagerie", "1": "Administration"}),)
    list_select_related = ("person", "device")
    search_fields = ("person__search", "person__email")
    ordering = ("-last_seen_at",)
    acts = (END,)

    @display(description="Personne")
    def who(self, session: Session) -> str:
        return f"{session.person.given} {session.person.family}"

    @display(description="Navigateur")
    def browser_word(self, session: Session) -> str:
        return browser_of(session)

    @display(description="Où")
    def host_word(self, session: Session) -> str:
        return "Administration" if session.admin else "Messagerie"

    @display(description="État")
    def state_mark(self, session: Session) -> str:
        if not _is_running(session):
            return mark("Terminée", "quiet")
        if session.verified_at is None:
            return mark("Code attendu", "quiet")
        return mark("Verrouillée", "known") if is_idle(session, clock.now()) else mark("Ouverte", "good")
