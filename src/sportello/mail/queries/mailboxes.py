"""Named reads of our own addresses."""

from __future__ import annotations

from django.db.models import QuerySet

from sportello.mail.enums import Purpose
from sportello.mail.models import Mailbox


def mailbox_for_notices() -> Mailbox | None:
    """The address that the program itself writes from: the first active support mailbox, else the first active one."""
    active = Mailbox.objects.filter(is_active=True)
    return active.filter(purpose=Purpose.SUPPORT).first() or active.first()


def active_mailboxes() -> QuerySet[Mailbox]:
    return Mailbox.objects.filter(is_active=True)


def every_mailbox() -> QuerySet[Mailbox]:
    """Also those that were closed: their mails are still here."""
    return Mailbox.objects.all()
