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
from sportello.core.storing import blot_rows
from sportello.customers.models import ContactAddress
from sportello.mail.actions.blotting import blot_outbound, forget_files, replace_raw
from sportello.mail.models import OutboundMail
from sportello.mail.queries.words import mails_of_messages, mails_to
from sportello.tickets.actions.asking import blot_sealed_drafts
from sportello.tickets.actions.changing import lock, tell
from sportello.tickets.actions.writing import recount
from sportello.tickets.models import Attachment, Draft, Event, HeldFile, Message, Note, Order, RequestDraft, Ticket


def blot_tickets(*, tickets: Iterable[Ticket], blot: Blot, with_notes: bool = True, with_outbox: bool = True) -> int:
    """Takes the words out of everything in these tickets; returns in how many places they stood."""
    count = 0
    for ticket in tickets:
        with transaction.atomic():
            lock(ticket)
            count += _blot_ticket(ticket, blot, with_notes=with_notes, with_outbox=with_outbox)
    return count


def blot_files(*, attachments: QuerySet[Attachment]) -> int:
    """Takes files away for good, with their previews; returns how many."""
    names = _names_of(attachments)
    forget_files(_mails_with(names), names)
    return remove_files(attachments)


def remove_files(attachments: QuerySet[Attachment]) -> int:
    """Takes these away, and their bytes once the transaction is over, where no other row names them; how many."""
    names = _names_of(attachments)
    removed = attachments.delete()[0]
    transaction.on_commit(lambda: remove_unnamed(names))
    return removed


def remove_unnamed(sha256s: Collection[str]) -> None:
    """Takes out of the file store what no row names any more. Whoever is putting the same bytes there is waited for, and waits."""
    for sha256 in sha256s:
        with transaction.atomic():
            files.lock_to_remove(sha256)
            if not _is_named(sha256):
                files.remove(sha256)


def _names_of(attachments: QuerySet[Attachment]) -> set[str]:
    return {name for row in attachments.values_list("sha256", "preview_sha256") for name in row if name}


def _is_named(sha256: str) -> bool:
    return (
        Attachment.objects.filter(Q(sha256=sha256) | Q(preview_sha256=sha256)).exists()
        or HeldFile.objects.filter(sha256=sha256).exists()
        or _mails_with({sha256}).exists()
    )


def _blot_ticket(ticket: Ticket, blot: Blot, *, with_notes: bool, with_outbox: bool) -> int:
    ticket.subject, count = blot.text(ticket.subject)
    ticket.overrule_reason, in_reason = blot.text(ticket.overrule_reason)
    count += in_reason + sum(_blot_message(message, blot) for message in ticket.messages.defer("search"))
    for rows in (
        *([Note.objects.filter(ticket=ticket).defer("search")] if with_notes else []),
        Draft.objects.filter(ticket=ticket),
        Order.objects.filter(ticket=ticket),
        RequestDraft.objects.filter(contact__in=_people(ticket)),
    ):
        count += blot_rows(rows, blot, "text")
    count += blot_sealed_drafts(contacts=list(_people(ticket).values_list("contact", flat=True)), blot=blot)
    count += blot_rows(Event.objects.filter(ticket=ticket), blot, "data")
    count += blot_outbound(_mails_of(ticket), blot) if with_outbox else 0
    if count:
        recount(ticket)
        ticket.save(update_fields=["subject", "overrule_reason", "snippet", "public_count"])
        tell(ticket)
    return count


def _blot_message(message: Message, blot: Blot) -> int:
    message.text, in_text = blot.text(message.text)
    message.fresh_text, in_fresh = blot.text(message.fresh_text)
    message.html, in_html = blot.html(message.html)
    message.author_name, in_name = blot.text(message.author_name)
    extra, in_extra = blot.json(message.extra)
    count = in_text + in_fresh + in_html + in_name + in_extra
    if count:
        extra.pop("secrets", None)
        left = telltale.kinds(message.text)
        message.extra = {**extra, **({"secrets": left} if left else {}), "blotted": True}
        message.save(update_fields=["text", "fresh_text", "html", "author_name", "extra"])
    if message.inbound_id is not None and (count or message.inbound is None or blot.is_in(message.inbound.subject)):
        replace_raw(mails_of_messages([message.inbound_id]), text=message.text, blot=blot)
    return count


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
