"""Signs of life and the outcome of the last inspections."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from sportello.watch.enums import Inspection, Work


class Pulse(models.Model):
    """One running process. It writes its row every few seconds; the times are the database's, since machines' clocks differ."""

    work = models.CharField(max_length=10, choices=Work.choices)
    node = models.CharField(max_length=120)
    process = models.CharField(
        max_length=60
    )  # its number and when it began, so that a number used again is another process
    began_at = models.DateTimeField(db_default=Now())
    beat_at = models.DateTimeField(db_default=Now())
    clock_ahead = models.FloatField(default=0.0)  # seconds, of the machine against the database
    trouble = models.CharField(max_length=40, blank=True)  # a Cause that only this process can see
    key_mark = models.CharField(max_length=16, blank=True, default="", db_default="")  # core.sealing.mark_of_the_key
    figures = models.JSONField(default=dict)  # what it has counted since it began

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["work", "node", "process"], name="one_pulse_a_process"),
        ]

    def __str__(self) -> str:
        return f"{self.work} {self.node} {self.process}"


class LastInspection(models.Model):
    """What came of the last backup, of the last restored on trial and of the last look through the file store; since when that has its mark."""

    kind = models.CharField(max_length=10, choices=Inspection.choices, primary_key=True)
    at = models.DateTimeField()
    found = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"

    @property
    def succeeded_at(self) -> datetime | None:
        """Of a backup the moment that it holds. A failure stands beside the last success."""
        return self.at if "snapshot" in self.found else None

    @property
    def failed_at(self) -> datetime | None:
        """None once there was a success again."""
        instant = self.found.get("failed_at")
        return datetime.fromisoformat(instant) if instant else None
