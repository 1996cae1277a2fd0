"""Every mail sent or to be sent, for the page that lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from sportello.core.paging import Page, Place, instant, page_of
from sportello.mail.enums import OutboundKind, OutboundState
from sportello.mail.models import OutboundMail

NOT_ARRIVED = (OutboundState.FAILED, OutboundState.BOUNCED)
OWN = (OutboundKind.ALARM, OutboundKind.SELF_TEST)
RECENT = timedelta(days=7)
HEAVY = ("text", "html", "references", "attachments")
# The states stand in the statement, since each has an index of its own: there are millions of mails that were sent.
_COUNTS = """
    SELECT state, count(*) FROM mail_outboundmail WHERE state IN ('queued', 'sending', 'deferred') GROUP BY 1
     UNION ALL SELECT state, count(*) FROM mail_outboundmail WHERE state = 'held' GROUP BY 1
     UNION ALL SELECT state, count(*) FROM mail_outboundmail WHERE state IN ('failed', 'bounced') AND created_at >= %s GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class SentFilter:
    """What of the list is asked for; empty means all. `search` looks at reader, subject and Message-ID.

    What the program tells staff and itself, alarms and test mails, is left out unless `own` is set, or its kind asked for.
    """

    state: str = ""
    kind: str = ""
    search: str = ""
    own: bool = False


def sent_page(chosen: SentFilter, place: Place) -> Page[OutboundMail]:
    """The newest first, without the texts, in one query; what no index answers is sought in two, and a whole Message-ID however old it is."""
    rows = _filtered(OutboundMail.objects.select_related("mailbox").defer(*HEAVY), chosen)
    named = _filtered(OutboundMail.objects.filter(message_id=f"<{chosen.search.strip('<>')}>"), chosen)
    if "@" in chosen.search and named.exists():
        return page_of(rows.filter(pk__in=named), key="created_at", read=instant, place=place)
    is_sought = chosen.search or chosen.kind
    among = _filtered(OutboundMail.objects.all(), SentFilter(state=chosen.state, own=True)) if is_sought else None
    return page_of(rows, key="created_at", read=instant, place=place, among=among)


def sent_counts(*, now: datetime) -> dict[str, int]:
    """How many mails wait, by state, and how many did not arrive within the last seven days; in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [now - RECENT])
        return dict(cursor.fetchall())


def _filtered(rows: QuerySet[OutboundMail], chosen: SentFilter) -> QuerySet[OutboundMail]:
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.kind:
        rows = rows.filter(kind=chosen.kind)
    elif not chosen.own:
        rows = rows.exclude(kind__in=OWN)
    if chosen.search:
        rows = rows.filter(
            Q(to__icontains=chosen.search)
            | Q(to_name__icontains=chosen.search)
            | Q(subject__icontains=chosen.search)
            | Q(message_id__icontains=chosen.search)
        )
    return rows
