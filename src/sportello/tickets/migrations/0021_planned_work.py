"""Because of planned work on a service the clock stands still, unless a person says otherwise."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0020_concerns")]
    operations = [
        migrations.AddField("ticket", "planned_pauses", models.JSONField(db_default=[], default=list)),
        migrations.AddField("ticket", "runs_through_work", models.BooleanField(db_default=False, default=False)),
    ]
