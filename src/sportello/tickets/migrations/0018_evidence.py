"""What triage judges by besides the clocks: what was claimed, what was seen, and what a person says instead of the rule."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0017_held_files"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AddField("ticket", "ahead", models.SmallIntegerField(db_default=0, default=0)),
        migrations.AddField("ticket", "claim", models.CharField(blank=True, db_default="", default="", max_length=10)),
        migrations.AddField("ticket", "claim_asked_at", models.DateTimeField(null=True)),
        migrations.AddField("ticket", "claim_until", models.DateTimeField(null=True)),
        migrations.AddField("ticket", "in_incident", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("ticket", "is_managed", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("ticket", "matters", models.JSONField(db_default=[], default=list)),
        migrations.AddField("ticket", "neighbours_down", models.PositiveSmallIntegerField(db_default=0, default=0)),
        migrations.AddField("ticket", "overrule", models.CharField(blank=True, db_default="", default="", max_length=10)),
        migrations.AddField("ticket", "overrule_reason", models.CharField(blank=True, db_default="", default="", max_length=300)),
        migrations.AddField("ticket", "overruled_at", models.DateTimeField(null=True)),
        migrations.AddField("ticket", "service_kind", models.CharField(blank=True, db_default="", default="", max_length=10)),
        migrations.AddField("ticket", "tie", models.PositiveSmallIntegerField(db_default=1, default=1)),
        migrations.AddField("ticket", "verdict", models.CharField(blank=True, db_default="", default="", max_length=12)),
        migrations.AddField("ticket", "verdict_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "ticket",
            "overruled_by",
            models.ForeignKey(
                db_index=False, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
