"""Blotting out a password that was written into a message: for good, wherever it was quoted, and told without saying what it was."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core.blotting import Blot
from sportello.core.errors import Refused
from sportello.privacy.models import Erasure
from sportello.tickets.actions.blotting import blot_files, blot_tickets
from sportello.tickets.actions.changing import record as record_event
from sportello.tickets.enums import EventKind
from sportello.tickets.models import Attachment, Ticket
from sportello.tickets.queries.blotting import family_of


def blot_out(
    *,
    ticket: Ticket,
    words: Collection[str],
    files: Collection[UUID],
    with_notes: bool,
    by: User,
    now: datetime,
    address: str | None,
) -> int:
    """Takes the words, and the files of the ticket that were chosen, away for good; returns in how many places they stood.

    Raises Refused("nothing-to-blot").
    """
    check_can_write(by)
    blot = Blot.of(words)
    with transaction.atomic():
        erasure = Erasure.objects.create(by=by, ticket=ticket)
        places = blot_tickets(tickets=family_of(ticket), blot=blot, with_notes=with_notes) if blot.words else 0
        gone = blot_files(attachments=Attachment.objects.filter(ticket=ticket, public_id__in=files)) if files else 0
        if not places + gone:
            raise Refused(
                "nothing-to-blot", gettext("These words stand nowhere in the ticket; four letters are the least.")
            )
        counts = {"places": places, "files": gone}
        Erasure.objects.filter(pk=erasure.pk).update(counts=counts)
        record_event(ticket, EventKind.BLOTTED, now=now, by=by, places=places + gone)
        record(
            act=Act.BLOTTED, subject=f"#{ticket.number}", by=by, now=now, address=address, detail=counts, about=ticket
        )
    return places + gone
