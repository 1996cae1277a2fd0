"""Who is it? Customers and contacts by the address they write from."""

from __future__ import annotations

from collections.abc import Sequence

from sportello.customers.models import Contact, ContactAddress, Customer


def contact_by_address(address: str) -> Contact | None:
    """The contact who owns this mail address, with their customer; upper and lower case are the same."""
    owned = ContactAddress.objects.select_related("contact__customer").filter(address=address.strip().lower())
    found = owned.first()
    return found.contact if found else None


def primary_address(contact: Contact) -> str:
    """Where mail for this contact goes: the primary address, else the oldest; empty when there is none."""
    found = contact.addresses.order_by("-is_primary", "id").values_list("address", flat=True).first()
    return found or ""


def primary_addresses(contacts: Sequence[Contact]) -> dict[int, str]:
    """The same for many contacts, by contact id, in one query; those without an address are left out."""
    rows = ContactAddress.objects.filter(contact__in=contacts).order_by("is_primary", "-id")
    return dict(rows.values_list("contact_id", "address"))


def customers_named(text: str, limit: int = 20) -> list[Customer]:
    """Active customers whose name or code holds the text, for a choice on a form."""
    named = Customer.objects.filter(is_active=True, name__icontains=text)
    coded = Customer.objects.filter(is_active=True, code__icontains=text)
    return list((named | coded)[:limit])


def contacts_of(customer: Customer) -> list[Contact]:
    """The active contacts of a customer, with their addresses, in two queries."""
    return list(customer.contacts.filter(is_active=True).prefetch_related("addresses"))
