"""The end of an incident, for each ticket under it: told and solved, or kept with the reason; and links that were wrong."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from sportello.diagnostics.actions import ask_for_all
from sportello.diagnostics.enums import Occasion
from sportello.incidents.actions.changing import record, tell
from sportello.incidents.actions.telling import is_live, live_links, lock_link, newest, tell_one
from sportello.incidents.enums import IncidentEventKind, LinkReason
from sportello.incidents.letters import house_title
from sportello.incidents.models import Incident, IncidentTicket
from sportello.incidents.queries.belonging import may_be_told, words_under
from sportello.incidents.rules import Ending, Kept, Left, ending_of
from sportello.incidents.rules.wording import asks_something_else
from sportello.services.enums import ServiceVerdict
from sportello.services.models import Service
from sportello.tickets import actions as tickets
from sportello.tickets.enums import Status
from sportello.tickets.models import ON_THE_DESK, Ticket

AT_ONCE = 50
MOST_LOOKED_AT = 100
"""Services of one incident that are looked at when it ends: more could not be seen in time."""


def let_go(*, incident: Incident, now: datetime) -> int:
    """Lets go of tickets under a solved incident, at most 50 at once; how many. Safe to do twice and at once.

    Those whose service is still being looked at wait for the next time.
    """
    if incident.ended_at is None:
        return 0
    closed = kept = 0
    for pk in list(live_links(incident).order_by("pk").values_list("pk", flat=True)):
        ending = _let_go_of(pk, incident, now)
        closed, kept = closed + (ending is Ending.OVER), kept + isinstance(ending, Kept)
        if closed + kept >= AT_ONCE:
            break
    if closed or kept:
        record(incident, IncidentEventKind.CLOSED_TICKETS, now=now, closed=closed, kept=kept)
        tell(incident)
    return closed + kept


def look_before_the_end(*, incident: Incident, now: datetime) -> int:
    """Has the services of an incident's tickets looked at once more, so that those still down are kept; how many."""
    if not settings.PROBES:
        return 0
    hit = Service.objects.filter(pk__in=live_links(incident).values("ticket__service"))
    services = list(hit.order_by("pk")[:MOST_LOOKED_AT])
    ask_for_all(services=services, occasion=Occasion.INCIDENT, now=now)
    return len(services)


def take_back_some(*, incident: Incident, now: datetime) -> int:
    """Puts right the clocks of tickets that were taken out, at most 50 at once; how many. Safe to do twice and at once."""
    wrong = IncidentTicket.objects.filter(incident=incident, undone_at__isnull=False, settled_at=None)
    some = list(wrong.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in some:
        _take_back(pk, incident, now)
    return len(some)


def _let_go_of(pk: int, incident: Incident, now: datetime) -> Kept | Ending | None:
    with transaction.atomic():
        link, update = lock_link(pk), newest(incident)
        ended_at = update.incident.ended_at
        if link is None or not is_live(link) or ended_at is None:
            return None
        ticket, on_the_desk = link.ticket, link.ticket.status in ON_THE_DESK and link.ticket.merged_into_id is None
        ending = ending_of(_left(link), ended_at=ended_at, now=now) if on_the_desk else Ending.OVER
        if ending is Ending.NOT_YET:
            return ending
        if on_the_desk:
            tell_one(link=link, update=update, now=now, kept=ending if isinstance(ending, Kept) else None)
        link.released_at, link.kept_because = now, ending if isinstance(ending, Kept) else ""
        link.save(update_fields=["released_at", "kept_because"])
        tickets.weigh(ticket=ticket, in_incident=False, now=now)
        return ending


def _left(link: IncidentTicket) -> Left:
    """What a person put under the incident is what that person took it for; of all else the words are read once more."""
    ticket = link.ticket
    return Left(
        verdict=ServiceVerdict(ticket.verdict) if ticket.verdict else None,
        verdict_at=ticket.verdict_at,
        can_be_looked_at=ticket.verdict_at is not None or (settings.PROBES and ticket.service_id is not None),
        asks_something=_asks_something(ticket, link.told_at),
        asks_something_else=link.reason != LinkReason.STAFF and asks_something_else(words_under(link)),
        in_analysis=ticket.status == Status.IN_ANALYSIS,
        may_be_told=may_be_told(ticket),
    )


def _asks_something(ticket: Ticket, told_at: datetime | None) -> bool:
    since = ticket.customer_waits_since
    return since is not None and told_at is not None and since > told_at


def _take_back(pk: int, incident: Incident, now: datetime) -> None:
    with transaction.atomic():
        link = lock_link(pk)
        if link is None or link.undone_at is None or link.settled_at is not None:
            return
        ticket, name = link.ticket, house_title(incident)
        tickets.note_incident(ticket=ticket, name=name, on=False, by=link.undone_by, now=now)
        if link.before is not None and link.told_at is not None and ticket.merged_into_id is None:
            tickets.take_back_word(ticket=ticket, before=link.before, since=link.linked_at, name=name, now=now)
            link.first_answer_at = None
        link.settled_at, link.before = now, None
        link.save(update_fields=["settled_at", "before", "first_answer_at"])
        tickets.weigh(ticket=ticket, in_incident=False, now=now)
