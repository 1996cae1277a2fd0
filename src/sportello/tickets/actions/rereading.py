"""A mail that was read anew, by a reader that understands more: its message says what it says now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from sportello.tickets.actions.changing import changing
from sportello.tickets.actions.writing import Content, NewFile, attach, recount
from sportello.tickets.models import Message
from sportello.tickets.rules import storable


def reread(
    *, message: Message, text: str, now: datetime, attachments: Sequence[NewFile] = (), **content: Unpack[Content]
) -> None:
    """Puts the new reading in the place of the old one. Files that were not found before are added; none is taken away, no clock changes.

    Raises Refused("merged").
    """
    with changing(message.ticket, now=now) as ticket:
        known = set(message.attachments.values_list("name", "size"))
        message.text = storable(text)
        message.fresh_text = storable(content.get("fresh_text", ""))
        message.html = storable(content.get("html", ""))
        message.sanitiser_version = content.get("sanitiser_version", 0)
        message.extra = dict(content.get("extra") or {})
        message.save(update_fields=["text", "fresh_text", "html", "sanitiser_version", "extra"])
        attach(ticket, [file for file in attachments if (file.name, len(file.content)) not in known], message=message)
        recount(ticket)
