"""Ticket numbers come from a sequence; events can be added, never changed or removed."""

from django.db import migrations

FORBID = """
CREATE FUNCTION tickets_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON tickets_event
    FOR EACH ROW EXECUTE FUNCTION tickets_event_is_append_only();
"""
ALLOW = "DROP TRIGGER event_append_only ON tickets_event; DROP FUNCTION tickets_event_is_append_only();"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE tickets_number START 10001", "DROP SEQUENCE tickets_number"),
        migrations.RunSQL(FORBID, ALLOW),
    ]
