"""What the pages show of secrets handed over, of data handed out and of erasures."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from sportello.accounts.models import User
from sportello.customers.models import Contact
from sportello.privacy.models import Download, Drop, ErasurePlan, Keeping
from sportello.tickets.models import Ticket
from sportello.tickets.permissions import check_can_read
from sportello.tickets.queries.public import visible_to

SHOWN = 20
MOST_TICKETS = 500


def drop_for(user: User, public_id: UUID) -> Drop | None:
    """Without what is sealed in it."""
    check_can_read(user)
    rows = Drop.objects.select_related("ticket", "contact", "seen_by").defer("sealed")
    return rows.filter(public_id=public_id).first()


def drops_in(ticket: Ticket) -> list[Drop]:
    """The newest that were handed over in a ticket which its reader may see, or in one that was joined to it, without what is sealed in them."""
    rows = _handed_over_in(ticket).select_related("contact", "seen_by").defer("sealed")
    return list(rows.order_by("-dropped_at", "-pk")[:SHOWN])


def drop_of(contact: Contact, ticket: Ticket, public_id: UUID) -> Drop | None:
    """A contact's own, in this ticket: only who handed it over takes it back."""
    return _handed_over_in(ticket).filter(contact=contact, public_id=public_id).defer("sealed").first()


def _handed_over_in(ticket: Ticket) -> QuerySet[Drop]:
    """By the messages that tell of them: these go with a ticket that is joined or taken apart."""
    told = ticket.messages.filter(extra__has_key="drop").values_list("extra__drop", flat=True)
    return Drop.objects.filter(Q(ticket=ticket) | Q(public_id__in=list(told)))


def downloads_of(contact: Contact) -> list[Download]:
    """Those asked for last."""
    return list(
        Download.objects.filter(contact=contact).select_related("asked_by").order_by("-asked_at", "-pk")[:SHOWN]
    )


def own_downloads(contact: Contact) -> list[Download]:
    """Those that the person asked for themselves; for what staff had packed may hold notes. Of one that holds what they may read no more the file
    counts as gone.
    """
    now = readable_by(contact)
    found = [each for each in downloads_of(contact) if each.asked_by_id is None]
    for each in found:
        if any(set(kept) - set(now[kind]) for kind, kept in each.readable.items()):
            each.sha256 = ""
    return found


def download_of(contact: Contact, public_id: UUID) -> Download | None:
    """One of `own_downloads`, while it can be fetched."""
    return next((each for each in own_downloads(contact) if each.public_id == public_id and each.sha256), None)


def readable_by(contact: Contact) -> dict[str, list[int] | list[str]]:
    """What decides about what a person is given of themselves: the tickets that they may read, whom they write for, and their addresses."""
    own = [contact.customer_id] if contact.customer_id else []
    return {
        "tickets": list(visible_to(contact).filter(contact=contact).order_by("pk").values_list("pk", flat=True)),
        "customers": [*own, *contact.memberships.values_list("customer", flat=True)],
        "addresses": list(contact.addresses.values_list("address", flat=True)),
    }


def download_for(user: User, public_id: UUID) -> Download | None:
    check_can_read(user)
    return Download.objects.exclude(sha256="").select_related("contact").filter(public_id=public_id).first()


def erasure_of(contact: Contact) -> ErasurePlan | None:
    """How far it is; None while nobody has asked."""
    return ErasurePlan.objects.select_related("by").defer("found").filter(contact=contact).first()


def tickets_with_grounds(contact: Contact) -> list[tuple[Ticket, str]]:
    """A person's tickets, and why the words of some have to stay."""
    grounds = dict(Keeping.objects.filter(ticket__contact=contact).values_list("ticket", "ground"))
    tickets = Ticket.objects.filter(contact=contact).defer("search").order_by("-opened_at")[:MOST_TICKETS]
    return [(ticket, grounds.get(ticket.pk, "")) for ticket in tickets]
