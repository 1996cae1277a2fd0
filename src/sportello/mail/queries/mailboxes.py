"""Named reads of our own addresses."""

from __future__ import annotations

from sportello.mail.enums import Purpose
from sportello.mail.models import Mailbox


def mailbox_for_notices() -> Mailbox | None:
    """The address that the program itself writes from: the first active support mailbox, else the first active one."""
    active = Mailbox.objects.filter(is_active=True)
    return active.filter(purpose=Purpose.SUPPORT).first() or active.first()
