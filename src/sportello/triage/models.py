"""Where requests wait, when the desk is open, and what is promised."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

AS_SHIPPED = {"Mon-Fri 9-18": _("Mon-Fri 9-18"), "Support": _("Support"), "Pre-sales": _("Pre-sales")}
"""The names that were there before anybody gave one: they are read in the reader's language."""


class Calendar(models.Model):
    """Opening hours. `weekly` maps weekday "0" (Monday) to "6" to a list of ["HH:MM", "HH:MM"]; "24:00" is midnight."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    timezone = models.CharField(_("time zone"), max_length=60, default="Europe/Rome")
    always_open = models.BooleanField(_("open day and night"), default=False)
    weekly = models.JSONField(_("weekly hours"), default=dict, blank=True)
    holidays_country = models.CharField(_("public holidays of"), max_length=2, default="IT", blank=True)
    closed_on = ArrayField(models.DateField(), default=list, blank=True)

    def __str__(self) -> str:
        return str(AS_SHIPPED.get(self.name, self.name))


class SlaPolicy(models.Model):
    """What is promised, in minutes of the calendar [promise.first]."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    first_response = models.PositiveIntegerField(_("first answer within (minutes)"), default=10)
    next_response = models.PositiveIntegerField(_("next answers within (minutes)"), default=60)
    update = models.PositiveIntegerField(_("update while in analysis every (minutes)"), default=240)
    delay = models.PositiveIntegerField(
        _("new time when an outage comes first, within (minutes)"), default=30, db_default=30
    )

    def __str__(self) -> str:
        return str(AS_SHIPPED.get(self.name, self.name))


class Queue(models.Model):
    """Support and pre-sales are kept apart [reach.presales]."""

    slug = models.SlugField(unique=True)
    name_it = models.CharField(_("name in Italian"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    calendar = models.ForeignKey(Calendar, models.PROTECT)
    policy = models.ForeignKey(SlaPolicy, models.PROTECT)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "slug"]

    def __str__(self) -> str:
        return self.name_en
