"""The pages of incidents: what goes on, what looks like it, whom it hits, what is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.accounts.permissions import can_write
from sportello.core.paging import Page, Place
from sportello.incidents.actions import Said
from sportello.incidents.enums import IncidentState
from sportello.incidents.letters import letter, reasons_in_words, title_of
from sportello.incidents.models import Incident, IncidentEvent, IncidentNote, IncidentTicket, Proposal, Update
from sportello.incidents.queries import pages
from sportello.incidents.queries.belonging import Candidate
from sportello.incidents.queries.pages import Hit, Reach
from sportello.services.models import Server, Service
from sportello.tickets.models import Ticket

SHOWN_EVIDENCE = 6
NEXT_UPDATE = timedelta(minutes=30)
STATE_CHIPS = {
    IncidentState.INVESTIGATING: "danger",
    IncidentState.IDENTIFIED: "warn",
    IncidentState.WATCHING: "accent",
    IncidentState.SOLVED: "good",
}


@dataclass(frozen=True, slots=True)
class Line:
    """An incident in a list."""

    incident: Incident
    title: str
    tone: str
    where: str
    under: int = 0


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A proposal with what it was seen by. `more` is how many of its tickets are not shown."""

    proposal: Proposal
    reasons: list[str]
    tickets: list[Ticket]
    services: list[Service]
    more: int


@dataclass(frozen=True, slots=True)
class IncidentsPage:
    current: list[Line]
    suspicions: list[Suspicion]
    past: list[Line]
    page: Page[Incident]


@dataclass(frozen=True, slots=True)
class IncidentPage:
    line: Line
    hit: Hit
    silent: int
    reach: Reach
    live: list[IncidentTicket]
    gone: list[IncidentTicket]
    doubtful: list[Candidate]
    updates: list[Update]
    notes: list[IncidentNote]
    events: list[IncidentEvent]
    may_write: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """One language of an update, as its readers get it."""

    language: str
    words: str
    text: str


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above the queue: what goes on, and what waits for a decision."""

    current: list[Line]
    suspicions: list[Proposal]


def incidents_page(user: User, place: Place) -> IncidentsPage:
    """In eleven queries, however many there are."""
    past = pages.past_incidents(user, place=place)
    return IncidentsPage(
        [_line(row) for row in pages.current_incidents(user)],
        suspicions(user, pages.proposals(user)),
        [_line(row) for row in past.rows],
        past,
    )


def incident_page(user: User, incident: Incident) -> IncidentPage:
    return IncidentPage(
        _line(incident),
        pages.hit_by(user, incident),
        pages.hit_without_ticket(user, incident),
        pages.reach_of(user, incident),
        pages.links_of(user, incident, live=True),
        pages.links_of(user, incident, live=False),
        pages.doubtful(user, incident),
        pages.updates_of(user, incident),
        pages.notes_of(user, incident),
        pages.events_of(user, incident),
        can_write(user),
    )


def suspicions(user: User, rows: Sequence[Proposal]) -> list[Suspicion]:
    tickets, services = pages.evidence_of(user, rows) if rows else ({}, {})
    return [_suspicion(row, tickets, services) for row in rows]


def banner(user: User) -> Banner:
    """In one query while nothing goes on."""
    goes_on, waits = pages.what_goes_on()
    current = [_line(row) for row in pages.current_incidents(user)] if goes_on else []
    return Banner(current, pages.proposals(user) if waits else [])


def preview_of(incident: Incident, said: Said, number: int | None) -> list[Preview]:
    """The letters as they would go out, in both languages; `number` is that of one reader's ticket; without one it is left open."""
    would_be = Incident(
        title_it=incident.title_it,
        title_en=incident.title_en,
        ended_at=timezone.now() if said.state == IncidentState.SOLVED else None,
    )
    texts = {"it": said.text_it, "en": said.text_en}
    return [
        Preview(
            language,
            str({"it": _("In Italian"), "en": _("In English")}[language]),
            letter(
                incident=would_be,
                text=text,
                number=number or "…",
                language=language,
                next_update_at=said.next_update_at,
            ),
        )
        for language, text in texts.items()
    ]


def suggested(
    servers: Sequence[Server], services: Sequence[Service], *, since: datetime, now: datetime
) -> dict[str, Any]:
    """What a new incident begins with: true as it stands, and better once somebody writes what is known."""
    what = ", ".join(
        dict.fromkeys(
            [*(server.public_name for server in servers if server.public_name), *(service.name for service in services)]
        )
    )
    values: dict[str, Any] = {
        "servers": list(servers),
        "services": [service.name for service in services],
        "started_at": since,
        "next_update_at": now.replace(second=0, microsecond=0) + NEXT_UPDATE,
        "state": IncidentState.INVESTIGATING,
        "impact": "major",
        "is_public": bool(servers),
    }
    return {**values, **_words(what, since, of_some=bool(servers))}


def _words(what: str, since: datetime, *, of_some: bool) -> dict[str, str]:
    """The title goes to customers and to the public page: a server stands in it by its public name, or not at all."""
    words = {}
    for language in ("it", "en"):
        with override(language):
            at = f"{timezone.localtime(since):%H:%M}"
            of_what = _("Outage: %(what)s") % {"what": what} if what else ""
            words[f"title_{language}"] = of_what or (_("Outage of some services") if of_some else "")
            words[f"text_{language}"] = _(
                "Since %(at)s services cannot be reached, or only in part. We have seen it and are looking for the cause."
            ) % {"at": at}
    return words


def _line(incident: Incident) -> Line:
    names = [*(row.name for row in incident.servers.all()), *(row.name for row in incident.services.all())]
    return Line(
        incident,
        title_of(incident, get_language()),
        STATE_CHIPS[IncidentState(incident.state)],
        ", ".join(names),
        getattr(incident, "under", 0),
    )


def _suspicion(row: Proposal, tickets: dict[int, Ticket], services: dict[int, Service]) -> Suspicion:
    known = [tickets[pk] for pk in row.evidence.get("tickets", []) if pk in tickets]
    failing = [services[pk] for pk in row.evidence.get("failing", []) if pk in services]
    shown = known[:SHOWN_EVIDENCE]
    return Suspicion(
        row, reasons_in_words(row.evidence.get("reasons", [])), shown, failing[:SHOWN_EVIDENCE], len(known) - len(shown)
    )


def reach_words(reach: Reach) -> str:
    people = ngettext("%(count)d person by mail", "%(count)d people by mail", reach.people) % {"count": reach.people}
    tickets = ngettext("in %(count)d ticket", "in %(count)d tickets", reach.tickets) % {"count": reach.tickets}
    return f"{people}, {tickets}"
