"""Customers and their people are entered, changed, joined and taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from sportello.accounts.actions import change, record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core.errors import Refused
from sportello.customers.actions.addresses import add_address
from sportello.customers.actions.fields import (
    ContactFields,
    CustomerFields,
    Granted,
    Noted,
    checked_customer,
    columns_of,
)
from sportello.customers.enums import Notice
from sportello.customers.models import Contact, Customer, Membership
from sportello.customers.sessions import shut_out

TAKEN_BACK_WITHIN = timedelta(days=1)


def hold(contact: Contact) -> None:
    """Refreshes the person, and holds them until the transaction ends: before their tickets, so that nobody waits in a circle."""
    contact.refresh_from_db(from_queryset=Contact.objects.select_for_update(of=("self",), no_key=True))


def attach_contact(*, contact: Contact, customer: Customer, by: User | None, now: datetime) -> None:  # noqa: ARG001 - as every action
    """Says that a contact who was not known writes for this customer; one who does so already stays as they are.

    Raises Refused when they belong to another one: two customers are never mixed [one.problem].
    """
    check_can_write(by)
    with transaction.atomic():
        hold(contact)
        if contact.memberships.filter(customer=customer).exists():
            return
        if contact.customer_id not in (None, customer.pk):
            raise Refused("other-customer", _("This contact belongs to another customer."))
        contact.customer = customer
        contact.save(update_fields=["customer"])


def choose_notices(*, contact: Contact, wanted: Collection[str]) -> None:
    """What this person is told by mail as well; the rest is told in the customer area only."""
    contact.muted = [each.value for each in Notice if each not in wanted]
    contact.save(update_fields=["muted"])


def choose_language(*, contact: Contact, language: str) -> None:
    """In which this person reads the customer area and our mails from now on; requests that are there keep theirs."""
    contact.language = language
    contact.save(update_fields=["language"])


def take_back_customer(
    *, contact: Contact, customer: Customer, by: User | None, now: datetime, address: str | None
) -> None:
    """Undoes, within a day, that a customer was made of a person whom nobody knew: the customer goes, the person stays.

    Raises Refused("customer-in-use") once there is more to it: other people, services, an id of the billing system.
    """
    check_can_write(by)
    in_use = Refused(
        "customer-in-use",
        _("There is more to this customer by now: it can be changed, and end, but not be taken back."),
    )
    is_new = now - customer.created_at <= TAKEN_BACK_WITHIN and customer.external_id is None
    if not is_new or contact.customer_id != customer.pk or customer.memberships.exists():
        raise in_use
    with transaction.atomic():
        hold(contact)
        noted: Noted = {"by": by, "now": now, "address": address, "about": customer}
        record(act=Act.CUSTOMER_TAKEN_BACK, subject=customer.name, detail={"contact": contact.name}, **noted)
        change(contact, {"customer": None, **asdict(Granted())})
        contact.save()
        try:
            customer.delete()
        except ProtectedError:
            raise in_use from None


def create_customer(*, fields: CustomerFields, by: User | None, now: datetime, address: str | None) -> Customer:
    """Raises Refused: "code-taken", "external-id-taken", or what `checked_customer` refuses."""
    check_can_write(by)
    with transaction.atomic():
        customer = _save_customer(Customer(**asdict(checked_customer(fields)), ended_on=_ended_on(fields, None, now)))
        record(act=Act.CUSTOMER_CREATED, subject=customer.name, by=by, now=now, address=address, about=customer)
    return customer


def change_customer(
    *, customer: Customer, fields: CustomerFields, by: User | None, now: datetime, address: str | None
) -> Customer:
    """Raises Refused: "code-taken", "external-id-taken", or what `checked_customer` refuses."""
    check_can_write(by)
    with transaction.atomic():
        customer.refresh_from_db(from_queryset=Customer.objects.select_for_update(no_key=True))
        ended_on = _ended_on(fields, customer.ended_on, now)
        detail = change(customer, {**asdict(checked_customer(fields)), "ended_on": ended_on})
        _save_customer(customer)
        noted: Noted = {"by": by, "now": now, "address": address, "about": customer}
        record(act=Act.CUSTOMER_CHANGED, subject=customer.name, detail=detail, **noted)
    return customer


def create_contact(
    *, customer: Customer, fields: ContactFields, mail: str, by: User | None, now: datetime, address: str | None
) -> Contact:
    """A person of this customer, with the address they write from.

    Raises Refused: "address-not-valid", "address-taken", "telephone-not-valid", "external-id-taken".
    """
    check_can_write(by)
    with transaction.atomic():
        contact = _save_contact(Contact(customer=customer, **columns_of(fields)))
        record(act=Act.CONTACT_CREATED, subject=contact.name, by=by, now=now, address=address, about=contact)
        add_address(contact=contact, mail=mail, by=by, now=now, address=address)
    return contact


def change_contact(
    *, contact: Contact, fields: ContactFields, by: User | None, now: datetime, address: str | None
) -> Contact:
    """Whoever is withdrawn is signed out. Raises Refused("telephone-not-valid"), Refused("external-id-taken")."""
    check_can_write(by)
    with transaction.atomic():
        hold(contact)
        detail = change(contact, columns_of(fields))
        _save_contact(contact)
        if not contact.is_active:
            shut_out([contact.pk])
        noted: Noted = {"by": by, "now": now, "address": address, "about": contact}
        record(act=Act.CONTACT_CHANGED, subject=contact.name, detail=detail, **noted)
    return contact


def grant(
    *, contact: Contact, customer: Customer, granted: Granted, by: User | None, now: datetime, address: str | None
) -> Membership:
    """Lets a person write for one more customer, or says anew what they may do there.

    Raises Refused("own-customer") for their own, whose rights stand with the person, and ("no-customer-yet") for somebody
    who has none: whose they are is said first.
    """
    check_can_write(by)
    if contact.customer_id is None:
        raise Refused("no-customer-yet", _("First say whose this person is."))
    if contact.customer_id == customer.pk:
        raise Refused("own-customer", _("This is the person's own customer."))
    with transaction.atomic():
        found, made = Membership.objects.get_or_create(contact=contact, customer=customer, defaults={"since": now})
        detail = {"customer": customer.name, **change(found, asdict(granted))}
        found.save()
        act = Act.MEMBERSHIP_GIVEN if made else Act.MEMBERSHIP_CHANGED
        record(act=act, subject=contact.name, detail=detail, by=by, now=now, address=address, about=contact)
    return found


def withdraw(*, membership: Membership, by: User | None, now: datetime, address: str | None) -> None:
    """The person no longer writes for this customer, and sees none of its tickets: not even those that they opened."""
    check_can_write(by)
    contact, detail = membership.contact, {"customer": membership.customer.name}
    with transaction.atomic():
        membership.delete()
        noted: Noted = {"by": by, "now": now, "address": address, "about": contact}
        record(act=Act.MEMBERSHIP_ENDED, subject=contact.name, detail=detail, **noted)


def _ended_on(fields: CustomerFields, before: date | None, now: datetime) -> date | None:
    return None if fields.is_active else before or now.date()


def _save_customer(customer: Customer) -> Customer:
    try:
        with transaction.atomic():
            customer.save()
    except IntegrityError as error:
        if "external_id" in str(error):
            raise _external_id_taken() from None
        raise Refused("code-taken", _("There is a customer with this code.")) from None
    return customer


def _save_contact(contact: Contact) -> Contact:
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError:
        raise _external_id_taken() from None
    return contact


def _external_id_taken() -> Refused:
    return Refused("external-id-taken", _("Something else has this id of the billing system."))
