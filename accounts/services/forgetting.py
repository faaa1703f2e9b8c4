"""Throws away what has had its time. May run at any moment, as often as one likes."""

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import clock
from accounts.limits import limit
from accounts.models import (
    Action,
    Bucket,
    Invitation,
    Pairing,
    PaperRemoval,
    PasswordReset,
    Revocation,
    Session,
    TotpFactor,
)

_DAY = 24 * 3600


@transaction.atomic
def forget_expired() -> dict[str, int]:
    """How many rows of each sort went."""
    return {
        "sessions": _over_sessions().delete()[0],
        "resets": PasswordReset.objects.filter(expires_at__lt=clock.now()).delete()[0],
        "invitations": _old_invitations().delete()[0],
        "factors": TotpFactor.objects.filter(confirmed=False, created_at__lt=clock.ago(_DAY)).delete()[0],
        "revocations": _old_revocations().delete()[0],
        "actions": Action.objects.filter(at__lt=clock.ago(limit("action_kept_seconds"))).delete()[0],
        "pairings": Pairing.objects.filter(created_at__lt=clock.ago(limit("pairing_seconds"))).delete()[0],
        "removals": _old_removals().delete()[0],
        # Every rate refills within days: such a bucket is full, which is what a missing one means.
        "buckets": Bucket.objects.filter(at__lt=clock.ago(7 * _DAY)).delete()[0],
    }


def _over_sessions() -> QuerySet[Session]:
    before = clock.ago(limit("session_kept_seconds"))
    return Session.objects.filter(Q(ended_at__lt=before) | Q(created_at__lt=before))


def _old_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(expires_at__lt=clock.ago(limit("invitation_kept_seconds")))


def _old_revocations() -> QuerySet[Revocation]:
    return Revocation.objects.filter(at__lt=clock.ago(limit("revocation_kept_seconds")))


def _old_removals() -> QuerySet[PaperRemoval]:
    return PaperRemoval.objects.filter(asked_at__lt=clock.ago(limit("paper_removal_most_seconds")))
