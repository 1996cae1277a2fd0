from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    NEW = "new", _("new")
    OPEN = "open", _("open")
    IN_ANALYSIS = "in_analysis", _("in analysis")
    WAITING = "waiting", _("waiting for the customer")
    SOLVED = "solved", _("solved")
    CLOSED = "closed", _("closed")


class Channel(models.TextChoices):
    MAIL = "mail", _("by mail")
    PORTAL = "portal", _("from the customer area")
    PHONE = "phone", _("by telephone")
    DESK = "desk", _("from the desk")


class Author(models.TextChoices):
    CUSTOMER = "customer", _("customer")
    STAFF = "staff", _("staff")
    ROBOT = "robot", _("automatic")


class FollowerRole(models.TextChoices):
    REQUESTER = "requester", _("requester")
    FOLLOWER = "follower", _("follower")
    COPY = "copy", _("in copy, not confirmed")  # came in Cc: sees nothing until an agent accepts


class LinkKind(models.TextChoices):
    RELATED = "related", _("related")
    FOLLOW_UP = "follow_up", _("follow-up of")
    SPLIT = "split", _("split from")


class DraftKind(models.TextChoices):
    REPLY = "reply", _("answer")
    NOTE = "note", _("note")
