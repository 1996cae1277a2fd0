from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member of staff may do: read-only sees all and changes nothing; admin also runs the house."""

    ADMIN = "admin", _("administrator")
    AGENT = "agent", _("agent")
    READ_ONLY = "read_only", _("read only")
