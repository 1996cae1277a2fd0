from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What rows are, in the order in which those of a whole stock are read."""

    CUSTOMERS = "customers", _("customers")
    CONTACTS = "contacts", _("people of customers")
    SERVERS = "servers", _("servers")
    SERVICES = "services", _("services")
    DOMAINS = "domains", _("domains")


class Source(models.TextChoices):
    FILE = "file", _("file")
    WHMCS = "whmcs", "WHMCS"


class State(models.TextChoices):
    """Of an import. A trial and the real thing go the same way; a file begins as a draft, until its columns are said."""

    DRAFT = "draft", pgettext_lazy("import", "not tried yet")
    TRYING = "trying", pgettext_lazy("import", "being tried")
    TRIED = "tried", pgettext_lazy("import", "tried")
    RUNNING = "running", pgettext_lazy("import", "going on")
    DONE = "done", pgettext_lazy("import", "done")
    FAILED = "failed", pgettext_lazy("import", "given up")
    STOPPED = "stopped", pgettext_lazy("import", "stopped")


GOING = (State.TRYING, State.RUNNING)
OPEN = (State.DRAFT, State.TRIED)


class Trouble(models.TextChoices):
    """Why an import was given up, or did not end what vanished."""

    MANY_VANISHED = "many-vanished", _("Too many would end: the list may have been cut short. Nothing was ended.")
    UNREACHABLE = "unreachable", _("The billing system did not answer.")
    REFUSED = "refused", _("The billing system refused to answer.")
    NOT_UNDERSTOOD = "not-understood", _("The answer of the billing system was not understood.")
    TOO_OLD = "too-old", _("What was read is no longer kept: begin again.")
