from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerKind(models.TextChoices):
    COMPANY = "company", _("company or body")
    PERSON = "person", _("private person")


class Notice(models.TextChoices):
    """What a contact is told by mail, and may choose not to be: it stands in the customer area all the same."""

    RECEIPT = "receipt", _("that a request has arrived")
    ANSWER = "answer", _("answers to my requests")
    NEWS = "news", _("news while I wait: an analysis, a delay")
    PLANNED = "planned", _("planned maintenance of our services")
    FOLLOWED = "followed", _("answers and news of requests that I only follow")
