"""Answered and still open is a group of its own, before those that wait for the customer."""

from django.db import migrations

APART = """
UPDATE tickets_ticket SET "group" = 5 WHERE "group" = 4;
UPDATE tickets_ticket SET "group" = 4
 WHERE "group" = 2 AND status IN ('new', 'open') AND first_answered_at IS NOT NULL AND customer_waits_since IS NULL;
UPDATE tickets_ticket
   SET reasons = replace(reasons::text, '"clock.analysis_untold"', '"clock.analysis_unanswered"')::jsonb
 WHERE reasons::text LIKE '%"clock.analysis_untold"%';
"""
TOGETHER = """
UPDATE tickets_ticket SET "group" = 2 WHERE "group" = 4;
UPDATE tickets_ticket SET "group" = 4 WHERE "group" = 5;
UPDATE tickets_ticket
   SET reasons = replace(reasons::text, '"clock.analysis_unanswered"', '"clock.analysis_untold"')::jsonb
 WHERE reasons::text LIKE '%"clock.analysis_unanswered"%';
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_tab_of_a_draft")]
    operations = [migrations.RunSQL(APART, TOGETHER)]
