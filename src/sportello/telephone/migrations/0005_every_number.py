"""Contacts are found by any part of any of their numbers."""

from django.db import migrations

INDEX = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS contact_by_every_number ON customers_contact
USING gin (sportello_trigrams(sportello_phone_digits((ARRAY[(phone)::text] || (other_phones)::text[]))))
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("telephone", "0004_our_numbers"), ("customers", "0004_records")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS contact_by_every_number", migrations.RunSQL.noop),
        migrations.RunSQL(INDEX, "DROP INDEX CONCURRENTLY IF EXISTS contact_by_every_number"),
    ]
