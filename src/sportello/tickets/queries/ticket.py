"""One ticket as staff see it: the page's named reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from django.db import connection
from django.db.models import Q

from sportello.accounts.models import User
from sportello.core.statements import Reading
from sportello.customers.models import Contact
from sportello.mail.models import OutboundMail
from sportello.tickets.enums import DraftKind, EventKind, FollowerRole
from sportello.tickets.models import Attachment, Draft, Event, Follower, Link, Merge, Message, Note, Presence, Ticket
from sportello.tickets.permissions import check_can_read
from sportello.tickets.queries.public import readable_messages
from sportello.tickets.rules import PRESENT_FOR

TOLD_BY_THE_MESSAGE = (EventKind.OPENED, EventKind.CUSTOMER_WROTE, EventKind.MACHINE_WROTE, EventKind.NOTED)
TOLD_ELSEWHERE = [str(kind) for kind in (*TOLD_BY_THE_MESSAGE, EventKind.REPLIED)]
FOLLOWER_ORDER = (FollowerRole.REQUESTER, FollowerRole.FOLLOWER, FollowerRole.COPY)
OTHERS = 6
OTHER = ("public_id", "number", "subject", "status", "updated_at", "service_id")
PAGE = (
    "queue__calendar",
    "queue__policy",
    "mailbox",
    "customer",
    "contact__customer",
    "service__server",
    "assignee",
    "team",
    "merged_into",
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a ticket has of what most tickets lack; what it has not is not asked for."""

    files: bool = True
    copies: bool = True
    notes: bool = True
    tags: bool = True
    links: bool = True
    merges: bool = True
    drafts: bool = True
    presences: bool = True
    events: bool = True
    ratings: bool = True
    orders: bool = True
    concerns: bool = True
    held: bool = True
    """Whether any mail that answers a ticket is held: there are few, and which ticket it answers is asked only then."""


EVERY = Parts()
_PARTS = """
    SELECT EXISTS (SELECT FROM tickets_attachment WHERE ticket_id = %(ticket)s AND draft_id IS NULL),
           EXISTS (SELECT FROM mail_outboundmail copy JOIN tickets_message message ON message.outbound_id = copy.copy_of_id
                    WHERE message.ticket_id = %(ticket)s),
           EXISTS (SELECT FROM tickets_note WHERE ticket_id = %(ticket)s),
           EXISTS (SELECT FROM tickets_ticket_tags WHERE ticket_id = %(ticket)s),
           EXISTS (SELECT FROM tickets_link WHERE source_id = %(ticket)s)
           OR EXISTS (SELECT FROM tickets_link WHERE target_id = %(ticket)s),
           EXISTS (SELECT FROM tickets_merge WHERE source_id = %(ticket)s AND undone_at IS NULL)
           OR EXISTS (SELECT FROM tickets_merge WHERE target_id = %(ticket)s AND undone_at IS NULL),
           EXISTS (SELECT FROM tickets_draft WHERE ticket_id = %(ticket)s AND user_id = %(user)s),
           EXISTS (SELECT FROM tickets_presence WHERE ticket_id = %(ticket)s AND seen_at > %(since)s),
           EXISTS (SELECT FROM tickets_event WHERE ticket_id = %(ticket)s AND kind <> ALL(%(told)s)),
           EXISTS (SELECT FROM tickets_rating WHERE ticket_id = %(ticket)s),
           EXISTS (SELECT FROM tickets_order WHERE ticket_id = %(ticket)s),
           EXISTS (SELECT FROM tickets_concern WHERE customer_id = %(customer)s),
           EXISTS (SELECT FROM mail_inboundmail WHERE state = 'held' AND reason_params ? 'ticket')
"""
# The ticket page is read all day: its statements are put together once.
_TICKET = Reading(lambda public_id: Ticket.objects.filter(public_id=public_id).select_related(*PAGE).defer("search"))
_FILES = Reading(lambda ticket: Attachment.objects.filter(ticket=ticket, draft=None).order_by("id"))
_MESSAGES = Reading(lambda ticket: Message.objects.filter(ticket=ticket).select_related("outbound").defer("search"))
_COPIES = Reading(lambda ticket: OutboundMail.objects.filter(copy_of__message__ticket=ticket).order_by("id"))
_NOTES = Reading(lambda ticket: Note.objects.filter(ticket=ticket).select_related("user").defer("search"))
_EVENTS = Reading(
    lambda ticket: (
        Event.objects.filter(ticket=ticket).exclude(kind__in=TOLD_ELSEWHERE).select_related("user", "contact")
    )
)
_OF_CUSTOMER = Reading(
    lambda customer: Ticket.objects.filter(customer=customer).only(*OTHER).order_by("-updated_at")[: OTHERS + 1]
)
_OF_CONTACT = Reading(
    lambda contact: Ticket.objects.filter(contact=contact).only(*OTHER).order_by("-updated_at")[: OTHERS + 1]
)
_PRESENT = Reading(
    lambda ticket, since: (
        Presence.objects.filter(ticket=ticket, seen_at__gt=since)
        .select_related("user")
        .order_by("-writing", "user__name")
    )
)


