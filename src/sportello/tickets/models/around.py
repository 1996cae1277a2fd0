"""What stands around tickets: who is told, what belongs together, what is asked to be confirmed, what matters to a customer."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from sportello.core.ids import public_id
from sportello.customers.models import Contact, Customer
from sportello.tickets.enums import FollowerRole, LinkKind, OrderKind, OrderState, Verdict
from sportello.tickets.models.ticket import USER, Ticket


class Follower(models.Model):
    """Who is told: a contact or a member of staff."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="followers", db_index=False)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(USER, models.CASCADE, null=True, related_name="+")
    role = models.CharField(max_length=10, choices=FollowerRole.choices, default=FollowerRole.FOLLOWER)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "contact"], name="contact_follows_once"),
            models.UniqueConstraint(fields=["ticket", "user"], name="user_follows_once"),
            models.CheckConstraint(
                condition=Q(contact__isnull=False, user__isnull=True) | Q(contact__isnull=True, user__isnull=False),
                name="follower_is_contact_or_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact or self.user}"


class Link(models.Model):
    """`source` is related to, a follow-up of, or split from `target`."""

    source = models.ForeignKey(Ticket, models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Ticket, models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="one_link_a_kind"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="no_link_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class Merge(models.Model):
    """A join of two tickets of one customer, with what is needed to undo it [one.problem]."""

    source = models.ForeignKey(Ticket, models.PROTECT, related_name="merges_out")
    target = models.ForeignKey(Ticket, models.PROTECT, related_name="merges_in")
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    moved = models.JSONField()  # {"messages": [id], "notes": [id], "attachments": [id], "status": "open"}
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source"], condition=Q(undone_at__isnull=True), name="merged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} into {self.target_id}"


class Rating(models.Model):
    """What a contact says of the help they got, once it was given. Staff read it; nothing is judged by it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="ratings")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "contact"], name="rated_once")]
        indexes: ClassVar = [models.Index(fields=["-at"], name="rating_newest")]

    def __str__(self) -> str:
        return f"{self.contact_id} on {self.ticket_id}: {self.verdict}"


class Order(models.Model):
    """Something that cannot be undone, to be confirmed in the customer area by somebody who may. Nobody decided until `expires_at`: not confirmed."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="orders")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")  # whose people decide
    kind = models.CharField(max_length=10, choices=OrderKind.choices)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.ASKED)
    asked_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    asked_by_contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "refused"], decided_by__isnull=False)
                | Q(state__in=["asked", "withdrawn"], decided_by__isnull=True),
                name="order_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ticket_id}"

    def is_open(self, now: datetime) -> bool:
        return self.state == OrderState.ASKED and self.expires_at > now


class Attention(models.Model):
    """When what matters to a customer was last worked out; `is_stale` once they gained or lost a ticket."""

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="+")
    looked_at = models.DateTimeField()
    is_stale = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer"], condition=Q(is_stale=True), name="attention_stale")]

    def __str__(self) -> str:
        return f"{self.customer_id} at {self.looked_at:%Y-%m-%d %H:%M}"


class Concern(models.Model):
    """One thing that matters to a customer, drawn from their tickets [promise.history]; the words of `key` are in tickets/concerning.py."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    key = models.CharField(max_length=300)
    weight = models.PositiveSmallIntegerField()
    tickets = ArrayField(models.BigIntegerField(), default=list)  # those that it comes from, the newest first
    outage_minutes = models.PositiveIntegerField(default=0)
    waited_minutes = models.PositiveIntegerField(default=0)
    times_said = models.PositiveSmallIntegerField(default=0)  # so many requests say that it is important
    dismissed_at = models.DateTimeField(null=True)  # a person said that it does not matter
    dismissed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer", "key"], name="one_concern_a_key")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.key}"


class Presence(models.Model):
    """Who has a ticket open just now, and whether they are writing. Short-lived."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="presences")
    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    writing = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "user"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.ticket_id}"
