"""Nothing is sent to anyone until an administrator says so; what waited is then sent or discarded (features, the first hour)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from sportello.accounts.enums import Act, Role
from sportello.accounts.models import AuditEntry
from sportello.core.errors import Refused
from sportello.intake.actions.self_test import self_test
from sportello.mail.actions import begin_self_test, outbound, sending
from sportello.mail.adapters.smtp import Kept
from sportello.mail.enums import OutboundKind, OutboundState, Waiting
from sportello.mail.models import Mailbox, OutboundMail, SelfTest, Sending
from sportello.mail.queries.outbound import held_back, sending_is_on
from sportello.mail.rules import Outcome
from tests.factories import NOW, make_mailbox, make_user

pytestmark = pytest.mark.django_db


def _written(mailbox: Mailbox, kind: OutboundKind = OutboundKind.REPLY) -> OutboundMail:
    return outbound.enqueue(
        mailbox=mailbox,
        kind=kind,
        to="laura@customer.example",
        subject="Re: sito",
        text="Fatto",
        language="it",
        now=NOW,
    )


def _sent(mail: OutboundMail) -> Outcome | None:
    outcome = outbound.deliver(outbound_id=mail.pk, transport=Kept(), at=lambda: NOW)
    mail.refresh_from_db()
    return outcome


def _jobs(mail: OutboundMail) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'outbound_id' = %s", [str(mail.pk)])
        return int(cursor.fetchone()[0])


def _off() -> None:
    sending.switch_off(by=None, now=NOW, address=None)


def test_a_mail_whose_time_comes_while_sending_is_off_is_held_and_not_looked_for_again() -> None:
    _off()
    mail = _written(make_mailbox())
    assert (_sent(mail), mail.state, mail.attempts, held_back()) == (None, OutboundState.HELD, 0, 1)
    assert outbound.sweep(now=NOW + timedelta(hours=2)) == 0


def test_what_is_held_goes_out_once_sending_is_on() -> None:
    _off()
    mail = _written(make_mailbox())
    _sent(mail)
    assert sending.switch_on(waiting=Waiting.SEND, by=None, now=NOW, address=None) == 1
    assert (sending_is_on(), _jobs(mail)) == (True, 2)
    assert (_sent(mail), mail.state) == (Outcome.SENT, OutboundState.SENT)


def test_what_is_discarded_never_goes_out() -> None:
    _off()
    mail = _written(make_mailbox())
    _sent(mail)
    assert sending.switch_on(waiting=Waiting.DISCARD, by=None, now=NOW, address=None) == 1
    assert (_sent(mail), mail.state) == (None, OutboundState.CANCELLED)


def test_a_sign_in_link_is_not_sent_late() -> None:
    _off()
    mailbox = make_mailbox()
    link, reply = _written(mailbox, OutboundKind.SIGN_IN), _written(mailbox)
    _sent(link)
    _sent(reply)
    assert sending.switch_on(waiting=Waiting.SEND, by=None, now=NOW, address=None) == 1
    link.refresh_from_db()
    assert link.state == OutboundState.CANCELLED


def test_a_test_mail_to_ourselves_goes_out_when_asked_for_but_not_by_itself() -> None:
    _off()
    test = begin_self_test(mailbox=make_mailbox(), now=NOW)
    assert test.outbound is not None
    assert _sent(test.outbound) == Outcome.SENT
    assert (self_test(now=NOW + timedelta(hours=1)), SelfTest.objects.count()) == ([], 1)


def test_each_switch_and_each_decision_is_in_the_audit_once() -> None:
    admin = make_user(role=Role.ADMIN)
    sending.switch_off(by=admin, now=NOW, address="192.0.2.1")
    sending.switch_off(by=admin, now=NOW, address="192.0.2.1")
    _sent(_written(make_mailbox()))
    sending.switch_on(waiting=Waiting.SEND, by=admin, now=NOW, address="192.0.2.1")
    entries = AuditEntry.objects.order_by("pk").values_list("act", "actor", "address")
    assert list(entries) == [(act, admin.pk, "192.0.2.1") for act in (Act.SENDING_OFF, Act.SENDING_ON, Act.HELD_SENT)]


def test_only_an_administrator_says_so() -> None:
    with pytest.raises(Refused) as refused:
        sending.switch_on(waiting=Waiting.SEND, by=make_user(), now=NOW, address=None)
    assert refused.value.code == "admin-only"
    assert not Sending.objects.exists()


def test_an_invitation_waits_for_as_long_as_it_can_be_taken_up() -> None:
    _off()
    invitation = _written(make_mailbox(), OutboundKind.INVITATION)
    _sent(invitation)
    assert sending.switch_on(waiting=Waiting.SEND, by=None, now=NOW + timedelta(days=6), address=None) == 1
    invitation.refresh_from_db()
    assert (invitation.state, invitation.is_readable) == (OutboundState.QUEUED, False)


def test_an_invitation_that_is_over_is_not_sent() -> None:
    _off()
    invitation = _written(make_mailbox(), OutboundKind.INVITATION)
    _sent(invitation)
    assert sending.switch_on(waiting=Waiting.SEND, by=None, now=NOW + timedelta(days=7), address=None) == 0
    invitation.refresh_from_db()
    assert invitation.state == OutboundState.CANCELLED
