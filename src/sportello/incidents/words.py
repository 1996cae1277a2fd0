"""Instants and windows in words, in the reader's language."""

from __future__ import annotations

from datetime import datetime, tzinfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sportello.ui.dates import in_words


def moment_words(at: datetime, zone: tzinfo | None = None) -> str:
    """Saturday 28 November 2026, 21:05; in the provider's zone unless another is given."""
    local = timezone.localtime(at, zone)
    return f"{in_words(local.date(), _pattern())}, {local:%H:%M}"


def window_words(starts_at: datetime, ends_at: datetime, zone: tzinfo | None = None) -> str:
    """From when until when, with the zone that its hours are told in, since customers are read abroad, too."""
    starts, ends = timezone.localtime(starts_at, zone), timezone.localtime(ends_at, zone)
    told = {"day": in_words(starts.date(), _pattern()), "from": f"{starts:%H:%M}", "until": f"{ends:%H:%M}"}
    if starts.date() == ends.date():
        said = _("%(day)s, from %(from)s to %(until)s") % told
    else:
        said = _("from %(from)s to %(until)s") % {"from": moment_words(starts, zone), "until": moment_words(ends, zone)}
    return f"{said} ({_zones(starts, ends)})"


def _zones(starts: datetime, ends: datetime) -> str:
    """Two where the clocks change in between."""
    return "–".join(dict.fromkeys(str(each.tzname()) for each in (starts, ends)))


def _pattern() -> str:
    return pgettext("date format of Django: full date", "l j F Y")
