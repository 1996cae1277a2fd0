"""Which tickets are under an incident: gathered where something says so, put there or taken out by a person."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sportello.accounts.actions import record as record_audit
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core import live
from sportello.core.errors import Refused
from sportello.core.lately import lately
from sportello.incidents.actions.changing import go_on, record, tell
from sportello.incidents.actions.telling import newest, tell_one
from sportello.incidents.enums import IncidentEventKind, LinkReason
from sportello.incidents.letters import house_title
from sportello.incidents.models import Incident, IncidentTicket
from sportello.incidents.queries.belonging import any_goes_on, belonging_of, candidates, current_for
from sportello.mail.models import OutboundMail
from sportello.tickets import actions as tickets
from sportello.tickets.models import ON_THE_DESK, Ticket

AT_ONCE = 50


def answer_new(*, ticket: Ticket, now: datetime, may_answer: bool) -> tuple[bool, OutboundMail | None]:
    """Puts a new ticket under the incident that hit its service, and says at once what is known, where an answer may go.

    Whether it was answered, and by which mail; none to somebody who had this update before. What only may be about it is left for a person.
    """
    if ticket.service is None or not lately("any incident", any_goes_on):  # one that began just now gathers the ticket
        return False, None
    incident, reason = current_for(ticket.service)
    if incident is None or reason is None or not belonging_of(ticket, incident).by_itself:
        return False, None
    link = _insert(incident, ticket, reason, None, now)
    live.publish("incident", incident=str(incident.public_id))
    if link is None or not may_answer:
        return False, None
    update = newest(incident)
    if update.incident.is_over:
        return False, None
    message = tell_one(link=link, update=update, now=now)
    return message is not None, message.outbound if message else None


def gather(*, incident: Incident, now: datetime) -> int:
    """Puts open tickets about what is hit under the incident, at most 50 at once; how many. Each has a transaction of its own."""
    if incident.is_over:
        return 0
    linked = 0
    for ticket, reason, found in candidates(incident):
        if found.by_itself:
            linked += _insert(incident, ticket, reason, None, now) is not None
        if linked >= AT_ONCE:
            break
    if linked:
        tell(incident)
    return linked


def link_ticket(
    *, incident: Incident, ticket: Ticket, by: User, now: datetime, address: str | None = None
) -> IncidentTicket:
    """A person says that the ticket is about it; its customer is told as all others are. Twice is once.

    Raises Refused: "over", "other-incident" where it is under another one, "finished" once it is solved or closed.
    """
    check_can_write(by)
    if incident.is_over:
        raise Refused("over", _("This incident is solved: open it again before saying more."))
    if ticket.status not in ON_THE_DESK:
        raise Refused("finished", _("This ticket is solved or closed."))
    with transaction.atomic():
        link = _insert(incident, ticket, LinkReason.STAFF, by, now)
        if link is None:
            raise Refused("other-incident", _("This ticket is under another incident: take it out there first."))
        record(incident, IncidentEventKind.LINKED, now=now, by=by, number=ticket.number)
        record_audit(
            act=Act.INCIDENT_LINKED, subject=f"#{ticket.number}", by=by, now=now, address=address, about=incident
        )
        tell(incident)
        go_on(incident)
    return link


def unlink_ticket(*, link: IncidentTicket, by: User, now: datetime, address: str | None = None) -> None:
    """It was about something else: out of the incident, and its clocks as if the incident had not answered. Twice is once."""
    check_can_write(by)
    with transaction.atomic():
        if _undo(IncidentTicket.objects.filter(pk=link.pk), by, now):
            record(link.incident, IncidentEventKind.UNLINKED, now=now, by=by, number=link.ticket.number)
            record_audit(
                act=Act.INCIDENT_UNLINKED,
                subject=f"#{link.ticket.number}",
                by=by,
                now=now,
                address=address,
                about=link.incident,
            )
            tell(link.incident)
            go_on(link.incident)


def unlink_all(*, incident: Incident, by: User, now: datetime, address: str | None = None) -> int:
    """The same for all tickets under it, because the incident itself was wrong; how many. Their clocks are put right by a job."""
    check_can_write(by)
    with transaction.atomic():
        count = _undo(IncidentTicket.objects.filter(incident=incident), by, now)
        if count:
            record(incident, IncidentEventKind.UNLINKED, now=now, by=by, count=count)
            record_audit(
                act=Act.INCIDENT_UNLINKED,
                subject=house_title(incident),
                by=by,
                now=now,
                address=address,
                about=incident,
            )
            tell(incident)
            go_on(incident)
    return count


def _undo(links: QuerySet[IncidentTicket], by: User, now: datetime) -> int:
    return links.filter(undone_at=None, released_at=None).update(undone_at=now, undone_by=by, settled_at=None)


def _insert(
    incident: Incident, ticket: Ticket, reason: LinkReason, by: User | None, now: datetime
) -> IncidentTicket | None:
    """The link, as of before or new; None where the ticket is under another incident."""
    try:
        with transaction.atomic():
            link, created = IncidentTicket.objects.get_or_create(
                incident=incident, ticket=ticket, defaults={"reason": reason, "linked_at": now, "linked_by": by}
            )
            if not created and not _again(link, reason, by, now):
                return link
            tickets.weigh(ticket=ticket, in_incident=True, now=now)
            tickets.note_incident(ticket=ticket, name=house_title(incident), on=True, by=by, now=now)
    except IntegrityError:
        return None
    return link


def _again(link: IncidentTicket, reason: LinkReason, by: User | None, now: datetime) -> bool:
    """Under it again: because a person says so, or the incident goes on after it was called solved. What a person took out stays out."""
    if (link.undone_at is None and link.released_at is None) or (link.undone_at is not None and by is None):
        return False
    link.reason, link.linked_at, link.linked_by = reason, now, by
    link.undone_at = link.undone_by = link.settled_at = link.released_at = link.told = link.before = None
    link.kept_because = ""
    link.save()
    return True
