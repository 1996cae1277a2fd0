"""A contact's password for the customers' area: an alternative to the link by mail, with a row of its own. Only its hash is kept."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from sportello.accounts.models import User
from sportello.core.addresses import as_kept
from sportello.core.errors import Refused
from sportello.customers.models import Contact, ContactAddress, ContactPassword
from sportello.customers.queries import primary_address
from sportello.customers.sessions import end_sessions


def set_password(*, contact: Contact, password: str, session_key: str, now: datetime) -> None:
    """Sets it, and ends every other session of the contact than this one.

    Raises Refused("weak-password") by the rules that staff's passwords are held to.
    """
    alike = User(email=primary_address(contact), name=contact.name)
    try:
        validate_password(password, alike)
    except ValidationError as weak:
        raise Refused("weak-password", " ".join(weak.messages)) from None
    with transaction.atomic():
        ContactPassword.objects.update_or_create(
            contact=contact, defaults={"hash": make_password(password), "changed_at": now}
        )
        end_sessions(contact=contact, but=session_key)


def has_password(contact: Contact) -> bool:
    return ContactPassword.objects.filter(contact=contact).exists()


def owner_of(*, address: str, password: str) -> ContactAddress | None:
    """The address of an active contact, when this is their password.

    As much is done for somebody who is not known or has no password, so that the time of the answer does not tell.
    """
    wanted = as_kept(address)
    known = ContactPassword.objects.filter(contact__is_active=True, contact__addresses__address=wanted)
    kept = known.select_related("contact__customer").first()
    if not check_password(password, kept.hash if kept else _of_nobody()) or kept is None:
        return None
    return (
        ContactAddress.objects.select_related("contact__customer").filter(contact=kept.contact, address=wanted).first()
    )


@cache
def _of_nobody() -> str:
    return make_password("nobody has this password")
