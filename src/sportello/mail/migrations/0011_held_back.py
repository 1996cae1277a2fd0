from django.db import migrations, models

from sportello.core.migrating import AddIndexBesideTraffic


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("mail", "0010_sending")]
    operations = [
        AddIndexBesideTraffic(
            model_name="outboundmail",
            index=models.Index(condition=models.Q(("state", "held")), fields=["id"], name="outbound_held"),
        ),
    ]
