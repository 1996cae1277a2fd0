"""Where words stand in mails: for taking them out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from sportello.mail.enums import InboundState
from sportello.mail.models import InboundMail, OutboundMail, RawMail

_PORTION = """
    WITH raw AS MATERIALIZED (
        SELECT sha256, lower(encode(content, 'escape')) AS words FROM mail_rawmail
        WHERE sha256 > %(after)s ORDER BY sha256 LIMIT %(most)s
    )
    SELECT sha256, EXISTS (SELECT FROM unnest(%(wanted)s::text[]) AS each WHERE position(each IN words) > 0) FROM raw ORDER BY sha256
"""
_SINCE = """
    WITH raw AS MATERIALIZED (
        SELECT sha256, lower(encode(content, 'escape')) AS words FROM mail_rawmail
        WHERE sha256 IN (SELECT raw_id FROM mail_inboundmail WHERE received_at >= %(since)s)
    )
    SELECT sha256 FROM raw WHERE EXISTS (SELECT FROM unnest(%(wanted)s::text[]) AS each WHERE position(each IN words) > 0)
"""


@dataclass(frozen=True, slots=True)
class Portion:
    """Some mails as they came: which of them hold what was looked for, how many there were, and the last one."""

    found: Sequence[str]
    looked_at: int
    last: str


def mails_to(addresses: Collection[str]) -> QuerySet[OutboundMail]:
    """All that was or will be sent to one of these addresses."""
    return OutboundMail.objects.filter(to__in=addresses)


def mails_from(addresses: Collection[str]) -> QuerySet[InboundMail]:
    """All that came from one of these addresses, by its head or its envelope, and has been read."""
    theirs = InboundMail.objects.filter(Q(sender__in=addresses) | Q(envelope_from__in=addresses))
    return theirs.exclude(state=InboundState.RECEIVED)


def mails_of_messages(inbound_ids: Collection[int]) -> QuerySet[InboundMail]:
    """These mails, and the same ones as they came to other mailboxes of ours or by another door."""
    these = InboundMail.objects.filter(pk__in=inbound_ids)
    named = [each for each in these.values_list("message_id", flat=True) if each]
    return InboundMail.objects.filter(Q(pk__in=inbound_ids) | Q(message_id__in=named)).select_related("raw")


def how_many_raws() -> int:
    return RawMail.objects.count()


def raws_naming(addresses: Collection[str], *, after: str, most: int) -> Portion:
    """Which of the next mails hold one of these addresses, in the order of their hashes: what comes meanwhile may stand before `after`."""
    with connection.cursor() as cursor:
        cursor.execute(_PORTION, {"wanted": list(addresses), "after": after, "most": most})
        rows = cursor.fetchall()
    return Portion([sha256 for sha256, names in rows if names], len(rows), rows[-1][0] if rows else after)


def raws_since(addresses: Collection[str], *, since: datetime) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, {"wanted": list(addresses), "since": since})
        return [sha256 for (sha256,) in cursor.fetchall()]
