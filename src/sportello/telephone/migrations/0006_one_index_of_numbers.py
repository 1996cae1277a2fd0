"""Nobody asks any more by the index over the first number alone: the one over every number (0005) serves all."""

from django.db import migrations

AGAIN = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS contact_by_number ON customers_contact
USING gin (sportello_trigrams(sportello_phone_digits(ARRAY[phone::text])))
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("telephone", "0005_every_number")]
    operations = [migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS contact_by_number", AGAIN)]
