"""What is said in a ticket: the customer's messages, the provider's answers, notes among staff."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Unpack

from django.db import transaction
from django.db.models import Manager
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.mail import actions as mail
from sportello.tickets import notifications
from sportello.tickets.actions.changing import changing, check_not_merged, keep, lock, lock_ticket_of, record
from sportello.tickets.actions.clocks import happened, put_back, set_status, standing_of
from sportello.tickets.actions.drafting import locked_draft, use_up, written
from sportello.tickets.actions.writing import (
    Content,
    NewFile,
    attach,
    carried_by,
    check_not_empty,
    compose,
    recount,
    write,
)
from sportello.tickets.enums import Author, Channel, DraftKind, EventKind, Status
from sportello.tickets.models import Attachment, Draft, Event, Message, Note, Ticket
from sportello.tickets.permissions import check_can_undo, check_can_write
from sportello.tickets.rules import SAME_REPLY_WITHIN, UNDO_WITHIN, FollowUp, reopen_or_follow_up, storable
from sportello.triage.enums import Happening

Then = Literal["keep", "wait", "solve"]
STATUS_KINDS = (
    EventKind.ANALYSIS_STARTED,
    EventKind.WAIT_STARTED,
    EventKind.SOLVED,
    EventKind.CLOSED,
    EventKind.SET_ASIDE,
    EventKind.REOPENED,
)


def add_message(
    *,
    ticket: Ticket,
    text: str,
    now: datetime,
    channel: Channel,
    contact: Contact | None = None,
    author: Author = Author.CUSTOMER,
    by: User | None = None,
    attachments: Sequence[NewFile] = (),
    **content: Unpack[Content],
) -> Message:
    """Adds what a customer wrote; a ticket that waited or was solved is open again.

    With `author=STAFF` it is what staff answered by other means than this desk, on the telephone: no mail is sent. What
    a program wrote (`is_automatic`) is kept and changes nothing else. Raises Refused("closed-too-long") when the
    ticket was closed 14 days ago or earlier: the caller opens a follow-up.
    """
    check_can_write(by)
    by_machine = content.get("is_automatic", False)
    with changing(ticket, now=now):
        if not by_machine:
            _check_reopens(ticket, now)
        message = write(
            compose(ticket, author=author, channel=channel, text=text, now=now, by=by, contact=contact, content=content)
        )
        attach(ticket, attachments, message=message)
        if by_machine:
            record(ticket, EventKind.MACHINE_WROTE, now=now, contact=contact, message=str(message.public_id))
        elif author == Author.STAFF:
            record(ticket, EventKind.REPLIED, now=now, by=by, message=str(message.public_id), then="keep")
            _answered(ticket, "keep", now, None)
        else:
            record(ticket, EventKind.CUSTOMER_WROTE, now=now, by=by, contact=contact, message=str(message.public_id))
            _customer_wrote(ticket, now, contact)
    return message


def reply(
    *,
    ticket: Ticket,
    text: str,
    by: User,
    now: datetime,
    seen_version: int,
    then: Then = "keep",
    attachments: Sequence[NewFile] = (),
    next_update_at: datetime | None = None,
    confirm_unseen: bool = False,
    tab: str = "",
    began_from: datetime | None = None,
) -> Message:
    """Answers the customer; the mails leave when the ten seconds for an undo are over.

    The files of the agent's draft go with it, and the draft is gone, unless another page than `tab` has saved other
    words since `began_from`: those stay a draft. `seen_version` is the ticket's version that the
    agent was looking at: a newer one raises Refused("new-message") unless they confirmed. The same text sent twice
    within two minutes, by a double click or a repeated request, is one answer, unless it brings other files. `next_update_at` renews the promise of
    a ticket in analysis.
    """
    check_can_write(by)
    with transaction.atomic():
        lock(ticket)
        check_not_merged(ticket)
        draft = locked_draft(ticket=ticket, by=by, kind=DraftKind.REPLY)
        twin = _same_reply(ticket, text, by, now)
        if twin is not None and not _brings_files(attachments, draft, twin.attachments):
            return twin
        _check_seen(ticket, seen_version, confirmed=confirm_unseen)
        before = standing_of(ticket)
        message = _write_reply(ticket, text, by, now, attachments, draft)
        if draft is not None:
            use_up(draft, text=text, tab=tab, began_from=began_from)
        ticket.assignee = ticket.assignee or by
        _answered(ticket, then, now, next_update_at)
        sent = notifications.answer(ticket=ticket, message=message, by=by, not_before=now + UNDO_WITHIN, now=now)
        carried_by(message, sent)
        _record_reply(ticket, message, by, now, then, before)
        written(ticket=ticket, by=by)
        keep(ticket, now=now)
    return message


def undo_reply(*, message: Message, by: User, now: datetime) -> Draft:
    """Takes an answer back before its mails leave: the text is a draft again, the ticket stands where it stood.

    Raises Refused: "too-late" after ten seconds or when a mail is on its way, "changed-since" when somebody changed
    the status after it.
    """
    ticket = message.ticket
    check_can_undo(by, message.user)
    with transaction.atomic():
        lock(ticket)
        replied = _undoable(ticket, message, now)
        draft = _draft_again(message, by, now)
        message.delete()
        recount(ticket)
        _stand_as_before(ticket, replied)
        record(ticket, EventKind.REPLY_UNDONE, now=now, by=by, message=str(replied.data["message"]))
        keep(ticket, now=now)
    return draft


def add_note(
    *,
    ticket: Ticket,
    text: str,
    by: User,
    now: datetime,
    attachments: Sequence[NewFile] = (),
    tab: str = "",
    began_from: datetime | None = None,
) -> Note:
    """Adds a note that staff alone can read. No clock changes; the agent's note draft ends as with an answer, and sent twice it is one note."""
    check_can_write(by)
    with changing(ticket, now=now):
        draft = locked_draft(ticket=ticket, by=by, kind=DraftKind.NOTE)
        twin = _same_note(ticket, text, by, now)
        if twin is not None and not _brings_files(attachments, draft, twin.attachments):
            return twin
        check_not_empty(text, has_files=bool(attachments) or (draft is not None and draft.attachments.exists()))
        note = Note.objects.create(ticket=ticket, user=by, text=storable(text), created_at=now)
        if draft is not None:
            draft.attachments.update(note=note, draft=None)
            use_up(draft, text=text, tab=tab, began_from=began_from)
        attach(ticket, attachments, note=note)
        record(ticket, EventKind.NOTED, now=now, by=by, note=str(note.public_id))
        written(ticket=ticket, by=by)
    return note


