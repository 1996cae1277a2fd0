"""A judged mail becomes a message of a ticket, or stays a row with its reason. All within the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sportello.core.errors import Refused
from sportello.customers import actions as customers
from sportello.customers.models import Contact, ContactAddress
from sportello.duplicates.actions import Came, consider
from sportello.incidents.queries.belonging import same_incident
from sportello.intake.actions.greeting import greet
from sportello.intake.actions.requests import Request, open_request
from sportello.intake.contents import Contents, contents_of
from sportello.intake.notifications import tell_joined
from sportello.intake.rules import Arrival, Join, Judgement, Open, Trust, copies_of, refusal_to_answer
from sportello.intake.shares import receipts_are_used_up
from sportello.mail import actions as mail_actions
from sportello.mail.enums import InboundState, Purpose
from sportello.mail.models import InboundMail
from sportello.mail.reasons import AnswerReason, MailReason
from sportello.tickets.actions import add_message, note_copy
from sportello.tickets.actions.writing import Content
from sportello.tickets.enums import Channel, Status
from sportello.tickets.models import Ticket
from sportello.tickets.reasons import Stored, TicketReason
from sportello.triage.rules import PRESALES, SUPPORT


@dataclass(frozen=True, slots=True)
class Filing:
    """One mail on its way into a ticket."""

    inbound: InboundMail
    arrival: Arrival
    judgement: Judgement
    now: datetime
    known: ContactAddress | None = None
    """The sender's address, where it was found to be somebody's."""

    @property
    def written_at(self) -> datetime:
        """The customer has waited since the mail came; one taken in as "receive only" waits from now."""
        return self.inbound.received_at if self.inbound.answers_allowed else self.now

    def content(self, contents: Contents) -> Content:
        return Content(
            html=contents.html,
            fresh_text=contents.fresh_text,
            sanitiser_version=contents.sanitiser_version,
            extra=contents.extra,
            inbound=self.inbound,
            is_automatic=self.judgement.is_automatic,
            is_unverified=self.judgement.is_unverified,
        )


def file(filing: Filing, where: Join | Open) -> None:
    if isinstance(where, Join):
        _join(filing, Ticket.objects.get(pk=where.ticket_id))
    else:
        _open(filing)


def _open(filing: Filing) -> None:
    """A ticket of its own, which lives on in one of the same sender's at once where it is certain that both are about one problem."""
    contents = contents_of(filing.arrival.mail, filing.judgement.marks, is_answer=False)
    ticket = open_with(filing, contents, copies=_copies(filing))
    target = None if filing.judgement.is_automatic else consider(came=_came(filing, ticket, contents), now=filing.now)
    if target is None:
        _record(filing, MailReason.FILED_NEW, ticket, {"answer": _answer(filing, ticket)})
    else:
        _record(filing, MailReason.FILED_JOINED_ITSELF, target, {"answer": _answer(filing, ticket, target)})


def _came(filing: Filing, ticket: Ticket, contents: Contents) -> Came:
    return Came(
        ticket=ticket,
        text=f"{contents.subject}\n{contents.fresh_text or contents.text}",
        is_proven=not filing.judgement.is_unverified and filing.arrival.trust in (Trust.PASSED, Trust.UNCHECKED),
        subject=filing.arrival.mail.subject,
        same_incident=same_incident,
    )


def _join(filing: Filing, ticket: Ticket) -> None:
    was_over = ticket.status in (Status.SOLVED, Status.CLOSED)
    try:
        add_to(filing, ticket)
    except Refused as refusal:
        if refusal.code != "closed-too-long":
            raise
        follow_up = open_for(filing, follow_up_of=ticket)
        params = {"earlier": ticket.number, "answer": _answer(filing, follow_up)}
        _record(filing, MailReason.FILED_FOLLOW_UP, follow_up, params)
    else:
        reopened = was_over and not filing.judgement.is_automatic
        _record(filing, MailReason.FILED_REOPENED if reopened else MailReason.FILED_JOINED, ticket, {})


