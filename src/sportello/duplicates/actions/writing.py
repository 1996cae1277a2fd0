"""A customer who writes a new request says whether it is the problem of a ticket that is there already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.duplicates.enums import Place, ProposalState
from sportello.duplicates.models import Proposal
from sportello.duplicates.queries import Candidate
from sportello.tickets.actions import NewFile, add_message, discard_request_draft
from sportello.tickets.enums import Channel
from sportello.tickets.models import RequestDraft, Ticket
from sportello.tickets.queries import visible_to


def add_instead(
    *, contact: Contact, target: Ticket, text: str, files: Sequence[NewFile], about: Candidate | None, now: datetime
) -> None:
    """It is the same problem: what was written becomes a message of that ticket, and the draft is used up.

    `about` is what spoke for it. Raises Refused("other-customer") for a ticket that the contact may not read, and what `add_message` refuses.
    """
    with transaction.atomic():
        if not visible_to(contact).filter(pk=target.pk).exists():
            raise Refused("other-customer", _("Only tickets of the same customer can be joined."))
        add_message(ticket=target, text=text, now=now, channel=Channel.PORTAL, contact=contact, attachments=files)
        if about is not None:
            _remember([about], contact, None, ProposalState.TAKEN, now)
        discard_request_draft(contact=contact)


def say_other(
    *, contact: Contact, candidates: Iterable[Candidate], now: datetime, ticket: Ticket | None = None
) -> None:
    """It is another problem: remembered for the draft, or of the ticket that was opened."""
    draft = None if ticket else RequestDraft.objects.filter(contact=contact).first()
    if ticket is not None or draft is not None:
        _remember(candidates, contact, ticket or draft, ProposalState.REFUSED, now)


def carry_over(*, contact: Contact, ticket: Ticket) -> frozenset[int]:
    """The draft becomes a ticket: what was said of the draft holds for the ticket. Of which tickets it was said that they are another problem."""
    answered = Proposal.objects.filter(draft__contact=contact, ticket=None)
    refused = frozenset(answered.values_list("target", flat=True))
    if refused:
        answered.update(ticket=ticket)
    return refused


def _remember(
    candidates: Iterable[Candidate],
    contact: Contact,
    what: Ticket | RequestDraft | None,
    state: ProposalState,
    now: datetime,
) -> None:
    ticket, draft = (what, None) if isinstance(what, Ticket) else (None, what)
    Proposal.objects.bulk_create(
        [
            Proposal(
                ticket=ticket,
                draft=draft,
                target_id=one.ticket_id,
                contact=contact,
                place=Place.PORTAL,
                score=one.score,
                probability=one.probability,
                features=dict(one.features),
                state=state,
                made_at=now,
                decided_at=now,
                by_contact=contact,
            )
            for one in candidates
        ],
        ignore_conflicts=True,
    )
