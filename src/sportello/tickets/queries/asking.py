"""What the page for a new request shows before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass

from sportello.core.statements import Reading
from sportello.customers.models import Contact
from sportello.tickets.models import RequestDraft

_DRAFT = Reading(lambda contact: RequestDraft.objects.filter(contact_id=contact))


@dataclass(frozen=True, slots=True)
class Written:
    """What a contact has written so far, as it was typed and chosen."""

    service: str = ""
    claim: str = ""
    text: str = ""


def request_draft_of(contact: Contact) -> Written | None:
    draft = _DRAFT.first(contact.pk)
    return Written(draft.service, draft.claim, draft.text) if draft else None
