"""Outages and planned maintenance, what they hit, which tickets belong to them, and who was told what."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sportello.core.ids import public_id
from sportello.customers.models import Contact
from sportello.incidents.enums import ComponentStatus, IncidentState, LinkReason, NoticeKind, ProposalState
from sportello.services.models import Server, Service
from sportello.tickets.models import Ticket

USER = settings.AUTH_USER_MODEL


class Incident(models.Model):
    """One outage. It hits its services, and all services on its servers. The texts are what is known now, for customers."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    state = models.CharField(max_length=13, choices=IncidentState.choices, default=IncidentState.INVESTIGATING)
    impact = models.CharField(max_length=11, choices=ComponentStatus.choices, default=ComponentStatus.MAJOR)
    title_it = models.CharField(_("title in Italian"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160)
    text_it = models.TextField(_("text in Italian"))
    text_en = models.TextField(_("text in English"))
    servers = models.ManyToManyField(Server, related_name="incidents")
    services = models.ManyToManyField(Service, related_name="incidents")
    is_public = models.BooleanField(default=True)  # shown on the public status page
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    next_update_at = models.DateTimeField(null=True)  # when customers hear next
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField()  # since when the texts say what they say
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-started_at"], name="incident_newest"),
            models.Index(fields=["started_at"], condition=Q(ended_at=None), name="incident_current"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="solved", ended_at__isnull=False) | (~Q(state="solved") & Q(ended_at=None)),
                name="incident_over_when_solved",
            ),
            models.CheckConstraint(
                condition=Q(impact__in=["degraded", "partial", "major"]), name="incident_impact_of_an_outage"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="incident_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.title_en

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None


class Update(models.Model):
    """What was said of an incident, when. It goes to each person hit once, through their ticket; `told_at` is when all were."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="updates")
    state = models.CharField(max_length=13, choices=IncidentState.choices)
    text_it = models.TextField(_("text in Italian"))
    text_en = models.TextField(_("text in English"))
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["incident", "-created_at", "-id"], name="update_of_incident"),
            models.Index(fields=["id"], condition=Q(told_at=None), name="update_to_tell"),
        ]

    def __str__(self) -> str:
        return self.text_en[:60]


class Told(models.Model):
    """A person who was mailed an update: once, however many tickets they have."""

    update = models.ForeignKey(Update, models.CASCADE, related_name="told")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["update", "contact"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} of {self.update_id}"


class IncidentTicket(models.Model):
    """A ticket under an incident. `released_at` is when the incident let it go, `undone_at` when the link was found wrong."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="links")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="incident_links")
    reason = models.CharField(max_length=8, choices=LinkReason.choices)
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    before = models.JSONField(null=True)  # where the ticket stood before the incident answered it
    first_answer_at = models.DateTimeField(null=True)  # the ticket's first answer was the incident's
    told = models.ForeignKey(Update, models.PROTECT, null=True, related_name="+")  # the newest update it carries
    told_at = models.DateTimeField(null=True)  # when the incident last said something in it
    released_at = models.DateTimeField(null=True)
    kept_because = models.CharField(max_length=40, blank=True)  # why it stayed open when the incident was solved
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)  # when the clocks of a wrong link had been put right

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "ticket"], name="linked_once"),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(undone_at=None, released_at=None), name="under_one_incident"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["incident", "id"], condition=Q(undone_at=None, released_at=None), name="link_of_incident"
            ),
            models.Index(
                fields=["first_answer_at"], condition=Q(first_answer_at__isnull=False), name="link_first_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} under {self.incident_id}"


class IncidentNote(models.Model):
    """Internal: nothing that a customer reaches reads this table."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="notes")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:60]


class IncidentEvent(models.Model):
    """What happened to an incident, who did it, when. Append-only: the database refuses UPDATE and DELETE."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)  # incidents.enums.IncidentEventKind
    user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    data = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["incident", "at", "id"], name="event_of_incident")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"


class Proposal(models.Model):
    """What looks like an outage of one server, for a person to decide. `evidence` is what it was seen by, `quiet_until` how long it stays away."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    server = models.ForeignKey(Server, models.CASCADE, related_name="+")
    state = models.CharField(max_length=9, choices=ProposalState.choices, default=ProposalState.WAITING)
    evidence = models.JSONField(default=dict)
    proposed_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # when the evidence was last gathered
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    quiet_until = models.DateTimeField(null=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="proposals")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["server"], condition=Q(state="waiting"), name="one_proposal_a_server"),
        ]
        indexes: ClassVar = [models.Index(fields=["server", "-proposed_at"], name="proposal_of_server")]

    def __str__(self) -> str:
        return f"{self.server_id} at {self.proposed_at:%Y-%m-%d %H:%M}"


class Maintenance(models.Model):
    """Planned work on servers or services, within a window. In it, their probes and alarms are silent."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    title_it = models.CharField(_("title in Italian"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160)
    text_it = models.TextField(_("text in Italian"))
    text_en = models.TextField(_("text in English"))
    servers = models.ManyToManyField(Server, related_name="maintenances")
    services = models.ManyToManyField(Service, related_name="maintenances")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_public = models.BooleanField(default=True)  # shown on the public status page
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    announced_at = models.DateTimeField(null=True)  # when all customers hit had been told
    cancelled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-starts_at"], name="maintenance_newest"),
            models.Index(fields=["ends_at"], condition=Q(cancelled_at=None), name="maintenance_to_come"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="maintenance_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.title_en


class MaintenanceNotice(models.Model):
    """What is to be told of a maintenance to everybody whom it hits; `told_at` is when all had been told, or something newer took its place."""

    maintenance = models.ForeignKey(Maintenance, models.CASCADE, related_name="notices")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["maintenance", "number"], name="notice_once")]
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=Q(told_at=None), name="notice_to_tell")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.maintenance_id}"


class Announcement(models.Model):
    """A person who was told of a maintenance: once for each notice."""

    maintenance = models.ForeignKey(Maintenance, models.CASCADE, related_name="announcements")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()  # the number of the notice
    kind = models.CharField(
        max_length=10, choices=NoticeKind.choices, db_default=NoticeKind.PLANNED
    )  # as this person was told it
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["maintenance", "contact", "version"], name="announced_once")
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} of {self.maintenance_id}"
