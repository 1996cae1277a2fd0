"""A person taken out of tickets, which stay as numbers and times: their own lose every word, others' what they wrote there and their name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from sportello.accounts.models import User
from sportello.core.blotting import MARK, Blot
from sportello.core.storing import mentions
from sportello.customers.models import Contact
from sportello.mail.actions.blotting import replace_raw
from sportello.mail.queries.words import mails_of_messages
from sportello.tickets.actions.blotting import blot_files, blot_tickets
from sportello.tickets.actions.changing import hold, lock, record, tell
from sportello.tickets.enums import EventKind
from sportello.tickets.models import Attachment, Draft, Event, Message, Note, Order, Ticket
from sportello.triage.enums import ReasonCode

EMPTIED = {"text": MARK, "fresh_text": "", "html": "", "extra": {"blotted": True}}
WORDS_OF_EVENTS = ("name", "before", "after", "address", "reason", "tag")


def hold_all(*, contact: Contact, customers: Collection[int], blot: Blot) -> None:
    """Every ticket that an erasure changes, the person's own and others', held at once before the first is."""
    others = _concerned(contact, customers, blot).order_by()
    hold(Ticket.objects.filter(Q(contact=contact) | Q(pk__in=others.values("pk"))))


def empty_tickets(*, tickets: Iterable[Ticket], by: User | None, now: datetime) -> Counter[str]:
    """Takes every word out: subject, messages, notes, drafts, files, mails as they came. The caller has written the row of the erasure."""
    count: Counter[str] = Counter()
    for ticket in tickets:
        lock(ticket)
        count += _empty(ticket)
        ticket.subject = ticket.snippet = MARK
        ticket.overrule_reason, ticket.matters = MARK if ticket.overrule else "", []
        ticket.reasons = [reason for reason in ticket.reasons if reason[0] != ReasonCode.HISTORY]
        ticket.save(update_fields=["subject", "snippet", "overrule_reason", "matters", "reasons"])
        record(ticket, EventKind.ERASED, now=now, by=by, places=int(count.total()))
        count["tickets"] += 1
        tell(ticket)
    return count


def erase_in_others(*, contact: Contact, customers: Collection[int], blot: Blot, kept: Collection[int]) -> Counter[str]:
    """In tickets of others: what the person wrote goes, and so does their name, wherever it stands."""
    written = Message.objects.filter(contact=contact).exclude(ticket__contact=contact).exclude(ticket__in=kept)
    inbound = [pk for pk in written.values_list("inbound", flat=True) if pk]
    files = blot_files(attachments=Attachment.objects.filter(message__in=written))
    replace_raw(mails_of_messages(inbound), text=MARK, blot=blot)
    emptied = written.update(**EMPTIED, author_name="")
    asked = Order.objects.filter(asked_by_contact=contact).exclude(ticket__contact=contact).exclude(ticket__in=kept)
    orders = asked.update(text=MARK)
    others = list(_concerned(contact, customers, blot).exclude(pk__in=kept))
    places = blot_tickets(tickets=others, blot=blot, with_outbox=False)
    return Counter({"messages": emptied, "orders": orders, "files": files, "places": places})


def _empty(ticket: Ticket) -> Counter[str]:
    messages = Message.objects.filter(ticket=ticket)
    inbound = [pk for pk in messages.values_list("inbound", flat=True) if pk]
    count = Counter({"files": blot_files(attachments=Attachment.objects.filter(ticket=ticket))})
    replace_raw(mails_of_messages(inbound), text=MARK)
    count["messages"] = messages.exclude(user__isnull=True).update(**EMPTIED)
    count["messages"] += messages.filter(user__isnull=True).update(**EMPTIED, author_name="")
    count["orders"] = Order.objects.filter(ticket=ticket).update(text=MARK)
    count["notes"] = Note.objects.filter(ticket=ticket).update(text=MARK)
    count["drafts"] = Draft.objects.filter(ticket=ticket).delete()[0]
    for event in Event.objects.filter(ticket=ticket):
        rest = {key: MARK if key in WORDS_OF_EVENTS and value else value for key, value in event.data.items()}
        if rest != event.data:
            Event.objects.filter(pk=event.pk).update(data=rest)
    return count


def _concerned(contact: Contact, customers: Collection[int], blot: Blot) -> QuerySet[Ticket]:
    """Those of others in which the person took part, and those of their customers that speak of them."""
    took_part = (
        Q(pk__in=Message.objects.filter(contact=contact).values("ticket"))
        | Q(pk__in=Event.objects.filter(contact=contact).values("ticket"))
        | Q(followers__contact=contact)
    )
    theirs = Q(ticket__customer__in=customers)  # said to each, or all that was ever written would be read
    of_customers = Q(customer__in=customers) & (
        mentions(blot.words, "subject")
        | Q(pk__in=Message.objects.filter(theirs, mentions(blot.words, "text", "html")).values("ticket"))
        | Q(pk__in=Note.objects.filter(theirs, mentions(blot.words, "text")).values("ticket"))
        | Q(pk__in=Draft.objects.filter(theirs, mentions(blot.words, "text")).values("ticket"))
        | Q(pk__in=Order.objects.filter(theirs, mentions(blot.words, "text")).values("ticket"))
    )
    found = Ticket.objects.filter(took_part | of_customers).exclude(contact=contact)
    return Ticket.objects.filter(pk__in=found.values("pk")).defer("search")
