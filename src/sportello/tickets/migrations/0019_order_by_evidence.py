"""The queue's order takes what was seen into account. Outages that people marked before are their word now, which the rule keeps to."""

from django.db import migrations, models

from sportello.core.migrating import AddIndexBesideTraffic
from sportello.tickets.models import RankedAt

AT_ONCE = 500
ON_THE_DESK = ["new", "open", "in_analysis", "waiting"]


def keep_what_people_said(apps, schema_editor):
    tickets = apps.get_model("tickets", "Ticket").objects
    marked = tickets.filter(is_outage=True, overrule="", status__in=ON_THE_DESK)
    while chosen := list(marked.values_list("pk", flat=True)[:AT_ONCE]):
        tickets.filter(pk__in=chosen).update(overrule="outage")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0018_evidence")]
    operations = [
        migrations.RunPython(keep_what_people_said, migrations.RunPython.noop, atomic=False),
        AddIndexBesideTraffic(
            "ticket",
            models.Index(
                models.F("group"),
                models.OrderBy(RankedAt(), nulls_last=True),
                models.F("priority"),
                models.F("tie"),
                models.F("id"),
                condition=models.Q(status__in=ON_THE_DESK),
                name="ticket_order",
            ),
        ),
        AddIndexBesideTraffic(
            "ticket",
            models.Index(fields=["claim_until"], condition=models.Q(claim_until__isnull=False), name="ticket_claim"),
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS ticket_queue",
            migrations.RunSQL.noop,
            state_operations=[migrations.RemoveIndex("ticket", "ticket_queue")],
        ),
    ]
