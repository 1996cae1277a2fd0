"""Thousands of new names, of an import, would slow down every search until the next VACUUM."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from sportello.core.migrating import fill_index_of_names_at_once
from sportello.customers.names import Trigrams


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("services", "0005_what_is_looked_at")]
    operations = [
        fill_index_of_names_at_once("server", GinIndex(Trigrams("name"), fastupdate=False, name="server_by_part")),
        fill_index_of_names_at_once("service", GinIndex(Trigrams("name"), fastupdate=False, name="service_by_part")),
    ]
