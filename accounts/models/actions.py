from django.db import models

from accounts.models.constraints import is_one_of


class What(models.TextChoices):
    SIGNED_IN = "signed_in", "Connexion à l’administration"
    SIGNED_OUT = "signed_out", "Déconnexion de l’administration"
    INVITED = "invited", "Invitation envoyée"
    SUSPENDED = "suspended", "Compte suspendu"
    RESTORED = "restored", "Compte rétabli"
    DESCRIBED = "described", "Identité corrigée"
    JOINED = "joined", "Rattachement ajouté"
    ROLE_CHANGED = "role_changed", "Rôle changé"
    MEMBERSHIP_ENDED = "membership_ended", "Rattachement terminé"
    SESSION_ENDED = "session_ended", "Session terminée"
    SESSIONS_ENDED = "sessions_ended", "Toutes les sessions terminées"
    DEVICE_CUT_OFF = "device_cut_off", "Appareil coupé"
    NEW_START = "new_start", "Nouveau départ ouvert"
    STAFF_GRANTED = "staff_granted", "Accès administrateur accordé"
    STAFF_WITHDRAWN = "staff_withdrawn", "Accès administrateur retiré"
    ORGANISATION_MADE = "organisation_made", "Organisation créée"
    ORGANISATION_RENAMED = "organisation_renamed", "Organisation renommée"


class Outcome(models.TextChoices):
    DONE = "done", "Fait"
    REFUSED = "refused", "Refusé"


class TargetSort(models.TextChoices):
    PERSON = "person", "Personne"
    ORGANISATION = "organisation", "Organisation"
    INVITATION = "invitation", "Invitation"
    MEMBERSHIP = "membership", "Rattachement"
    SESSION = "session", "Session"
    DEVICE = "device", "Appareil"


class Action(models.Model):
    """What an administrator did or tried, on whom, when and from where. Rows are added, never changed: a
    trigger of the database refuses that too. Ids without foreign keys: a trace outlives what it names."""

    at = models.DateTimeField(db_index=True)
    actor = models.UUIDField()
    what = models.CharField(max_length=24, choices=What.choices)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    sort = models.CharField(max_length=16, choices=TargetSort.choices)
    target = models.CharField(max_length=64)
    person = models.UUIDField(null=True)
    organisation = models.UUIDField(null=True)
    address = models.CharField(max_length=45)

    class Meta:
        constraints = [
            is_one_of("what", What.values, name="action_what_listed"),
            is_one_of("outcome", Outcome.values, name="action_outcome_listed"),
            is_one_of("sort", TargetSort.values, name="action_sort_listed"),
        ]

    def __str__(self) -> str:
        return f"action {self.pk}"
