from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_teams")]

    operations = [
        migrations.AddField("conversation", "held_until", models.DateTimeField(null=True)),
        migrations.AddField("conversation", "claimed", models.PositiveBigIntegerField(default=0)),
    ]
