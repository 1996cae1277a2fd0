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
