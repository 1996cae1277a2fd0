"""Contacts are found by any part of their telephone number, however it was written, without reading all of them."""

from django.db import migrations

MAKE = r"""
CREATE OR REPLACE FUNCTION sportello_phone_digits(phones text[]) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(array_to_string(phones, '|'), '[^0-9|]', '', 'g');
"""
INDEX = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS contact_by_number ON customers_contact
USING gin (sportello_trigrams(sportello_phone_digits(ARRAY[phone::text])))
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("telephone", "0001_initial")]
    operations = [
        migrations.RunSQL(MAKE, "DROP FUNCTION sportello_phone_digits(text[])"),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS contact_by_number", migrations.RunSQL.noop),
        migrations.RunSQL(INDEX, "DROP INDEX CONCURRENTLY IF EXISTS contact_by_number"),
    ]
