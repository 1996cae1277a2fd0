"""What the page for a new request shows before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass

from sportello.core.sealing import NotOurs, unseal
from sportello.core.statements import Reading
from sportello.customers.models import Contact
from sportello.tickets.models import RequestDraft
from sportello.tickets.rules import SEALED_DRAFTS

_DRAFT = Reading(lambda contact: RequestDraft.objects.filter(contact_id=contact))


@dataclass(frozen=True, slots=True)
class Written:
    """What a contact has written so far, as it was typed and chosen."""

    service: str = ""
    claim: str = ""
    text: str = ""


def request_draft_of(contact: Contact) -> Written | None:
    draft = _DRAFT.first(contact.pk)
    return Written(draft.service, draft.claim, _text_of(draft)) if draft else None


def _text_of(draft: RequestDraft) -> str:
    """Nothing, where the secret key has been changed since it was sealed."""
    if draft.sealed is None:
        return draft.text
    try:
        return unseal(bytes(draft.sealed), purpose=SEALED_DRAFTS, row=str(draft.contact_id))
    except NotOurs:
        return ""
