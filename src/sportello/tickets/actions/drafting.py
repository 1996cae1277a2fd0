"""What an agent is writing, and who else is there: kept outside the ticket's own row, so that typing locks nobody out."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core import live
from sportello.core.errors import Refused
from sportello.core.storing import put
from sportello.tickets.actions.blotting import remove_files
from sportello.tickets.actions.writing import MOST_FILES, NewFile, attach
from sportello.tickets.enums import DraftKind
from sportello.tickets.models import Attachment, Draft, Presence, Ticket
from sportello.tickets.permissions import check_can_read, check_can_write
from sportello.tickets.rules import PRESENT_FOR, storable

LONGEST_DRAFT = 200_000


def save_draft(
    *,
    ticket: Ticket,
    by: User,
    kind: DraftKind,
    text: str,
    base_version: int,
    now: datetime,
    tab: str = "",
    began_from: datetime | None = None,
) -> Draft:
    """Keeps what was typed so far. `base_version` is the ticket's version that the composer was opened on.

    `tab` is the open page that saves, `began_from` the `updated_at` of the draft that it showed. Raises
    Refused("draft-changed") when another page has saved other words since.
    """
    check_can_write(by)
    words = storable(text, LONGEST_DRAFT)
    kept = {"text": words, "base_version": base_version, "updated_at": now, "tab": tab}
    with transaction.atomic():
        before = locked_draft(ticket=ticket, by=by, kind=kind)
        if before is not None and before.text != words and not _is_own(before, tab, began_from):
            raise _changed()
        draft = Draft(ticket=ticket, user=by, kind=kind, **kept)
        put(draft, key=["ticket", "user", "kind"], names=kept)
    return draft


def locked_draft(*, ticket: Ticket, by: User, kind: DraftKind) -> Draft | None:
    """What one is writing; no page saves other words until the transaction is over."""
    return Draft.objects.select_for_update(no_key=True).filter(ticket=ticket, user=by, kind=kind).first()


def use_up(draft: Draft, *, text: str, tab: str, began_from: datetime | None) -> None:
    """Ends a draft whose files went with `text`; other words, saved by another page, stay."""
    if draft.text == storable(text, LONGEST_DRAFT) or _is_own(draft, tab, began_from):
        draft.delete()


def attach_to_draft(*, draft: Draft, file: NewFile) -> Attachment:
    """Adds a file to what is being written. Raises Refused: "too-large", "too-many-files", "draft-gone"."""
    with transaction.atomic():
        if not Draft.objects.select_for_update(no_key=True).filter(pk=draft.pk):
            raise Refused("draft-gone", _("What was being written here was sent or thrown away in another window."))
        used = draft.attachments.aggregate(size=Sum("size"))["size"] or 0
        if used + len(file.content) > settings.UPLOAD_MAX_BYTES:
            raise Refused("too-large", _("The files of one message may not pass %(size)s.") % {"size": _limit()})
        if draft.attachments.count() >= MOST_FILES:
            raise Refused("too-many-files", _("One message takes %(count)d files at most.") % {"count": MOST_FILES})
        return attach(draft.ticket, [file], draft=draft)[0]


def remove_from_draft(*, attachment: Attachment, by: User) -> None:
    """Takes a file out of what one is writing. Raises Refused("not-yours")."""
    check_can_write(by)
    if not remove_files(Attachment.objects.filter(pk=attachment.pk, draft__user=by)):
        raise Refused("not-yours", _("This file belongs to a message already sent, or to somebody else's draft."))


def discard_draft(
    *, ticket: Ticket, by: User, kind: DraftKind, tab: str = "", began_from: datetime | None = None
) -> None:
    """Throws away what one was writing, with its files. Raises Refused("draft-changed") as `save_draft` does."""
    check_can_write(by)
    with transaction.atomic():
        draft = locked_draft(ticket=ticket, by=by, kind=kind)
        if draft is None:
            return
        if not _is_own(draft, tab, began_from):
            raise _changed()
        remove_files(draft.attachments.all())
        draft.delete()


def be_present(*, ticket: Ticket, by: User, writing: bool, now: datetime) -> None:
    """Says that somebody has the ticket open; to be repeated every 15 seconds or so. Others are told of changes only."""
    check_can_read(by)
    with transaction.atomic():
        rows = Presence.objects.filter(ticket=ticket, user=by).select_for_update(no_key=True)
        before = rows.first()
        known = before is not None and before.writing == writing and before.seen_at > now - PRESENT_FOR
        here = Presence(ticket=ticket, user=by, writing=writing, seen_at=now)
        put(here, key=["ticket", "user"], names=["writing", "seen_at"])
        if not known:
            live.publish("presence", ticket=str(ticket.public_id))


def written(*, ticket: Ticket, by: User) -> None:
    """Says that somebody has sent what they were writing."""
    if Presence.objects.filter(ticket=ticket, user=by, writing=True).update(writing=False):
        live.publish("presence", ticket=str(ticket.public_id))


def leave(*, ticket: Ticket, by: User) -> None:
    """Says that somebody has gone from the ticket's page."""
    deleted, _rows = Presence.objects.filter(ticket=ticket, user=by).delete()
    if deleted:
        live.publish("presence", ticket=str(ticket.public_id))


def _is_own(draft: Draft, tab: str, began_from: datetime | None) -> bool:
    """Whether this page saved it last, or began from it. An empty draft is anybody's."""
    return draft.tab == tab or draft.updated_at == began_from or not draft.text


def _changed() -> Refused:
    return Refused("draft-changed", _("The draft was changed in another window."))


def _limit() -> str:
    return f"{settings.UPLOAD_MAX_BYTES // (1024 * 1024)} MB"
