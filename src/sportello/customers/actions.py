"""What happens to customers and contacts: they are entered and changed, met and recognised, and their addresses fail."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from dataclasses import fields as fields_of_class
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, TypedDict

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from sportello.accounts.actions import change, record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core.errors import Refused
from sportello.customers import rules
from sportello.customers.enums import CustomerKind, Notice
from sportello.customers.models import Contact, ContactAddress, Customer, Membership
from sportello.customers.queries import contact_by_address, owned_address

NAME_LENGTH = 160
PHONE_LENGTH = 40
REASON_LENGTH = 300
TAKEN_BACK_WITHIN = timedelta(days=1)


class Noted(TypedDict):
    """Who did it, when, from where, and to what: for an audit entry."""

    by: User | None
    now: datetime
    address: str | None
    about: Model


_READERS: Mapping[str, tuple[Callable[[str], str], Callable[[], Refused]]] = MappingProxyType(
    {
        "vat_number": (
            rules.vat_number,
            lambda: Refused("vat-not-valid", _("This is not a VAT number: a digit may be wrong.")),
        ),
        "tax_code": (
            rules.tax_code,
            lambda: Refused("tax-code-not-valid", _("This is not a codice fiscale: a character may be wrong.")),
        ),
        "sdi_code": (
            rules.sdi_code,
            lambda: Refused("sdi-not-valid", _("An SDI code has 7 letters and digits, that of a public body 6.")),
        ),
        "time_zone": (rules.time_zone, lambda: Refused("zone-not-known", _("This time zone is not known."))),
        "telephone": (
            rules.telephone,
            lambda: Refused("telephone-not-valid", _("This is not a telephone number; a foreign one begins with +.")),
        ),
    }
)


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


def attach_contact(*, contact: Contact, customer: Customer, by: User | None, now: datetime) -> None:  # noqa: ARG001 - as every action
    """Says that a contact who was not known writes for this customer; one who does so already stays as they are.

    Raises Refused when they belong to another one: two customers are never mixed [one.problem].
    """
    check_can_write(by)
    with transaction.atomic():
        contact.refresh_from_db(from_queryset=Contact.objects.select_for_update(of=("self",)))
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
        noted: Noted = {"by": by, "now": now, "address": address, "about": customer}
        record(act=Act.CUSTOMER_TAKEN_BACK, subject=customer.name, detail={"contact": contact.name}, **noted)
        change(contact, {"customer": None, **asdict(Granted())})
        contact.save()
        try:
            customer.delete()
        except ProtectedError:
            raise in_use from None


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
    kind: str = CustomerKind.COMPANY
    language: str = "it"
    time_zone: str = "Europe/Rome"
    external_id: str | None = None
    vat_number: str = ""
    tax_code: str = ""
    sdi_code: str = ""
    pec: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What a person may do at a customer."""

    sees_all: bool = False
    may_open: bool = True
    may_approve: bool = False
    may_order: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFields:
    """What is entered about a person; the rights are those at their own customer."""

    name: str
    role: str = ""
    language: str = "it"
    phone: str = ""
    other_phones: tuple[str, ...] = ()
    external_id: str | None = None
    is_active: bool = True
    sees_all: bool = False
    may_open: bool = True
    may_approve: bool = False
    may_order: bool = False


def fields_of(contact: Contact, **changed: Any) -> ContactFields:
    """What stands of a person, with some of it changed."""
    kept = {each.name: getattr(contact, each.name) for each in fields_of_class(ContactFields)}
    return ContactFields(**{**kept, "other_phones": tuple(contact.other_phones), **changed})


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
        customer.refresh_from_db(from_queryset=Customer.objects.select_for_update())
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
        contact = _save_contact(Contact(customer=customer, **_columns(fields)))
        record(act=Act.CONTACT_CREATED, subject=contact.name, by=by, now=now, address=address, about=contact)
        add_address(contact=contact, mail=mail, by=by, now=now, address=address)
    return contact


def change_contact(
    *, contact: Contact, fields: ContactFields, by: User | None, now: datetime, address: str | None
) -> Contact:
    """Raises Refused("telephone-not-valid"), Refused("external-id-taken")."""
    check_can_write(by)
    with transaction.atomic():
        contact.refresh_from_db(from_queryset=Contact.objects.select_for_update(of=("self",)))
        detail = change(contact, _columns(fields))
        _save_contact(contact)
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


def add_address(*, contact: Contact, mail: str, by: User | None, now: datetime, address: str | None) -> ContactAddress:
    """One more address from which this person may read and write their tickets; the first one is where mail goes.

    Raises Refused("address-not-valid"), Refused("address-taken").
    """
    check_can_write(by)
    owned = ContactAddress(contact=contact, address=mail_address(mail), is_primary=not contact.addresses.exists())
    with transaction.atomic():
        try:
            with transaction.atomic():
                owned.save()
        except IntegrityError:
            raise _address_taken(owned.address) from None
        _record_address(Act.CONTACT_ADDRESS_ADDED, owned, by, now, address)
    return owned


def remove_address(*, owned: ContactAddress, by: User | None, now: datetime, address: str | None) -> None:
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


def checked_customer(fields: CustomerFields) -> CustomerFields:
    """The fields as they are kept.

    Raises Refused: "vat-not-valid", "tax-code-not-valid", "sdi-not-valid", "pec-not-valid", "zone-not-known".
    """
    return replace(
        fields,
        vat_number=_checked("vat_number", fields.vat_number),
        tax_code=_checked("tax_code", fields.tax_code),
        sdi_code=_checked("sdi_code", fields.sdi_code),
        time_zone=_checked("time_zone", fields.time_zone),
        pec=_pec(fields.pec),
        external_id=fields.external_id or None,
    )


def _ended_on(fields: CustomerFields, before: date | None, now: datetime) -> date | None:
    return None if fields.is_active else before or now.date()


def _checked(field: str, written: str) -> str:
    read, refused = _READERS[field]
    try:
        return read(written)
    except ValueError:
        raise refused() from None


def _pec(written: str) -> str:
    try:
        return mail_address(written) if written.strip() else ""
    except Refused:
        raise Refused("pec-not-valid", _("This is not a mail address.")) from None


def _columns(fields: ContactFields) -> dict[str, Any]:
    phones = [_checked("telephone", written) for written in (fields.phone, *fields.other_phones)]
    first, *others = dict.fromkeys(filter(None, phones)) or [""]
    return {
        **asdict(fields),
        "phone": first,
        "other_phones": others,
        "external_id": fields.external_id or None,
    }


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


def _set_primary(owned: ContactAddress) -> None:
    ContactAddress.objects.filter(contact=owned.contact_id).exclude(pk=owned.pk).update(is_primary=False)
    ContactAddress.objects.filter(pk=owned.pk).update(is_primary=True)


def _record_address(act: Act, owned: ContactAddress, by: User | None, now: datetime, address: str | None) -> None:
    noted: Noted = {"by": by, "now": now, "address": address, "about": owned.contact}
    record(act=act, subject=owned.address, detail={"contact": owned.contact.name}, **noted)


def mail_address(mail: str) -> str:
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
