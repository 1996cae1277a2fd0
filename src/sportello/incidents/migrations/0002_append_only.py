"""Events of incidents can be added, never changed or removed."""

from django.db import migrations

FORBID = """
CREATE FUNCTION incidents_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER incident_event_append_only BEFORE UPDATE OR DELETE ON incidents_incidentevent
    FOR EACH ROW EXECUTE FUNCTION incidents_event_is_append_only();
CREATE TRIGGER incident_event_not_emptied BEFORE TRUNCATE ON incidents_incidentevent
    FOR EACH STATEMENT EXECUTE FUNCTION incidents_event_is_append_only();
"""
ALLOW = """
DROP TRIGGER incident_event_not_emptied ON incidents_incidentevent;
DROP TRIGGER incident_event_append_only ON incidents_incidentevent;
DROP FUNCTION incidents_event_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
