"""The list that leads a new administrator from nothing to the first answer. How a step stands is read off the facts."""

from __future__ import annotations

import csv
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from sportello.accounts.actions import record
from sportello.accounts.enums import Act, Role, SetupStep
from sportello.accounts.models import AuditEntry, User
from sportello.core import clock
from sportello.desk.first_hour import first_hour
from sportello.intake.actions import receive_mail
from sportello.mail.actions import end_self_test, outbound, sending, store_inbound
from sportello.mail.adapters.smtp import Kept
from sportello.mail.enums import Door, OutboundState
from sportello.mail.models import OutboundMail, SelfTest
from sportello.tickets.actions import reply
from sportello.tickets.models import Ticket
from sportello.watch.actions import note_backup
from tests.factories import make_customer, make_mailbox, make_service, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    client = Client(REMOTE_ADDR="192.0.2.9")
    client.force_login(make_user("Ada Amministra", role=Role.ADMIN, language="en"))
    return client


def _open() -> list[str]:
    return [line.step.value for line in first_hour(now=clock.now()).lines if not line.is_done]


def _say(admin: Client, step: SetupStep, said: str) -> int:
    return admin.post(reverse("desk:decide-step", args=[step.value, said])).status_code


def test_each_step_is_done_when_the_facts_say_so(admin: Client, settings: Settings) -> None:
    """From a new installation to the first answered ticket; no step is done because somebody ticked it."""
    sending.switch_off(by=None, now=clock.now(), address=None)
    assert _open() == [step.value for step in SetupStep]
    settings.PROVIDER_NAME = "Rete Serena"
    admin.post(reverse("desk:provider"), {"numbers": "06 1234567"})
    for step in (SetupStep.HOURS, SetupStep.PROMISE, SetupStep.POLICY):
        _say(admin, step, "right")
    make_user("Bruno Operatore")
    make_service(customer=make_customer())
    settings.BACKUP_MAX_HOURS, settings.HAS_BACKUP_STORE = 26, True
    assert _open() == ["mailbox", "ready", "sending", "answer", "backup"]
    note_backup(snapshot="abc", moment=clock.now(), rows=1, files=1, now=clock.now())
    assert _open() == ["mailbox", "ready", "sending", "answer"]
    ticket = _mail_comes_in()
    assert _open() == ["ready", "sending", "answer"]
    admin.post(reverse("desk:prove-mail"))
    test = SelfTest.objects.get()
    assert "its test mail is on its way" in admin.get(reverse("desk:first-hour")).content.decode()
    end_self_test(test_id=test.pk, now=clock.now())
    assert _open() == ["sending", "answer"]
    admin.post(reverse("desk:sending-on"), {"waiting": "discard"})
    assert _open() == ["answer"]
    reply(
        ticket=ticket,
        text="Fatto.",
        by=User.objects.get(name="Bruno Operatore"),
        seen_version=ticket.version,
        now=clock.now(),
    )
    for mail in OutboundMail.objects.filter(state=OutboundState.QUEUED):
        outbound.deliver(outbound_id=mail.pk, transport=Kept(), at=lambda: clock.now() + timedelta(minutes=1))
    assert _open() == []
    assert "All is done" in admin.get(reverse("desk:first-hour")).content.decode()


def _mail_comes_in() -> Ticket:
    raw = b"From: laura@doria.example\r\nTo: support@provider.example\r\nSubject: Sito\r\n\r\nNon si apre.\r\n"
    mailbox = make_mailbox("support@provider.example")
    inbound = store_inbound(
        raw=raw,
        mailbox=mailbox,
        door=Door.LMTP,
        envelope_from="laura@doria.example",
        envelope_to=mailbox.address,
        now=clock.now(),
    ).inbound
    receive_mail(inbound=inbound, now=clock.now())
    return Ticket.objects.get()


def test_a_test_mail_that_does_not_come_back_does_not_make_ready(admin: Client) -> None:
    make_mailbox()
    admin.post(reverse("desk:prove-mail"))
    SelfTest.objects.update(started_at=clock.now() - timedelta(minutes=4))
    OutboundMail.objects.update(state=OutboundState.DEFERRED, last_answer="Connection refused")
    line = next(each for each in first_hour(now=clock.now()).lines if each.step == SetupStep.READY)
    assert (line.is_done, "Connection refused" in line.stands[0]) == (False, True)


