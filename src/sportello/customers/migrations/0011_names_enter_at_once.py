"""Thousands of new names, of an import, would slow down every search until the next VACUUM."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from sportello.core.migrating import fill_index_of_names_at_once
from sportello.customers.names import Trigrams


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0010_trigrams_in_a_loop")]
    operations = [
        fill_index_of_names_at_once("customer", GinIndex(Trigrams("name"), fastupdate=False, name="customer_by_part")),
        fill_index_of_names_at_once("contact", GinIndex(Trigrams("name"), fastupdate=False, name="contact_by_part")),
        fill_index_of_names_at_once("contactaddress", GinIndex(Trigrams("address"), fastupdate=False, name="address_by_part")),
    ]
