"""The figures around the queue, which stand on every page of the desk, are counted in an index that holds all they need."""

from django.db import migrations, models

from sportello.core.migrating import AddIndexBesideTraffic


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0009_words_beside_their_row")]
    operations = [
        AddIndexBesideTraffic(
            "ticket",
            models.Index(
                fields=["assignee"],
                include=["team", "group", "due_kind", "due_at"],
                condition=models.Q(status__in=["new", "open", "in_analysis", "waiting"]),
                name="ticket_figures",
            ),
        ),
    ]
