"""Files chosen for something that was not sent yet: they survive the page that asks its writer again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from sportello.core import files
from sportello.core.statements import insert
from sportello.customers.models import Contact
from sportello.tickets.actions.blotting import remove_unnamed
from sportello.tickets.actions.writing import NewFile
from sportello.tickets.models import HeldFile
from sportello.tickets.rules import file_name, one_line

HELD_FOR = timedelta(days=1)
MOST_HELD = 100
AT_ONCE = 500


@transaction.atomic
def hold_files(*, contact: Contact, new: Iterable[NewFile], now: datetime) -> list[HeldFile]:
    """Keeps them for this contact; of more than a hundred those that do not fit are left."""
    room = MOST_HELD - HeldFile.objects.filter(contact=contact).count()
    rows = [
        HeldFile(
            contact=contact,
            name=file_name(file.name),
            content_type=one_line(file.content_type, 120),
            sha256=files.put(file.content),
            held_at=now,
        )
        for file in list(new)[: max(0, room)]
    ]
    if rows:
        insert(*rows)
    return rows


def held_of(*, contact: Contact, chosen: Collection[UUID]) -> list[HeldFile]:
    """Their own among those named, in the order in which they were chosen."""
    return list(HeldFile.objects.filter(contact=contact, public_id__in=chosen).order_by("pk")) if chosen else []


def as_new_files(held: Iterable[HeldFile]) -> list[NewFile]:
    """Raises FileMissing."""
    return [NewFile(file.name, file.content_type, files.read(file.sha256)) for file in held]


def let_go(*, held: Collection[HeldFile]) -> None:
    """Once they are sent, or not wanted any more."""
    if not held:
        return
    names = {file.sha256 for file in held}
    HeldFile.objects.filter(pk__in=[file.pk for file in held]).delete()
    transaction.on_commit(lambda: remove_unnamed(names))


def let_go_of(contact: Contact) -> int:
    """All that is kept for somebody who is erased; how many."""
    held = list(HeldFile.objects.filter(contact=contact))
    let_go(held=held)
    return len(held)


def expire_held(*, now: datetime) -> int:
    """Lets go what has waited for a day; returns how many."""
    old = list(HeldFile.objects.filter(held_at__lt=now - HELD_FOR).order_by("pk")[:AT_ONCE])
    with transaction.atomic():
        let_go(held=old)
    return len(old)
