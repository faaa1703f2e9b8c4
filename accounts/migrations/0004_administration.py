from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Who may write rows may still not rewrite what was done. Deleting stays possible: rows have their time.
_SQLITE = """
CREATE TRIGGER accounts_action_never_changes BEFORE UPDATE ON accounts_action
BEGIN SELECT RAISE(ABORT, 'actions are added, never changed'); END
"""
_POSTGRES = """
CREATE FUNCTION accounts_action_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'actions are added, never changed' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER accounts_action_never_changes BEFORE UPDATE ON accounts_action
FOR EACH ROW EXECUTE FUNCTION accounts_action_never_changes();
"""


def keep_actions(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(_POSTGRES if editor.connection.vendor == "postgresql" else _SQLITE, params=None)


def release_actions(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER accounts_action_never_changes ON accounts_action")
        editor.execute("DROP FUNCTION accounts_action_never_changes()")
    else:
        editor.execute("DROP TRIGGER accounts_action_never_changes")


_WHAT = [
    ("signed_in", "Connexion à l’administration"),
    ("signed_out", "Déconnexion de l’administration"),
    ("invited", "Invitation envoyée"),
    ("suspended", "Compte suspendu"),
    ("restored", "Compte rétabli"),
    ("described", "Identité corrigée"),
    ("joined", "Rattachement ajouté"),
    ("role_changed", "Rôle changé"),
    ("membership_ended", "Rattachement terminé"),
    ("session_ended", "Session terminée"),
    ("sessions_ended", "Toutes les sessions terminées"),
    ("device_cut_off", "Appareil coupé"),
    ("new_start", "Nouveau départ ouvert"),
    ("staff_granted", "Accès administrateur accordé"),
    ("staff_withdrawn", "Accès administrateur retiré"),
    ("organisation_made", "Organisation créée"),
    ("organisation_renamed", "Organisation renommée"),
]
_OUTCOME = [("done", "Fait"), ("refused", "Refusé")]
_SORT = [
    ("person", "Personne"),
    ("organisation", "Organisation"),
    ("invitation", "Invitation"),
    ("membership", "Rattachement"),
    ("session", "Session"),
    ("device", "Appareil"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sessions")]

    operations = [
        migrations.AddField("person", "is_staff", models.BooleanField(default=False)),
        migrations.AddField("person", "is_superuser", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "person",
            models.CheckConstraint(
                condition=models.Q(("is_superuser", False), ("is_staff", True), _connector="OR"),
                name="person_superuser_is_staff",
            ),
        ),
        migrations.AddField("session", "admin", models.BooleanField(default=False)),
        migrations.AddField("device", "cut_off_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Action",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("actor", models.UUIDField()),
                ("what", models.CharField(choices=_WHAT, max_length=24)),
                ("outcome", models.CharField(choices=_OUTCOME, max_length=8)),
                ("sort", models.CharField(choices=_SORT, max_length=16)),
                ("target", models.CharField(max_length=64)),
                ("person", models.UUIDField(null=True)),
                ("organisation", models.UUIDField(null=True)),
                ("address", models.CharField(max_length=45)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("what__in", sorted(code for code, _ in _WHAT))),
                        name="action_what_listed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["done", "refused"])), name="action_outcome_listed"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sort__in", sorted(code for code, _ in _SORT))),
                        name="action_sort_listed",
                    ),
                ]
            },
        ),
        migrations.RunPython(keep_actions, release_actions),
    ]
