"""By what a person is known: their addresses, their full name, their numbers."""

from __future__ import annotations

from dataclasses import dataclass

from sportello.core.blotting import Blot
from sportello.customers.models import Contact


@dataclass(frozen=True, slots=True)
class Person:
    addresses: tuple[str, ...]
    numbers: tuple[str, ...]
    customers: tuple[int, ...]
    blot: Blot


def person(contact: Contact) -> Person:
    """A name of one word alone is not looked for: it is everybody's."""
    addresses = tuple(contact.addresses.values_list("address", flat=True))
    names = [contact.name] if len(contact.name.split()) > 1 else []
    own = [contact.customer_id] if contact.customer_id else []
    others = contact.memberships.values_list("customer", flat=True)
    blot = Blot.of([*addresses, *names, *contact.phones], whole_words=True)
    return Person(addresses, tuple(contact.phones), tuple({*own, *others}), blot)
