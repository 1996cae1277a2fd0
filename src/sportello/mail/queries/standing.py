"""Does mail flow? What waits for a person, and the signs of something standing still, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from sportello.mail.queries.inbound import COMES_BACK_WITHIN

TESTS_LOOKED_AT = timedelta(days=1)
VERY_MANY = 100
"""Mails held back are counted no further: every page asks."""
OLDEST = 100
"""So many of the mails that wait to be read are looked at, those that came first: a hundred thousand may wait, and every page asks."""

# Our own test mail is no sign that anybody else's comes; until it is read it is known by its Message-ID. A test is lost when it has had its time
# and none begun after it came back. A job is late from the moment it should have begun, and a mail that waits to be read is one: since it came, or,
# where trying it has failed, since it should have been tried again.
_STANDING = """
    SELECT (SELECT count(*) FROM mail_inboundmail WHERE state = 'held'),
           (SELECT min(received_at) FROM mail_inboundmail WHERE state = 'held'),
           (SELECT min(decide_by) FROM mail_inboundmail WHERE state = 'held'),
           (SELECT count(*) FROM mail_inboundmail WHERE state = 'failed'),
           (SELECT max(received_at) FROM mail_inboundmail
             WHERE reason <> 'self_test.arrived' AND (state <> 'received' OR 'self_test' IS DISTINCT FROM (
                   SELECT kind FROM mail_outboundmail test WHERE test.message_id = mail_inboundmail.message_id))),
           (SELECT least(
                min(coalesce(job.scheduled_at, (SELECT min(at) FROM procrastinate_events WHERE job_id = job.id))),
                (SELECT min(CASE WHEN attempts = 0 THEN waits_since ELSE greatest(waits_since, next_attempt_at) END) FROM (
                        SELECT attempts, waits_since, next_attempt_at FROM mail_inboundmail
                         WHERE state = 'received' ORDER BY received_at LIMIT %(oldest)s) oldest
                  WHERE next_attempt_at IS NULL OR next_attempt_at <= now()))
              FROM procrastinate_jobs job
             WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= %(now)s)),
           (SELECT min(lost.since) FROM mail_mailbox box, LATERAL (
                SELECT min(test.started_at) AS since
                  FROM mail_selftest test
                 WHERE test.mailbox_id = box.id AND test.started_at > greatest(%(after)s, (
                       SELECT max(good.started_at) FROM mail_selftest good
                        WHERE good.mailbox_id = box.id AND good.arrived_at IS NOT NULL AND good.started_at > %(after)s))
            ) lost WHERE box.is_active AND lost.since < %(late)s),
           (SELECT min(failing_since) FROM mail_imapaccount WHERE mode <> 'off'),
           NOT EXISTS (SELECT FROM mail_sending WHERE NOT is_on),
           (SELECT count(*) FROM (SELECT FROM mail_outboundmail WHERE state = 'held' LIMIT %(most)s) waiting),
           (SELECT min(created_at) FROM accounts_user),
           (SELECT min(coalesce(processed_at, received_at)) FROM mail_inboundmail WHERE state = 'failed')
"""


@dataclass(frozen=True, slots=True)
class MailStanding:
    """`held` and `failed` count mails that wait for a person. The instants say since when something stands still; None when nothing does.

    `sends` says whether mail goes out at all; `held_back` counts what an administrator has to send or discard, up to 101.
    `decide_by` is when the first of the held mails should be decided: by then its sender was promised an answer. `last_mail_at` is of anybody's
    mail but our own test. `begun_at` is when the first of the staff was entered: so old is the desk.
    """

    held: int
    held_since: datetime | None
    decide_by: datetime | None
    failed: int
    last_mail_at: datetime | None
    oldest_job_at: datetime | None
    test_lost_since: datetime | None
    imap_failing_since: datetime | None
    sends: bool = True
    held_back: int = 0
    begun_at: datetime | None = None
    failed_since: datetime | None = None

    @property
    def very_many_held_back(self) -> bool:
        return self.held_back > VERY_MANY


def mail_standing(*, now: datetime) -> MailStanding:
    asked: dict[str, datetime | int] = {
        "now": now,
        "after": now - TESTS_LOOKED_AT,
        "late": now - COMES_BACK_WITHIN,
        "most": VERY_MANY + 1,
        "oldest": OLDEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, asked)
        return MailStanding(*cursor.fetchone())
