"""Named reads of our own addresses."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from sportello.mail.enums import Door, Purpose
from sportello.mail.models import ImapAccount, InboundMail, Mailbox
from sportello.mail.reasons import AnswerReason


def mailbox_for_notices() -> Mailbox | None:
    """The address that the program itself writes from: the first active support mailbox, else the first active one."""
    active = Mailbox.objects.filter(is_active=True)
    return active.filter(purpose=Purpose.SUPPORT).first() or active.first()


def presales_address() -> str:
    """Where to ask before buying [reach.presales]; empty when no mailbox is for that."""
    active = Mailbox.objects.filter(is_active=True, purpose=Purpose.PRESALES)
    return active.values_list("address", flat=True).first() or ""


def presales_mailbox() -> Mailbox | None:
    """Where questions before buying are answered from: its own active mailbox, else the one of notices."""
    own = Mailbox.objects.filter(is_active=True, purpose=Purpose.PRESALES).first()
    return own or mailbox_for_notices()


def active_mailboxes() -> QuerySet[Mailbox]:
    return Mailbox.objects.filter(is_active=True)


def every_mailbox() -> QuerySet[Mailbox]:
    """Also those that were closed: their mails are still here."""
    return Mailbox.objects.all()


def first_for(purpose: Purpose) -> Mailbox | None:
    """The address that customers, or those who may become some, write to."""
    return active_mailboxes().filter(purpose=purpose).first()


def mailbox_by_id(pk: int) -> Mailbox | None:
    return Mailbox.objects.filter(pk=pk).first()


def imap_accounts() -> QuerySet[ImapAccount]:
    """All of them, also those switched off, with their mailboxes."""
    return ImapAccount.objects.select_related("mailbox").order_by("mailbox__position", "mailbox__address", "pk")


def imap_account_by_id(pk: int) -> ImapAccount | None:
    return imap_accounts().filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class Previewed:
    """What came in while a mailbox only received: `mails`, and for how many of them a receipt would have gone out."""

    mails: int
    answers_not_sent: int


def previewed(mailbox: Mailbox) -> Previewed:
    kept = Q(reason_params__answer=AnswerReason.PREVIEW)
    rows = InboundMail.objects.filter(mailbox=mailbox, door=Door.IMAP, answers_allowed=False)
    return Previewed(**rows.aggregate(mails=Count("pk"), answers_not_sent=Count("pk", filter=kept)))
