"""Secrets handed over, data handed out, what was erased, and how long things are kept."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models

from sportello.core.ids import public_id
from sportello.customers.models import Contact
from sportello.privacy.enums import UNDER_WAY, DropState, Ground, Kept, Progress
from sportello.tickets.models import Ticket

USER = settings.AUTH_USER_MODEL


class Drop(models.Model):
    """A password or key that a contact hands over: sealed, shown once, then gone. The row tells what became of it."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    label = models.CharField(max_length=80, blank=True)  # what it is for, in the contact's words
    sealed = models.BinaryField(null=True)  # core.sealing; null once it is gone
    state = models.CharField(max_length=10, choices=DropState.choices, default=DropState.WAITING)
    dropped_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", sealed__isnull=False)
                | models.Q(~models.Q(state="waiting"), sealed__isnull=True),
                name="drop_sealed_only_while_it_waits",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], condition=models.Q(state="waiting"), name="drop_waiting"),
            models.Index(fields=["ticket", "-dropped_at"], name="drop_of_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.state}"


class Download(models.Model):
    """All that is kept of a person, packed for them. The file lies in the file store until `expires_at`."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")  # null: the person themselves
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)  # "" before it is ready and after it has gone
    size = models.BigIntegerField(default=0)
    with_notes = models.BooleanField(default=False, db_default=False)  # internal notes too: staff have read them before
    readable = models.JSONField(default=dict, db_default={})
    """What the person might read when it was packed (`queries.readable_by`): it is theirs to fetch while they may read all of it."""

    def __str__(self) -> str:
        return f"{self.contact} {self.asked_at:%Y-%m-%d %H:%M}"


class Erasure(models.Model):
    """That words were taken out for good: by whom, when, of whom, how many. Never which.

    Only a transaction that has written such a row may take words out of events and audit entries; a trigger sees to it.
    """

    began_at = models.DateTimeField(db_default=TransactionNow(), db_index=True)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")  # null: a rule of retention
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="+")
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}"


class ErasurePlan(models.Model):
    """An erasure on its way: a job goes through the mails as they came, some at a time, and begins again where it was."""

    contact = models.OneToOneField(Contact, models.PROTECT, related_name="+")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    address = models.GenericIPAddressField(null=True)  # of whoever asked, for the audit; gone once it is done
    state = models.CharField(max_length=10, choices=Progress.choices)
    began_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    # The mails as they came: which were looked through, and which name the person.
    is_searched = models.BooleanField(default=False)
    searched_to = models.CharField(max_length=64, blank=True)
    searched = models.PositiveIntegerField(default=0)
    mails = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=list)
    # What goes, or went, of each kind; and the numbers of the tickets that stay, with their grounds.
    counts = models.JSONField(default=dict)
    stays = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.contact} {self.state}"

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def percent(self) -> int:
        return 100 if self.is_searched else min(99, 100 * self.searched // max(self.mails, 1))


class Keeping(models.Model):
    """A ticket whose words have to stay, and why: an erasure passes it by."""

    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="+")
    ground = models.CharField(max_length=10, choices=Ground.choices)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ticket} {self.ground}"


class Retention(models.Model):
    """After how many days something goes by itself; without a row the default of its kind counts."""

    kind = models.CharField(max_length=12, choices=Kept.choices, primary_key=True)
    days = models.PositiveIntegerField()  # 0: never

    def __str__(self) -> str:
        return f"{self.kind} {self.days}"
