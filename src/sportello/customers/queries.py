"""Who is it? Customers and contacts by the address they write from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from sportello.core.addresses import as_kept
from sportello.core.arrays import is_any_of
from sportello.core.paging import Page, Place, instant, page_of, text
from sportello.core.statements import Reading
from sportello.customers.models import Contact, ContactAddress, Customer, Membership, Rights

MOST_OF_ONE_DOMAIN = 3
MOST_COLLEAGUES = 30
"""Colleagues that stand in a choice; with more of them they are looked for."""
PEOPLE_A_PAGE = 30
RIGHTS = ("sees_all", "may_open", "may_approve", "may_order")


_OWNED = Reading(lambda address: ContactAddress.objects.select_related("contact__customer").filter(address=address))


def _colleagues(customer: Any, contact: Any) -> QuerySet[Contact]:
    return Contact.objects.filter(customer=customer, is_active=True).exclude(pk=contact)


_COLLEAGUES = Reading(
    lambda customer, contact: _colleagues(customer, contact).order_by("name", "pk")[: MOST_COLLEAGUES + 1]
)


def contact_by_address(address: str) -> Contact | None:
    """The contact who owns this mail address, with their customer; upper and lower case are the same."""
    found = owned_address(address)
    return found.contact if found else None


def owned_address(address: str) -> ContactAddress | None:
    """The address as its owner has it, with them and their customer."""
    return _OWNED.first(as_kept(address))


def primary_address(contact: Contact) -> str:
    """Where mail for this contact goes: the primary address, else the oldest; empty when there is none."""
    found = contact.addresses.order_by("-is_primary", "id").values_list("address", flat=True).first()
    return found or ""


def primary_addresses(contacts: Sequence[Contact]) -> dict[int, str]:
    """The same for many contacts, by contact id, in one query; those without an address are left out."""
    rows = ContactAddress.objects.filter(contact__in=contacts).order_by("is_primary", "-id")
    return dict(rows.values_list("contact_id", "address"))


def customers_beside(contact: Any, **having: bool) -> QuerySet[Membership, Any]:
    """The customers that a contact writes for beside their own, having these rights there, as the one column of a subquery."""
    return Membership.objects.filter(contact=contact, **having).order_by().values("customer")


def memberships_of(contact: Contact, *, start: int, limit: int) -> list[Membership]:
    """For whom somebody writes besides their own customer, by name."""
    return list(contact.memberships.select_related("customer")[start : start + limit])


def people_beside(customer: Customer) -> list[Membership]:
    """Those who write for a customer and belong to another one, a web agency for one."""
    rows = customer.memberships.filter(contact__is_active=True).select_related("contact__customer")
    return list(rows.order_by("contact__name", "pk"))


def writers_page(customer: Customer, *, search: str, place: Place) -> Page[Contact]:
    """Everybody active who writes for a customer, by name, with their addresses; `search` looks into both."""
    beside = is_any_of("pk", customer.memberships.order_by().values("contact"))
    rows = _with_addresses(Contact.objects.filter(Q(customer=customer) | Q(beside), is_active=True))
    return page_of(_called(rows, search), key="name", read=text, place=place, descending=False, size=PEOPLE_A_PAGE)


def with_rights(people: Sequence[Contact], customer: Customer) -> list[tuple[Contact, Rights]]:
    """Those who write for a customer, with what each may there, in one query; whoever does no more is left out."""
    beside = {row.contact_id: row for row in customer.memberships.filter(contact__in=people)}
    rights = ((one, one if one.customer_id == customer.pk else beside.get(one.pk)) for one in people)
    return [(one, theirs) for one, theirs in rights if theirs is not None]


def membership_of(contact: Contact, pk: int) -> Membership | None:
    return contact.memberships.select_related("contact", "customer").filter(pk=pk).first()


def rights_at(contact: Contact, customer_id: int) -> Rights | None:
    """What a contact may do at a customer; None when they do not write for it."""
    if contact.customer_id == customer_id:
        return contact
    return contact.memberships.filter(customer=customer_id).first()


def have_contract(contact: Contact) -> bool:
    """Whether a person's own customer has a contract, or another one that they write for [cover.customers]."""
    own = contact.customer
    return own is not None and (own.is_active or contact.memberships.filter(customer__is_active=True).exists())


def may_open_at(contact: Contact, customer_id: int | None) -> bool:
    """Whether a contact may open requests for a customer; one of no customer, for nobody's."""
    if customer_id is None or customer_id == contact.customer_id:
        return contact.may_open
    rights = rights_at(contact, customer_id)
    return rights is not None and rights.may_open


def may_open_anywhere(contact: Contact) -> bool:
    return contact.may_open or contact.memberships.filter(may_open=True).exists()


def rights_elsewhere(contact: Contact) -> frozenset[str]:
    """What a contact may do at any customer with a contract that they write for beside their own: `sees_all`, `may_open`, ..."""
    if not getattr(contact, "writes_elsewhere", True):
        return frozenset()
    rows = contact.memberships.filter(customer__is_active=True).values(*RIGHTS)
    return frozenset(right for row in rows for right, given in row.items() if given)


