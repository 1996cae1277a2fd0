"""All that is kept of a person, as files: a page to read, the same as JSON, and what they attached (GDPR art. 15 and 20).

Without the notes it holds what they wrote and did, and what they may still read: the rest is others' (art. 15(4)). An administrator who asks for
the notes gets their tickets whole, and reads them before giving them away.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from sportello.accounts.forgetting import entries_about
from sportello.accounts.models import AuditEntry
from sportello.core import files
from sportello.customers.forgetting import invitations_to, pointing_at_a_person
from sportello.customers.models import Contact
from sportello.mail.models import InboundMail, OutboundMail
from sportello.mail.queries.words import mails_from, mails_to
from sportello.presales.models import AddressLink, Enquiry
from sportello.privacy.models import Download, Drop
from sportello.privacy.person import person
from sportello.telephone.forgetting import calls_of
from sportello.tickets.models import Attachment, Message, Note, Ticket
from sportello.tickets.queries.public import readable_messages, visible_to
from sportello.tickets.rules import file_name

LONGEST_NAME = 255  # bytes
SKIPPED = frozenset(
    {
        "search", "snippet", "raw", "reasons", "sha256",
        "hash", "secret", "secret_sha256", "recovery_sha256", "keyed_hash", "session_key", "sealed", "credential", "credential_id",
    }
)  # fmt: skip
"""Made from the rest, or secret of their own accord."""
NOT_IN_RELATIONS = frozenset({"Ticket", "Message", "Event", "Drop", "Download", "Erasure", "ErasurePlan", "Call"})
"""Told apart from the rest of the rows that point at a person."""


def packed(download: Download, *, now: datetime) -> bytes:
    """The archive, in the person's language."""
    told = collected(download.contact, with_notes=download.with_notes)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, translation.override(download.contact.language):
        page = render_to_string("privacy/data.html", {"told": told, "contact": download.contact, "now": now})
        archive.writestr("index.html", page)
        archive.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=2, default=str))
        for mail in _mails(download.contact):
            archive.writestr(f"mails/{mail.public_id}.eml", bytes(mail.raw.content))
        for file in _files(download.contact, with_notes=download.with_notes):
            _add(archive, file)
    return out.getvalue()


def collected(contact: Contact, *, with_notes: bool) -> dict[str, Any]:
    """Everything, by kind, as plain values."""
    who = person(contact)
    tickets = Ticket.objects.filter(contact=contact).defer("search").order_by("pk")
    written = Message.objects.filter(contact=contact).exclude(ticket__contact=contact).order_by("pk")
    return {
        "person": [_row(contact)],
        "customer": [_row(contact.customer)] if contact.customer else [],
        **_relations(contact),
        "tickets": [_ticket(ticket, contact, with_notes=with_notes) for ticket in tickets],
        "written in tickets of others": _said(written.defer("search")),
        "mails received": _rows(_mails(contact)),
        "mails sent": [_sent(mail) for mail in _mails_to(contact)],
        "calls": _rows(calls_of(contact, who.numbers).filter(Q(contact=None) | Q(contact=contact)).order_by("pk")),
        "secrets handed over": _rows(Drop.objects.filter(contact=contact).order_by("pk")),
        "questions before buying": _rows(Enquiry.objects.filter(address__in=who.addresses)),
        "links to confirm an address": _rows(AddressLink.objects.filter(address__in=who.addresses)),
        "invitations to come in": _rows(invitations_to(contact).order_by("pk")),
        "audit": [_entry(entry) for entry in entries_about(contact, who.addresses).order_by("pk")],
    }


def _ticket(ticket: Ticket, contact: Contact, *, with_notes: bool) -> dict[str, Any]:
    notes = Note.objects.filter(ticket=ticket).defer("search").order_by("pk")
    messages, orders, events = ticket.messages.all(), ticket.orders.all(), ticket.events.all()
    if not with_notes:
        messages = messages.filter(_theirs(contact, ticket=ticket))
        orders = orders.filter(ticket__in=visible_to(contact).filter(pk=ticket.pk).values("pk"))
        events = events.filter(contact=contact)
    return {
        **_row(ticket),
        "messages": _said(messages.defer("search").order_by("created_at", "pk")),
        "orders": _rows(orders.order_by("pk")),
        "events": _rows(events.order_by("pk")),
        **({"notes": _rows(notes)} if with_notes else {}),
    }


