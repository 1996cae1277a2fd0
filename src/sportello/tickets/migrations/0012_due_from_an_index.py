"""What is late and what is due next are read from an index of their own; that of the figures, which are now tallied, is no longer needed."""

from django.db import migrations, models

from sportello.core.migrating import AddIndexBesideTraffic


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0011_tallies")]
    operations = [
        AddIndexBesideTraffic(
            "ticket",
            models.Index(
                fields=["due_at"],
                condition=models.Q(
                    status__in=["new", "open", "in_analysis", "waiting"],
                    due_kind__in=["first_response", "next_response", "update"],
                ),
                name="ticket_due",
            ),
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS ticket_figures",
            migrations.RunSQL.noop,
            state_operations=[migrations.RemoveIndex("ticket", "ticket_figures")],
        ),
    ]
