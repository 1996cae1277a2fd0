"""Clauses and the editions they stand in. Nothing is overwritten: a change ends one wording and begins another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import User
from sportello.policy.enums import Section


class Edition(models.Model):
    """The whole policy as it stood from one moment to the next edition's."""

    number = models.PositiveIntegerField(unique=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+"
    )  # null: shipped with the program

    class Meta:
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return str(self.number)


class Clause(models.Model):
    """One wording of a clause, in every edition from `begins` up to, but not including, `ends`."""

    code = models.CharField(_("id"), max_length=60)
    section = models.CharField(_("part"), max_length=10, choices=Section.choices)
    position = models.PositiveIntegerField()
    text_it = models.TextField(_("text in Italian"))
    text_en = models.TextField(_("text in English"))
    begins = models.ForeignKey(Edition, models.PROTECT, related_name="begun")
    ends = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="ended")

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], condition=models.Q(ends=None), name="one_wording_in_force"),
        ]

    def __str__(self) -> str:
        return self.code
