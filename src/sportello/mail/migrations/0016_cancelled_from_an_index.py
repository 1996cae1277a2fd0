"""The few mails that were cancelled are listed without going through all that were sent."""

from django.db import migrations, models
from django.db.models import Q

from sportello.core.migrating import AddIndexBesideTraffic


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("mail", "0015_reader")]
    operations = [
        AddIndexBesideTraffic(
            "outboundmail",
            models.Index(fields=["created_at"], condition=Q(state="cancelled"), name="outbound_cancelled"),
        ),
    ]
