"""A request that became a ticket is compared with the customer's others: joined where it is certain, proposed to staff where it may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from sportello.core.errors import Refused
from sportello.core.lately import lately
from sportello.core.statements import Reading, insert_new
from sportello.customers.models import Contact
from sportello.duplicates.actions.deciding import end_proposals
from sportello.duplicates.enums import Place, ProposalState
from sportello.duplicates.models import Joined, Proposal
from sportello.duplicates.proposals import standing
from sportello.duplicates.queries import Candidate, candidates_for
from sportello.duplicates.rules.facts import FAILING
from sportello.duplicates.rules.features import AGAINST, NAMES_THE_SAME, Feature, has_any
from sportello.duplicates.rules.joining import Facts, Ground, Judgement, Thresholds, may_follow, may_join
from sportello.tickets import actions as tickets
from sportello.tickets.enums import Channel, JoinedFor
from sportello.tickets.models import ON_THE_DESK, Ticket
from sportello.tickets.queries import visible_to
from sportello.tickets.rules import answers

MOST = 3
ALONE = 99.0
"""The lead of a candidate beside which there is no other."""
FRESH = timedelta(hours=2)
"""For how long what was seen of a service speaks for it."""
AGAIN_WITHIN = timedelta(hours=1)
"""For how long a proposal may still become certain, as services are looked at."""
AT_ONCE = 100
_TARGET = Reading(lambda ticket: Ticket.objects.filter(pk=ticket).select_related("contact").defer("search"))


SameIncident = Callable[[Ticket, Ticket], bool]
"""Whether the first, which has just come, is about the incident that the second is under: a room above this one knows."""


def nothing_known(_ticket: Ticket, _other: Ticket) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Came:
    """A request that has just become a ticket."""

    ticket: Ticket
    text: str
    """Its subject and what is new in it."""
    place: Place = Place.DESK
    is_proven: bool = True
    """Neither a program wrote it nor somebody whose address was not verified: only then it is joined by itself."""
    subject: str = ""
    """That of the mail, as it was written."""
    said_other: frozenset[int] = frozenset()
    """Tickets of which its sender has said that they are another problem."""
    same_incident: SameIncident = nothing_known


def consider(*, came: Came, now: datetime) -> Ticket | None:
    """The ticket that the new one was joined to, because that is certain; else None, with what may be the same proposed to staff.

    To be called in the transaction that opens the ticket.
    """
    holds = lately("what is joined", standing)
    found = [one for one in _candidates(came, holds.thresholds, now) if one.ticket_id not in came.said_other]
    likely = [one for one in found if one.probability >= holds.thresholds.propose]
    if not likely:  # what is not even proposed is not joined either
        return None
    (target,) = _TARGET(found[0].ticket_id)
    judged = _judgement(came, found, target, holds.thresholds, now)
    if judged.joins and holds.joins and came.is_proven and _joined(came.ticket, target, found[0], judged, now):
        return target
    _propose(came, likely, judged, now)
    return None


def reconsider(*, now: datetime, tell: Callable[[Ticket, Ticket], object], same_incident: SameIncident) -> int:
    """Joins what has become certain since it was proposed, because the service was looked at meanwhile; how many. Safe to do twice.

    `tell` is called with the ticket and its target, in the transaction that joins them.
    """
    if not standing().joins:
        return 0
    waiting = Proposal.objects.filter(
        state=ProposalState.OPEN,
        place=Place.DESK,
        made_at__gte=now - AGAIN_WITHIN,
        ticket__channel=Channel.MAIL,
        ticket__first_answered_at=None,
        ticket__merged_into=None,
        ticket__status__in=ON_THE_DESK,
        ticket__verdict__in=FAILING,
    )
    rows = waiting.order_by("ticket").values_list("ticket", flat=True).distinct()
    return sum(_again(ticket, now, tell, same_incident) for ticket in rows[:AT_ONCE])


@transaction.atomic
def _again(
    ticket_id: int, now: datetime, tell: Callable[[Ticket, Ticket], object], same_incident: SameIncident
) -> bool:
    rows = Ticket.objects.select_related("contact__customer", "customer", "service").defer("search")
    ticket = rows.select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(pk=ticket_id).first()
    first = ticket.messages.order_by("created_at", "pk").first() if ticket else None
    if (
        ticket is None
        or first is None
        or first.is_automatic
        or first.is_unverified
        or ticket.merged_into_id is not None
    ):
        return False
    refused = Proposal.objects.filter(ticket=ticket, state=ProposalState.REFUSED).values_list("target", flat=True)
    came = Came(
        ticket,
        f"{ticket.subject}\n{first.shown_text}",
        subject=ticket.subject,
        said_other=frozenset(refused),
        same_incident=same_incident,
    )
    target = consider(came=came, now=now)
    if target is not None:
        tell(ticket, target)
    return target is not None


# -- comparing ---------------------------------------------------------------------------------------------------------
def _candidates(came: Came, thresholds: Thresholds, now: datetime) -> list[Candidate]:
    ticket = came.ticket
    return candidates_for(
        customer=ticket.customer,
        text=came.text,
        service=ticket.service,
        contact=ticket.contact,
        now=now,
        limit=MOST,
        exclude=ticket,
        verdict=ticket.verdict,
        worth=thresholds.propose,
    )


def _judgement(
    came: Came, found: Sequence[Candidate], target: Ticket, thresholds: Thresholds, now: datetime
) -> Judgement:
    facts = _facts(came, found, target, now)
    judged = may_join(facts, thresholds)
    if judged.joins or came.ticket.channel != Channel.MAIL:
        return judged
    followed = may_follow(facts, thresholds)
    return followed if followed.joins else judged


def _facts(came: Came, found: Sequence[Candidate], target: Ticket, now: datetime) -> Facts:
    ticket, best = came.ticket, found[0]
    same_sender = ticket.contact_id == target.contact_id
    same_service = ticket.service_id is not None and ticket.service_id == target.service_id
    return Facts(
        probability=best.probability,
        lead=best.score - found[1].score if len(found) > 1 else ALONE,
        since=max(ticket.opened_at - target.updated_at, timedelta()),
        same_customer=ticket.customer_id == target.customer_id and (ticket.customer_id is not None or same_sender),
        same_sender=same_sender,
        may_read=_may_read(ticket.contact, target) and _may_read(target.contact, ticket),
        is_open=target.status in ON_THE_DESK,
        same_service=same_service,
        fails_alike=same_service and _fails_alike(ticket, target, now),
        same_incident=same_service and target.in_incident and came.same_incident(ticket, target),
        seems_an_answer=target.last_update_at is not None and answers(came.subject, target.subject),
        alike=best.features.get(Feature.TEXT, 0.0),
        names_the_same=has_any(best.features, NAMES_THE_SAME),
        speaks_against=has_any(best.features, AGAINST),
    )


def _fails_alike(ticket: Ticket, target: Ticket, now: datetime) -> bool:
    """Whether the last look at the service found it failing; where the new ticket had one of its own, in the same way."""
    is_fresh = target.verdict_at is not None and now - target.verdict_at <= FRESH
    return is_fresh and target.verdict in FAILING and ticket.verdict in ("", target.verdict)


def _may_read(contact: Contact, ticket: Ticket) -> bool:
    """Joined, each of the two people reads what the other wrote."""
    return ticket.contact_id == contact.pk or visible_to(contact).filter(pk=ticket.pk).exists()


# -- what follows ------------------------------------------------------------------------------------------------------
def _joined(ticket: Ticket, target: Ticket, about: Candidate, judged: Judgement, now: datetime) -> bool:
    """Joins them; False when somebody closed or joined the target meanwhile."""
    why = [str(ground) for ground in judged.grounds if str(ground) in JoinedFor.values]
    try:
        merge = tickets.merge(source=ticket, target=target, by=None, now=now, why=why)
    except Refused:
        return False
    Joined.objects.create(merge=merge, why=why, probability=about.probability, features=dict(about.features), at=now)
    end_proposals(ticket, now)
    return True


def _propose(came: Came, found: Iterable[Candidate], judged: Judgement, now: datetime) -> None:
    """`judged` is of the likeliest, which comes first."""
    nearly = not set(judged.missing) - {Ground.LIKELY}
    proposals = [
        Proposal(
            ticket=came.ticket,
            target_id=one.ticket_id,
            contact=came.ticket.contact,
            place=came.place,
            score=one.score,
            probability=one.probability,
            features=dict(one.features),
            was_certain=nearly and not place,
            made_at=now,
        )
        for place, one in enumerate(found)
    ]
    insert_new(*proposals)
