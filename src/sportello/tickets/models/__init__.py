"""Tickets, what was said in them, and what happened to them."""

from sportello.tickets.models.around import Attention, Concern, Follower, Link, Merge, Order, Presence, Rating
from sportello.tickets.models.said import Attachment, Draft, Event, HeldFile, Message, Note, RequestDraft
from sportello.tickets.models.searching import SEARCHED_CHARACTERS, SPAN_OF_TEXTS, SPAN_OF_TICKETS, RankedAt
from sportello.tickets.models.ticket import ON_THE_DESK, Tag, Tally, Ticket

__all__ = [
    "ON_THE_DESK",
    "SEARCHED_CHARACTERS",
    "SPAN_OF_TEXTS",
    "SPAN_OF_TICKETS",
    "Attachment",
    "Attention",
    "Concern",
    "Draft",
    "Event",
    "Follower",
    "HeldFile",
    "Link",
    "Merge",
    "Message",
    "Note",
    "Order",
    "Presence",
    "RankedAt",
    "Rating",
    "RequestDraft",
    "Tag",
    "Tally",
    "Ticket",
]
