"""Signing a contact in: links that work once, for half an hour, of which only a hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext

from sportello.core.errors import Refused
from sportello.core.statements import Reading
from sportello.customers.models import Contact, Membership, SignInLink

LINK_LASTS = timedelta(minutes=30)
LINKS_KEPT = timedelta(days=30)
_SECRET_BYTES = 32


def _signed_in(key: Any) -> QuerySet[Contact]:
    elsewhere = Exists(Membership.objects.filter(contact=OuterRef("pk")))
    rows = Contact.objects.select_related("customer").annotate(writes_elsewhere=elsewhere)
    return rows.filter(pk=key, is_active=True)


# For every page of a customer's.
_BY_KEY = Reading(_signed_in)
_BY_ADDRESS = Reading(lambda key, address: _signed_in(key).filter(addresses=address))


def make_link(*, contact: Contact, now: datetime, address: str = "") -> str:
    """The secret of a new link, 256 random bits in URL-safe letters. It is told once, here.

    With the `address` of the contact that it goes to, it is worth nothing once that is taken from them.
    """
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    SignInLink.objects.create(
        contact=contact,
        address=contact.addresses.filter(address=address).first(),
        secret_sha256=_digest(secret),
        created_at=now,
        expires_at=now + LINK_LASTS,
    )
    return secret


def contact_of_link(secret: str, *, now: datetime) -> Contact | None:
    """Whom a link would let in; None when it is used, too old, unknown, or its contact was withdrawn."""
    link = SignInLink.objects.select_related("contact__customer").filter(**_usable(secret, now)).first()
    return link.contact if link else None


@transaction.atomic
def use_link(*, secret: str, now: datetime) -> SignInLink:
    """Use a link up, and with it every other one of the contact. Raises Refused("link-not-valid")."""
    usable = SignInLink.objects.filter(**_usable(secret, now))
    link = usable.select_related("contact__customer", "address").first()
    unused = _held_unused(link.contact) if link else []
    if link is None or link.pk not in unused:
        raise Refused("link-not-valid", gettext("This link has been used already, or is older than half an hour."))
    SignInLink.objects.filter(pk__in=unused).update(used_at=now)
    return link


def _held_unused(contact: Contact) -> list[int]:
    """In one order: of two links that are used at the same moment, one waits for the other, and is used up."""
    rows = SignInLink.objects.filter(contact=contact, used_at=None).order_by("pk")
    return list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def contact_of_session(contact_id: object, address_id: object = None) -> Contact | None:
    """The contact that a session names, as long as neither they nor the address they came in by have been withdrawn."""
    if not isinstance(contact_id, int):
        return None
    return _BY_ADDRESS.first(contact_id, address_id) if isinstance(address_id, int) else _BY_KEY.first(contact_id)


def forget_old_links(*, now: datetime) -> int:
    """Remove links that nobody can use any more; returns how many."""
    return SignInLink.objects.filter(expires_at__lt=now - LINKS_KEPT).delete()[0]


def _usable(secret: str, now: datetime) -> dict[str, object]:
    return {"secret_sha256": _digest(secret), "used_at": None, "expires_at__gt": now, "contact__is_active": True}


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
