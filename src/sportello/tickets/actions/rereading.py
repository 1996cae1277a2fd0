"""A mail that was read anew, by a reader that understands more: its message says what it says now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from sportello.tickets.actions.changing import changing
from sportello.tickets.actions.writing import Content, NewFile, attach, recount, with_telltales
from sportello.tickets.enums import Author
from sportello.tickets.models import Message
from sportello.tickets.rules import storable


def reread(
    *, message: Message, text: str, now: datetime, attachments: Sequence[NewFile] = (), **content: Unpack[Content]
) -> None:
    """Puts the new reading in the place of the old one. Files that were not found before are added; none is taken away, no clock changes.
    The same reading as before changes nothing at all.

    Raises Refused("merged").
    """
    reading = {
        "text": storable(text),
        "fresh_text": storable(content.get("fresh_text", "")),
        "html": storable(content.get("html", "")),
        "sanitiser_version": content.get("sanitiser_version", 0),
        "extra": with_telltales(text, content.get("extra"), Author(message.author)),
    }
    known = set(message.attachments.values_list("name", "size"))
    found = [file for file in attachments if (file.name, len(file.content)) not in known]
    if not found and all(getattr(message, name) == value for name, value in reading.items()):
        return
    with changing(message.ticket, now=now) as ticket:
        for name, value in reading.items():
            setattr(message, name, value)
        message.save(update_fields=[*reading])
        attach(ticket, found, message=message)
        recount(ticket)
