"""Customers and people as a billing system lists them: a portion of the rows in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from sportello.accounts.models import row_name
from sportello.accounts.queries import last_details
from sportello.core.addresses import as_kept
from sportello.core.loading import LEFT_OUT, Ending, Entry, Outcome, Pass, Said, Unfit, Verdict, each
from sportello.core.storing import set_values, store
from sportello.customers import rules
from sportello.customers.enums import CustomerKind
from sportello.customers.models import Contact, ContactAddress, Customer, Membership
from sportello.customers.sessions import shut_out

_NUMBERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"vat_number": rules.vat_number, "tax_code": rules.tax_code, "sdi_code": rules.sdi_code}
)
_CUSTOMER = (
    *("name", "code", "kind", "is_active", "ended_on", "since", "language", "pec", "external_id"),
    *_NUMBERS,
)
_RIGHTS = ("sees_all", "may_open", "may_approve", "may_order")
_CONTACT = ("name", "role", "language", "phone", "external_id", "is_active", *_RIGHTS)
_ENDED = ("inactive", "closed", "cancelled", "terminated", "chiuso", "cessato", "disdetto", "non attivo", "no", "0")
_STRANGER = gettext_noop("somebody who is not known yet writes from this address: say whose they are")
_WRITES_FOR_BOTH = gettext_noop("somebody of another customer, who writes for this one, too")
_PERSONS = ("person", "persona", "persona fisica", "privato", "individual")


class _Customers:
    def __init__(self, entries: Sequence[Entry], going: Pass) -> None:
        ids = [entry.external_id for entry in entries]
        codes = {entry.texts.get("code") or entry.external_id for entry in entries}
        self.going = going
        self.by_id = {row.external_id: row for row in Customer.objects.filter(external_id__in=ids)}
        self.by_code = {row.code: row for row in Customer.objects.filter(code__in=codes)}
        self.again = listed_again(self.by_id.values())
        self.rows: list[Customer] = []

    def load(self, entry: Entry) -> Verdict:
        values, notes = _customer_values(entry, self.going.now.date())
        row = self.by_id.get(entry.external_id)
        values["code"] = values.get("code") or (row.code if row else entry.external_id[:40])
        owner = self.by_code.get(values["code"])
        if owner is not None and owner is not row and owner.pk != getattr(row, "pk", None):
            if row is not None or owner.external_id is not None:
                raise Unfit(Outcome.CONFLICT, gettext_noop("another customer has this code"))
            row = owner  # entered by hand before, with the same code
        if row is not None and row_name(row) in self.again:
            values = {"is_active": True, "ended_on": None, **values}
        row = row or Customer(external_id=entry.external_id)
        outcome, changed = set_values(row, {**values, "external_id": entry.external_id}, self.going)
        self.by_code[row.code] = row
        if outcome is not Outcome.SAME:
            self.rows.append(row)
        return entry.verdict(outcome, *changed, *notes)


def load_customers(entries: Sequence[Entry], going: Pass) -> list[Verdict]:
    loading = _Customers(entries, going)
    verdicts = each(entries, loading.load)
    if going.is_trial:
        going.customers.update(row.external_id for row in loading.rows if row.external_id)
    else:
        store(loading.rows, _CUSTOMER)
    return verdicts


class _Contacts:
    def __init__(self, entries: Sequence[Entry], going: Pass) -> None:
        self.going = going
        self.customers = customers_by_id(entries, going)
        addresses = [as_kept(entry.texts["address"]) for entry in entries]
        owned = ContactAddress.objects.filter(address__in=addresses).select_related("contact")
        self.owners = {row.address: row.contact for row in owned}
        ids = [entry.external_id for entry in entries if entry.external_id]
        self.taken = {row.external_id: row for row in Contact.objects.filter(external_id__in=ids)}
        self.again = listed_again(self.taken.values())
        beside = Membership.objects.filter(contact__in=self.owners.values())
        self.beside = set(beside.values_list("contact", "customer"))
        self.joined: set[tuple[int, int]] = set()
        self.rows: list[Contact] = []
        self.addresses: list[ContactAddress] = []
        self.memberships: list[Membership] = []

    def load(self, entry: Entry) -> Verdict:
        address = _address(entry.texts["address"])
        customer = customer_of(entry, self.customers)
        values, notes = _contact_values(entry)
        owner, holder = self.owners.get(address), self.taken.get(entry.external_id)
        if holder is not None and holder is not owner and holder.pk != getattr(owner, "pk", None):
            raise Unfit(Outcome.CONFLICT, gettext_noop("this person has another mail address on file"))
        if owner is None:
            outcome = self._enter(entry, Contact(customer=customer, **{"name": address, **values}), address)
        elif owner.customer_id is None:
            raise Unfit(Outcome.CONFLICT, _STRANGER)
        elif owner.customer_id != customer.pk:
            outcome = self._let_write(owner, customer, values)
            notes = [*notes, (_WRITES_FOR_BOTH, {})]
        else:
            outcome, changed = self._change(entry, owner, values)
            notes = [*changed, *notes]
        return entry.verdict(outcome, *notes)

    def _enter(self, entry: Entry, contact: Contact, address: str) -> Outcome:
        contact.external_id = entry.external_id or None
        self.rows.append(contact)
        self.addresses.append(ContactAddress(contact=contact, address=address))
        self.owners[address] = contact
        if entry.external_id:
            self.taken[entry.external_id] = contact
        return Outcome.NEW

    def _let_write(self, contact: Contact, customer: Customer, values: Mapping[str, Any]) -> Outcome:
        rights = {name: values[name] for name in _RIGHTS if name in values}
        if (contact.pk, customer.pk) in self.beside or (id(contact), customer.pk) in self.joined:
            return Outcome.SAME
        self.joined.add((id(contact), customer.pk))
        self.memberships.append(Membership(contact=contact, customer=customer, since=self.going.now, **rights))
        return Outcome.NEW

    def _change(self, entry: Entry, contact: Contact, values: dict[str, Any]) -> tuple[Outcome, list[Said]]:
        if entry.external_id and contact.external_id is None:
            values["external_id"] = entry.external_id
        if row_name(contact) in self.again:
            values["is_active"] = True
        outcome, changed = set_values(contact, values, self.going)
        if outcome is Outcome.CHANGED:
            self.rows.append(contact)
        return outcome, changed


def load_contacts(entries: Sequence[Entry], going: Pass) -> list[Verdict]:
    """By mail address: one that somebody of another customer has lets that person write for this one, too."""
    loading = _Contacts(entries, going)
    verdicts = each(entries, loading.load)
    if going.is_trial:
        return verdicts
    store({id(row): row for row in loading.rows}.values(), _CONTACT)
    store(loading.addresses, ())
    store(loading.memberships, ())
    return verdicts


def vanishing_customers() -> QuerySet[Customer]:
    return Customer.objects.filter(external_id__isnull=False, is_active=True)


def vanishing_contacts() -> QuerySet[Contact]:
    return Contact.objects.filter(external_id__isnull=False, is_active=True)


def end_customers(keys: Sequence[int], now: datetime) -> Ending:
    ended = {"is_active": False, "ended_on": now.date()}
    Customer.objects.filter(pk__in=keys).update(**ended)
    return ended


def end_contacts(keys: Sequence[int], now: datetime) -> Ending:  # noqa: ARG001 - every kind is ended by the same call; no day is kept of a person
    Contact.objects.filter(pk__in=keys).update(is_active=False)
    shut_out(keys)
    return {"is_active": False}


def listed_again(rows: Iterable[Customer | Contact]) -> set[str]:
    """Those of the rows, by `row_name`, that ended because a list had them no more, and that nobody has changed since."""
    ended = [row for row in rows if not row.is_active]
    return {name for name, detail in last_details(ended).items() if "not_listed" in detail}


def customers_by_id(entries: Sequence[Entry], going: Pass) -> dict[str | None, Customer]:
    wanted = {entry.texts["customer"] for entry in entries}
    found: dict[str | None, Customer] = {
        external_id: Customer(external_id=external_id) for external_id in wanted & going.customers
    }
    found.update((row.external_id, row) for row in Customer.objects.filter(external_id__in=wanted))
    return found


def customer_of(entry: Entry, customers: Mapping[str | None, Customer]) -> Customer:
    """Raises Unfit."""
    found = customers.get(entry.texts["customer"])
    if found is None:
        raise Unfit(Outcome.WRONG, gettext_noop("no customer has this id: import the customers first"))
    return found


def _customer_values(entry: Entry, today: date) -> tuple[dict[str, Any], list[Said]]:
    """What is left out because it cannot be right is said."""
    values, notes = entry.given(name=160, code=40), list[Said]()
    values |= {field: day for field, day in entry.days.items() if day}
    if entry.texts.get("kind"):
        is_person = entry.texts["kind"].lower() in _PERSONS
        values["kind"] = CustomerKind.PERSON if is_person else CustomerKind.COMPANY
    if entry.texts.get("status"):
        values["is_active"] = entry.texts["status"].lower() not in _ENDED
        values["ended_on"] = None if values["is_active"] else today
    values |= _language(entry)
    for field, read in _NUMBERS.items():
        try:
            values |= {field: read(entry.texts[field])} if entry.texts.get(field) else {}
        except ValueError:
            notes.append((LEFT_OUT, {"field": field}))
    if entry.texts.get("pec"):
        try:
            values["pec"] = _address(entry.texts["pec"])
        except Unfit:
            notes.append((LEFT_OUT, {"field": "pec"}))
    return values, notes


def _contact_values(entry: Entry) -> tuple[dict[str, Any], list[Said]]:
    values, notes = entry.given(name=160, role=80) | _language(entry), list[Said]()
    values |= {name: entry.truths[name] for name in _RIGHTS if name in entry.truths}
    if entry.texts.get("phone"):
        try:
            values["phone"] = rules.telephone(entry.texts["phone"])
        except ValueError:
            notes.append((LEFT_OUT, {"field": "phone"}))
    return values, notes


def _language(entry: Entry) -> dict[str, str]:
    named = entry.texts.get("language", "").lower()
    short = {"italian": "it", "italiano": "it", "english": "en", "inglese": "en"}.get(named, named[:2])
    return {"language": short} if short in dict(settings.LANGUAGES) else {}


def _address(written: str) -> str:
    kept = as_kept(written)
    try:
        validate_email(kept)
    except ValidationError:
        raise Unfit(Outcome.WRONG, gettext_noop("the mail address cannot be right")) from None
    return kept
