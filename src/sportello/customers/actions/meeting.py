"""Who writes or calls is met and recognised; and addresses fail, and are reached again."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from sportello.core.addresses import as_kept
from sportello.customers.models import Contact, ContactAddress
from sportello.customers.queries import contact_by_address, owned_address

NAME_LENGTH = 160
PHONE_LENGTH = 40
REASON_LENGTH = 300


def contact_for_sender(*, address: str, name: str, language: str, now: datetime) -> Contact:  # noqa: ARG001 - as every action
    """The contact who writes from this address; a new one, of no customer yet, when nobody knows it.

    A known contact keeps the name and language on file: what a mail says of itself does not change them.
    """
    known = contact_by_address(address)
    if known:
        return known
    try:
        return _meet(as_kept(address), name, language)
    except IntegrityError:  # the same stranger's other mail was quicker
        return ContactAddress.objects.select_related("contact__customer").get(address=as_kept(address)).contact


def meet_sender(
    *, address: str, name: str, language: str, now: datetime, known: ContactAddress | None = None
) -> Contact:
    """The same, for a mail that came from this address: it is not out of reach, whatever came back from it before.

    `known` is the address, where it was looked up just now.
    """
    known = known or owned_address(address)
    if known is None:
        return contact_for_sender(address=address, name=name, language=language, now=now)
    if known.bounced_at is not None:
        mark_reachable(address=address, now=now)
    return known.contact


def meet_caller(*, name: str, phone: str, language: str) -> Contact:
    """Somebody of no customer who called: no mail can reach them before they have given an address and proved it."""
    return Contact.objects.create(
        name=name.strip()[:NAME_LENGTH], phone=phone.strip()[:PHONE_LENGTH], language=language
    )


def mark_bounced(*, address: str, reason: str, now: datetime) -> bool:
    """Notes on the address that mail to it came back, and why. False when nobody has this address."""
    owned = ContactAddress.objects.filter(address=as_kept(address))
    return owned.update(bounced_at=now, bounce_reason=reason[:REASON_LENGTH]) == 1


def mark_reachable(*, address: str, now: datetime) -> None:
    """Takes the note of a bounce away: mail came from this address, or reached it."""
    owned = ContactAddress.objects.filter(address=as_kept(address), bounced_at__lt=now)
    owned.update(bounced_at=None, bounce_reason="")


def _meet(address: str, name: str, language: str) -> Contact:
    known_languages = dict(settings.LANGUAGES)
    with transaction.atomic():
        contact = Contact.objects.create(
            name=name.replace("\x00", "").strip()[:NAME_LENGTH],
            language=language if language in known_languages else settings.LANGUAGE_CODE,
        )
        ContactAddress.objects.create(contact=contact, address=address)
    return contact
