"""Events cannot be removed all at once either: TRUNCATE fires no trigger of single rows."""

from django.db import migrations

FORBID = """
CREATE TRIGGER event_not_emptied BEFORE TRUNCATE ON tickets_event
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_event_is_append_only();
"""
ALLOW = "DROP TRIGGER event_not_emptied ON tickets_event;"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0007_not_a_request")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
