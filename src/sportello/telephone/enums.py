from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import pgettext_lazy


class PinAnswer(StrEnum):
    """All that staff learn of a PIN that somebody said. No PIN, an old one, a wrong one and that of somebody who has left are the same."""

    RIGHT = "right"
    WRONG = "wrong"
    SHUT = "shut"  # tried too often: nothing was compared


class CallKind(models.TextChoices):
    """What the telephone system tells of a call; the values stand in docs/telephone.md."""

    RINGING = "ringing", pgettext_lazy("telephone call", "rings")
    ANSWERED = "answered", pgettext_lazy("telephone call", "answered")
    ENDED = "ended", pgettext_lazy("telephone call", "ended")
    MISSED = "missed", pgettext_lazy("telephone call", "missed")
