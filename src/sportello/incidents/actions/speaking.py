"""What is said of an incident, to customers and among staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.actions import record as record_audit
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core.errors import Refused
from sportello.core.twins import one_at_a_time
from sportello.incidents.actions.changing import changing, go_on, record, tell
from sportello.incidents.actions.settling import look_before_the_end
from sportello.incidents.enums import ComponentStatus, IncidentEventKind, IncidentState
from sportello.incidents.letters import house_title
from sportello.incidents.models import Incident, IncidentNote, Update
from sportello.services.models import Server, Service

NOTE_LENGTH = 20_000
TWICE_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One update, in both languages. `next_update_at` is when customers hear next."""

    state: IncidentState
    text_it: str
    text_en: str
    impact: ComponentStatus | None = None
    next_update_at: datetime | None = None


def post_update(
    *, incident: Incident, said: Said, by: User, now: datetime, seen_version: int, address: str | None = None
) -> Update:
    """Says something new, which a job brings to everybody hit who has written. Solved, their tickets are solved too, but for those still down;
    another state after that opens it again, with the tickets that were kept.

    Raises Refused: "empty", "in-the-past", "changed-since" when somebody else said or changed something after
    `seen_version`. The same words twice in a row, by a double click, are one update.
    """
    check_can_write(by)
    with changing(incident):
        if (same := _same(incident, said)) is not None:
            return same
        _check(incident, said, seen_version, now)
        update = _say(incident, said, by, now)
        over = said.state == IncidentState.SOLVED
        kind, act = (
            (IncidentEventKind.SOLVED, Act.INCIDENT_SOLVED)
            if over
            else (IncidentEventKind.UPDATED, Act.INCIDENT_UPDATED)
        )
        record(incident, kind, now=now, by=by, update=str(update.public_id), state=said.state)
        record_audit(act=act, subject=house_title(incident), by=by, now=now, address=address)
        go_on(incident)
    return update


def change_incident(
    *,
    incident: Incident,
    title_it: str,
    title_en: str,
    started_at: datetime,
    servers: Sequence[Server],
    services: Sequence[Service],
    is_public: bool,
    by: User,
    now: datetime,
    address: str | None = None,
) -> None:
    """Corrects what it is about; nobody is told. What is hit besides is gathered. Raises Refused("nothing-hit"), Refused("in-the-future")."""
    check_can_write(by)
    if not servers and not services:
        raise Refused("nothing-hit", _("Say which servers or services are hit."))
    if started_at > now:
        raise Refused("in-the-future", _("An outage cannot have begun in the future."))
    with changing(incident):
        incident.title_it, incident.title_en, incident.is_public = title_it, title_en, is_public
        incident.started_at = started_at if incident.ended_at is None else min(started_at, incident.ended_at)
        incident.servers.set(servers)
        incident.services.set(services)
        record(incident, IncidentEventKind.CHANGED, now=now, by=by)
        record_audit(act=Act.INCIDENT_CHANGED, subject=house_title(incident), by=by, now=now, address=address)
        if not incident.is_over:
            go_on(incident)


def add_note(*, incident: Incident, text: str, by: User, now: datetime) -> IncidentNote:
    """Among staff; sent twice it is one. Raises Refused("empty")."""
    check_can_write(by)
    words = text.strip()[:NOTE_LENGTH]
    if not words:
        raise Refused("empty", _("There is nothing to send yet."))
    with transaction.atomic():
        one_at_a_time(incident.pk, by.pk, words)
        twin = incident.notes.filter(user=by, text=words, created_at__gt=now - TWICE_WITHIN).first()
        if twin is not None:
            return twin
        note = IncidentNote.objects.create(incident=incident, user=by, text=words, created_at=now)
        record(incident, IncidentEventKind.NOTED, now=now, by=by, note=str(note.public_id))
        tell(incident)
    return note


def _same(incident: Incident, said: Said) -> Update | None:
    latest = incident.updates.order_by("-created_at", "-id").first()
    if latest is None or (latest.state, latest.text_it, latest.text_en) != (said.state, said.text_it, said.text_en):
        return None
    return latest


def _check(incident: Incident, said: Said, seen_version: int, now: datetime) -> None:
    if incident.version > seen_version:
        raise Refused("changed-since", _("Somebody else has said or changed something meanwhile: look at it first."))
    if not said.text_it.strip() or not said.text_en.strip():
        raise Refused("empty", _("There is nothing to send yet."))
    if said.next_update_at is not None and said.next_update_at <= now:
        raise Refused("in-the-past", _("The next update must lie in the future."))


def _say(incident: Incident, said: Said, by: User, now: datetime) -> Update:
    over = said.state == IncidentState.SOLVED
    incident.state, incident.ended_at = said.state, now if over else None
    incident.text_it, incident.text_en, incident.said_at = said.text_it, said.text_en, now
    incident.impact = said.impact or incident.impact
    incident.next_update_at = None if over else said.next_update_at
    if over:
        look_before_the_end(incident=incident, now=now)
    return Update.objects.create(
        incident=incident, state=said.state, text_it=said.text_it, text_en=said.text_en, by=by, created_at=now
    )
