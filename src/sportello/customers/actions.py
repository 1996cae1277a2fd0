"""What happens to contacts: they are met, recognised, and their addresses fail."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.customers.models import Contact, ContactAddress, Customer
from sportello.customers.queries import contact_by_address

NAME_LENGTH = 160
REASON_LENGTH = 300


def contact_for_sender(*, address: str, name: str, language: str, now: datetime) -> Contact:
    """The contact who writes from this address; a new one, of no customer yet, when nobody knows it.

    A known contact keeps the name and language on file: what a mail says of itself does not change them.
    """
    known = contact_by_address(address)
    if known:
        return known
    try:
        return _meet(address.strip().lower(), name, language, now)
    except IntegrityError:  # the same stranger's other mail was quicker
        return ContactAddress.objects.select_related("contact__customer").get(address=address.strip().lower()).contact


def attach_contact(*, contact: Contact, customer: Customer, by: User | None, now: datetime) -> None:
    """Says that a contact who was not known writes for this customer.

    Raises Refused when they belong to another one: two customers are never mixed [one.problem].
    """
    if by is not None and not by.may_write:
        raise Refused("read-only", _("Your role may look, not change."))
    with transaction.atomic():
        contact.refresh_from_db(from_queryset=Contact.objects.select_for_update(of=("self",)))
        if contact.customer_id not in (None, customer.pk):
            raise Refused("other-customer", _("This contact belongs to another customer."))
        contact.customer = customer
        contact.save(update_fields=["customer"])


def mark_bounced(*, address: str, reason: str, now: datetime) -> bool:
    """Notes on the address that mail to it came back, and why. False when nobody has this address."""
    owned = ContactAddress.objects.filter(address=address.strip().lower())
    return owned.update(bounced_at=now, bounce_reason=reason[:REASON_LENGTH]) == 1


def mark_reachable(*, address: str, now: datetime) -> None:
    """Takes the note of a bounce away: mail came from this address, or reached it."""
    owned = ContactAddress.objects.filter(address=address.strip().lower(), bounced_at__lt=now)
    owned.update(bounced_at=None, bounce_reason="")


def _meet(address: str, name: str, language: str, now: datetime) -> Contact:
    known_languages = dict(settings.LANGUAGES)
    with transaction.atomic():
        contact = Contact.objects.create(
            name=name.replace("\x00", "").strip()[:NAME_LENGTH],
            language=language if language in known_languages else settings.LANGUAGE_CODE,
        )
        ContactAddress.objects.create(contact=contact, address=address)
    return contact
