"""What stands in the desk's rail, in which order and for whom. A new page of the desk adds one line here."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sportello.accounts.enums import Who
from sportello.ui.addresses import page


@dataclass(frozen=True, slots=True)
class Entry:
    """`section` is the second part of the path that the page's addresses share; `count` names a figure of the shell."""

    name: str
    label: str | Promise
    section: str
    who: Who = Who.STAFF
    count: str = ""
    is_foot: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as one person sees it on one page."""

    entry: Entry
    address: str
    is_current: bool


ENTRIES = (
    Entry("desk:queue", _("Queue"), "", count="queue"),
    Entry("desk:incidents", _("Incidents"), "incidents"),
    Entry("desk:search", _("Search"), "search"),
    Entry("desk:customers", _("Customers"), "customers"),
    Entry("desk:services", _("Services"), "services"),
    Entry("desk:maintenances", _("Maintenance"), "maintenance"),
    Entry("desk:mails", _("Mail"), "mail", count="mail"),
    Entry("desk:outbox", _("Outbox"), "outbox"),
    Entry("desk:promise", _("Promise"), "promise"),
    Entry("desk:imports", _("Imports"), "imports", who=Who.ADMIN, is_foot=True),
    Entry("desk:settings", _("Settings"), "settings", who=Who.ADMIN, is_foot=True),
    Entry("desk:people", _("People"), "people", who=Who.ADMIN, is_foot=True),
)


def section_of(path: str) -> str:
    """To which entry the page with this path belongs. Tickets belong to the queue."""
    section = path.split("/")[2] if path.count("/") > 1 else ""
    return "" if section == "tickets" else section


def rail(section: str, *, administers: bool) -> list[Item]:
    """The rail on a page of this section."""
    shown = [entry for entry in ENTRIES if administers or entry.who is not Who.ADMIN]
    return [Item(entry, page(entry.name), entry.section == section) for entry in shown]
