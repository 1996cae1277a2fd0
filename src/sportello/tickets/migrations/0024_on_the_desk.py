from django.db import migrations, models
from django.db.models import Q

from sportello.core.migrating import AddIndexBesideTraffic

ON_THE_DESK = models.Index(
    fields=["customer", "contact"],
    condition=Q(status__in=["new", "open", "in_analysis", "waiting"]),
    name="ticket_on_the_desk",
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0023_needless_indexes")]
    operations = [AddIndexBesideTraffic("ticket", ON_THE_DESK)]
