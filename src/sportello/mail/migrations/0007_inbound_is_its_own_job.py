"""A mail that waits to be read is its own job: in what order, since when, not before when."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0006_unread_by_sender"),
    ]

    operations = [
        migrations.AddField("inboundmail", "priority", models.SmallIntegerField(db_default=0, default=0)),
        migrations.AddField("inboundmail", "waits_since", models.DateTimeField(db_default=Now())),
        migrations.AddField("inboundmail", "next_attempt_at", models.DateTimeField(null=True)),
    ]
