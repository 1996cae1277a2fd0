"""The one-time drop: a contact hands a secret over, one member of staff sees it once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.limits import Limit
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core.errors import Refused
from sportello.core.ids import public_id
from sportello.core.sealing import NotOurs, seal, unseal
from sportello.customers.models import Contact
from sportello.privacy.enums import DropState
from sportello.privacy.models import Drop
from sportello.privacy.rules import DROP_LASTS, LONGEST_LABEL, LONGEST_SECRET
from sportello.tickets.actions import add_message
from sportello.tickets.actions.changing import lock, tell
from sportello.tickets.actions.changing import record as record_event
from sportello.tickets.enums import Channel, EventKind
from sportello.tickets.models import Ticket
from sportello.tickets.rules import one_line
from sportello.tickets.told import SECRET, TOLD

PURPOSE = "drop"
DROPS = Limit("secret-drop", most=20, within=timedelta(hours=1))
EXPIRED_AT_ONCE = 500


def drop_secret(*, ticket: Ticket, contact: Contact, secret: str, label: str, now: datetime) -> Drop:
    """Keeps a secret sealed, and says in the ticket that there is one: never what it is. The same that waits already is handed over once.

    Raises Refused: "empty", "too-long", "too-many-drops", or what `add_message` refuses.
    """
    words, name = secret.strip("\r\n"), one_line(label, LONGEST_LABEL)
    if not words.strip():
        raise Refused("empty", gettext("There is nothing to send yet."))
    if len(words) > LONGEST_SECRET:
        raise Refused("too-long", gettext("That is too long for one secret: ten thousand letters at most."))
    if not DROPS.take(str(contact.pk), now=now):
        raise Refused("too-many-drops", gettext("That was a great many secrets. Try again in an hour."))
    key = public_id()
    with transaction.atomic():
        lock(ticket)
        waiting = Drop.objects.filter(
            ticket=ticket, contact=contact, label=name, state=DropState.WAITING, expires_at__gt=now
        )
        twin = next((drop for drop in waiting if _opened(drop) == words), None)
        if twin is not None:
            return twin
        add_message(
            ticket=ticket,
            text=name,
            now=now,
            contact=contact,
            channel=Channel.PORTAL,
            extra={"drop": str(key), TOLD: SECRET},
        )
        drop = Drop.objects.create(
            public_id=key,
            ticket=ticket,
            contact=contact,
            label=name,
            sealed=seal(words, purpose=PURPOSE, row=str(key)),
            dropped_at=now,
            expires_at=now + DROP_LASTS,
        )
        record_event(ticket, EventKind.SECRET_DROPPED, now=now, contact=contact)
    return drop


def look_at(*, drop: Drop, by: User, now: datetime, address: str | None) -> str:
    """The secret, to be shown in the answer to this one request. It is gone afterwards, whatever became of the answer.

    Raises Refused("drop-gone"), also when it cannot be read any more.
    """
    check_can_write(by)
    with transaction.atomic():
        found = _claimed(drop)
        expired = found.expires_at <= now
        secret = None if expired else _opened(found)
        if secret is None:
            _end(found, DropState.EXPIRED if expired else DropState.UNREADABLE, now=now)
        else:
            _end(found, DropState.SEEN, now=now, by=by)
            record_event(found.ticket, EventKind.SECRET_SEEN, now=now, by=by)
            record(
                act=Act.SECRET_SEEN, subject=str(found.contact), by=by, now=now, address=address,
                detail={"ticket": found.ticket.number}, about=found.contact,
            )  # fmt: skip
    if secret is None:
        raise _gone()
    return secret


def withdraw_drop(*, drop: Drop, by: Contact, now: datetime) -> None:
    """The contact takes it back before anybody has looked. Raises Refused("drop-gone")."""
    with transaction.atomic():
        found = _claimed(drop)
        _end(found, DropState.WITHDRAWN, now=now)
        record_event(found.ticket, EventKind.SECRET_WITHDRAWN, now=now, contact=by)


def expire_drops(*, now: datetime) -> int:
    """Takes away what nobody has looked at in time; returns how many."""
    with transaction.atomic():
        waiting = Drop.objects.filter(state=DropState.WAITING, expires_at__lte=now).select_related("ticket")
        over = list(waiting.select_for_update(of=("self",), skip_locked=True, no_key=True)[:EXPIRED_AT_ONCE])
        for drop in over:
            _end(drop, DropState.EXPIRED, now=now)
            record_event(drop.ticket, EventKind.SECRET_EXPIRED, now=now)
    return len(over)


def _claimed(drop: Drop) -> Drop:
    """The row, held until the transaction ends, while it still has something to show."""
    rows = Drop.objects.select_related("ticket", "contact").select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=drop.pk, state=DropState.WAITING).first()
    if found is None:
        raise _gone()
    return found


def _end(drop: Drop, state: DropState, *, now: datetime, by: User | None = None) -> None:
    drop.state, drop.sealed, drop.ended_at, drop.seen_by = state, None, now, by
    drop.save(update_fields=["state", "sealed", "ended_at", "seen_by"])
    tell(drop.ticket)


def _opened(drop: Drop) -> str | None:
    try:
        return unseal(bytes(drop.sealed or b""), purpose=PURPOSE, row=str(drop.public_id))
    except NotOurs:
        return None


def _gone() -> Refused:
    return Refused("drop-gone", gettext("It is gone: it was looked at, withdrawn, or too old."))
