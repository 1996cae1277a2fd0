"""The parts of the policy."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Section(models.TextChoices):
    """The first half of a clause's id, in the order of the page."""

    REACH = "reach", _("Reaching the provider")
    PROMISE = "promise", _("How fast, and what goes first")
    COVER = "cover", _("Who and what is covered")
    ONE = "one", _("One problem, one request")
    DATA = "data", _("Data and backups")
    CHARGE = "charge", _("What standard support leaves out, and who pays")
    SUSPEND = "suspend", _("Suspension")
