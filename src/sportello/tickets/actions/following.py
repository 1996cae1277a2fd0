"""Who is told: contacts who get the answers by mail, staff who keep an eye on it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.customers.queries import rights_at
from sportello.tickets.actions.changing import changing, record
from sportello.tickets.enums import EventKind, FollowerRole
from sportello.tickets.models import Follower, Ticket
from sportello.tickets.permissions import check_can_read, check_can_write


def follow(*, ticket: Ticket, by: User, now: datetime) -> None:
    """A member of staff keeps an eye on it; following twice changes nothing."""
    check_can_read(by)
    with changing(ticket, now=now):
        _row, created = Follower.objects.get_or_create(ticket=ticket, user=by, defaults={"since": now})
        if created:
            record(ticket, EventKind.FOLLOWED, now=now, by=by, name=by.name)


def unfollow(*, ticket: Ticket, by: User, now: datetime) -> None:
    check_can_read(by)
    with changing(ticket, now=now):
        deleted, _rows = Follower.objects.filter(ticket=ticket, user=by).delete()
        if deleted:
            record(ticket, EventKind.UNFOLLOWED, now=now, by=by, name=by.name)


def note_copy(*, ticket: Ticket, contact: Contact, now: datetime) -> None:
    """Somebody was in copy of a mail: noted, and shown nothing until an agent accepts them."""
    with changing(ticket, now=now):
        defaults = {"since": now, "role": FollowerRole.COPY}
        _row, created = Follower.objects.get_or_create(ticket=ticket, contact=contact, defaults=defaults)
        if created:
            record(ticket, EventKind.COPY_ADDED, now=now, contact=contact, name=contact.name)


def accept_copy(*, ticket: Ticket, contact: Contact, by: User, now: datetime) -> None:
    """Lets somebody follow: they get the answers and may read the whole conversation and write in it.

    Raises Refused("other-customer") for the contact of another customer.
    """
    check_can_write(by)
    with changing(ticket, now=now):
        if contact.customer_id is not None and not (ticket.customer_id and rights_at(contact, ticket.customer_id)):
            raise Refused("other-customer", _("This contact belongs to another customer."))
        row, created = Follower.objects.get_or_create(ticket=ticket, contact=contact, defaults={"since": now})
        if created or row.role == FollowerRole.COPY:
            row.role = FollowerRole.FOLLOWER
            row.save(update_fields=["role"])
            record(ticket, EventKind.COPY_ACCEPTED, now=now, by=by, contact=contact, name=contact.name)


def remove_contact(*, ticket: Ticket, contact: Contact, by: User, now: datetime) -> None:
    """Takes a follower's access away. Raises Refused("requester") for the one whose ticket it is."""
    check_can_write(by)
    with changing(ticket, now=now):
        if contact.pk == ticket.contact_id:
            raise Refused("requester", _("The person who asked cannot be removed."))
        deleted, _rows = Follower.objects.filter(ticket=ticket, contact=contact).delete()
        if deleted:
            record(ticket, EventKind.UNFOLLOWED, now=now, by=by, contact=contact, name=contact.name)


def stop_following(*, ticket: Ticket, contact: Contact, now: datetime) -> None:
    """A contact does not want to follow any more: they get no answers and read it no longer.

    Raises Refused("requester") for the one whose ticket it is.
    """
    with changing(ticket, now=now):
        if contact.pk == ticket.contact_id:
            raise Refused("requester", _("The person who asked cannot be removed."))
        deleted, _rows = Follower.objects.filter(ticket=ticket, contact=contact).delete()
        if deleted:
            record(ticket, EventKind.UNFOLLOWED, now=now, contact=contact, name=contact.name)


def add_colleague(*, ticket: Ticket, colleague: Contact, contact: Contact, now: datetime) -> None:
    """A contact lets somebody of the same customer read along and write; who was only in copy is accepted.

    Raises Refused("other-customer") for anybody else.
    """
    with changing(ticket, now=now):
        if ticket.customer_id is None or {ticket.customer_id} != {colleague.customer_id, contact.customer_id}:
            raise Refused("other-customer", _("This contact belongs to another customer."))
        row, created = Follower.objects.get_or_create(ticket=ticket, contact=colleague, defaults={"since": now})
        if created or row.role == FollowerRole.COPY:
            row.role = FollowerRole.FOLLOWER
            row.save(update_fields=["role"])
            record(ticket, EventKind.FOLLOWED, now=now, contact=contact, name=colleague.name)
