"""What the page for a new request shows: services to choose from, how bad it is, and when the first answer comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from sportello.customers.models import Contact
from sportello.portal.forms import OTHER
from sportello.portal.lines import TicketLine, about_service, ticket_lines
from sportello.portal.templatetags.portal import first_answer_words, kept_today
from sportello.services.enums import ServiceStatus
from sportello.services.models import Service
from sportello.services.queries import service_to_open, services_to_choose
from sportello.tickets import queries
from sportello.tickets.enums import Claim
from sportello.tickets.models import HeldFile
from sportello.tickets.queries import Written
from sportello.triage.queries import first_answer_of
from sportello.triage.rules import SUPPORT
from sportello.ui.files import most_words

SHOWN = 8
"""With more services than that, they are searched."""
OPEN_SHOWN = 3
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things of which one is chosen."""

    value: str
    name: str
    about: str
    is_chosen: bool


PLACES: Mapping[str, str] = MappingProxyType(
    {
        "service": "service-1",
        "claim": "claim-1",
        "text": "text",
        "secret_label": "secret-label",
        "secret": "secret",
        "uploads": "uploads",
    }
)
"""Where on the page each field is, from top to bottom."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field, and where it is; without a place where it is none that somebody fills in."""

    place: str
    words: str


@dataclass(frozen=True, slots=True)
class NewPage:
    written: Written
    services: list[Choice]
    are_many: bool
    find: str
    claims: list[Choice]
    errors: Mapping[str, str]
    again: Sequence[TicketLine]
    first_answer: str
    kept_today: str
    has_draft: bool
    has_to_choose: bool = False
    """Something in the text looks like a secret: send it as it is, or apart?"""
    same: Sequence[TicketLine] = ()
    """What it may be the same problem as: asked before it is sent."""
    held: Sequence[HeldFile] = ()
    """Files picked before the page asked again."""
    once: UUID = field(default_factory=uuid4)
    most: str = field(default_factory=most_words)
    """How much can be sent at once."""

    @property
    def wrong(self) -> list[Wrong]:
        """All that is wrong, as it stands on the page."""
        named = [name for name in PLACES if name in self.errors]
        others = [name for name in self.errors if name not in PLACES]
        return [Wrong(PLACES.get(name, ""), self.errors[name]) for name in (*named, *others)]


def new_page(
    contact: Contact,
    written: Written,
    *,
    now: datetime,
    find: str = "",
    errors: Mapping[str, str] | None = None,
    once: UUID | None = None,
    has_to_choose: bool = False,
    same: Sequence[TicketLine] = (),
    held: Sequence[HeldFile] = (),
) -> NewPage:
    found = services_to_choose(contact, search=find, limit=SHOWN + 1, to_open=True)
    chosen = written.service or ("" if found or find else OTHER)
    return NewPage(
        written=written,
        services=_services(contact, found[:SHOWN], chosen),
        are_many=len(found) > SHOWN or bool(find),
        find=find,
        claims=[Choice(claim, str(claim.label), _harm(claim), claim == written.claim) for claim in Claim],
        errors=errors or {},
        again=ticket_lines(queries.open_of(contact, limit=OPEN_SHOWN), now=now),
        first_answer=first_answer_words(first_answer_of(SUPPORT, now=now), now),
        kept_today=kept_today(queries.promise_at_a_glance(now).today),
        has_draft=bool(written.text.strip()),
        has_to_choose=has_to_choose,
        same=same,
        held=held,
        once=once or uuid4(),
    )


def sought(text: str) -> str:
    """A part of a name, as PostgreSQL takes it."""
    return text.replace("\x00", "").strip()[:LONGEST_NAME]


def chosen_service(contact: Contact, chosen: str) -> Service | None:
    """The service that was chosen on the page; None for what they may not choose."""
    try:
        wanted = UUID(chosen)
    except ValueError:
        return None
    return service_to_open(contact, wanted)


def _services(contact: Contact, found: Sequence[Service], chosen: str) -> list[Choice]:
    """Those found; the one chosen before first, where a search does not show it; and always the choice of none."""
    shown = list(found)
    if chosen not in {"", OTHER, *(str(service.public_id) for service in shown)}:
        shown = [service for service in [chosen_service(contact, chosen)] if service] + shown
    is_anothers = any(service.customer_id != contact.customer_id for service in shown)
    whose = contact.customer.name if is_anothers and contact.customer else ""
    about = " · ".join(filter(None, (_("invoices, domains, contract"), whose)))
    other = Choice(OTHER, _("Something else, or administration"), about, chosen == OTHER)
    return [*(_choice(service, chosen, contact) for service in shown), other]


def _choice(service: Service, chosen: str, contact: Contact) -> Choice:
    status = "" if service.status == ServiceStatus.ACTIVE else service.get_status_display()
    value = str(service.public_id)
    return Choice(
        value, service.name, " · ".join(filter(None, (about_service(service, contact), status))), value == chosen
    )


def _harm(claim: Claim) -> str:
    match claim:
        case Claim.NOTHING_OPENS:
            return _("site, mail or server is gone altogether")
        case Claim.PART:
            return _("the rest can be used")
        case Claim.QUESTION:
            return _("everything works")
