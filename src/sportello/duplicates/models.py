"""What was proposed, what was joined, and what people made of it. None of it holds a word that somebody wrote."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from sportello.customers.models import Contact
from sportello.duplicates.enums import Place, ProposalState
from sportello.tickets.models import Merge, RequestDraft, Ticket

USER = settings.AUTH_USER_MODEL


class Proposal(models.Model):
    """That a request may be about the problem of another ticket of the same customer's, and what somebody said of it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, related_name="proposals", db_index=False)
    """The new one; null while it is written, and for good when it was added to the target instead."""
    target = models.ForeignKey(Ticket, models.CASCADE, related_name="proposed_for")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")  # who wrote the new one
    draft = models.ForeignKey(RequestDraft, models.SET_NULL, null=True, related_name="+", db_index=False)
    """For which draft the customer was asked: the answer holds as long as it does."""
    place = models.CharField(max_length=8, choices=Place.choices)
    score = models.FloatField()
    probability = models.FloatField()
    features = models.JSONField(default=dict)  # {name: figure}
    was_certain = models.BooleanField(
        default=False
    )  # all that joining by itself needs was there, but for the probability
    state = models.CharField(max_length=8, choices=ProposalState.choices, default=ProposalState.OPEN)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    by_contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "target"], name="proposed_once"),
            models.UniqueConstraint(fields=["draft", "target"], name="asked_once_a_draft"),
            models.CheckConstraint(condition=~Q(ticket=models.F("target")), name="not_proposed_to_itself"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="proposal_decided_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["made_at"], name="proposal_oldest"),
            models.Index(fields=["made_at"], condition=Q(state="open"), name="proposal_open"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} like {self.target_id}: {self.state}"


class Joined(models.Model):
    """That a ticket was joined to another without anybody's asking, and why. Undoing it is undoing the merge."""

    merge = models.OneToOneField(Merge, models.CASCADE, related_name="joined")
    why = models.JSONField(default=list)  # duplicates.rules.joining.Ground
    probability = models.FloatField()
    features = models.JSONField(default=dict)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="joined_oldest")]

    def __str__(self) -> str:
        return f"{self.merge}"


class Learnt(models.Model):
    """From what probability on a ticket is shown and may be joined by itself, learnt from what people said; one row."""

    only = models.BooleanField(default=True, unique=True)
    joins = models.BooleanField(default=True)  # whether tickets are joined by themselves at all
    propose = models.FloatField(null=True)  # null: as shipped
    join = models.FloatField(null=True)
    changes = models.JSONField(default=list)  # why they stand where they stand: duplicates.rules.learning.Change
    learnt_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(only=True), name="learnt_is_one_row")]

    def __str__(self) -> str:
        return f"shown from {self.propose}, joined from {self.join}"
