"""The ticket, and what is counted of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Team
from sportello.core.ids import public_id
from sportello.customers.models import Contact, Customer
from sportello.mail.models import Mailbox
from sportello.services.models import Service
from sportello.tickets import rules
from sportello.tickets.enums import Channel, Status
from sportello.tickets.models.searching import SPAN_OF_TICKETS, RankedAt, WordsInSpans, searchable
from sportello.triage.models import Queue

USER = settings.AUTH_USER_MODEL
ON_THE_DESK = [status for status in Status if status in rules.ON_THE_DESK]


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Ticket(models.Model):
    """One problem [one.problem]. `number` is a label for people; `public_id` is the key in addresses.

    `group`, `due_at` and `due_kind` are stored whenever something happens, so that the queue is one indexed read.
    """

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    number = models.BigIntegerField(unique=True, editable=False)  # from the sequence tickets_number
    subject = models.CharField(_("subject"), max_length=300)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="tickets")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, related_name="tickets")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.NEW)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="tickets", db_index=False)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="tickets", db_index=False)
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="tickets")
    language = models.CharField(max_length=2, default="it")
    assignee = models.ForeignKey(USER, models.PROTECT, null=True, related_name="tickets")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="tickets")
    is_outage = models.BooleanField(
        default=False
    )  # judged so: the use of a service is gone altogether [promise.outage]
    sender_verified = models.BooleanField(default=True)
    is_request = models.BooleanField(
        default=True
    )  # False once staff said that nobody asks for anything: nothing is promised
    reasons = models.JSONField(default=list)  # why it stands where it stands: [[code, {params}], ...]

    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    customer_waits_since = models.DateTimeField(null=True)  # oldest customer's message without a person's answer
    first_due_at = models.DateTimeField(null=True)  # what was promised for the first answer
    first_answered_at = models.DateTimeField(null=True)
    last_update_at = models.DateTimeField(null=True)  # when the customer was last told something by a person
    next_update_at = models.DateTimeField(null=True)  # promised while in analysis [promise.analysis]
    waiting_since = models.DateTimeField(null=True)  # since when the clocks stand still
    pauses = models.JSONField(default=list)  # those over before the first answer: [[from, until], ...]
    planned_pauses = models.JSONField(default=list, db_default=[])  # because of planned work: [[from, until], ...]
    runs_through_work = models.BooleanField(
        default=False, db_default=False
    )  # a person said that it does not stand still
    remind_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    group = models.PositiveSmallIntegerField(null=True)  # triage.enums.QueueGroup; null once it is in no queue
    priority = models.PositiveSmallIntegerField(default=2)  # triage.enums.Priority
    due_at = models.DateTimeField(null=True)
    due_kind = models.CharField(max_length=16, blank=True)  # triage.enums.DueKind
    told_due_at = models.DateTimeField(null=True)  # the later time that the customer was told of [promise.delay]
    alarm_step = models.CharField(max_length=20, blank=True)  # last alarm fired for this due time
    alarm_at = models.DateTimeField(null=True)  # when the next one is to be fired

    # What triage judges by, besides the clocks [promise.outage]; `actions/weighing.py` writes it.
    claim = models.CharField(max_length=10, blank=True, default="", db_default="")  # triage.enums.Claim
    claim_until = models.DateTimeField(null=True)  # until when a total outage is believed though nobody has seen it
    claim_asked_at = models.DateTimeField(null=True)  # when the customer was asked what would help to see it
    verdict = models.CharField(max_length=12, blank=True, default="", db_default="")  # services.enums.ServiceVerdict
    verdict_at = models.DateTimeField(null=True)  # when somebody last looked
    neighbours_down = models.PositiveSmallIntegerField(default=0, db_default=0)
    in_incident = models.BooleanField(default=False, db_default=False)
    service_kind = models.CharField(max_length=10, blank=True, default="", db_default="")  # services.enums.ServiceKind
    is_managed = models.BooleanField(default=False, db_default=False)  # as the service is
    matters = models.JSONField(default=list, db_default=[])  # what it touches of what matters to the customer: keys
    overrule = models.CharField(
        max_length=10, blank=True, default="", db_default=""
    )  # triage.enums.Overrule: a person's word
    overrule_reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    overruled_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", db_index=False)
    overruled_at = models.DateTimeField(null=True)
    ahead = models.SmallIntegerField(default=0, db_default=0)  # minutes that it counts as due earlier
    tie = models.PositiveSmallIntegerField(default=1, db_default=1)  # the plan breaks ties, and nothing else

    snippet = models.CharField(max_length=200, blank=True)  # beginning of the newest public text
    public_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)  # grows with every message: what a composer was opened on
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_from")
    tags = models.ManyToManyField(Tag, related_name="tickets")
    search = searchable("subject")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                F("group"),
                RankedAt().asc(nulls_last=True),
                F("priority"),
                F("tie"),
                F("id"),
                condition=Q(status__in=["new", "open", "in_analysis", "waiting"]),
                name="ticket_order",
            ),
            models.Index(fields=["claim_until"], condition=Q(claim_until__isnull=False), name="ticket_claim"),
            # How many answers and updates are late, and which is due next.
            models.Index(
                fields=["due_at"],
                condition=Q(
                    status__in=["new", "open", "in_analysis", "waiting"],
                    due_kind__in=["first_response", "next_response", "update"],
                ),
                name="ticket_due",
            ),
            models.Index(fields=["alarm_at"], condition=Q(alarm_at__isnull=False), name="ticket_alarm"),
            # What a mail may belong to, and what a person still waits for, in years of tickets.
            models.Index(
                fields=["customer"],
                condition=Q(status__in=["new", "open", "in_analysis", "waiting"]),
                name="ticket_of_customer_now",
            ),
            models.Index(
                fields=["contact"],
                condition=Q(status__in=["new", "open", "in_analysis", "waiting"]),
                name="ticket_of_contact_now",
            ),
            models.Index(fields=["customer", "-updated_at"], name="ticket_of_customer"),
            models.Index(fields=["contact", "-updated_at"], name="ticket_of_contact"),
            models.Index(fields=["-updated_at", "-id"], name="ticket_newest"),
            models.Index(
                fields=["first_due_at"],
                include=["first_answered_at", "queue"],
                condition=Q(first_due_at__isnull=False),
                name="ticket_promise",
            ),
            models.Index(fields=["solved_at"], condition=Q(status="solved"), name="ticket_to_close"),
            GinIndex(WordsInSpans(SPAN_OF_TICKETS), fastupdate=False, name="ticket_words"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"


class Tally(models.Model):
    """How many tickets on the desk stand in a group, by whose they are: the sum of all rows of a kind.

    Triggers add a row of 1 or -1 for each change, so that nobody waits for anybody; `fold_tallies` makes one row of those of a kind. Read for
    the figures around the queue, which would otherwise take longer the more tickets are open.
    """

    group = models.SmallIntegerField(null=True)
    assignee_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    number = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.number} in group {self.group}"
