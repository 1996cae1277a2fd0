"""Staff may say that a ticket is no request: then nothing is promised in it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0006_answered_still_open"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="is_request",
            field=models.BooleanField(default=True),
        ),
    ]
