from django.db import migrations, models
from django.db.models import Q

from sportello.core.migrating import AddIndexBesideTraffic

RECEIVED_ONLY = models.Index(fields=["mailbox"], condition=Q(answers_allowed=False), name="inbound_received_only")
NOT_ARRIVED = models.Index(
    fields=["created_at"], condition=Q(state__in=["failed", "bounced"]), name="outbound_not_arrived"
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("mail", "0013_needless_indexes")]
    operations = [
        AddIndexBesideTraffic("inboundmail", RECEIVED_ONLY),
        AddIndexBesideTraffic("outboundmail", NOT_ARRIVED),
    ]
