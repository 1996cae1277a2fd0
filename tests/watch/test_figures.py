"""The figures for Prometheus."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sportello.mail.enums import OutboundKind, OutboundState
from sportello.mail.models import OutboundMail
from sportello.watch.queries import figures
from tests.factories import NOW, make_mailbox
from tests.plans import rows_touched

pytestmark = pytest.mark.django_db

SENT = 1500


def test_what_was_sent_long_ago_is_not_counted_at_each_look() -> None:
    """A fault found: all mails ever sent were counted, so that with millions the figures would not have come in the three seconds they have."""
    mailbox = make_mailbox("support@provider.example")
    states = [OutboundState.SENT] * SENT + [OutboundState.DEFERRED, OutboundState.HELD, OutboundState.HELD]
    same = {"mailbox": mailbox, "kind": OutboundKind.REPLY, "to": "a@b.example", "created_at": NOW, "not_before": NOW}
    OutboundMail.objects.bulk_create(
        OutboundMail(message_id=f"<{number}@x.example>", state=state, **same) for number, state in enumerate(states)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mail_outboundmail")
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as captured:
        found = figures()
    assert found.outbound == {"deferred": 1, "held": 2, "failed": 0}
    assert rows_touched(captured) < 20
