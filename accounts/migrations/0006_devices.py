import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import Exact


def _has_length(field, size, name):
    return models.CheckConstraint(condition=Exact(Length(field), size), name=name)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_passkeys")]

    operations = [
        migrations.AddField(
            "device",
            "chain",
            models.BinaryField(db_index=True, default=bytes(32), max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            "keylogentry",
            "chain",
            models.BinaryField(default=bytes(32), max_length=32),
            preserve_default=False,
        ),
        migrations.RemoveConstraint("keylogentry", "key_log_numbered_once"),
        migrations.AddConstraint(
            "keylogentry",
            models.UniqueConstraint(fields=("chain", "n"), name="key_log_numbered_once"),
        ),
        migrations.AddConstraint("keylogentry", _has_length("chain", 32, "key_log_chain_32")),
        migrations.AddConstraint("device", _has_length("chain", 32, "device_chain_32")),
        migrations.CreateModel(
            "PaperRemoval",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "device",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="removal",
                        to="accounts.device",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            "Pairing",
            [
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("taken", "Taken"),
                            ("answered", "Answered"),
                            ("countersigned", "Countersigned"),
                            ("over", "Over"),
                        ],
                        default="open",
                        max_length=13,
                    ),
                ),
                ("device", models.BinaryField(max_length=32)),
                ("sign_key", models.BinaryField(max_length=32)),
                ("unseal_key", models.BinaryField(max_length=1216)),
                ("mac", models.BinaryField(max_length=32)),
                ("answered_by", models.BinaryField(max_length=32, null=True)),
                ("addition", models.BinaryField(max_length=16384, null=True)),
                ("sealed", models.BinaryField(max_length=2048, null=True)),
                ("answer_mac", models.BinaryField(max_length=32, null=True)),
                ("countersign", models.BinaryField(max_length=64, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pairing",
                        to="accounts.person",
                    ),
                ),
                (
                    "offered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.session",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.session",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(state__in=["answered", "countersigned", "open", "over", "taken"]),
                        name="pairing_state_listed",
                    ),
                    _has_length("device", 32, "pairing_device_32"),
                    _has_length("sign_key", 32, "pairing_sign_32"),
                    _has_length("unseal_key", 1216, "pairing_unseal_1216"),
                    _has_length("mac", 32, "pairing_mac_32"),
                ],
            },
        ),
    ]
