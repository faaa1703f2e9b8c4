import uuid

from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

_BROWSERS = ["chrome", "edge", "firefox", "other", "safari"]
_PLATFORMS = ["android", "ios", "linux", "macos", "other", "windows"]
_FACTORS = [("totp", "Totp"), ("printed", "Printed"), ("passkey", "Passkey")]
_WHAT = [("session", "Session"), ("device", "Device"), ("person", "Person"), ("member", "Member")]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_civility_and_speciality"),
    ]

    operations = [
        migrations.RemoveField(model_name="session", name="agent"),
        migrations.AddField(
            model_name="session",
            name="name",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name="session",
            name="browser",
            field=models.CharField(default="other", max_length=8),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="session",
            name="platform",
            field=models.CharField(default="other", max_length=8),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="session",
            name="factor_sort",
            field=models.CharField(choices=_FACTORS, max_length=8, null=True),
        ),
        migrations.AddField(model_name="session", name="factor", field=models.BigIntegerField(null=True)),
        migrations.AddField(
            model_name="revocation",
            name="conversation",
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AlterField(
            model_name="revocation", name="what", field=models.CharField(choices=_WHAT, max_length=8)
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(browser__in=_BROWSERS), name="session_browser_listed"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(platform__in=_PLATFORMS), name="session_platform_listed"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(factor_sort__in=["passkey", "printed", "totp"]),
                name="session_factor_listed",
            ),
        ),
        migrations.RemoveConstraint(model_name="revocation", name="revocation_what_listed"),
        migrations.AddConstraint(
            model_name="revocation",
            constraint=models.CheckConstraint(
                condition=models.Q(what__in=["device", "member", "person", "session"]),
                name="revocation_what_listed",
            ),
        ),
        migrations.AddConstraint(
            model_name="revocation",
            constraint=models.CheckConstraint(
                condition=Exact(Length("conversation"), 32), name="revocation_conversation_32"
            ),
        ),
    ]
