"""Names and addresses are found by any part of them without reading all of them (ADR 18)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from sportello.core.migrating import AddIndexBesideTraffic
from sportello.customers.names import Trigrams

# Its cost keeps the planner from calling it for every row of a table. The words of a search are cut up by it too.
MAKE = """
CREATE OR REPLACE FUNCTION sportello_trigrams(name text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000
RETURN ARRAY(SELECT DISTINCT substr(lower(name), place, 3) FROM generate_series(1, length(name) - 2) AS place);
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("customers", "0002_address_of_a_link")]
    operations = [
        migrations.RunSQL(MAKE, "DROP FUNCTION sportello_trigrams(text)"),
        AddIndexBesideTraffic("customer", GinIndex(Trigrams("name"), name="customer_by_part")),
        AddIndexBesideTraffic("contact", GinIndex(Trigrams("name"), name="contact_by_part")),
        AddIndexBesideTraffic("contactaddress", GinIndex(Trigrams("address"), name="address_by_part")),
    ]
