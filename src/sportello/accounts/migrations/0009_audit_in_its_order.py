"""The audit is read in pages however long it is: by time, of a person, and what was done to whom. Two of the indexes take the place of others."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sportello.core.migrating import AddIndexBesideTraffic, give_up_index, give_up_index_of_key


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0008_recovery_codes_as_hashes")]
    operations = [
        AddIndexBesideTraffic("auditentry", models.Index(fields=["at", "id"], name="audit_by_time")),
        AddIndexBesideTraffic("auditentry", models.Index(fields=["actor", "at", "id"], name="audit_of_whom")),
        AddIndexBesideTraffic("auditentry", models.Index(fields=["subject", "id"], name="audit_to_whom")),
        give_up_index(
            "accounts_auditentry_at_ca3d189b",
            "accounts_auditentry (at)",
            state=(migrations.AlterField("auditentry", "at", models.DateTimeField()),),
        ),
        give_up_index_of_key(
            "accounts_auditentry_actor_id_3237b29c",
            "accounts_auditentry (actor_id)",
            "auditentry",
            "actor",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                db_index=False,
            ),
        ),
    ]
