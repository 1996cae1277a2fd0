"""What is known goes out through the tickets: once in each, and by mail once to each person, however many tickets they have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from sportello.customers.models import Contact
from sportello.incidents.actions.changing import tell as show
from sportello.incidents.letters import house_title, letter, text_of
from sportello.incidents.models import Incident, IncidentTicket, Update
from sportello.incidents.queries.belonging import may_be_told
from sportello.incidents.rules import Kept, counts_as_answer
from sportello.tickets.actions import Word, inform
from sportello.tickets.models import Message

AT_ONCE = 50
SETTLED_AFTER = timedelta(minutes=1)
_CLAIM = """
    INSERT INTO incidents_told (update_id, contact_id) SELECT %s, unnest(%s::bigint[]) ON CONFLICT DO NOTHING RETURNING contact_id
"""


def tell_some(*, incident: Incident, now: datetime) -> int:
    """Says the newest update in tickets that have not heard it, at most 50 at once; how many were looked at. Safe to do twice and at once.

    What was overtaken by a newer update before it went out is not sent. How a solved incident is told belongs to `let_go`.
    """
    update = newest(incident)
    if update.incident.is_over:
        return 0
    some = list(_untold(incident, update).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in some:
        with transaction.atomic():
            link, update = lock_link(pk), newest(incident)
            if update.incident.is_over:
                break
            if link is not None and is_live(link):
                tell_one(link=link, update=update, now=now)
    if some:
        show(incident)
    return len(some)


def tell_one(*, link: IncidentTicket, update: Update, now: datetime, kept: Kept | None = None) -> Message | None:
    """Says the newest update in one ticket, within the caller's transaction. None where nothing may be said in it, or it was said before."""
    ticket = link.ticket
    if link.told_id is not None and link.told_id >= update.pk:
        return None
    link.told = update
    message = None
    if may_be_told(ticket):
        message = _say(link, update, kept, now)
        link.told_at = now
    link.save(update_fields=["told", "told_at", "before", "first_answer_at"])
    return message


def newest(incident: Incident) -> Update:
    """With the incident read at the same moment: one read a moment earlier may lack the end that this update tells of, or still have it."""
    updates = Update.objects.select_related("incident").filter(incident=incident)
    return updates.order_by("-created_at", "-id")[0]


def live_links(incident: Incident) -> QuerySet[IncidentTicket]:
    return IncidentTicket.objects.filter(incident=incident, undone_at=None, released_at=None)


def _untold(incident: Incident, update: Update) -> QuerySet[IncidentTicket]:
    return live_links(incident).filter(Q(told=None) | Q(told__lt=update.pk))


def lock_link(pk: int) -> IncidentTicket | None:
    """Held until the transaction ends; None where another worker has it."""
    rows = IncidentTicket.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    return (
        rows.select_related("incident", "ticket__contact", "ticket__service")
        .defer("ticket__search")
        .filter(pk=pk)
        .first()
    )


def is_live(link: IncidentTicket) -> bool:
    return link.undone_at is None and link.released_at is None


def _say(link: IncidentTicket, update: Update, kept: Kept | None, now: datetime) -> Message:
    ticket, incident = link.ticket, update.incident

    def says(due_at: datetime | None) -> str:
        return letter(
            incident=incident,
            text=text_of(update, ticket.language),
            number=ticket.number,
            language=ticket.language,
            next_update_at=due_at if kept else incident.next_update_at,
            kept=kept or "",
        )

    word = Word(
        says=says,
        about=house_title(incident),
        number=str(incident.public_id),
        counts=counts_as_answer(
            by_person=update.by_id is not None,
            said_at=update.created_at,
            next_update_at=incident.next_update_at,
            now=now,
        ),
        solves=incident.is_over and kept is None,
        goes_on=kept is not None,
    )
    informed = inform(ticket=ticket, word=word, chosen=_not_told(update), now=now)
    if link.before is None:
        link.before = informed.before
    if informed.is_first:
        link.first_answer_at = now
    return informed.message


def _not_told(update: Update) -> Callable[[Sequence[Contact]], Sequence[Contact]]:
    def chosen(readers: Sequence[Contact]) -> Sequence[Contact]:
        """Those whom nobody else mails this update. Whoever comes second waits for the first to be done."""
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [update.pk, sorted(reader.pk for reader in readers)])
            ours = {pk for (pk,) in cursor.fetchall()}
        return [reader for reader in readers if reader.pk in ours]

    return chosen


def mark_told(*, incident: Incident, now: datetime) -> None:
    """Notes that an update has reached everybody, once no ticket waits for it; for a minute some may still come in between."""
    if _untold(incident, newest(incident)).exists():
        return
    incident.updates.filter(told_at=None, created_at__lte=now - SETTLED_AFTER).update(told_at=now)
