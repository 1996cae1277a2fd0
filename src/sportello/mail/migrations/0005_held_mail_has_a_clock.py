"""A held mail has a clock and rings once; a mailbox may accept mail into which our mail server wrote nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0004_outbound_failed"),
    ]

    operations = [
        migrations.AddField(
            model_name="inboundmail",
            name="alarmed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="inboundmail",
            name="decide_by",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="accepts_without_result",
            field=models.BooleanField(default=False, verbose_name="mail without any result is accepted"),
        ),
        migrations.AddIndex(
            model_name="inboundmail",
            index=models.Index(condition=models.Q(("state", "held")), fields=["decide_by"], name="inbound_to_decide"),
        ),
        migrations.RunSQL(
            "UPDATE mail_inboundmail SET decide_by = received_at + interval '10 minutes' WHERE state = 'held'",
            migrations.RunSQL.noop,
        ),
    ]
