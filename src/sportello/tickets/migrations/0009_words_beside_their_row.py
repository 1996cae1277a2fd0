"""The words of a message stay in its row as long as both fit a page: search reads them row by row, and each fetched from aside cost twenty times as much."""

from django.db import migrations

BESIDE = "ALTER TABLE tickets_message SET (toast_tuple_target = 8160)"
ASIDE = "ALTER TABLE tickets_message RESET (toast_tuple_target)"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0008_events_not_emptied"), ("services", "0002_names_by_part")]
    operations = [migrations.RunSQL(BESIDE, ASIDE)]
