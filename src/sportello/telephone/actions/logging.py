"""What a caller said, taken down by staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core.errors import Refused
from sportello.customers.actions import meet_caller
from sportello.customers.models import Contact
from sportello.customers.queries import rights_at
from sportello.duplicates.actions import Came, consider
from sportello.duplicates.enums import Place
from sportello.incidents.queries.belonging import same_incident
from sportello.intake.actions import Request, open_request
from sportello.intake.actions.greeting import greet
from sportello.intake.notifications import tell_joined
from sportello.mail.models import OutboundMail
from sportello.services.models import Service
from sportello.telephone.queries import held_proof_of
from sportello.tickets.actions import Content, add_message, note_copy
from sportello.tickets.enums import Channel, Claim
from sportello.tickets.models import Ticket
from sportello.tickets.notifications import mailbox_of
from sportello.tickets.reasons import TicketReason
from sportello.triage.enums import Claim as TriageClaim
from sportello.triage.rules import SUPPORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a caller said, as staff took it down. With a `ticket` it joins that one; else `subject` names a new one."""

    text: str
    subject: str = ""
    ticket: Ticket | None = None
    service: Service | None = None
    queue: str = SUPPORT
    number: str = ""
    claim: Claim | None = None
    """How bad the caller says it is; None where it was not asked."""
    is_new: bool = False
    """Staff have said that it is a problem of its own, whatever it looks like."""


@dataclass(frozen=True, slots=True)
class Logged:
    """`receipt` is the mail about it; None when the caller has no address, or had one within the hour.

    `was_joined` is whether a new ticket was joined to this one at once, because it is certainly the same problem.
    """

    ticket: Ticket
    receipt: OutboundMail | None
    was_joined: bool = False


def log_call(*, contact: Contact, said: Said, by: User, now: datetime) -> Logged:
    """A call becomes a ticket or joins one, with the same clocks as a mail. Raises Refused("other-customer").

    The mail about it goes to the address on file, also when the caller proved nothing: whose name was used should know.
    """
    check_can_write(by)
    with transaction.atomic():
        proof = held_proof_of(contact, by, now=now)
        content = Content(
            is_unverified=proof is None,
            extra={"call": {"number": said.number, "is_verified": proof is not None, "by": by.name}},
        )
        ticket = (
            _open(contact, said, content, by, now) if said.ticket is None else _join(contact, said, content, by, now)
        )
        if proof is not None:
            proof.ticket = ticket
            proof.save(update_fields=["ticket"])
        target = _same(ticket, said, now, is_proven=proof is not None) if said.ticket is None else None
        if target is not None:
            return Logged(target, tell_joined(ticket, target, now=now), was_joined=True)
        is_theirs = ticket.contact_id == contact.pk
        return Logged(ticket, greet(ticket=ticket, mailbox=mailbox_of(ticket), now=now).mail if is_theirs else None)


def log_unknown_call(*, name: str, said: Said, by: User, now: datetime) -> Ticket:
    """Takes down somebody whom nobody knows: a ticket of no customer, and no mail, since no address of theirs is proven."""
    check_can_write(by)
    with transaction.atomic():
        contact = meet_caller(name=name, phone=said.number, language=by.language)
        content = Content(
            is_unverified=True, extra={"call": {"number": said.number, "is_verified": False, "by": by.name}}
        )
        return _open(contact, said, content, by, now)


def _same(ticket: Ticket, said: Said, now: datetime, *, is_proven: bool) -> Ticket | None:
    """The open ticket that the call was joined to; else what it may be is proposed to staff, unless they have said that it is none."""
    if said.is_new:
        return None
    came = Came(
        ticket=ticket,
        text=f"{said.subject}\n{said.text}",
        place=Place.PHONE,
        is_proven=is_proven,
        same_incident=same_incident,
    )
    return consider(came=came, now=now)


def _open(contact: Contact, said: Said, content: Content, by: User, now: datetime) -> Ticket:
    proven = not content["is_unverified"]
    reasons = [[str(TicketReason.CALLER_VERIFIED if proven else TicketReason.CALLER_UNVERIFIED), {}]]
    claimed = [[f"claim.{said.claim}", {}]] if said.claim else []
    request = Request(
        subject=said.subject,
        text=said.text,
        contact=contact,
        channel=Channel.PHONE,
        queue=said.queue,
        service=said.service,
        claim=TriageClaim(said.claim) if said.claim else None,
        reasons=(*reasons, *claimed),
        content=content,
    )
    return open_request(request=request, now=now, by=by)


def _join(contact: Contact, said: Said, content: Content, by: User, now: datetime) -> Ticket:
    ticket = said.ticket
    assert ticket is not None  # noqa: S101 - tells the type checker what its caller looked at
    if ticket.contact_id != contact.pk and (ticket.customer_id is None or not rights_at(contact, ticket.customer_id)):
        raise Refused("other-customer", _("This contact belongs to another customer."))
    add_message(ticket=ticket, text=said.text, now=now, channel=Channel.PHONE, contact=contact, by=by, **content)
    if ticket.contact_id != contact.pk:
        note_copy(ticket=ticket, contact=contact, now=now)
    return ticket
