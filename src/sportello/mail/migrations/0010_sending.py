"""Whether mail goes out at all. A desk that has no mailbox yet has told nobody anything: there it begins switched off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0009_raw_as_it_is")]
    operations = [
        migrations.CreateModel(
            name="Sending",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("is_on", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="sending_is_one")],
            },
        ),
        migrations.RunSQL(
            "INSERT INTO mail_sending (id, is_on) SELECT 1, false WHERE NOT EXISTS (SELECT FROM mail_mailbox)",
            migrations.RunSQL.noop,
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="outboundmail",
                    name="state",
                    field=models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("sending", "being sent"),
                            ("deferred", "will be tried again"),
                            ("sent", "sent"),
                            ("failed", "failed"),
                            ("bounced", "bounced"),
                            ("cancelled", "cancelled"),
                            ("held", "held back"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                )
            ]
        ),
    ]
