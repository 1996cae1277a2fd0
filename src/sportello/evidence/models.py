"""Which look at a service belongs to which ticket."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from sportello.diagnostics.models import Examination
from sportello.tickets.models import Ticket


class Evidence(models.Model):
    """A look that a ticket was judged by. One look may be evidence for many tickets about the same service."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="evidence")
    examination = models.ForeignKey(Examination, models.CASCADE, related_name="evidence")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "examination"], name="evidence_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.examination_id}"
