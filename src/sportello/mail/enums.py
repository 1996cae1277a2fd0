from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """What a mailbox is for: it decides the queue [reach.mail] [reach.presales]."""

    SUPPORT = "support", _("support")
    PRESALES = "presales", _("pre-sales")


class Door(models.TextChoices):
    LMTP = "lmtp", "LMTP"
    SMTP = "smtp", "SMTP"
    IMAP = "imap", "IMAP"
    PIPE = "pipe", _("pipe")


class InboundState(models.TextChoices):
    """Where a received mail stands. Nothing is dropped: every mail ends in one of these, with a reason."""

    RECEIVED = "received", _("received")
    FILED = "filed", _("filed")
    RECORDED = "recorded", _("recorded")  # kept as proof or notice: bounce, receipt, auto-reply, own mail
    HELD = "held", _("held")  # waits for a person's decision
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("failed")


class OutboundKind(models.TextChoices):
    REPLY = "reply", _("answer")
    RECEIPT = "receipt", _("receipt")
    NOTICE = "notice", _("notice")
    ALARM = "alarm", _("alarm")
    SIGN_IN = "sign_in", _("sign-in link")
    INVITATION = "invitation", _("invitation")
    SELF_TEST = "self_test", _("self-test")


LEADS_IN = frozenset({OutboundKind.SIGN_IN, OutboundKind.INVITATION})
"""Whoever reads such a mail gets in: it is for its reader alone."""


class OutboundState(models.TextChoices):
    QUEUED = "queued", _("queued")
    SENDING = "sending", _("being sent")
    DEFERRED = "deferred", _("will be tried again")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    BOUNCED = "bounced", _("bounced")
    CANCELLED = "cancelled", _("cancelled")
    HELD = "held", _("held back")  # an administrator decides whether it still goes out


class Waiting(models.TextChoices):
    """What becomes of the mails that were held back."""

    SEND = "send", _("send them now")
    DISCARD = "discard", _("never send them")


class ImapTrouble(models.TextChoices):
    """Why an account is not fetched. The server's own words stand in the log alone: whose server it is, nobody knows yet."""

    PASSWORD_MISSING = "password-missing", _("the setting with the password is missing")
    NOT_ALLOWED = "not-allowed", _("the server's address is not one that may be reached")
    NO_ANSWER = "no-answer", _("no mail server answers there")
    CERTIFICATE = "certificate", _("the server's certificate is not valid")
    SIGN_IN = "sign-in", _("the server does not accept user name and password")
    FOLDER = "folder", _("the server does not open the folder")
    CUT = "cut", _("the connection was cut")
    REFUSED = "refused", _("the server gave an answer that cannot be used")


class ImapMode(models.TextChoices):
    OFF = "off", _("off")
    PREVIEW = "preview", _("receive only")  # files mail, sends no automatic answer
    LIVE = "live", _("live")
