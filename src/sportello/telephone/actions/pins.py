"""The support PIN: a contact makes one, staff type what a caller says."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.limits import Limit
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.customers.models import Contact
from sportello.telephone.enums import PinAnswer
from sportello.telephone.models import PinCheck, SupportPin
from sportello.telephone.rules.numbers import digits_of
from sportello.telephone.rules.pins import PIN_DIGITS, PIN_LASTS, is_pin

# Only wrong ones count. A new PIN has the count of its contact begin anew: who signed in to make it cannot be locked out by strangers on the line.
PINS_OF_CONTACT = Limit("support-pin-contact", most=5, within=timedelta(hours=24))
PINS_BY_AGENT = Limit("support-pin-agent", most=30, within=timedelta(hours=1))


def make_pin(*, contact: Contact, now: datetime, address: str | None) -> str:
    """A new PIN in place of the one before. It is told once, here; only a hash keyed with the secret key is kept."""
    pin = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"
    made = {"keyed_hash": _keyed_hash(contact, pin), "made_at": now, "expires_at": now + PIN_LASTS}
    with transaction.atomic():
        SupportPin.objects.update_or_create(contact=contact, defaults=made)
        PINS_OF_CONTACT.forget(str(contact.pk), now=now)
        _record(Act.PIN_MADE, contact, None, now, address)
    return pin


def check_pin(*, contact: Contact, said: str, by: User, now: datetime, address: str | None) -> PinAnswer:
    """Whether what a caller said is the contact's PIN. Every try is in the audit, also one too many."""
    check_can_write(by)
    if not _may_try(contact, by, now):
        _record(Act.PIN_SHUT, contact, by, now, address)
        return PinAnswer.SHUT
    pin = SupportPin.objects.filter(contact=contact, contact__is_active=True, expires_at__gt=now).first()
    kept = pin.keyed_hash if pin else ""
    if not constant_time_compare(kept, _keyed_hash(contact, digits_of(said))) or not is_pin(said):
        _record(Act.PIN_WRONG, contact, by, now, address)
        return PinAnswer.WRONG
    with transaction.atomic():
        PINS_OF_CONTACT.give_back(str(contact.pk), now=now)
        PINS_BY_AGENT.give_back(str(by.pk), now=now)
        PinCheck.objects.create(contact=contact, user=by, at=now)
        _record(Act.PIN_RIGHT, contact, by, now, address)
    return PinAnswer.RIGHT


def _may_try(contact: Contact, by: User, now: datetime) -> bool:
    by_agent = PINS_BY_AGENT.take(str(by.pk), now=now)
    return PINS_OF_CONTACT.take(str(contact.pk), now=now) and by_agent


def _keyed_hash(contact: Contact, pin: str) -> str:
    return salted_hmac("sportello.telephone.pin", f"{contact.pk}:{pin}", algorithm="sha256").hexdigest()


def _record(act: Act, contact: Contact, by: User | None, now: datetime, address: str | None) -> None:
    customer = {"customer": contact.customer.name} if contact.customer else {}
    record(act=act, subject=contact.name, by=by, now=now, address=address, detail=customer)
