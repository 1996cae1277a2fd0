"""Files picked on a page that has to ask again: kept meanwhile, so that nobody picks them twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext

from sportello.accounts.limits import Limit
from sportello.core.errors import Refused
from sportello.core.files import FileMissing
from sportello.tickets.actions import NewFile, as_new_files, held_of, hold_files, let_go, new_files

if TYPE_CHECKING:
    from sportello.customers.models import Contact
    from sportello.tickets.models import HeldFile

FIELD, UPLOADS = "held", "uploads"
HOLDINGS = Limit("portal-held", most=30, within=timedelta(hours=1))
MOST_CHOSEN = 100


@dataclass(frozen=True, slots=True)
class Picked:
    """The files of one sending: those kept when the page asked before, and those that come with it now."""

    held: list[HeldFile] = field(default_factory=list)
    new: list[NewFile] = field(default_factory=list)

    @property
    def files(self) -> tuple[NewFile, ...]:
        """Raises Refused("held-file-gone")."""
        try:
            return (*as_new_files(self.held), *self.new)
        except FileMissing:
            raise _gone() from None

    def let_go(self) -> None:
        let_go(held=self.held)


def picked(request: HttpRequest, contact: Contact) -> Picked:
    """Raises Refused("held-file-gone") where one that was kept is not there any more."""
    chosen = _chosen(request)
    held = held_of(contact=contact, chosen=chosen)
    if len(held) < len(chosen):
        raise _gone()
    return Picked(held, new_files(request.FILES.getlist(UPLOADS)))


def keep(request: HttpRequest, contact: Contact, now: datetime) -> list[HeldFile]:
    """For the page that asks again: what was picked, kept for a day."""
    held, uploads = held_of(contact=contact, chosen=_chosen(request)), request.FILES.getlist(UPLOADS)
    if uploads and HOLDINGS.take(str(contact.pk), now=now):
        for upload in uploads:
            upload.seek(0)
        held += hold_files(contact=contact, new=new_files(uploads), now=now)
    return held


def _chosen(request: HttpRequest) -> set[UUID]:
    found = set()
    for each in request.POST.getlist(FIELD)[:MOST_CHOSEN]:
        try:
            found.add(UUID(each))
        except ValueError:
            continue
    return found


def _gone() -> Refused:
    return Refused("held-file-gone", gettext("A file that was kept for you has gone meanwhile: choose it again."))