def record_bounce(*, message: Message, address: str, reason: str, now: datetime) -> None:
    """Says on the ticket that the mail of a message came back, so that its author learns of it."""
    with transaction.atomic():
        ticket = lock_ticket_of(message)
        record(
            ticket,
            EventKind.BOUNCED,
            now=now,
            message=str(message.public_id),
            address=address,
            reason=storable(reason, 300),
        )
        notifications.undelivered(message=message, address=address, reason=reason, now=now)
        keep(ticket, now=now)


# -- a customer's message ----------------------------------------------------------------------------------------------
def _check_reopens(ticket: Ticket, now: datetime) -> None:
    if isinstance(reopen_or_follow_up(ticket, now), FollowUp):
        raise Refused("closed-too-long", _("This ticket was closed too long ago to be reopened."))


def _customer_wrote(ticket: Ticket, now: datetime, contact: Contact | None) -> None:
    reopens = ticket.status in (Status.SOLVED, Status.CLOSED)
    happened(ticket, Happening.CUSTOMER_WROTE, now)
    if reopens:
        record(ticket, EventKind.REOPENED, now=now, contact=contact)


# -- an answer ---------------------------------------------------------------------------------------------------------
def _same_reply(ticket: Ticket, text: str, by: User, now: datetime) -> Message | None:
    recent = ticket.messages.filter(author=Author.STAFF, user=by, created_at__gt=now - SAME_REPLY_WITHIN)
    latest = recent.order_by("-created_at", "-id").first()
    return latest if latest is not None and latest.text == storable(text) else None


