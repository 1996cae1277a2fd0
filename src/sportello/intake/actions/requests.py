"""One way in for every request: mail, customer area, telephone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sportello.accounts.models import User
from sportello.core.lately import lately
from sportello.customers.models import Contact
from sportello.mail.models import Mailbox
from sportello.services.models import Service
from sportello.services.queries import service_meant
from sportello.tickets.actions import NewFile, open_ticket
from sportello.tickets.actions.writing import Content
from sportello.tickets.enums import Channel
from sportello.tickets.models import Ticket
from sportello.tickets.reasons import Stored
from sportello.tickets.topics import speaks_of_outage
from sportello.triage.enums import Claim
from sportello.triage.queries import queue_by_slug


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for, whichever way it came. Without a service, the one it speaks of is looked for."""

    subject: str
    text: str
    contact: Contact
    channel: Channel
    queue: str = "support"
    sender: str = ""
    """The mail address it was written from, which may be a service's domain."""
    language: str = ""
    mailbox: Mailbox | None = None
    service: Service | None = None
    looks_for_service: bool = True
    """Whether the service is looked for in the text, when none is given."""
    files: tuple[NewFile, ...] = ()
    copies: tuple[Contact, ...] = ()
    reasons: tuple[Stored, ...] = ()
    follow_up_of: Ticket | None = None
    claim: Claim | None = None
    """What the customer says of the harm; a mail that speaks of a total outage says so in its words."""
    content: Content = field(default_factory=Content)


def open_request(*, request: Request, now: datetime, by: User | None = None) -> Ticket:
    """Opens the ticket of a request, about the service that it speaks of. `by` is who typed it in for the contact."""
    service, why = _service(request)
    return open_ticket(
        subject=request.subject,
        text=request.text,
        contact=request.contact,
        queue=lately(("queue of requests", request.queue), partial(queue_by_slug, request.queue)),
        channel=request.channel,
        now=now,
        by=by,
        attachments=request.files,
        mailbox=request.mailbox,
        service=service,
        language=request.language or request.contact.language,
        copies=request.copies,
        reasons=[*request.reasons, *why],
        follow_up_of=request.follow_up_of,
        claim=request.claim or _said(request),
        **request.content,
    )


def _service(request: Request) -> tuple[Service | None, list[Stored]]:
    contact, earlier = request.contact, request.follow_up_of
    is_known = contact.customer is not None and contact.is_active
    if request.service is not None or not is_known or not request.looks_for_service:
        return request.service, []
    service, why = service_meant(contact, f"{request.subject}\n{request.text}", request.sender)
    if service and earlier and earlier.customer_id not in (None, service.customer_id):
        return None, []
    return service, [[str(reason), {}] for reason in why]


def _said(request: Request) -> Claim | None:
    """A mail that speaks of a total outage: a weak claim, since words are soon written [promise.outage]."""
    by_person = request.channel == Channel.MAIL and not request.content.get("is_automatic")
    text = f"{request.subject}\n{request.content.get('fresh_text') or request.text}"
    return Claim.WORDS if by_person and speaks_of_outage(text) else None
