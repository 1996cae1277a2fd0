"""What a contact is writing on the page for a new request, kept until it is sent. With a secret in it, it is kept sealed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sportello.core import telltale
from sportello.core.blotting import Blot
from sportello.core.sealing import NotOurs, seal, unseal
from sportello.core.storing import put
from sportello.customers.models import Contact
from sportello.tickets.models import RequestDraft
from sportello.tickets.rules import SEALED_DRAFTS, storable

LONGEST_CHOICE, LONGEST_CLAIM = 40, 10
SEALED_LASTS = timedelta(days=7)


def save_request_draft(*, contact: Contact, service: str, claim: str, text: str, now: datetime) -> None:
    """Keeps what is written so far; with nothing written there is no draft."""
    if not text.strip():
        discard_request_draft(contact=contact)
        return
    written = {
        "service": storable(service, LONGEST_CHOICE),
        "claim": storable(claim, LONGEST_CLAIM),
        **_kept(contact.pk, storable(text)),
        "updated_at": now,
    }
    put(RequestDraft(contact=contact, **written), key=["contact"], names=written)


def discard_request_draft(*, contact: Contact) -> None:
    RequestDraft.objects.filter(contact=contact).delete()


def expire_sealed_drafts(*, now: datetime) -> int:
    """Takes away those with a secret in them that nobody went on with; returns how many."""
    left = RequestDraft.objects.filter(sealed__isnull=False, updated_at__lt=now - SEALED_LASTS)
    return left.delete()[0]


def blot_sealed_drafts(*, contacts: Collection[int], blot: Blot) -> int:
    """Takes words out of drafts that are kept sealed; returns in how many places they stood."""
    count = 0
    for draft in RequestDraft.objects.filter(contact__in=contacts, sealed__isnull=False):
        try:
            text = unseal(bytes(draft.sealed or b""), purpose=SEALED_DRAFTS, row=str(draft.contact_id))
        except NotOurs:
            continue
        rest, found = blot.text(text)
        if found:
            RequestDraft.objects.filter(pk=draft.pk).update(**_kept(draft.contact_id, rest))
        count += found
    return count


def _kept(contact: int, text: str) -> dict[str, str | bytes | None]:
    if telltale.findings(text):
        return {"text": "", "sealed": seal(text, purpose=SEALED_DRAFTS, row=str(contact))}
    return {"text": text, "sealed": None}
