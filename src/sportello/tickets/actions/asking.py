"""What a contact is writing on the page for a new request, kept until it is sent."""

from __future__ import annotations

from datetime import datetime

from sportello.customers.models import Contact
from sportello.tickets.models import RequestDraft
from sportello.tickets.rules import storable

LONGEST_CHOICE, LONGEST_CLAIM = 40, 10


def save_request_draft(*, contact: Contact, service: str, claim: str, text: str, now: datetime) -> None:
    """Keeps what is written so far; with nothing written there is no draft."""
    if not text.strip():
        discard_request_draft(contact=contact)
        return
    written = {
        "service": storable(service, LONGEST_CHOICE),
        "claim": storable(claim, LONGEST_CLAIM),
        "text": storable(text),
        "updated_at": now,
    }
    RequestDraft.objects.update_or_create(contact=contact, defaults=written)


def discard_request_draft(*, contact: Contact) -> None:
    RequestDraft.objects.filter(contact=contact).delete()
