"""Every write to tickets. Each locks the row, settles its clocks, writes its event and tells the desk, in one transaction."""

from __future__ import annotations

from sportello.tickets.actions.answering import add_message, add_note, record_bounce, reply, undo_reply
from sportello.tickets.actions.opening import open_ticket
from sportello.tickets.actions.writing import NewFile

__all__ = [
    "NewFile",
    "add_message",
    "add_note",
    "open_ticket",
    "record_bounce",
    "reply",
    "undo_reply",
]
