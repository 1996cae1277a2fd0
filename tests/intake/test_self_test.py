"""The standing self-test: a mail to oneself that must come back, and the alarm when it does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection

from sportello.core import files
from sportello.intake import actions
from sportello.mail.actions import store_inbound
from sportello.mail.composition import source
from sportello.mail.enums import Door, InboundState, OutboundKind
from sportello.mail.models import InboundMail, Mailbox, OutboundMail, RawMail, SelfTest
from sportello.mail.queries import inbound_to_process, self_test_state
from sportello.mail.queries.standing import mail_standing
from sportello.mail.reasons import MailReason
from sportello.tickets.models import Ticket
from sportello.watch.queries import examine
from tests.factories import NOW, make_mailbox
from tests.intake.open_door import OpenDoor

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def every_five_minutes(settings: LazySettings) -> None:
    settings.SELF_TEST_MINUTES = 5
    settings.DEMO = False


def come_back(test: SelfTest, *, changed: bool = False, is_read: bool = True) -> InboundMail:
    """The mail as the mail server brings it back; some servers give it another Message-ID."""
    assert test.outbound is not None
    raw = source(test.outbound, read=files.read)
    if changed:
        raw = raw.replace(test.outbound.message_id.encode(), b"<other@relay.example>")
    stored = store_inbound(
        raw=raw, mailbox=test.mailbox, door=Door.LMTP, envelope_from="x@y.example", envelope_to="", now=NOW
    )
    waiting = inbound_to_process(stored.inbound.pk)
    assert waiting is not None
    if is_read:
        actions.receive_mail(inbound=waiting, now=NOW + MINUTE)
    return waiting


@pytest.mark.parametrize("changed", [False, True])
def test_a_mail_to_oneself_that_comes_back_is_proof_and_no_ticket(changed: bool) -> None:
    make_mailbox("support@provider.example")
    (test,) = actions.self_test(now=NOW)
    assert test.outbound is not None
    assert (test.outbound.kind, test.outbound.to) == (OutboundKind.SELF_TEST, "support@provider.example")
    inbound = come_back(test, changed=changed)
    test.refresh_from_db()
    assert (inbound.state, inbound.reason) == (InboundState.RECORDED, MailReason.SELF_TEST_ARRIVED)
    assert (test.arrived_at, Ticket.objects.count()) == (NOW + MINUTE, 0)


@pytest.mark.parametrize("is_read", [False, True])
def test_the_alarm_of_silence_rings_although_our_own_test_mail_comes_back_all_the_time(
    is_read: bool, settings: LazySettings
) -> None:
    """A fault found: the newest mail of all was our own test, so with the test switched on no silence was ever told."""
    settings.MAIL_SILENCE_MINUTES = 60
    of_a_customer = store_inbound(raw=b"From: a@b.example\n\nx", mailbox=make_mailbox(), door=Door.LMTP, envelope_from="",
                                  envelope_to="", now=NOW - 61 * MINUTE).inbound  # fmt: skip
    InboundMail.objects.update(state=InboundState.FILED)
    (test,) = actions.self_test(now=NOW)
    come_back(test, is_read=is_read)
    assert mail_standing(now=NOW).last_mail_at == of_a_customer.received_at
    assert "no_mail" in [problem.cause for problem in examine(now=NOW).problems]


def test_it_is_sent_once_in_five_minutes_to_every_active_mailbox() -> None:
    make_mailbox()
    make_mailbox()
    Mailbox.objects.filter(pk=make_mailbox().pk).update(is_active=False)
    sent = [len(actions.self_test(now=NOW + minutes * MINUTE)) for minutes in range(7)]
    assert sent == [2, 0, 0, 0, 0, 2, 0]


def test_nothing_is_sent_when_it_is_switched_off(settings: LazySettings) -> None:
    settings.SELF_TEST_MINUTES = 0
    make_mailbox()
    assert actions.self_test(now=NOW) == []


def test_it_is_broken_once_a_mail_had_three_minutes_and_whole_again_when_one_comes_back() -> None:
    box = make_mailbox("support@provider.example")
    (first,) = actions.self_test(now=NOW)
    assert not self_test_state(now=NOW + 2 * MINUTE).is_broken
    broken = self_test_state(now=NOW + 4 * MINUTE)
    assert (broken.broken, broken.failing_since) == ((box.address,), first.started_at)
    (second,) = actions.self_test(now=NOW + 5 * MINUTE)
    assert self_test_state(now=NOW + 6 * MINUTE).is_broken
    come_back(second)
    assert not self_test_state(now=NOW + 6 * MINUTE).is_broken


def test_in_the_demonstration_the_mail_goes_through_our_own_door(door: OpenDoor, settings: LazySettings) -> None:
    settings.DEMO, settings.LMTP_HOST, settings.LMTP_PORT = True, "127.0.0.1", door.lmtp_port
    make_mailbox("support@provider.example")
    assert len(actions.self_test(now=NOW)) == 1
    assert InboundMail.objects.get().sender == "support@provider.example"


def test_in_the_demonstration_without_an_open_door_there_is_nothing_to_test(settings: LazySettings) -> None:
    settings.DEMO, settings.LMTP_HOST, settings.LMTP_PORT = True, "127.0.0.1", 9
    make_mailbox()
    assert actions.self_test(now=NOW) == []
    assert not self_test_state(now=NOW + 10 * MINUTE).is_broken


def test_old_tests_are_forgotten_with_their_mails_and_nothing_else_is() -> None:
    box = make_mailbox("support@provider.example")
    (test,) = actions.self_test(now=NOW)
    come_back(test)
    kept = store_inbound(
        raw=b"Subject: x\r\n\r\n", mailbox=box, door=Door.LMTP, envelope_from="", envelope_to="", now=NOW
    )
    actions.self_test(now=NOW + timedelta(days=8))
    assert [inbound.pk for inbound in InboundMail.objects.all()] == [kept.inbound.pk]
    assert (RawMail.objects.count(), SelfTest.objects.count(), OutboundMail.objects.count()) == (1, 1, 1)


def test_the_alarm_sounds_while_tests_do_not_come_back(transactional_db: None) -> None:
    make_mailbox()
    actions.self_test(now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("LISTEN sportello_live")
    actions.self_test(now=NOW + 5 * MINUTE)
    assert connection.connection is not None
    heard = [notice.payload for notice in connection.connection.notifies(timeout=1, stop_after=20)]
    assert '{"mail":"self_test","topic":"alarm"}' in heard
