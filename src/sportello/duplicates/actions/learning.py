"""The desk learns its thresholds from its own corrections, and tidies what nobody answered."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.duplicates.enums import ProposalState
from sportello.duplicates.models import Joined, Learnt, Proposal
from sportello.duplicates.proposals import standing, thresholds
from sportello.duplicates.rules.learning import Learned, Outcome, learn
from sportello.tickets.models import ON_THE_DESK

LEARNT_FROM = timedelta(days=365)
MOST_OUTCOMES = 5_000
STANDS = timedelta(hours=48)
"""A joining that nobody took apart for so long was right."""
ASKED_FOR = timedelta(days=14)
AT_ONCE = 1_000


def learn_anew(*, now: datetime) -> Learned:
    """Reads the newest outcomes and keeps what follows from them. Done twice, it says the same."""
    learned = learn([*_asked(now), *_joinings(now)])
    if learned.thresholds != thresholds():
        found = {"join": learned.thresholds.join, "propose": learned.thresholds.propose}
        changes = [asdict(change) for change in learned.changes]
        Learnt.objects.update_or_create(only=True, defaults={**found, "changes": changes, "learnt_at": now})
    return learned


def set_joining(*, on: bool, by: User, now: datetime, address: str | None) -> None:
    """Switches joining by itself on or off. Raises Refused("admin-only")."""
    check_can_administer(by)
    if standing().joins == on:
        return
    with transaction.atomic():
        Learnt.objects.update_or_create(only=True, defaults={"joins": on})
        record(act=Act.JOINING_ON if on else Act.JOINING_OFF, subject="", by=by, now=now, address=address)


def tidy(*, now: datetime) -> int:
    """Ends some questions that nobody will answer; how many. To be repeated until none is left."""
    over = (
        Q(made_at__lt=now - ASKED_FOR)
        | ~Q(target__merged_into=None)
        | (Q(ticket__isnull=False) & ~Q(ticket__status__in=ON_THE_DESK))
    )
    rows = Proposal.objects.filter(over, state=ProposalState.OPEN).values("pk")[:AT_ONCE]
    return Proposal.objects.filter(pk__in=rows).update(state=ProposalState.EXPIRED, decided_at=now)


def _asked(now: datetime) -> list[Outcome]:
    answered = Proposal.objects.filter(
        state__in=(ProposalState.TAKEN, ProposalState.REFUSED), made_at__gte=now - LEARNT_FROM
    )
    rows = answered.order_by("-made_at", "-pk").values_list("probability", "was_certain", "state")[:MOST_OUTCOMES]
    return [Outcome(probability, certain, state == ProposalState.TAKEN) for probability, certain, state in rows]


def _joinings(now: datetime) -> list[Outcome]:
    rows = Joined.objects.filter(at__gte=now - LEARNT_FROM).filter(Q(undone_at__isnull=False) | Q(at__lt=now - STANDS))
    found = rows.order_by("-at", "-pk").values_list("probability", "undone_at")[:MOST_OUTCOMES]
    return [Outcome(probability, was_certain=True, was_right=undone_at is None) for probability, undone_at in found]