def _same_note(ticket: Ticket, text: str, by: User, now: datetime) -> Note | None:
    recent = ticket.notes.filter(user=by, created_at__gt=now - SAME_REPLY_WITHIN)
    latest = recent.order_by("-created_at", "-id").first()
    return latest if latest is not None and latest.text == storable(text) else None


def _brings_files(new: Sequence[NewFile], draft: Draft | None, had: Manager[Attachment]) -> bool:
    """Whether what is sent holds a file that its twin does not have."""
    if draft is not None and draft.attachments.exists():
        return True
    known = set(had.values_list("sha256", flat=True))
    return any(hashlib.sha256(file.content).hexdigest() not in known for file in new)


def _check_seen(ticket: Ticket, seen_version: int, *, confirmed: bool) -> None:
    if ticket.version > seen_version and not confirmed:
        raise Refused("new-message", _("A new message has arrived that you have not seen yet."))


def _write_reply(
    ticket: Ticket, text: str, by: User, now: datetime, new_files: Sequence[NewFile], draft: Draft | None
) -> Message:
    check_not_empty(text, has_files=bool(new_files) or (draft is not None and draft.attachments.exists()))
    message = write(compose(ticket, author=Author.STAFF, channel=Channel.DESK, text=text, now=now, by=by))
    if draft is not None:
        draft.attachments.update(message=message, draft=None)
    attach(ticket, new_files, message=message)
    return message


def _answered(ticket: Ticket, then: Then, now: datetime, next_update_at: datetime | None) -> None:
    if ticket.status == Status.NEW:
        ticket.status = Status.OPEN
    happened(ticket, Happening.PERSON_ANSWERED, now, until=next_update_at)
    if then == "wait":
        happened(ticket, Happening.WAIT_STARTED, now)
        set_status(ticket, Status.WAITING, now)
    elif then == "solve":
        happened(ticket, Happening.STOPPED, now)
        set_status(ticket, Status.SOLVED, now)


def _record_reply(
    ticket: Ticket, message: Message, by: User, now: datetime, then: Then, before: dict[str, Any]
) -> None:
    data = {"message": str(message.public_id), "then": then, "before": before}
    Event.objects.create(ticket=ticket, at=now, kind=EventKind.REPLIED, user=by, data=data)


# -- taking an answer back ---------------------------------------------------------------------------------------------
def _undoable(ticket: Ticket, message: Message, now: datetime) -> Event:
    """The event of the answer, once nothing stands in the way of the undo."""
    too_late = Refused("too-late", _("It is too late: the answer has been sent."))
    told = ticket.events.filter(kind=EventKind.REPLIED, data__message=str(message.public_id))
    replied = told.filter(data__has_key="before").first()
    is_here = ticket.messages.filter(pk=message.pk).exists()  # else it was taken back just now, or has moved on
    if replied is None or not is_here or now - message.created_at > UNDO_WITHIN:
        raise too_late
    if ticket.events.filter(pk__gt=replied.pk, kind__in=STATUS_KINDS, contact__isnull=True).exists():
        raise Refused("changed-since", _("The status was changed since; the answer stays."))
    if message.outbound is not None and not mail.cancel(outbound=message.outbound, now=now):
        raise too_late
    return replied


def _draft_again(message: Message, by: User, now: datetime) -> Draft:
    """The text goes before whatever was begun since, and the files come back."""
    draft, created = Draft.objects.select_for_update(no_key=True).get_or_create(
        ticket=message.ticket,
        user=by,
        kind=DraftKind.REPLY,
        defaults={"text": message.text, "base_version": message.ticket.version, "updated_at": now},
    )
    if not created:
        draft.text = "\n\n".join(filter(None, [message.text, draft.text]))
        draft.updated_at, draft.tab = now, ""
        draft.save(update_fields=["text", "updated_at", "tab"])
    message.attachments.update(message=None, draft=draft)
    return draft


def _stand_as_before(ticket: Ticket, replied: Event) -> None:
    """As before the answer, and then what the customer wrote in the seconds since."""
    put_back(ticket, replied.data["before"])
    since = ticket.messages.filter(author=Author.CUSTOMER, is_automatic=False, created_at__gte=replied.at)
    for at in since.order_by("created_at").values_list("created_at", flat=True):
        happened(ticket, Happening.CUSTOMER_WROTE, at)
