"""What was proposed and joined, forgotten: of a person, or because it is old. No words stand in it; only who it was asked of."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Q, QuerySet

from sportello.customers.models import Contact
from sportello.duplicates.models import Joined, Proposal


def forget_answers(contact: Contact) -> int:
    """That a question was answered stays, as nobody's."""
    asked = Proposal.objects.filter(Q(contact=contact) | Q(by_contact=contact))
    count = asked.count()
    Proposal.objects.filter(contact=contact).update(contact=None)
    Proposal.objects.filter(by_contact=contact).update(by_contact=None)
    return count


def proposals_before(moment: datetime) -> QuerySet[Proposal]:
    return Proposal.objects.filter(made_at__lt=moment)


def forget_proposals(rows: QuerySet[Proposal]) -> int:
    """These, and what was joined by itself before the newest of them: the joinings stay, and can be taken apart as before."""
    newest = rows.aggregate(at=Max("made_at"))["at"]
    if newest is not None:
        Joined.objects.filter(at__lte=newest).delete()
    return rows.delete()[0]
