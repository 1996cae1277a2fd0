from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DropState(models.TextChoices):
    WAITING = "waiting", _("waits to be looked at")
    SEEN = "seen", _("looked at, and gone")
    WITHDRAWN = "withdrawn", _("withdrawn, and gone")
    EXPIRED = "expired", _("not looked at in time, and gone")
    UNREADABLE = "unreadable", _("could not be read any more, and gone")


class Ground(models.TextChoices):
    """Why the words of a ticket stay although a person asks for their erasure: Regulation (EU) 2016/679 art. 17(3)."""

    CHARGE = "charge", _("a charge: accounting records, ten years (art. 2220 c.c.; GDPR art. 17(3)(b))")
    SUSPENSION = "suspension", _("a suspension and its reasons (GDPR art. 17(3)(b) and (e))")
    CLAIM = "claim", _("a legal claim (GDPR art. 17(3)(e))")


class Progress(models.TextChoices):
    """How far an erasure is. What would go is looked at first; then it is meant, and done."""

    LOOKING = "looking", _("being looked at")
    LOOKED = "looked", _("looked at")
    ERASING = "erasing", _("being erased")
    ERASED = "erased", _("erased")


UNDER_WAY = (Progress.LOOKING, Progress.ERASING)


class Kept(models.TextChoices):
    """What goes by itself after some days."""

    RAW_MAIL = "raw-mail", _("Original mails of tickets, as they came")
    SET_ASIDE = "set-aside", _("Mails set aside: spam, automatic mails, what nobody took")
    OUTBOX = "outbox", _("Texts of mails sent, in the outbox")
    CLOSED = "closed", _("Words of closed tickets: messages, notes, files")
    SIGN_IN = "sign-in", _("Network addresses and names of sign-ins in the audit")
    CALLS = "calls", _("Calls that the telephone system told of")
    DROPS = "drops", _("What became of secrets handed over")
    PROPOSALS = "proposals", _("What was asked about one problem in two tickets, and answered")