def _theirs(contact: Contact, **which: Any) -> Q:
    """Messages that they wrote, and of the tickets named those that they may read."""
    return Q(contact=contact) | Q(pk__in=readable_messages(contact).filter(**which).order_by().values("pk"))


def _sent(mail: OutboundMail) -> dict[str, Any]:
    """Without the words of one that lets its reader in."""
    return {name: value for name, value in _row(mail).items() if mail.is_readable or name not in {"text", "html"}}


def _entry(entry: AuditEntry) -> dict[str, Any]:
    """Where the person sat, but not where the staff did."""
    return {name: value for name, value in _row(entry).items() if entry.actor_id is None or name != "address"}


def _relations(contact: Contact) -> dict[str, list[dict[str, Any]]]:
    """The rows of every other kind that point at the person, also of kinds that later versions add."""
    found = {}
    for relation in pointing_at_a_person():
        model = relation.related_model
        if model.__name__ in NOT_IN_RELATIONS:
            continue
        rows = _rows(model._default_manager.filter(**{relation.field.name: contact}))  # noqa: SLF001 - Django's public API
        if rows:
            found[str(model._meta.verbose_name_plural)] = rows  # noqa: SLF001 - Django's public API
    return found


def _rows(rows: QuerySet[Any] | Iterable[Model]) -> list[dict[str, Any]]:
    return [_row(row) for row in rows]


def _said(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """With their text as it reads."""
    return [{**_row(message), "text": message.as_read} for message in messages]


def _row(row: Model) -> dict[str, Any]:
    """The columns that say something; those of another row only by their number."""
    columns = [field.attname for field in row._meta.concrete_fields if field.name not in SKIPPED]  # noqa: SLF001 - Django's public API
    values = {name: getattr(row, name) for name in columns}
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _mails(contact: Contact) -> QuerySet[InboundMail]:
    """From their addresses, but for what somebody wrote who had the address before."""
    rows = mails_from(person(contact).addresses).filter(Q(message__contact=None) | Q(message__contact=contact))
    return rows.select_related("raw").order_by("pk")


def _mails_to(contact: Contact) -> QuerySet[OutboundMail]:
    """To their addresses, but for answers in tickets that they had no part in: those went to whoever had the address before."""
    part = Ticket.objects.filter(Q(contact=contact) | Q(followers__contact=contact) | Q(messages__contact=contact))
    rows = mails_to(person(contact).addresses)
    return rows.filter(Q(message=None) | Q(message__ticket__in=part.order_by().values("pk"))).order_by("pk")


def _files(contact: Contact, *, with_notes: bool) -> QuerySet[Attachment]:
    """Those of the messages of their tickets, and of what they wrote elsewhere."""
    own = Attachment.objects.filter(ticket__contact=contact, draft__isnull=True)
    if not with_notes:
        own = own.filter(message__in=Message.objects.filter(_theirs(contact, ticket__contact=contact)).values("pk"))
    return (own | Attachment.objects.filter(message__contact=contact)).order_by("pk").distinct()


def _add(archive: zipfile.ZipFile, file: Attachment) -> None:
    try:
        archive.writestr(f"files/{_fitting(f'{file.public_id}-{file_name(file.name)}')}", files.read(file.sha256))
    except files.FileMissing:
        archive.writestr(f"files/{file.public_id}-missing.txt", file.name)


def _fitting(name: str) -> str:
    """With the name's own ending, and no longer than file systems take: else nobody could unpack the archive."""
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    room = LONGEST_NAME - len(f"{dot}{ending}".encode())
    return f"{stem.encode()[:room].decode(errors='ignore')}{dot}{ending}"
