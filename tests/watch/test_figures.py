"""Figures for Prometheus and for the pages of settings, out of tables in which nearly everything is done with."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sportello.mail.enums import OutboundKind, OutboundState
from sportello.mail.models import OutboundMail
from sportello.mail.queries.sent import RECENT, sent_counts
from sportello.watch import metrics
from sportello.watch.queries import figures
from tests.factories import NOW, make_mailbox, make_ticket
from tests.mail.test_store import store
from tests.plans import rows_touched

pytestmark = pytest.mark.django_db

SENT = 1500


@pytest.fixture(autouse=True)
def _long_history() -> None:
    """One mail that waits, two held back, one that bounced, and very many that were sent."""
    states = [OutboundState.DEFERRED, OutboundState.HELD, OutboundState.HELD, OutboundState.BOUNCED]
    mailbox = make_mailbox("support@provider.example")
    same = {"mailbox": mailbox, "kind": OutboundKind.REPLY, "to": "a@b.example", "created_at": NOW, "not_before": NOW}
    OutboundMail.objects.bulk_create(
        OutboundMail(message_id=f"<{number}@x.example>", state=state, **same)
        for number, state in enumerate([*states, *[OutboundState.SENT] * SENT])
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mail_outboundmail")
        cursor.execute("SET LOCAL enable_seqscan = off")


def test_what_was_sent_long_ago_is_not_counted_at_each_look() -> None:
    """A fault found: all mails ever sent were counted, so that with millions the figures would not have come in the three seconds they have."""
    with CaptureQueriesContext(connection) as captured:
        found = figures()
    assert found.outbound == {"deferred": 1, "held": 2, "failed": 0}
    assert rows_touched(captured) < 20


def test_what_there_ever_was_is_told_without_being_counted() -> None:
    """A fault found: since the states count what waits alone, no figure told how much mail comes and goes."""
    before = figures().ever
    make_ticket()
    store(make_mailbox("sales@provider.example"))
    with CaptureQueriesContext(connection) as captured:
        after = figures().ever
    assert (after.tickets, after.mails_received) == (before.tickets + 1, before.mails_received + 1)
    assert after.mails_written == before.mails_written >= SENT + 4
    assert rows_touched(captured) < 20
    text = metrics.text(now=NOW).decode()
    for name, number in (
        ("mails_received", after.mails_received),
        ("mails_written", after.mails_written),
        ("tickets_opened", after.tickets),
    ):
        assert f"sportello_{name}_total {float(number)}\n" in text


def test_the_pages_of_outbox_and_settings_count_what_is_not_done_with_alone() -> None:
    """A fault found: each view went through all mails ever sent, a fifth of a second with 200,000."""
    with CaptureQueriesContext(connection) as captured:
        assert sent_counts(now=NOW) == {"deferred": 1, "held": 2, "bounced": 1}
        assert sent_counts(now=NOW + RECENT + timedelta(seconds=1)) == {"deferred": 1, "held": 2}
    assert rows_touched(captured) < 20
