"""What stands in the menu of the customers' area, in which order and for whom. A new page of theirs adds one line here."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sportello.customers.models import Contact
from sportello.customers.queries import rights_elsewhere
from sportello.ui.addresses import page


@dataclass(frozen=True, slots=True)
class Entry:
    """`section` is the second part of the path that the page's addresses share; `right` is what its reader must have."""

    name: str
    label: str | Promise
    section: str
    right: str = "is_active"


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as one person sees it on one page. `current` is "page" on its own page, and "true" on one that belongs to it."""

    label: str | Promise
    address: str
    current: str


ENTRIES = (
    Entry("portal:requests", _("Your requests"), "requests"),
    Entry("portal:services", _("Services"), "services"),
    Entry("portal:new", _("New request"), "new", right="may_open"),
    Entry("portal:pin", _("Support PIN"), "pin"),
    Entry("portal:people", _("People"), "people", right="sees_all"),
    Entry("portal:orders", _("To be confirmed"), "orders", right="may_order"),
)
_OF_REQUESTS = frozenset({"tickets", "search"})


def section_of(path: str) -> str:
    """To which entry the page with this path belongs: one ticket, and the search, to the requests."""
    section = path.split("/")[2] if path.startswith(page("portal:home")) else ""
    return "requests" if section in _OF_REQUESTS else section


def rights_of(contact: Contact | None) -> frozenset[str]:
    """At any of the customers that they write for: each page says by itself at which."""
    if contact is None:
        return frozenset()
    return frozenset(entry.right for entry in ENTRIES if getattr(contact, entry.right)) | rights_elsewhere(contact)


def items(section: str, rights: AbstractSet[str], *, is_first: bool) -> list[Item]:
    """The menu on a page of this section. `is_first` is whether it is the page that the entry leads to."""
    shown = [entry for entry in ENTRIES if entry.right in rights]
    current = "page" if is_first else "true"
    return [Item(entry.label, page(entry.name), current if entry.section == section else "") for entry in shown]
