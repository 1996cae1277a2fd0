"""Words taken out of tickets for good: out of what was said, noted, drafted, sent, and of the mails as they came.

It cannot be undone. Events change too: the caller has written the row of the erasure in the same transaction, or the database refuses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models, transaction
from django.db.models import Q, QuerySet

from sportello.core import files, telltale
from sportello.core.blotting import Blot
from sportello.customers.models import ContactAddress
from sportello.mail.actions.blotting import blot_outbound, forget_files, replace_raw
from sportello.mail.models import OutboundMail
from sportello.mail.queries.words import mails_of_messages, mails_to
from sportello.tickets.actions.changing import lock, tell
from sportello.tickets.actions.writing import recount
from sportello.tickets.models import Attachment, Draft, Event, Message, Note, RequestDraft, Ticket


def blot_tickets(*, tickets: Iterable[Ticket], blot: Blot, with_notes: bool = True) -> int:
    """Takes the words out of everything in these tickets; returns in how many places they stood."""
    count = 0
    for ticket in tickets:
        with transaction.atomic():
            lock(ticket)
            count += _blot_ticket(ticket, blot, with_notes=with_notes)
    return count


def blot_files(*, attachments: QuerySet[Attachment]) -> int:
    """Takes files away for good, with their previews; returns how many."""
    gone = list(attachments)
    names = {name for file in gone for name in (file.sha256, file.preview_sha256) if name}
    forget_files(_mails_with(names), names)
    attachments.delete()
    transaction.on_commit(lambda: remove_unnamed(names))
    return len(gone)


def remove_unnamed(sha256s: Collection[str]) -> None:
    """Takes out of the file store what no row names any more."""
    for sha256 in sha256s:
        named = Attachment.objects.filter(Q(sha256=sha256) | Q(preview_sha256=sha256)).exists()
        if not named and not _mails_with({sha256}).exists():
            files.remove(sha256)


def _blot_ticket(ticket: Ticket, blot: Blot, *, with_notes: bool) -> int:
    ticket.subject, count = blot.text(ticket.subject)
    count += sum(_blot_message(message, blot) for message in ticket.messages.defer("search"))
    for rows in (
        *([Note.objects.filter(ticket=ticket).defer("search")] if with_notes else []),
        Draft.objects.filter(ticket=ticket),
        RequestDraft.objects.filter(contact__in=_people(ticket)),
    ):
        count += blot_column(rows, "text", blot)
    count += blot_json(Event.objects.filter(ticket=ticket), "data", blot)
    count += blot_outbound(_mails_of(ticket), blot)
    if count:
        recount(ticket)
        ticket.save(update_fields=["subject", "snippet", "public_count"])
        tell(ticket)
    return count


def _blot_message(message: Message, blot: Blot) -> int:
    message.text, in_text = blot.text(message.text)
    message.fresh_text, in_fresh = blot.text(message.fresh_text)
    message.html, in_html = blot.html(message.html)
    message.author_name, in_name = blot.text(message.author_name)
    extra, in_extra = blotted_json(message.extra, blot)
    count = in_text + in_fresh + in_html + in_name + in_extra
    if count:
        extra.pop("secrets", None)
        left = telltale.kinds(message.text)
        message.extra = {**extra, **({"secrets": left} if left else {}), "blotted": True}
        message.save(update_fields=["text", "fresh_text", "html", "author_name", "extra"])
    if message.inbound_id is not None and (count or message.inbound is None or blot.is_in(message.inbound.subject)):
        replace_raw(mails_of_messages([message.inbound_id]), text=message.text, blot=blot)
    return count


def blot_column(rows: QuerySet[Any], name: str, blot: Blot) -> int:
    count = 0
    for row in rows:
        rest, found = blot.text(getattr(row, name))
        if found:
            rows.model._default_manager.filter(pk=row.pk).update(**{name: rest})  # noqa: SLF001 - Django's public API
        count += found
    return count


def blot_json(rows: QuerySet[Any], name: str, blot: Blot) -> int:
    count = 0
    for row in rows:
        rest, found = blotted_json(getattr(row, name), blot)
        if found:
            rows.model._default_manager.filter(pk=row.pk).update(**{name: rest})  # noqa: SLF001 - Django's public API
        count += found
    return count


def blotted_json(value: Any, blot: Blot) -> tuple[Any, int]:
    """The same without the words, however deep they stand, and in how many places."""
    if isinstance(value, str):
        return blot.text(value)
    if isinstance(value, list):
        done = [blotted_json(each, blot) for each in value]
        return [rest for rest, _found in done], sum(found for _rest, found in done)
    if isinstance(value, dict):
        named = {key: blotted_json(each, blot) for key, each in value.items()}
        return {key: rest for key, (rest, _found) in named.items()}, sum(found for _rest, found in named.values())
    return value, 0


def _people(ticket: Ticket) -> models.QuerySet[Any, Any]:
    followers = ticket.followers.filter(contact__isnull=False).values("contact")
    return followers.union(Ticket.objects.filter(pk=ticket.pk).values("contact"))


def _mails_of(ticket: Ticket) -> QuerySet[OutboundMail]:
    people = list(_people(ticket).values_list("contact", flat=True))
    return mails_to(list(ContactAddress.objects.filter(contact__in=people).values_list("address", flat=True)))


def _mails_with(sha256s: Collection[str]) -> QuerySet[OutboundMail]:
    named = Q(pk__in=[])
    for sha256 in sha256s:
        named |= Q(attachments__contains=[{"sha256": sha256}])
    return OutboundMail.objects.filter(named)
