from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Place(models.TextChoices):
    """Who was asked whether it is the same problem."""

    PORTAL = "portal", _("the customer, before sending")
    DESK = "desk", _("staff, beside the ticket")
    PHONE = "phone", _("staff, while taking down a call")


class ProposalState(models.TextChoices):
    OPEN = "open", _("not answered yet")
    TAKEN = "taken", _("the same problem")
    REFUSED = "refused", _("another problem")
    EXPIRED = "expired", pgettext_lazy("proposal", "never answered")
