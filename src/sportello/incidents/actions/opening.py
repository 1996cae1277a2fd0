"""An outage has a name from now on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.actions import record as record_audit
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core import live
from sportello.core.errors import Refused
from sportello.core.twins import one_at_a_time
from sportello.incidents.actions.changing import go_on, record, tell
from sportello.incidents.enums import ComponentStatus, IncidentEventKind, IncidentState, ProposalState
from sportello.incidents.letters import house_title
from sportello.incidents.models import Incident, Proposal, Update
from sportello.services.models import Server, Service

_SAID = ("title_it", "title_en", "text_it", "text_en", "started_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a new incident is. Its texts go to everybody hit who has written, and to who writes from now on."""

    title_it: str
    title_en: str
    text_it: str
    text_en: str
    started_at: datetime
    servers: Sequence[Server] = ()
    services: Sequence[Service] = ()
    state: IncidentState = IncidentState.INVESTIGATING
    impact: ComponentStatus = ComponentStatus.MAJOR
    is_public: bool = True
    next_update_at: datetime | None = None


def open_incident(
    *,
    opening: Opening,
    by: User | None,
    now: datetime,
    proposal: Proposal | None = None,
    address: str | None = None,
) -> Incident:
    """Opens it, with its first update. Tickets are gathered and answered by a job.

    Out of a proposal it can be opened once: the second time gives the incident that was opened. So does the same that is sent twice.

    Raises Refused("nothing-hit"), Refused("in-the-future").
    """
    check_can_write(by)
    _check(opening, now)
    with transaction.atomic():
        if proposal is not None and (opened := _opened_before(proposal)) is not None:
            return opened
        if (twin := _open_already(opening)) is not None:
            return twin
        incident = _insert(opening, by, now)
        record(incident, IncidentEventKind.OPENED, now=now, by=by, by_itself=proposal is not None)
        if proposal is not None:
            _take(proposal, incident, by, now)
        if by is not None:
            record_audit(act=Act.INCIDENT_OPENED, subject=house_title(incident), by=by, now=now, address=address)
        tell(incident)
        go_on(incident)
    return incident


def _open_already(opening: Opening) -> Incident | None:
    """The same outage of the same servers and services, with the same words, that goes on."""
    said = {name: getattr(opening, name) for name in _SAID}
    one_at_a_time(said)
    hit = ({row.pk for row in opening.servers}, {row.pk for row in opening.services})
    rows = Incident.objects.filter(**said, ended_at=None).prefetch_related("servers", "services")
    return next(
        (
            row
            for row in rows
            if ({each.pk for each in row.servers.all()}, {each.pk for each in row.services.all()}) == hit
        ),
        None,
    )


def _check(opening: Opening, now: datetime) -> None:
    if not opening.servers and not opening.services:
        raise Refused("nothing-hit", _("Say which servers or services are hit."))
    if opening.started_at > now:
        raise Refused("in-the-future", _("An outage cannot have begun in the future."))


def _insert(opening: Opening, by: User | None, now: datetime) -> Incident:
    incident = Incident.objects.create(
        state=opening.state,
        impact=opening.impact,
        title_it=opening.title_it,
        title_en=opening.title_en,
        text_it=opening.text_it,
        text_en=opening.text_en,
        is_public=opening.is_public,
        started_at=opening.started_at,
        next_update_at=opening.next_update_at,
        opened_at=now,
        opened_by=by,
        said_at=now,
    )
    incident.servers.set(opening.servers)
    incident.services.set(opening.services)
    Update.objects.create(
        incident=incident,
        state=incident.state,
        text_it=incident.text_it,
        text_en=incident.text_en,
        by=by,
        created_at=now,
    )
    return incident


def _opened_before(proposal: Proposal) -> Incident | None:
    proposal.refresh_from_db(from_queryset=Proposal.objects.select_for_update(no_key=True))
    return proposal.incident


def _take(proposal: Proposal, incident: Incident, by: User | None, now: datetime) -> None:
    proposal.state, proposal.incident = ProposalState.TAKEN, incident
    proposal.decided_at, proposal.decided_by = now, by
    proposal.save()
    live.publish("queue")
