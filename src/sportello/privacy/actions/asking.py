"""A person asks to be erased: a ticket for staff, who decide, for the law knows exceptions."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext

from sportello.accounts.limits import Limit
from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.intake.actions import Request, open_request
from sportello.tickets.enums import Channel
from sportello.tickets.models import Ticket

ASKED = Limit("privacy-erasure", most=1, within=timedelta(days=1))


def ask_for_erasure(*, contact: Contact, now: datetime) -> Ticket:
    """Also for who may open no other tickets: it is a right. Raises Refused("asked-too-often")."""
    if not ASKED.take(str(contact.pk), now=now):
        raise Refused("asked-too-often", gettext("This was asked for today already."))
    with translation.override(contact.language):
        subject = gettext("Erasure of personal data (GDPR art. 17)")
        text = gettext("I ask for the erasure of my personal data. An answer is due within one month (art. 12(3)).")
    request = Request(subject=subject, text=text, contact=contact, channel=Channel.PORTAL, looks_for_service=False)
    return open_request(request=request, now=now)
