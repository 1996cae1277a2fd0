"""The standing self-test: a mail to each of our mailboxes, which has to come back."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.core import files, live
from sportello.mail.actions import begin_self_test
from sportello.mail.composition import source
from sportello.mail.models import SelfTest
from sportello.mail.queries import mailboxes_to_test, self_test_state
from sportello.mail.queries.outbound import sending_is_on

log = logging.getLogger(__name__)
DOOR_SECONDS = 5


def self_test(*, now: datetime) -> list[SelfTest]:
    """Once in SELF_TEST_MINUTES, sends a mail to each active mailbox; sounds the alarm while the mails before it did not come back.

    Not while sending is off: the addresses may still be answered by another system.
    """
    tests = _begun(now) if settings.SELF_TEST_MINUTES and sending_is_on() else []
    if settings.DEMO:
        tests = [test for test in tests if _bring_back(test)]
    return tests


@transaction.atomic
def prove(*, by: User, now: datetime, address: str | None) -> list[SelfTest]:
    """A test of each active mailbox at once, because somebody asked for it. In the demonstration they come back by themselves."""
    check_can_administer(by)
    tests = [begin_self_test(mailbox=mailbox, now=now) for mailbox in mailboxes_to_test()]
    for test in tests:
        record(act=Act.SELF_TESTED, subject=test.mailbox.address, by=by, now=now, address=address)
    return tests


def _begun(now: datetime) -> list[SelfTest]:
    """By one worker only, however many think that it is time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('self-test', 0))")
        if _is_recent(now):
            return []
        if self_test_state(now=now).is_broken:
            live.publish("alarm", mail="self_test")
        return [begin_self_test(mailbox=mailbox, now=now) for mailbox in mailboxes_to_test()]


def _is_recent(now: datetime) -> bool:
    pause = timedelta(minutes=settings.SELF_TEST_MINUTES) - timedelta(seconds=30)
    return SelfTest.objects.filter(started_at__gt=now - pause).exists()


def _bring_back(test: SelfTest) -> bool:
    """In the demonstration no mail leaves the machine: we are our own mail server. Without an open door there is nothing to test."""
    if test.outbound is None:
        return False
    content = source(test.outbound, read=files.read)
    try:
        with smtplib.LMTP(settings.LMTP_HOST, settings.LMTP_PORT, timeout=DOOR_SECONDS) as door:
            door.sendmail(test.outbound.envelope_from, [test.mailbox.address], content)
    except (OSError, smtplib.SMTPException) as error:
        log.info("The self-test was left out, the mail door does not answer: %s", error)
        test.delete()
        return False
    return True
