import uuid

from django.db import models

from accounts.models.constraints import (
    has_length,
    is_civility,
    is_lower_case,
    is_one_of,
    is_profession,
    is_rpps_form,
    is_speciality_of_profession,
)
from accounts.models.people import Organisation, Person
from accounts.specialities import title_of


class Invitation(models.Model):
    """Who is expected, exactly as the organisation describes them. The link works once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    email = models.CharField(max_length=254)
    given = models.CharField(max_length=80)
    family = models.CharField(max_length=80)
    profession = models.CharField(max_length=8)
    civility = models.CharField(max_length=3, null=True)  # noqa: DJ001  # civilité d'exercice, often unknown
    speciality = models.CharField(max_length=8, null=True)  # noqa: DJ001  # most professions have none
    rpps = models.CharField(max_length=11, null=True)  # noqa: DJ001  # as in Person
    place = models.CharField(max_length=120)
    role = models.CharField(max_length=12)
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            is_lower_case("email", name="invitation_email_lower"),
            is_profession(name="invitation_profession_listed"),
            is_civility(name="invitation_civility_listed"),
            is_speciality_of_profession(name="invitation_speciality_listed"),
            is_rpps_form(name="invitation_rpps_form"),
            is_one_of("role", ("member", "coordinator", "manager"), name="invitation_role_listed"),
            has_length("token_hash", 32, name="invitation_token_32"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.id.hex}"

    @property
    def profession_label(self) -> str:
        return title_of(profession=self.profession, civility=self.civility, speciality=self.speciality)


class PasswordReset(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [has_length("token_hash", 32, name="reset_token_32")]

    def __str__(self) -> str:
        return f"password reset {self.pk}"
