from django.db import migrations, models
from django.db.models import Q

from sportello.core.migrating import AddIndexBesideTraffic

ON_THE_DESK = Q(status__in=["new", "open", "in_analysis", "waiting"])
OF_CUSTOMER = models.Index(fields=["customer"], condition=ON_THE_DESK, name="ticket_of_customer_now")
OF_CONTACT = models.Index(fields=["contact"], condition=ON_THE_DESK, name="ticket_of_contact_now")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0023_needless_indexes")]
    operations = [AddIndexBesideTraffic("ticket", OF_CUSTOMER), AddIndexBesideTraffic("ticket", OF_CONTACT)]
