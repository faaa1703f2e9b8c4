from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_devices")]

    operations = [
        migrations.CreateModel(
            "History",
            [
                ("n", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("id", models.BinaryField(max_length=16, unique=True)),
                ("began_at", models.DateTimeField()),
                ("restored_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddConstraint(
            "history",
            models.CheckConstraint(condition=Exact(Length("id"), 16), name="history_id_16"),
        ),
    ]
