"""What belongs together when something is blotted out of a ticket."""

from __future__ import annotations

from django.db.models import Q

from sportello.accounts.models import User
from sportello.tickets.enums import LinkKind
from sportello.tickets.models import Attachment, Link, Ticket
from sportello.tickets.permissions import check_can_read


def family_of(ticket: Ticket) -> list[Ticket]:
    """The ticket, those split from it or followed up, and those joined to it: where the same words are quoted."""
    links = Link.objects.filter(Q(source=ticket) | Q(target=ticket), kind__in=[LinkKind.SPLIT, LinkKind.FOLLOW_UP])
    linked = {pk for pair in links.values_list("source_id", "target_id") for pk in pair}
    rows = Ticket.objects.filter(Q(pk__in={*linked, ticket.pk}) | Q(merged_into=ticket))
    return list(rows.defer("search").order_by("pk"))


def files_in(user: User, ticket: Ticket) -> list[Attachment]:
    """Every file of a ticket, also those of notes and drafts."""
    check_can_read(user)
    return list(Attachment.objects.filter(ticket=ticket).order_by("pk"))
