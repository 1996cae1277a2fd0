from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceKind(models.TextChoices):
    HOSTING = "hosting", _("hosting")
    VPS = "vps", _("virtual server")
    DEDICATED = "dedicated", _("dedicated server")
    DOMAIN = "domain", _("domain")
    MAIL = "mail", _("mailboxes")


class ServiceStatus(models.TextChoices):
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("ended")


class ServiceVerdict(models.TextChoices):
    """What looking at a service from outside says of it [promise.outage]."""

    UNUSABLE = "unusable", _("cannot be used")
    UNUSABLE_FOR_REPORTER = "reporter", _("cannot be used from where the customer is")
    DEGRADED = "degraded", _("works in part, or slowly")
    FINE = "fine", _("works")
    SUSPENDED = "suspended", _("suspended by us")
    EXPIRED = "expired", _("expired")
    NOT_OURS = "not_ours", _("is not on our machines")
    UNKNOWN = "unknown", _("could not be told")
