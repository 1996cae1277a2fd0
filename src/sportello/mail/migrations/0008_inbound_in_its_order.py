"""The order in which waiting mails are read."""

from django.db import migrations, models

from sportello.core.migrating import AddIndexBesideTraffic


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("mail", "0007_inbound_is_its_own_job"),
    ]

    operations = [
        AddIndexBesideTraffic(
            model_name="inboundmail",
            index=models.Index(
                models.F("priority").desc(),
                models.F("id"),
                condition=models.Q(("state", "received")),
                name="inbound_waiting",
            ),
        ),
    ]
