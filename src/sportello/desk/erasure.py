"""What goes with a person, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, Promise] = MappingProxyType(
    {
        "tickets": _("tickets emptied of words; number, times and state stay"),
        "messages": _("messages"),
        "orders": _("irreversible wishes"),
        "notes": _("internal notes"),
        "drafts": _("drafts"),
        "files": _("files"),
        "places": _("places in tickets of others that name the person"),
        "mails_in": _("mails from the person, as they came"),
        "mails_about": _("mails of others that name the person, as they came"),
        "mails_out": _("mails to the person"),
        "mails_out_about": _("places in mails to others"),
        "answers": _("what the person said about one problem in two tickets"),
        "drops": _("secrets handed over that nobody has looked at"),
        "calls": _("calls, which stay without a number"),
        "enquiries": _("questions before buying"),
        "imports": _("rows of imports and of their reports"),
        "audit": _("audit entries, which stay without words"),
        "sessions": _("sessions"),
        "person": _("rows of the person: addresses, numbers, sign-in, rights"),
        "downloads": _("packed data"),
        "jobs": _("jobs that are over"),
    }
)