def customers_named(text: str, limit: int = 20) -> list[Customer]:
    """Active customers whose name or code holds the text, for a choice on a form."""
    named = Customer.objects.filter(is_active=True, name__icontains=text)
    coded = Customer.objects.filter(is_active=True, code__icontains=text)
    return list((named | coded)[:limit])


def colleagues_of(contact: Contact) -> list[Contact]:
    """The other active people of the same customer, by name; none for somebody of no customer. With more of them one above MOST_COLLEAGUES."""
    if contact.customer_id is None:
        return []
    return _COLLEAGUES(contact.customer_id, contact.pk)


def colleagues_page(contact: Contact, *, search: str, place: Place) -> Page[Contact]:
    """All of them; `search` looks into their names."""
    rows = _colleagues(contact.customer_id, contact.pk) if contact.customer_id else Contact.objects.none()
    if search:
        rows = rows.filter(name__icontains=search)
    return page_of(rows, key="name", read=text, place=place, descending=False, size=PEOPLE_A_PAGE)


def colleague_of(contact: Contact, public_id: UUID) -> Contact | None:
    if contact.customer_id is None:
        return None
    return _colleagues(contact.customer_id, contact.pk).filter(public_id=public_id).first()


# -- the register ------------------------------------------------------------------------------------------------------
def customers_page(*, search: str, place: Place) -> Page[Customer]:
    """Customers by name, each with the number of their active `people`; `search` looks into names, codes and addresses."""
    rows = Customer.objects.annotate(people=Count("contacts", filter=Q(contacts__is_active=True)))
    return page_of(_searched(rows, search), key="name", read=text, place=place, descending=False)


def how_many_customers() -> int:
    return Customer.objects.count()


def customer_by_id(public_id: UUID) -> Customer | None:
    return Customer.objects.filter(public_id=public_id).first()


def first_people_of(customer: Customer, limit: int) -> list[Contact]:
    """Contacts of a customer with their addresses, the primary one first; those still there come before those gone."""
    return list(_with_addresses(customer.contacts.order_by("-is_active", "name", "pk")[:limit]))


def people_page(customer: Customer, *, search: str, place: Place) -> Page[Contact]:
    """All contacts of a customer by name, with their addresses; `search` looks into both."""
    rows = _with_addresses(customer.contacts.all())
    return page_of(_called(rows, search), key="name", read=text, place=place, descending=False)


def contact_by_id(public_id: UUID) -> Contact | None:
    """The contact with customer and addresses."""
    return _with_addresses(Contact.objects.select_related("customer").filter(public_id=public_id)).first()


def strangers_page(*, search: str, place: Place) -> Page[Contact]:
    """People who wrote and belong to no customer, the last met first."""
    rows = _with_addresses(Contact.objects.filter(customer=None))
    return page_of(_called(rows, search), key="created_at", read=instant, place=place)


def known_addresses(limit: int = 30) -> list[ContactAddress]:
    """Some addresses of customers' people, with the person."""
    known = ContactAddress.objects.filter(contact__customer__isnull=False, is_primary=True)
    return list(known.select_related("contact").order_by("address")[:limit])


def customers_of_domain(contact: Contact) -> list[Customer]:
    """Customers whose people write from the same domain; none when there are many, as with a public mail service."""
    domains = {owned.address.rpartition("@")[2] for owned in contact.addresses.all()}
    same = Q(pk__in=[])
    for domain in domains:
        same |= Q(address__endswith=f"@{domain}")
    owners = ContactAddress.objects.filter(same, contact__customer__is_active=True).values("contact__customer")
    found = list(Customer.objects.filter(pk__in=owners)[: MOST_OF_ONE_DOMAIN + 1])
    return found if len(found) <= MOST_OF_ONE_DOMAIN else []


def address_of(contact: Contact, pk: int) -> ContactAddress | None:
    return ContactAddress.objects.select_related("contact").filter(contact=contact, pk=pk).first()


def _searched(rows: QuerySet[Customer], search: str) -> QuerySet[Customer]:
    if not search:
        return rows
    people = _called(Contact.objects.all(), search)
    numbered = Q(vat_number__iexact=search) | Q(tax_code__iexact=search) | Q(external_id=search)
    named = Q(name__icontains=search) | Q(code__icontains=search) | numbered
    return rows.filter(named | Q(pk__in=people.values("customer")))


def _called(rows: QuerySet[Contact], search: str) -> QuerySet[Contact]:
    return rows.filter(Q(name__icontains=search) | Q(pk__in=_owners_of(search))) if search else rows


def _owners_of(address: str) -> QuerySet[ContactAddress, Any]:
    return ContactAddress.objects.filter(address__icontains=address).values("contact")


def _with_addresses(rows: QuerySet[Contact]) -> QuerySet[Contact]:
    return rows.prefetch_related(Prefetch("addresses", ContactAddress.objects.order_by("-is_primary", "pk")))