def add_to(filing: Filing, ticket: Ticket) -> None:
    """Adds the mail to the ticket, and notes who was in copy. Raises Refused("closed-too-long")."""
    contents = contents_of(filing.arrival.mail, filing.judgement.marks, is_answer=True)
    add_message(
        ticket=ticket,
        text=contents.text,
        now=filing.written_at,
        channel=Channel.MAIL,
        contact=contact_of(filing),
        attachments=contents.files,
        **filing.content(contents),
    )
    if not filing.judgement.is_automatic:
        for contact in _copies(filing):
            note_copy(ticket=ticket, contact=contact, now=filing.written_at)


def open_for(filing: Filing, *, follow_up_of: Ticket | None = None) -> Ticket:
    contents = contents_of(filing.arrival.mail, filing.judgement.marks, is_answer=False)
    return open_with(filing, contents, copies=_copies(filing), follow_up_of=follow_up_of)


def open_with(
    filing: Filing, contents: Contents, *, copies: tuple[Contact, ...] = (), follow_up_of: Ticket | None = None
) -> Ticket:
    mailbox = filing.inbound.mailbox
    request = Request(
        subject=contents.subject,
        text=contents.text,
        contact=contact_of(filing),
        channel=Channel.MAIL,
        queue=PRESALES if mailbox.purpose == Purpose.PRESALES else SUPPORT,
        sender=filing.arrival.sender,
        mailbox=mailbox,
        files=contents.files,
        copies=copies,
        reasons=tuple(_ticket_reasons(filing.judgement)),
        follow_up_of=follow_up_of,
        content=filing.content(contents),
    )
    return open_request(request=request, now=filing.written_at)


def contact_of(filing: Filing) -> Contact:
    """The sender. A mail that names nobody has a sender of its own, whom no answer can reach."""
    arrival = filing.arrival
    address = arrival.sender or f"{filing.inbound.public_id}@sender.invalid"
    return customers.meet_sender(
        address=address,
        name=filing.inbound.sender_name,
        language=arrival.mail.language or "it",
        now=filing.now,
        known=filing.known,
    )


def _copies(filing: Filing) -> tuple[Contact, ...]:
    arrival = filing.arrival
    others = copies_of(arrival.mail, sender=arrival.sender, own_addresses=arrival.own_addresses)
    return tuple(
        customers.contact_for_sender(address=address, name="", language=arrival.mail.language or "it", now=filing.now)
        for address in others
    )


def _ticket_reasons(judgement: Judgement) -> list[Stored]:
    found = [
        (judgement.is_unverified, TicketReason.SENDER_UNVERIFIED),
        (judgement.is_automatic, TicketReason.MACHINE),
    ]
    return [[str(reason), {}] for applies, reason in found if applies]


def _answer(filing: Filing, ticket: Ticket, joined_to: Ticket | None = None) -> AnswerReason:
    """Sends the receipt where one may be sent; says what was done."""
    refusal = refusal_to_answer(filing.arrival, filing.judgement, allowed=filing.inbound.answers_allowed)
    if refusal is not None:
        return refusal
    if joined_to is not None:
        told = tell_joined(ticket, joined_to, inbound=filing.inbound, now=filing.now)
        return AnswerReason.TOO_SOON if told is None else AnswerReason.SENT
    greeted = greet(ticket=ticket, inbound=filing.inbound, now=filing.now)
    if greeted.mail is not None:
        return AnswerReason.SENT
    if greeted.knows:
        return AnswerReason.TOLD
    used_up = receipts_are_used_up(is_customer=ticket.customer_id is not None, now=filing.now)
    return AnswerReason.USED_UP if used_up else AnswerReason.TOO_SOON


def _record(filing: Filing, reason: MailReason, ticket: Ticket, params: Mapping[str, Any]) -> None:
    mail_actions.record_verdict(
        inbound=filing.inbound,
        state=InboundState.FILED,
        gate=filing.judgement.gate,
        reason=reason,
        params={**params, **marks(filing.judgement), "number": ticket.number, "ticket": str(ticket.public_id)},
        now=filing.now,
    )


def marks(judgement: Judgement) -> dict[str, Any]:
    """What else the gates said, for the row."""
    return {"marks": [[str(mark.reason), dict(mark.params)] for mark in judgement.marks]} if judgement.marks else {}
