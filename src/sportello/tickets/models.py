"""Tickets, what was said in them, and what happened to them.

Public messages and internal notes are two tables: whatever reads for a customer can only reach the first.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, GeneratedField, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Team
from sportello.core.ids import public_id
from sportello.customers.models import Contact, Customer
from sportello.mail.models import InboundMail, Mailbox, OutboundMail
from sportello.services.models import Service
from sportello.tickets import rules
from sportello.tickets.enums import (
    Author,
    Channel,
    DraftKind,
    FollowerRole,
    LinkKind,
    OrderKind,
    OrderState,
    Status,
    Verdict,
)
from sportello.tickets.told import said_in
from sportello.triage.models import Queue

USER = settings.AUTH_USER_MODEL
SEARCHED_CHARACTERS = 100_000  # a text vector may not pass 1 MiB


def _searchable(field: str) -> GeneratedField:
    """A text vector kept by the database: plain words, Italian stems, English stems."""
    text = Left(field, SEARCHED_CHARACTERS)
    plain, italian, english = (SearchVector(text, config=config) for config in ("simple", "italian", "english"))
    return GeneratedField(expression=plain + italian + english, output_field=SearchVectorField(), db_persist=True)


class RankedAt(Func):
    """The due time less the minutes that the ticket counts as due earlier, in UTC: what each group of the queue is sorted by."""

    template = "((due_at AT TIME ZONE 'UTC') - (ahead * interval '1 minute'))"
    output_field = models.DateTimeField()


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
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="tickets")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="tickets")
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
    search = _searchable("subject")

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
            GinIndex(fields=["search"], name="ticket_search"),
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


class Message(models.Model):
    """A public message: what the customer wrote or reads."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="messages")
    author = models.CharField(max_length=8, choices=Author.choices)
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    text = models.TextField()  # the whole text
    fresh_text = models.TextField(blank=True)  # the new part, when quotes or a signature were found; else empty
    html = models.TextField(blank=True)  # sanitised at intake
    sanitiser_version = models.PositiveSmallIntegerField(default=0)
    extra = models.JSONField(default=dict)  # invitation, certified mail, problems: shown beside the text
    is_automatic = models.BooleanField(default=False)  # a robot wrote it, ours or theirs: stops no clock
    is_unverified = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    inbound = models.OneToOneField(InboundMail, models.PROTECT, null=True, related_name="message")
    outbound = models.OneToOneField(OutboundMail, models.PROTECT, null=True, related_name="message")
    search = _searchable("text")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["ticket", "created_at", "id"], name="message_of_ticket"),
            GinIndex(fields=["search"], name="message_search"),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:60]}"

    @property
    def shown_text(self) -> str:
        return self.fresh_text or self.as_read

    @property
    def as_read(self) -> str:
        """The whole text, in the language of whoever reads it where a program wrote it."""
        return said_in(self.extra, self.text)


class Note(models.Model):
    """An internal note: staff only, never in a reader that a customer reaches."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="notes")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField()
    search = _searchable("text")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["ticket", "created_at", "id"], name="note_of_ticket"),
            GinIndex(fields=["search"], name="note_search"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Attachment(models.Model):
    """A file of a message, a note or a draft. The bytes lie under their sha256 in the file store (core.files)."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="attachments")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="attachments")
    note = models.ForeignKey(Note, models.CASCADE, null=True, related_name="attachments")
    draft = models.ForeignKey("Draft", models.SET_NULL, null=True, related_name="attachments")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    content_id = models.CharField(max_length=250, blank=True)
    is_inline = models.BooleanField(default=False)
    preview_sha256 = models.CharField(max_length=64, blank=True)  # a re-encoded image of our own making

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(message__isnull=False, note__isnull=False), name="attachment_public_or_internal"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """What happened, who did it, when. Append-only: the database refuses UPDATE and DELETE."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)  # tickets.enums.EventKind
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ticket", "at", "id"], name="event_of_ticket")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"


class Draft(models.Model):
    """What an agent is writing: saved as they type, survives a crash and another's reply."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=DraftKind.choices)
    text = models.TextField(blank=True)
    base_version = models.PositiveIntegerField()
    updated_at = models.DateTimeField()
    tab = models.CharField(max_length=40, blank=True)
    """Which open page saved it last: another one must not write over it unawares."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "user", "kind"], name="one_draft_a_kind"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class RequestDraft(models.Model):
    """What a contact is writing on the page for a new request: saved as they type, one each. Nothing in it is checked before it is sent."""

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="+")
    service = models.CharField(max_length=40, blank=True)  # what was chosen on the page
    claim = models.CharField(max_length=10, blank=True)
    text = models.TextField(blank=True)
    sealed = models.BinaryField(null=True)  # core.sealing: the text, as long as it seems to hold a secret
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:60]


class HeldFile(models.Model):
    """A file that a contact chose for something not sent yet: kept while the page asks again, for a day at most."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, db_index=True)
    held_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name


class Follower(models.Model):
    """Who is told: a contact or a member of staff."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="followers")
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
