"""A question before buying: asked on the public form, confirmed from its sender's mail, and only then a ticket [reach.presales]."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.limits import Limit
from sportello.core.addresses import as_kept
from sportello.core.errors import Refused
from sportello.customers.actions import contact_for_sender
from sportello.intake.actions import Request, open_request
from sportello.intake.shares import may_send_receipt
from sportello.mail.actions import first_receipt
from sportello.mail.headers import clean
from sportello.mail.models import Mailbox
from sportello.mail.queries import own_addresses
from sportello.mail.queries.mailboxes import presales_mailbox
from sportello.mail.queries.outbound import last_receipt_at
from sportello.presales.models import AddressLink, Enquiry
from sportello.presales.notifications import confirm_address
from sportello.presales.queries import digest, link_of, waiting_of
from sportello.presales.rules import ENQUIRY_KEPT, LINK_KEPT, LINK_LASTS, MOST_WAITING, ONE_MAIL_WITHIN, link_goes_out
from sportello.tickets.actions import Content
from sportello.tickets.enums import Channel
from sportello.tickets.models import Ticket
from sportello.tickets.reasons import TicketReason
from sportello.tickets.rules import storable, subject_from
from sportello.triage.rules import PRESALES

QUESTIONS = Limit("presales-questions", most=200, within=timedelta(hours=1))
EVERYBODY = "everybody"
LONGEST_TEXT = 10_000
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody wrote into the form; nothing of it is proven."""

    address: str
    name: str
    text: str
    company: str = ""
    phone: str = ""
    language: str = "it"


@transaction.atomic
def ask(*, question: Question, now: datetime) -> None:
    """Keep a question until its address is confirmed, and send the link that does it, unless one went there within the hour.

    What is asked with an address of our own is thrown away. Raises Refused("many-questions"), Refused("no-mailbox").
    """
    mailbox, address = presales_mailbox(), as_kept(question.address)
    if mailbox is None:
        raise Refused("no-mailbox", _("No questions can be taken here at the moment. Please call us."))
    if address in own_addresses():
        return
    is_first = first_receipt(address=address, within=ONE_MAIL_WITHIN, now=now)
    if len(waiting_of(address)) >= MOST_WAITING or not QUESTIONS.take(EVERYBODY, now=now):
        raise _too_many()
    Enquiry.objects.create(asked_at=now, **{**asdict(_kept(question)), "address": address})
    if not _has_link_on_its_way(address, now):
        _send_link(address, question.language, mailbox, now=now, is_first=is_first)


@transaction.atomic
def confirm(*, secret: str, chosen: Collection[UUID], shown: Collection[UUID], now: datetime) -> list[Ticket]:
    """Use a link up: of the questions asked from its address the chosen ones become tickets, the others that were shown are thrown away.

    The clock counts from now, since nobody could answer before. Raises Refused("question-link-over"), and Refused("question-unseen") for one that
    was asked since the others were shown: nobody has said what becomes of it.
    """
    link = link_of(secret, now=now)
    unused = _held_unused(link.address) if link else []
    if link is None or link.pk not in unused:
        raise Refused("question-link-over", _("This link has been used already, or is too old."))
    waiting = waiting_of(link.address)
    if not {enquiry.public_id for enquiry in waiting} <= set(shown):
        raise Refused(
            "question-unseen", _("Another question was asked with your address meanwhile. Look through them once more.")
        )
    AddressLink.objects.filter(pk__in=unused).update(used_at=now)
    tickets = [_open(enquiry, now) for enquiry in waiting if enquiry.public_id in set(chosen)]
    Enquiry.objects.filter(pk__in=[enquiry.pk for enquiry in waiting]).delete()
    return tickets


def forget(*, now: datetime) -> int:
    """Throw away what nobody confirmed in time, and links long over; returns how many questions."""
    AddressLink.objects.filter(expires_at__lt=now - LINK_KEPT).delete()
    return Enquiry.objects.filter(asked_at__lt=now - ENQUIRY_KEPT).delete()[0]


def _held_unused(address: str) -> list[int]:
    """In one order: of two links to one address that are used at the same moment, one waits for the other, and is used up."""
    rows = AddressLink.objects.filter(address=address, used_at=None).order_by("pk")
    return list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _has_link_on_its_way(address: str, now: datetime) -> bool:
    """One that is being used up at this moment is waited for: it is none for what was asked after."""
    unused = AddressLink.objects.filter(pk__in=_held_unused(address))
    return unused.filter(sent_at__gte=now - ONE_MAIL_WITHIN).exists()


def _send_link(address: str, language: str, mailbox: Mailbox, *, now: datetime, is_first: bool) -> None:
    if not may_send_receipt(kind="question-link", address=address, is_customer=False, now=now):
        raise _too_many()
    at = link_goes_out(last_mail_at=None if is_first else last_receipt_at(address), now=now)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    AddressLink.objects.create(address=address, secret_sha256=digest(secret), sent_at=at, expires_at=at + LINK_LASTS)
    confirm_address(address=address, secret=secret, language=language, mailbox=mailbox, at=at)


def _open(enquiry: Enquiry, now: datetime) -> Ticket:
    contact = contact_for_sender(address=enquiry.address, name=enquiry.name, language=enquiry.language, now=now)
    request = Request(
        subject=subject_from(enquiry.text),
        text=enquiry.text,
        contact=contact,
        channel=Channel.FORM,
        queue=PRESALES,
        sender=enquiry.address,
        language=enquiry.language,
        mailbox=presales_mailbox(),
        reasons=([str(TicketReason.ADDRESS_CONFIRMED), {}],),
        content=Content(extra={"enquiry": {"name": enquiry.name, "company": enquiry.company, "phone": enquiry.phone}}),
    )
    return open_request(request=request, now=now)


def _kept(question: Question) -> Question:
    """Names and numbers on one line each, the text as a database takes it."""
    return Question(
        address=question.address,
        name=clean(question.name, 160),
        company=clean(question.company, 160),
        phone=clean(question.phone, 40),
        text=storable(question.text, LONGEST_TEXT),
        language=question.language,
    )


def _too_many() -> Refused:
    return Refused(
        "many-questions",
        _(
            "So many questions are being asked at the moment that this one was not taken. Try again in an hour, or write us a mail."
        ),
    )
