"""How many unread mails a sender has decides whose turn it is."""

from django.db import migrations, models

from sportello.core.migrating import AddIndexBesideTraffic


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("mail", "0005_held_mail_has_a_clock"),
    ]

    operations = [
        AddIndexBesideTraffic(
            model_name="inboundmail",
            index=models.Index(
                models.Func(models.F("sender"), models.Value("@"), models.Value(2), function="split_part"),
                models.F("sender"),
                condition=models.Q(("state", "received")),
                name="inbound_unread",
            ),
        ),
    ]