@dataclass(frozen=True, slots=True)
class MessageEntry:
    """A public message, with its files and the mails that carried it, the requester's first."""

    kind: ClassVar[Literal["message"]] = "message"
    at: datetime
    message: Message
    attachments: list[Attachment]
    mails: list[OutboundMail]


@dataclass(frozen=True, slots=True)
class NoteEntry:
    kind: ClassVar[Literal["note"]] = "note"
    at: datetime
    note: Note
    attachments: list[Attachment]


@dataclass(frozen=True, slots=True)
class EventEntry:
    """Something that happened and is not told by a message or a note; its words are `sentences.sentence(event)`."""

    kind: ClassVar[Literal["event"]] = "event"
    at: datetime
    event: Event


Entry = MessageEntry | NoteEntry | EventEntry


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who has the ticket open just now."""

    user: User
    writing: bool


def ticket_for(user: User, public_id: UUID) -> Ticket | None:
    """The ticket with all that its page names, in one query."""
    check_can_read(user)
    return _TICKET.first(public_id)


def enquiry_of(ticket: Ticket) -> dict[str, str]:
    """What somebody wrote of themselves into the public form; empty for a ticket that came another way."""
    first = ticket.messages.order_by("created_at", "pk").values_list("extra", flat=True).first() or {}
    told: dict[str, str] = first.get("enquiry", {})
    return told


def message_for(user: User, public_id: UUID) -> Message | None:
    """A message by its public id, with its ticket: for an undo or a split."""
    check_can_read(user)
    messages = Message.objects.select_related("ticket", "user", "outbound").defer("search", "ticket__search")
    return messages.filter(public_id=public_id).first()


def parts_of(user: User, ticket: Ticket, *, now: datetime) -> Parts:
    """Asked before anything else of the page, in one query instead of as many as there are parts."""
    check_can_read(user)
    with connection.cursor() as cursor:
        cursor.execute(
            _PARTS,
            {
                "ticket": ticket.pk,
                "customer": ticket.customer_id,
                "user": user.pk,
                "since": now - PRESENT_FOR,
                "told": TOLD_ELSEWHERE,
            },
        )
        return Parts(*cursor.fetchone())


def timeline(user: User, ticket: Ticket, parts: Parts = EVERY) -> list[Entry]:
    """Messages, notes and events, oldest first, in at most five queries however long it is."""
    check_can_read(user)
    files = _FILES(ticket.pk) if parts.files else []
    copies = _COPIES(ticket.pk) if parts.copies else []
    notes = _NOTES(ticket.pk) if parts.notes else []
    events = _EVENTS(ticket.pk) if parts.events else []
    entries: list[Entry] = [
        *_message_entries(_MESSAGES(ticket.pk), files, copies),
        *_note_entries(notes, files),
        *[EventEntry(row.at, row) for row in events],
    ]
    return sorted(entries, key=_moment)


def other_tickets(user: User, ticket: Ticket) -> list[Ticket]:
    """A few other tickets of the same customer, or of the same person when there is none; newest first."""
    check_can_read(user)
    theirs = _OF_CUSTOMER(ticket.customer_id) if ticket.customer_id else _OF_CONTACT(ticket.contact_id)
    return [other for other in theirs if other.pk != ticket.pk][:OTHERS]


def attachment_for(actor: User | Contact, public_id: UUID) -> Attachment | None:
    """A file that this person may have: staff any, a contact those of messages they can read."""
    files = Attachment.objects.select_related("ticket").defer("ticket__search")
    if isinstance(actor, User):
        check_can_read(actor)
        return files.filter(public_id=public_id).first()
    return files.filter(public_id=public_id, draft=None, message__in=readable_messages(actor).values("pk")).first()


def attachment_by_id(attachment_id: int) -> Attachment | None:
    """For jobs."""
    return Attachment.objects.filter(pk=attachment_id).first()


def ticket_by_id(ticket_id: int) -> Ticket | None:
    """For jobs: with the names an alarm tells."""
    return Ticket.objects.filter(pk=ticket_id).select_related("customer", "service", "assignee").defer("search").first()


def links_of(user: User, ticket: Ticket) -> list[Link]:
    """Links in both directions, with the tickets they join, newest first."""
    check_can_read(user)
    links = Link.objects.filter(Q(source=ticket) | Q(target=ticket)).select_related("source", "target")
    return list(links.defer("source__search", "target__search").order_by("-created_at", "-id"))


def merges_of(user: User, ticket: Ticket) -> list[Merge]:
    """What was joined to this ticket and can be taken apart again, newest first; and its own joining, if it was."""
    check_can_read(user)
    merges = Merge.objects.filter(Q(source=ticket) | Q(target=ticket), undone_at=None).select_related(
        "source", "target", "by"
    )
    return list(merges.defer("source__search", "target__search").order_by("-at", "-id"))


def followers_of(user: User, ticket: Ticket) -> list[Follower]:
    """Everybody who is told or was in copy, the requester first."""
    check_can_read(user)
    rows = ticket.followers.select_related("contact", "user")
    return sorted(rows, key=lambda row: (FOLLOWER_ORDER.index(row.role), row.pk))


def present(ticket: Ticket, now: datetime) -> list[Present]:
    """Who has the ticket open, those who write first."""
    return [Present(row.user, row.writing) for row in _PRESENT(ticket.pk, now - PRESENT_FOR)]


def draft_of(user: User, ticket: Ticket, kind: DraftKind) -> Draft | None:
    """What this person was writing, with its files."""
    return ticket.drafts.filter(user=user, kind=kind).prefetch_related("attachments").first()


def _message_entries(
    rows: Iterable[Message], files: Iterable[Attachment], carriers: Iterable[OutboundMail]
) -> Iterator[MessageEntry]:
    attached = _grouped(files, "message_id")
    copies: defaultdict[int, list[OutboundMail]] = defaultdict(list)
    for copy in carriers:
        copies[copy.copy_of_id or 0].append(copy)
    for row in rows:
        mails = [row.outbound, *copies[row.outbound.pk]] if row.outbound else []
        yield MessageEntry(row.created_at, row, attached[row.pk], mails)


def _note_entries(rows: Iterable[Note], files: Iterable[Attachment]) -> Iterator[NoteEntry]:
    attached = _grouped(files, "note_id")
    for row in rows:
        yield NoteEntry(row.created_at, row, attached[row.pk])


def _grouped(files: Iterable[Attachment], owner: str) -> defaultdict[int, list[Attachment]]:
    grouped: defaultdict[int, list[Attachment]] = defaultdict(list)
    for file in files:
        grouped[getattr(file, owner)].append(file)
    return grouped


def _moment(entry: Entry) -> tuple[datetime, bool, int]:
    """By time; at the same instant what was said comes before what followed from it, and each in the order written."""
    match entry:
        case MessageEntry(message=message):
            return entry.at, False, message.pk
        case NoteEntry(note=note):
            return entry.at, False, note.pk
        case EventEntry(event=event):
            return entry.at, True, event.pk
