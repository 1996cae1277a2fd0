"""All that is kept of a person, as files: a page to read, the same as JSON, and what they attached (GDPR art. 15 and 20)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from sportello.accounts.forgetting import entries_about
from sportello.core import files
from sportello.customers.forgetting import invitations_to, pointing_at_a_person
from sportello.customers.models import Contact
from sportello.mail.models import InboundMail
from sportello.mail.queries.words import mails_from, mails_to
from sportello.presales.models import AddressLink, Enquiry
from sportello.privacy.models import Download, Drop
from sportello.privacy.person import person
from sportello.telephone.forgetting import calls_of
from sportello.tickets.models import Attachment, Message, Note, Ticket
from sportello.tickets.rules import file_name

SKIPPED = frozenset(
    {"search", "hash", "secret_sha256", "keyed_hash", "session_key", "sealed", "raw", "reasons", "sha256"}
)
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
        "tickets": [_ticket(ticket, with_notes=with_notes) for ticket in tickets],
        "written in tickets of others": _said(written.defer("search")),
        "mails received": _rows(mails_from(who.addresses).order_by("pk")),
        "mails sent": _rows(mails_to(who.addresses).order_by("pk")),
        "calls": _rows(calls_of(contact, who.numbers).order_by("pk")),
        "secrets handed over": _rows(Drop.objects.filter(contact=contact).order_by("pk")),
        "questions before buying": _rows(Enquiry.objects.filter(address__in=who.addresses)),
        "links to confirm an address": _rows(AddressLink.objects.filter(address__in=who.addresses)),
        "invitations to come in": _rows(invitations_to(contact).order_by("pk")),
        "audit": _rows(entries_about(contact, who.addresses).order_by("pk")),
    }


def _ticket(ticket: Ticket, *, with_notes: bool) -> dict[str, Any]:
    notes = Note.objects.filter(ticket=ticket).defer("search").order_by("pk")
    return {
        **_row(ticket),
        "messages": _said(ticket.messages.defer("search").order_by("created_at", "pk")),
        "orders": _rows(ticket.orders.order_by("pk")),
        "events": _rows(ticket.events.order_by("pk")),
        **({"notes": _rows(notes)} if with_notes else {}),
    }


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
    return mails_from(person(contact).addresses).select_related("raw").order_by("pk")


def _files(contact: Contact, *, with_notes: bool) -> QuerySet[Attachment]:
    """Those of the messages of their tickets, and of what they wrote elsewhere."""
    own = Attachment.objects.filter(ticket__contact=contact, draft__isnull=True)
    own = own if with_notes else own.filter(note__isnull=True)
    return (own | Attachment.objects.filter(message__contact=contact)).order_by("pk").distinct()


def _add(archive: zipfile.ZipFile, file: Attachment) -> None:
    try:
        archive.writestr(f"files/{file.public_id}-{file_name(file.name)}", files.read(file.sha256))
    except files.FileMissing:
        archive.writestr(f"files/{file.public_id}-missing.txt", file.name)
