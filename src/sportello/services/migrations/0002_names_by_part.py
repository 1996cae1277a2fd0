"""Services and servers are found by any part of their names (ADR 18)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from sportello.core.migrating import AddIndexBesideTraffic
from sportello.customers.names import Trigrams


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("services", "0001_initial"), ("customers", "0003_names_by_part")]
    operations = [
        AddIndexBesideTraffic("server", GinIndex(Trigrams("name"), name="server_by_part")),
        AddIndexBesideTraffic("service", GinIndex(Trigrams("name"), name="service_by_part")),
    ]
