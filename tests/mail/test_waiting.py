"""What the pages ask of the mail that waits, however much does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sportello.core import clock
from sportello.mail.actions import store_inbound
from sportello.mail.enums import Door
from sportello.mail.models import InboundMail
from sportello.mail.queries import received
from sportello.mail.queries.standing import OLDEST, mail_standing
from tests.factories import make_mailbox
from tests.plans import rows_touched

pytestmark = pytest.mark.django_db

MANY = 2000
HOUR = timedelta(hours=1)
_MORE = """
    INSERT INTO mail_inboundmail (public_id, mailbox_id, raw_id, door, fingerprint, message_id, envelope_from, envelope_to, answers_allowed,
                                  received_at, state, sender, sender_name, subject, gate, reason, reason_params, problems, attempts, error)
    SELECT gen_random_uuid(), mailbox_id, raw_id, door, n::text, n::text, envelope_from, envelope_to, true, received_at + make_interval(secs => n),
           state, '', '', '', '', '', '{}', '{}', 0, ''
      FROM mail_inboundmail CROSS JOIN generate_series(1, %s) n
"""


@pytest.fixture(autouse=True)
def oldest() -> InboundMail:
    """The first of very many mails that nobody has read yet; it came an hour ago."""
    came = clock.now() - HOUR
    store_inbound(raw=b"From: a@b.example\n\nx", mailbox=make_mailbox("support@provider.example"), door=Door.LMTP,
                  envelope_from="a@b.example", envelope_to="support@provider.example", now=came)  # fmt: skip
    InboundMail.objects.update(waits_since=came)
    with connection.cursor() as cursor:
        cursor.execute(_MORE, [MANY])
        cursor.execute("ANALYZE mail_inboundmail")
        cursor.execute("SET LOCAL enable_seqscan = off")
    return InboundMail.objects.earliest("received_at")


def test_what_every_page_asks_goes_through_no_more_of_a_backlog_than_of_an_hour(oldest: InboundMail) -> None:
    """A fault found: with 60,000 mails waiting the queue took three times as long, since each page went through them all."""
    with CaptureQueriesContext(connection) as captured:
        standing = mail_standing(now=clock.now())
    assert standing.oldest_job_at == oldest.waits_since
    assert rows_touched(captured) < 2 * OLDEST


def test_what_waits_is_counted_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert received.received_counts()["received"] == MANY + 1
    monkeypatch.setattr(received, "MOST_COUNTED", 100)
    with CaptureQueriesContext(connection) as captured:
        assert received.received_counts() == {"received": 101, "held": 0, "failed": 0}
    assert rows_touched(captured) < 200
