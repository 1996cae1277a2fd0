"""What matters to a customer, in words: the key of a concern as it is stored, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sportello.tickets.topics import DayPart, Topic

TOPIC_WORDS: Mapping[str, Promise] = MappingProxyType(
    {
        Topic.ORDERS: gettext_lazy("orders"),
        Topic.BOOKINGS: gettext_lazy("bookings"),
        Topic.MAIL: gettext_lazy("mail"),
        Topic.SITE: gettext_lazy("website"),
        Topic.SPEED: gettext_lazy("speed"),
        Topic.DATABASE: gettext_lazy("database"),
        Topic.DOMAIN: gettext_lazy("domain and DNS"),
        Topic.CERTIFICATE: gettext_lazy("certificate"),
        Topic.BACKUP: gettext_lazy("backup copies"),
        Topic.ACCESS: gettext_lazy("access and passwords"),
        Topic.UPLOAD: gettext_lazy("files and transfers"),
        Topic.BILLING: gettext_lazy("invoices and renewals"),
    }
)
PART_WORDS: Mapping[str, Promise] = MappingProxyType(
    {
        DayPart.MORNING: gettext_lazy("in the morning"),
        DayPart.AFTERNOON: gettext_lazy("in the afternoon"),
        DayPart.EVENING: gettext_lazy("in the evening"),
        DayPart.NIGHT: gettext_lazy("at night"),
        DayPart.WEEKEND: gettext_lazy("at weekends"),
    }
)


def concern_words(key: str) -> str:
    """The words of a key such as `topic:orders` or `address:info@`. An unknown one, of a later version, speaks for itself."""
    kind, _colon, what = key.partition(":")
    match kind:
        case "topic":
            return str(TOPIC_WORDS.get(what, what))
        case "address":
            return _("mail %(address)s") % {"address": what}
        case "time":
            return str(PART_WORDS.get(what, what))
        case _:
            return what
