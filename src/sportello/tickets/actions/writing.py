"""Messages and files of a locked ticket: what opening, answering and noting have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from sportello.accounts.models import User
from sportello.core import files, telltale
from sportello.core.errors import Refused
from sportello.core.statements import insert
from sportello.customers.models import Contact
from sportello.mail.models import InboundMail, OutboundMail
from sportello.tickets.enums import Author, Channel
from sportello.tickets.models import Attachment, Draft, Message, Note, Ticket
from sportello.tickets.rules import file_name, one_line, snippet_of, storable

PREVIEW_TASK = "sportello.tickets.make_preview"
PREVIEWED = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that comes with a message. The content type is what its sender said; nothing is shown because of it."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False


def new_files(uploads: Iterable[UploadedFile[Any]]) -> list[NewFile]:
    """What was uploaded, as the actions take it. The names and types are the browser's word, believed by nobody."""
    return [
        NewFile(name=file.name or "", content_type=file.content_type or "", content=file.read()) for file in uploads
    ]


class Content(TypedDict, total=False):
    """What a message may carry besides its text.

    `html` is already sanitised, `fresh_text` is the part without quotes and signature (empty when that is the whole),
    `extra` is shown beside the text (an invitation, a certified mail), `is_automatic` means that a program wrote it.
    """

    html: str
    fresh_text: str
    sanitiser_version: int
    extra: Mapping[str, Any] | None
    inbound: InboundMail | None
    is_automatic: bool
    is_unverified: bool


def with_telltales(text: str, extra: Mapping[str, Any] | None, author: Author) -> dict[str, Any]:
    """What stands beside a message, and which kinds of secrets seem to stand in it: never the secrets."""
    found = [] if author == Author.ROBOT else telltale.kinds(text)
    return {**(extra or {}), **({"secrets": found} if found else {})}


def write(message: Message) -> Message:
    """Adds a composed message to its ticket, which is locked."""
    insert(message)
    return message


def compose(
    ticket: Ticket,
    *,
    author: Author,
    channel: Channel,
    text: str,
    now: datetime,
    by: User | None = None,
    contact: Contact | None = None,
    content: Content | None = None,
) -> Message:
    """A public message that is not saved yet, and what the ticket shows of it."""
    given = content or Content()
    message = Message(
        ticket=ticket,
        author=author,
        channel=channel,
        user=by if author == Author.STAFF else None,
        contact=contact,
        author_name=one_line(_author_name(author, by, contact), 200),
        text=storable(text),
        html=storable(given.get("html", "")),
        fresh_text=storable(given.get("fresh_text", "")),
        sanitiser_version=given.get("sanitiser_version", 0),
        extra=with_telltales(text, given.get("extra"), author),
        inbound=given.get("inbound"),
        is_automatic=given.get("is_automatic", False),
        is_unverified=given.get("is_unverified", False),
        created_at=now,
    )
    ticket.public_count += 1
    if not message.is_automatic or not ticket.snippet:
        ticket.snippet = _snippet(message)
    if author != Author.ROBOT:
        ticket.version += 1
    return message


def _snippet(message: Message) -> str:
    """It is kept for all of the staff: what a program wrote stands there in the house's language."""
    with translation.override(settings.LANGUAGE_CODE):
        return snippet_of(message.shown_text)


def carried_by(message: Message, outbound: OutboundMail | None) -> None:
    """Notes which mail carries the message; none when the customer reads it in the customer area only."""
    if outbound is not None:
        message.outbound = outbound
        message.save(update_fields=["outbound"])


def recount(ticket: Ticket) -> None:
    """What the ticket shows of its messages, once some came or went."""
    newest = ticket.messages.order_by("is_automatic", "-created_at", "-id").first()
    ticket.snippet = _snippet(newest) if newest else ""
    ticket.public_count = ticket.messages.count()


def attach(
    ticket: Ticket,
    new_files: Iterable[NewFile],
    *,
    message: Message | None = None,
    note: Note | None = None,
    draft: Draft | None = None,
) -> list[Attachment]:
    """Keeps the files and says whose they are; pictures get their preview in a job."""
    rows = [_attachment(ticket, new, message, note, draft) for new in new_files]
    if rows:
        insert(*rows)
    for attachment in rows:
        if attachment.content_type in PREVIEWED:
            app.configure_task(PREVIEW_TASK).defer(attachment_id=attachment.pk)
    return rows


def check_not_empty(text: str, *, has_files: bool) -> None:
    """Raises Refused("empty")."""
    if not text.strip() and not has_files:
        raise Refused("empty", _("There is nothing to send yet."))


def _attachment(
    ticket: Ticket, new: NewFile, message: Message | None, note: Note | None, draft: Draft | None
) -> Attachment:
    return Attachment(
        ticket=ticket,
        message=message,
        note=note,
        draft=draft,
        name=file_name(new.name),
        content_type=one_line(new.content_type.lower().partition(";")[0], 120) or "application/octet-stream",
        size=len(new.content),
        sha256=files.put(new.content),
        content_id=one_line(new.content_id, 250),
        is_inline=new.is_inline,
    )


def _author_name(author: Author, by: User | None, contact: Contact | None) -> str:
    if author == Author.STAFF and by is not None:
        return by.name
    return contact.name if contact is not None else ""
