"""What happens to customers and contacts: they are entered and changed, met and recognised, and their addresses fail."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core.errors import Refused
from sportello.customers.models import Contact, ContactAddress, Customer
from sportello.customers.queries import contact_by_address, owned_address

NAME_LENGTH = 160
REASON_LENGTH = 300


def contact_for_sender(*, address: str, name: str, language: str, now: datetime) -> Contact:  # noqa: ARG001 - as every action
    """The contact who writes from this address; a new one, of no customer yet, when nobody knows it.

    A known contact keeps the name and language on file: what a mail says of itself does not change them.
    """
    known = contact_by_address(address)
    if known:
        return known
    try:
        return _meet(address.strip().lower(), name, language)
    except IntegrityError:  # the same stranger's other mail was quicker
        return ContactAddress.objects.select_related("contact__customer").get(address=address.strip().lower()).contact


def meet_sender(*, address: str, name: str, language: str, now: datetime) -> Contact:
    """The same, for a mail that came from this address: it is not out of reach, whatever came back from it before."""
    known = owned_address(address)
    if known is None:
        return contact_for_sender(address=address, name=name, language=language, now=now)
    if known.bounced_at is not None:
        mark_reachable(address=address, now=now)
    return known.contact


def attach_contact(*, contact: Contact, customer: Customer, by: User | None, now: datetime) -> None:  # noqa: ARG001 - as every action
    """Says that a contact who was not known writes for this customer.

    Raises Refused when they belong to another one: two customers are never mixed [one.problem].
    """
    check_can_write(by)
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


# -- the register ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFields:
    """What is entered about a customer."""

    name: str
    code: str
    since: date | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFields:
    """What is entered about a person."""

    name: str
    role: str = ""
    language: str = "it"
    phone: str = ""
    is_active: bool = True


def create_customer(*, fields: CustomerFields, by: User, now: datetime, address: str | None) -> Customer:
    """Raises Refused("code-taken")."""
    check_can_write(by)
    with transaction.atomic():
        customer = _save_customer(Customer(**asdict(fields)))
        record(act=Act.CUSTOMER_CREATED, subject=customer.name, by=by, now=now, address=address)
    return customer


def change_customer(
    *, customer: Customer, fields: CustomerFields, by: User, now: datetime, address: str | None
) -> Customer:
    """Raises Refused("code-taken")."""
    check_can_write(by)
    with transaction.atomic():
        customer.refresh_from_db(from_queryset=Customer.objects.select_for_update())
        before = {name: str(getattr(customer, name)) for name in asdict(fields)}
        for name, value in asdict(fields).items():
            setattr(customer, name, value)
        _save_customer(customer)
        changed = {name: [old, str(getattr(customer, name))] for name, old in before.items()}
        detail = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
        record(act=Act.CUSTOMER_CHANGED, subject=customer.name, by=by, now=now, address=address, detail=detail)
    return customer


def create_contact(
    *, customer: Customer, fields: ContactFields, mail: str, by: User, now: datetime, address: str | None
) -> Contact:
    """A person of this customer, with the address they write from. Raises Refused("address-not-valid"), ("address-taken")."""
    check_can_write(by)
    with transaction.atomic():
        contact = Contact.objects.create(customer=customer, **asdict(fields))
        add_address(contact=contact, mail=mail, by=by, now=now, address=address)
    return contact


def change_contact(*, contact: Contact, fields: ContactFields, by: User) -> Contact:
    check_can_write(by)
    for name, value in asdict(fields).items():
        setattr(contact, name, value)
    contact.save(update_fields=list(asdict(fields)))
    return contact


def add_address(*, contact: Contact, mail: str, by: User, now: datetime, address: str | None) -> ContactAddress:
    """One more address from which this person may read and write their tickets; the first one is where mail goes.

    Raises Refused("address-not-valid"), Refused("address-taken").
    """
    check_can_write(by)
    owned = ContactAddress(contact=contact, address=_mail_address(mail), is_primary=not contact.addresses.exists())
    with transaction.atomic():
        try:
            with transaction.atomic():
                owned.save()
        except IntegrityError:
            raise _address_taken(owned.address) from None
        _record_address(Act.CONTACT_ADDRESS_ADDED, owned, by, now, address)
    return owned


def remove_address(*, owned: ContactAddress, by: User, now: datetime, address: str | None) -> None:
    """What comes from it later is from a stranger. Raises Refused("last-address")."""
    check_can_write(by)
    with transaction.atomic():
        others = list(owned.contact.addresses.select_for_update().exclude(pk=owned.pk).order_by("-is_primary", "pk"))
        if not others:
            raise Refused("last-address", _("This is the only address; add the new one first."))
        _record_address(Act.CONTACT_ADDRESS_REMOVED, owned, by, now, address)
        owned.delete()
        if not others[0].is_primary:
            _set_primary(others[0])


def make_primary(*, owned: ContactAddress, by: User) -> None:
    """Mail to this contact goes to this address from now on."""
    check_can_write(by)
    with transaction.atomic():
        _set_primary(owned)


def clear_bounce(*, owned: ContactAddress, by: User) -> None:
    """A person says that the address works again."""
    check_can_write(by)
    ContactAddress.objects.filter(pk=owned.pk).update(bounced_at=None, bounce_reason="")


def _save_customer(customer: Customer) -> Customer:
    try:
        with transaction.atomic():
            customer.save()
    except IntegrityError:
        raise Refused("code-taken", _("There is a customer with this code.")) from None
    return customer


def _set_primary(owned: ContactAddress) -> None:
    ContactAddress.objects.filter(contact=owned.contact_id).exclude(pk=owned.pk).update(is_primary=False)
    ContactAddress.objects.filter(pk=owned.pk).update(is_primary=True)


def _record_address(act: Act, owned: ContactAddress, by: User, now: datetime, address: str | None) -> None:
    record(act=act, subject=owned.address, by=by, now=now, address=address, detail={"contact": owned.contact.name})


def _mail_address(mail: str) -> str:
    lowered = mail.strip().lower()
    try:
        validate_email(lowered)
    except ValidationError:
        raise Refused("address-not-valid", _("This is not a mail address.")) from None
    return lowered


def _address_taken(mail: str) -> Refused:
    owner = contact_by_address(mail)
    name = str(owner.customer or owner) if owner else mail
    return Refused("address-taken", _("%(address)s belongs to %(name)s already.") % {"address": mail, "name": name})


def _meet(address: str, name: str, language: str) -> Contact:
    known_languages = dict(settings.LANGUAGES)
    with transaction.atomic():
        contact = Contact.objects.create(
            name=name.replace("\x00", "").strip()[:NAME_LENGTH],
            language=language if language in known_languages else settings.LANGUAGE_CODE,
        )
        ContactAddress.objects.create(contact=contact, address=address)
    return contact
