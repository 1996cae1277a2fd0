from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IncidentState(models.TextChoices):
    """How far we are. What is solved is over."""

    INVESTIGATING = "investigating", _("being looked into")
    IDENTIFIED = "identified", _("cause found")
    WATCHING = "watching", _("mended, being watched")
    SOLVED = "solved", pgettext_lazy("incident", "solved")


class ComponentStatus(models.TextChoices):
    """How a server or service stands, as its customers see it."""

    OPERATIONAL = "operational", _("works as it should")
    DEGRADED = "degraded", _("slow, or works in part")
    PARTIAL = "partial", _("interrupted for some")
    MAJOR = "major", _("interrupted for all")
    MAINTENANCE = "maintenance", _("planned maintenance")


class ProposalState(models.TextChoices):
    WAITING = "waiting", _("waiting for a decision")
    TAKEN = "taken", _("opened as an incident")
    SET_ASIDE = "set_aside", pgettext_lazy("proposal", "set aside")
    PASSED = "passed", _("passed by itself")


class LinkReason(models.TextChoices):
    """Why a ticket was taken to be about an incident."""

    SERVICE = "service", _("its service is hit")
    SERVER = "server", _("its service is on a server that is hit")
    STAFF = "staff", _("somebody of the staff said so")


class IncidentEventKind(models.TextChoices):
    """Everything that can happen to an incident. The sentence of each is in incidents/sentences.py."""

    OPENED = "opened", pgettext_lazy("incident", "opened")
    CHANGED = "changed", pgettext_lazy("incident", "changed")
    UPDATED = "updated", pgettext_lazy("incident", "update posted")
    NOTED = "noted", pgettext_lazy("incident", "note added")
    LINKED = "linked", pgettext_lazy("incident", "ticket linked")
    UNLINKED = "unlinked", pgettext_lazy("incident", "ticket taken out")
    SOLVED = "solved", pgettext_lazy("incident", "solved")
    CLOSED_TICKETS = "closed_tickets", pgettext_lazy("incident", "tickets closed")
    REOPENED = "reopened", pgettext_lazy("incident", "opened again")


class Phase(models.TextChoices):
    """Where planned maintenance stands: told by the clock alone, so that nobody has to press a button at four in the morning."""

    UPCOMING = "upcoming", _("to come")
    UNDERWAY = "underway", _("under way")
    COMPLETE = "complete", _("complete")
    CANCELLED = "cancelled", _("called off")


class NoticeKind(models.TextChoices):
    """What a person is told of planned maintenance."""

    PLANNED = "planned", _("announced")
    CHANGED = "changed", pgettext_lazy("maintenance", "changed")
    REMINDER = "reminder", _("reminded")
    CALLED_OFF = "called_off", _("called off")
