from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_administration"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="passkey_challenge",
            field=models.BinaryField(max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="session", name="passkey_challenge_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=Exact(Length("passkey_challenge"), 64), name="session_passkey_challenge_64"
            ),
        ),
    ]
