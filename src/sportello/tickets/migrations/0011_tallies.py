"""What stands on the desk is counted by triggers as it changes, for the figures that every page of the desk shows."""

from django.db import migrations, models

COUNT = """
CREATE FUNCTION tickets_tally_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status::text = ANY (ARRAY['new', 'open', 'in_analysis', 'waiting']) THEN
        INSERT INTO tickets_tally ("group", assignee_id, team_id, number) VALUES (OLD."group", OLD.assignee_id, OLD.team_id, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.status::text = ANY (ARRAY['new', 'open', 'in_analysis', 'waiting']) THEN
        INSERT INTO tickets_tally ("group", assignee_id, team_id, number) VALUES (NEW."group", NEW.assignee_id, NEW.team_id, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION tickets_tally_anew() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE tickets_ticket IN SHARE MODE; LOCK TABLE tickets_tally; DELETE FROM tickets_tally;
    INSERT INTO tickets_tally ("group", assignee_id, team_id, number)
        SELECT "group", assignee_id, team_id, count(*) FROM tickets_ticket
         WHERE status IN ('new', 'open', 'in_analysis', 'waiting') GROUP BY 1, 2, 3;
END $$;
CREATE TRIGGER ticket_tally_came AFTER INSERT OR DELETE ON tickets_ticket
    FOR EACH ROW EXECUTE FUNCTION tickets_tally_change();
CREATE TRIGGER ticket_tally_changed AFTER UPDATE OF status, "group", assignee_id, team_id ON tickets_ticket
    FOR EACH ROW WHEN (
        (OLD.status::text = ANY (ARRAY['new', 'open', 'in_analysis', 'waiting']))
            IS DISTINCT FROM (NEW.status::text = ANY (ARRAY['new', 'open', 'in_analysis', 'waiting']))
        OR OLD."group" IS DISTINCT FROM NEW."group"
        OR OLD.assignee_id IS DISTINCT FROM NEW.assignee_id
        OR OLD.team_id IS DISTINCT FROM NEW.team_id)
    EXECUTE FUNCTION tickets_tally_change();
SELECT tickets_tally_anew();
"""
DO_NOT = """
DROP TRIGGER ticket_tally_came ON tickets_ticket; DROP TRIGGER ticket_tally_changed ON tickets_ticket;
DROP FUNCTION tickets_tally_change(); DROP FUNCTION tickets_tally_anew();
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_figures_from_an_index")]
    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group", models.SmallIntegerField(null=True)),
                ("assignee_id", models.BigIntegerField(null=True)),
                ("team_id", models.BigIntegerField(null=True)),
                ("number", models.IntegerField()),
            ],
        ),
        migrations.RunSQL(COUNT, DO_NOT),
    ]
