"""Every read of tickets. Staff see all; a contact sees only what `visible_to` gives them, and public text only."""

from __future__ import annotations

from sportello.tickets.queries.desk import Counts, QueueFilter, QueueRow, Scope, counts, group_sizes, on_the_desk, promise
from sportello.tickets.queries.joining import is_rightful_sender, thread_for
from sportello.tickets.queries.public import public_messages, ticket_of_contact, visible_to
from sportello.tickets.queries.ticket import (
    Entry,
    EventEntry,
    MessageEntry,
    NoteEntry,
    Present,
    attachment_by_id,
    attachment_for,
    draft_of,
    followers_of,
    links_of,
    merges_of,
    message_for,
    other_tickets,
    present,
    ticket_by_id,
    ticket_for,
    timeline,
)

__all__ = [
    "Counts",
    "Entry",
    "EventEntry",
    "MessageEntry",
    "NoteEntry",
    "Present",
    "QueueFilter",
    "QueueRow",
    "Scope",
    "attachment_by_id",
    "attachment_for",
    "counts",
    "draft_of",
    "followers_of",
    "group_sizes",
    "is_rightful_sender",
    "links_of",
    "merges_of",
    "message_for",
    "on_the_desk",
    "other_tickets",
    "present",
    "promise",
    "public_messages",
    "thread_for",
    "ticket_by_id",
    "ticket_for",
    "ticket_of_contact",
    "timeline",
    "visible_to",
]
