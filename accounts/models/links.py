import uuid

from django.db import models

from accounts.models.constraints import has_length, is_lower_case, is_one_of
from accounts.models.described import Described
from accounts.models.people import Organisation, Person


class Invitation(Described):
    """Who is expected, exactly as the organisation describes them. The link works once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    email = models.CharField(max_length=254)
    role = models.CharField(max_length=12)
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            *Described.Meta.constraints,
            is_lower_case("email", name="invitation_email_lower"),
            is_one_of("role", ("member", "coordinator", "manager"), name="invitation_role_listed"),
            has_length("token_hash", 32, name="invitation_token_32"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.id.hex}"


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
