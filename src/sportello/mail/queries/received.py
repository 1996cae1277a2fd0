"""Every mail ever received, for the page that lists them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from sportello.core.paging import Page, Place, instant, page_of
from sportello.mail.enums import InboundState
from sportello.mail.models import InboundMail
from sportello.mail.queries.raw import with_bytes

HEAVY = ("error", "raw__content")
WAITING = (InboundState.RECEIVED, InboundState.HELD, InboundState.FAILED)
SELF_TEST = "self_test"
"""The gate of our own test mails, of which one comes every few minutes."""
MOST_COUNTED = 10_000
_COUNTS = """
    SELECT state, (SELECT count(*) FROM (SELECT FROM mail_inboundmail WHERE mail_inboundmail.state = wanted.state LIMIT %s) counted)
      FROM unnest(%s::text[]) wanted(state)
"""


@dataclass(frozen=True, slots=True)
class ReceivedFilter:
    """What of the list is asked for; empty means all. `mailbox` is an address, `search` looks at sender, subject and Message-ID.

    Our own test mails are left out unless `tests` is set.
    """

    state: str = ""
    mailbox: str = ""
    door: str = ""
    search: str = ""
    tests: bool = False


def received_page(chosen: ReceivedFilter, place: Place) -> Page[InboundMail]:
    """The newest first, without the bytes, in one query; what no index answers is sought in two, and a whole Message-ID however old it is."""
    rows = _filtered(InboundMail.objects.select_related("mailbox", "raw").defer(*HEAVY), chosen)
    named = _filtered(InboundMail.objects.filter(message_id=f"<{chosen.search.strip('<>')}>"), chosen)
    if "@" in chosen.search and named.exists():
        return page_of(rows.filter(pk__in=named), key="received_at", read=instant, place=place)
    is_sought = chosen.search or chosen.mailbox or chosen.door
    among = _filtered(InboundMail.objects.all(), ReceivedFilter(state=chosen.state, tests=True)) if is_sought else None
    return page_of(rows, key="received_at", read=instant, place=place, among=among)


def received_counts() -> dict[str, int]:
    """How many mails wait in each state in which one may wait: to be read, or for a person. Where there are more, one more than `MOST_COUNTED`."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [MOST_COUNTED + 1, list(WAITING)])
        return dict(cursor.fetchall())


def inbound_mail(public_id: UUID) -> InboundMail | None:
    """The mail with its mailbox and its bytes."""
    return with_bytes(InboundMail.objects.select_related("about").filter(public_id=public_id))


def _filtered(rows: QuerySet[InboundMail], chosen: ReceivedFilter) -> QuerySet[InboundMail]:
    exact = {"state": chosen.state, "mailbox__address": chosen.mailbox, "door": chosen.door}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if not chosen.tests:
        rows = rows.exclude(gate=SELF_TEST)
    if chosen.search:
        rows = rows.filter(
            Q(sender__icontains=chosen.search)
            | Q(sender_name__icontains=chosen.search)
            | Q(subject__icontains=chosen.search)
            | Q(message_id__icontains=chosen.search)
        )
    return rows
