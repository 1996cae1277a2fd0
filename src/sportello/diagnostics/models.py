"""One look at a service, and what each probe found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from sportello.core.ids import public_id
from sportello.diagnostics.enums import Blame, Effect, Occasion, Probe, Role, Sign
from sportello.diagnostics.rules import effect_of
from sportello.services.enums import ServiceVerdict
from sportello.services.models import Service


class Examination(models.Model):
    """One look at a service. It waits while `begun_at` is empty; the row is the job, and only one of a service waits or runs at a time."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    service = models.ForeignKey(Service, models.CASCADE, related_name="examinations")
    occasion = models.CharField(max_length=10, choices=Occasion.choices)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=12, choices=ServiceVerdict.choices, blank=True)
    rule = models.CharField(max_length=40, blank=True)  # of diagnostics.rules, in words in diagnostics.words
    sign = models.CharField(max_length=30, blank=True)  # what decided
    params = models.JSONField(default=dict)
    blame = models.CharField(max_length=10, choices=Blame.choices, blank=True)
    neighbours_tried = models.PositiveSmallIntegerField(default=0)
    neighbours_down = models.PositiveSmallIntegerField(default=0)
    family = models.CharField(max_length=12, blank=True)  # with failing_since: what the next look is compared with
    failing_since = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service"], condition=Q(finished_at=None), name="one_look_at_a_service"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["service", "-id"], name="examination_of_service"),
            models.Index(fields=["asked_at"], condition=Q(finished_at=None), name="examination_waiting"),
            models.Index(fields=["finished_at"], name="examination_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.asked_at:%Y-%m-%d %H:%M} {self.verdict or self.occasion}"

    @property
    def lasted(self) -> timedelta | None:
        return self.finished_at - self.failing_since if self.finished_at and self.failing_since else None

    def is_lost(self, now: datetime, after: timedelta) -> bool:
        """Whether whoever began it is taken for dead."""
        return self.finished_at is None and self.begun_at is not None and self.begun_at < now - after


class Finding(models.Model):
    """What one probe saw. `head` is the beginning of the answer as it came: hostile text, shown as text only."""

    examination = models.ForeignKey(Examination, models.CASCADE, related_name="findings")
    probe = models.CharField(max_length=10, choices=Probe.choices)
    role = models.CharField(max_length=10, choices=Role.choices)
    target = models.CharField(max_length=500)
    sign = models.CharField(max_length=30)
    at = models.DateTimeField()
    name = models.CharField(max_length=253)
    address = models.CharField(max_length=100, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    head = models.TextField(blank=True)
    params = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.target}: {self.sign}"

    @property
    def effect(self) -> Effect:
        """What it means for whoever uses the service; BLIND for the sign of a later version."""
        return effect_of(Sign(self.sign)) if self.sign in set(Sign) else Effect.BLIND
