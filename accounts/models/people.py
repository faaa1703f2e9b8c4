import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from accounts.folding import fold
from accounts.models.constraints import has_length, is_lower_case, is_one_of
from accounts.models.described import Described
from accounts.specialities import words_of


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"organisation {self.id.hex}"


class Person(Described, AbstractBaseUser):  # type: ignore[django-manager-missing]  # of django-otp, untyped
    """Somebody who signs in. Names, profession and place are what the organisation says of them."""

    class State(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.CharField(max_length=254, unique=True)
    rpps = models.CharField(max_length=11, unique=True, null=True)  # noqa: DJ001  # many have none
    search = models.CharField(max_length=400, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    created_at = models.DateTimeField()
    # Django's names: who may enter the administration, and who may let others in.
    is_staff = models.BooleanField(default=False)
    is_superuser = models.BooleanField(default=False)
    chain = models.BinaryField(max_length=32, unique=True, null=True)
    key_head_n = models.PositiveIntegerField(null=True)
    key_head_hash = models.BinaryField(max_length=32, null=True)
    last_login = None  # sessions have their own table with what is needed

    USERNAME_FIELD = "email"
    objects = BaseUserManager["Person"]()

    class Meta:
        constraints = [
            *Described.Meta.constraints,
            is_lower_case("email", name="person_email_lower"),
            is_one_of("state", ("active", "suspended"), name="person_state_listed"),
            models.CheckConstraint(
                condition=Q(chain=None, key_head_n=None, key_head_hash=None)
                | Q(chain__isnull=False, key_head_n__isnull=False, key_head_hash__isnull=False),
                name="person_keys_whole",
            ),
            models.CheckConstraint(
                condition=Q(is_superuser=False) | Q(is_staff=True), name="person_superuser_is_staff"
            ),
            has_length("chain", 32, name="person_chain_32"),
            has_length("key_head_hash", 32, name="person_key_head_32"),
        ]

    def __str__(self) -> str:
        return f"person {self.id.hex}"

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django's name for what `state` says
        return self.state == self.State.ACTIVE

    def words_for_search(self) -> str:
        occupation = words_of(profession=self.profession, speciality=self.speciality)
        # Cut, since a single sign may fold to many.
        return fold(f"{self.given} {self.family} {occupation} {self.place}")[:400]


class Membership(models.Model):
    class Role(models.TextChoices):
        MEMBER = "member"
        COORDINATOR = "coordinator"
        MANAGER = "manager"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField()
    # Kept after the end: who once worked together may still check each other's signatures.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="membership_once"),
            is_one_of("role", ("member", "coordinator", "manager"), name="membership_role_listed"),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"