def test_a_step_is_put_off_and_taken_up_again(admin: Client) -> None:
    _say(admin, SetupStep.CUSTOMERS, "later")
    page = admin.get(reverse("desk:first-hour")).content.decode()
    assert "put off" in page
    assert first_hour(now=clock.now()).later == 1
    _say(admin, SetupStep.CUSTOMERS, "again")
    assert first_hour(now=clock.now()).later == 0
    acts = [Act.STEP_PUT_OFF, Act.STEP_TAKEN_UP]
    assert list(AuditEntry.objects.filter(act__in=acts).order_by("pk").values_list("act", flat=True)) == acts


@pytest.mark.parametrize("step", ["customers", "mailbox", "ready", "sending", "answer", "provider"])
def test_what_facts_tell_cannot_be_ticked(admin: Client, step: str) -> None:
    assert _say(admin, SetupStep(step), "right") == 404


def test_while_sending_is_off_an_invitation_is_handed_over_as_a_link() -> None:
    admin = make_user(role=Role.ADMIN, language="en")
    browser = Client()
    browser.post("/account/login/", {"login": admin.email, "password": "correct horse battery"})
    sending.switch_off(by=None, now=clock.now(), address=None)
    form = {"name": "Bruno", "email": "bruno@provider.example", "role": "agent", "team": "", "language": "it"}
    page = browser.post(reverse("desk:person-new"), form).content.decode()
    link = page.partition("<pre")[2].partition(">")[2].partition("</pre>")[0]
    assert (OutboundMail.objects.count(), AuditEntry.objects.filter(act=Act.LINK_SHOWN).count()) == (0, 1)
    assert Client().get(link.partition("://")[2].partition("/")[2].join(["/", ""]), follow=True).status_code == 200


def test_the_list_costs_the_same_however_much_there_is(admin: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            admin.get(reverse("desk:first-hour"))
        return len(asked)

    make_mailbox()
    assert queries(), "what the first request of a session asks besides"
    first = queries()
    for number in range(3):
        make_mailbox(f"more{number}@provider.example")
        make_service(customer=make_customer())
        make_user(f"Agent {number}")
    assert queries() == first


def test_the_step_of_the_telephone_shows_numbers_as_people_read_them(admin: Client) -> None:
    admin.post(reverse("desk:provider"), {"numbers": "06 1234567"})
    page = admin.get(reverse("desk:first-hour")).content.decode()
    assert ("+39 06 123 4567" in page, "+39061234567" in page) == (True, False)


def test_roles_say_what_each_may_and_who_has_it(admin: Client) -> None:
    page = admin.get(reverse("desk:roles")).content.decode()
    assert page.count("read every ticket, customer, service and mail") == len(Role)
    assert page.count("switch sending on and off") == 1
    assert "Ada Amministra" in page


def test_the_audit_is_filtered_and_comes_as_a_file_that_is_no_formula(admin: Client) -> None:
    make_mailbox()
    admin.post(reverse("desk:provider"), {"numbers": "06 1234567"})
    record(act=Act.SIGN_IN_FAILED, subject="=cmd()@evil.example", by=None, now=clock.now(), address="192.0.2.55")
    shown = admin.get(reverse("desk:audit"), {"address": "192.0.2.9", "act": Act.NUMBERS_CHANGED}).content.decode()
    assert ("+39061234567" in shown, "192.0.2.55" in shown) == (True, False)
    assert "192.0.2.9</td>" not in admin.get(reverse("desk:audit"), {"until": "2020-01-01"}).content.decode()
    answer = admin.get(reverse("desk:audit-csv"), {"subject": "evil"})
    rows = list(csv.DictReader(answer.getvalue().decode().splitlines()))
    assert [(row["act"], row["subject"], row["address"]) for row in rows] == [
        (Act.SIGN_IN_FAILED, "'=cmd()@evil.example", "192.0.2.55")
    ]
