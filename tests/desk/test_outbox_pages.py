"""The outbox as staff see it, and the demonstration's other side."""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sportello.accounts.enums import Role
from sportello.core import clock
from sportello.core.paging import Place
from sportello.desk.outbox import STATES
from sportello.intake.actions import receive_mail
from sportello.mail import actions
from sportello.mail.actions import outbound, sending
from sportello.mail.adapters.smtp import Kept, Parcel
from sportello.mail.enums import OutboundKind, OutboundState
from sportello.mail.models import InboundMail, OutboundMail
from sportello.mail.queries.outbound import sending_is_on
from sportello.mail.queries.sent import SentFilter, sent_page
from sportello.mail.rules import Answer, Phase
from sportello.tickets import actions as tickets
from sportello.tickets.models import Message, Ticket
from tests.factories import make_contact, make_mailbox, make_ticket, make_user
from tests.plans import rows_touched

pytestmark = pytest.mark.django_db


class _Server:
    """A mail server that gives one answer to everything."""

    def __init__(self, code: int, text: str) -> None:
        self.answer = Answer(Phase.RECIPIENT if code >= 400 else Phase.DATA, code, text)

    def send(self, parcel: Parcel) -> Answer:
        return self.answer


@pytest.fixture
def agent() -> Client:
    client = Client()
    client.force_login(make_user(language="en"))
    return client


def _mail(subject: str = "Il tuo sito", *, to: str = "laura@doria.example", reference: str = "") -> OutboundMail:
    return actions.enqueue(
        mailbox=make_mailbox(),
        kind=OutboundKind.REPLY,
        to=to,
        to_name="Laura Doria",
        subject=subject,
        text="Buongiorno, abbiamo rimesso in piedi il sito.",
        language="it",
        reference=reference,
        now=clock.now(),
    )


def _tried(mail: OutboundMail, code: int, text: str) -> OutboundMail:
    outbound.deliver(outbound_id=mail.pk, transport=_Server(code, text), at=clock.now)
    mail.refresh_from_db()
    return mail


def _text(client: Client, address: str, **query: str) -> str:
    return client.get(address, query).content.decode()


def test_a_mail_that_is_tried_again_shows_the_servers_words_and_when(agent: Client) -> None:
    mail = _tried(_mail(), 451, "4.7.1 try later")
    page = _text(agent, reverse("desk:outbox"))
    assert "451 4.7.1 try later" in page
    assert "will be tried again" in page
    assert "Il tuo sito" in _text(agent, reverse("desk:outbound", args=[mail.public_id]))


def test_a_mail_that_failed_is_tried_again_at_once(agent: Client) -> None:
    mail = _tried(_mail(), 550, "5.1.1 no such user")
    assert mail.state == OutboundState.FAILED
    agent.post(reverse("desk:retry-outbound", args=[mail.public_id]))
    mail.refresh_from_db()
    assert mail.state == OutboundState.QUEUED


def test_a_mail_that_has_not_gone_is_cancelled_and_one_that_has_is_not(agent: Client) -> None:
    waiting, gone = _mail(), _tried(_mail(), 250, "ok")
    for mail in (waiting, gone):
        agent.post(reverse("desk:cancel-outbound", args=[mail.public_id]))
        mail.refresh_from_db()
    assert (waiting.state, gone.state) == (OutboundState.CANCELLED, OutboundState.SENT)


def test_the_list_is_narrowed_by_state_kind_and_words(agent: Client) -> None:
    _mail("Prima")
    _tried(_mail("Seconda", to="anna@greco.example"), 550, "no")
    for query, shown, hidden in (
        ({"state": "failed"}, "Seconda", "Prima"),
        ({"find": "greco"}, "Seconda", "Prima"),
        ({"state": "queued", "kind": "reply"}, "Prima", "Seconda"),
        ({"kind": "receipt"}, "No mail matches", "Prima"),
    ):
        page = _text(agent, reverse("desk:outbox"), **query)
        assert shown in page
        assert hidden not in page


def test_our_own_test_mails_do_not_flood_the_list(agent: Client) -> None:
    OutboundMail.objects.filter(pk=_mail("Prova").pk).update(kind=OutboundKind.SELF_TEST)
    assert "Nothing was sent yet" in _text(agent, reverse("desk:outbox"))
    assert "Prova" in _text(agent, reverse("desk:outbox"), kind="self_test")


def test_the_outbox_asks_the_database_no_more_for_three_mails_than_for_one(agent: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            agent.get(reverse("desk:outbox"))
        return len(seen)

    ticket = make_ticket()
    _mail(reference=str(ticket.public_id))
    queries()
    one = queries()
    _mail(reference=str(make_ticket().public_id))
    _mail(reference=str(ticket.public_id))
    assert queries() == one


def test_a_mail_leads_to_the_ticket_it_is_about(agent: Client) -> None:
    ticket = make_ticket("Il negozio non si apre")
    mail = _mail(reference=str(ticket.public_id))
    assert f"#{ticket.number} Il negozio non si apre" in _text(agent, reverse("desk:outbound", args=[mail.public_id]))


def test_the_mail_is_shown_in_a_frame_in_which_nothing_runs(agent: Client) -> None:
    mail = _mail()
    page = _text(agent, reverse("desk:outbound", args=[mail.public_id]))
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    frame = agent.get(reverse("desk:outbound-html", args=[mail.public_id]))
    assert frame["Content-Security-Policy"].startswith("sandbox allow-popups")
    assert "script" not in frame["Content-Security-Policy"]
    assert "rimesso in piedi" in frame.content.decode()


# -- the demonstration -------------------------------------------------------------------------------------------------
def test_in_the_demonstration_an_answer_of_the_customer_joins_the_ticket(agent: Client, settings: Any) -> None:
    settings.DEMO = True
    contact = make_contact("Laura Doria", address="laura@doria.example")
    ticket = make_ticket(contact=contact, mailbox=make_mailbox(), now=clock.now() - timedelta(minutes=5))
    user = make_user()
    reply = tickets.reply(ticket=ticket, text="Fatto.", by=user, now=clock.now(), seen_version=ticket.version)
    assert reply.outbound
    agent.post(reverse("desk:answer-as-customer", args=[reply.outbound.public_id]), {"text": "Grazie, ora va.\nLaura"})
    inbound = InboundMail.objects.select_related("mailbox", "raw").get()
    receive_mail(inbound=inbound, now=clock.now())
    newest = Message.objects.filter(ticket=ticket).latest("id")
    assert newest.shown_text.strip().startswith("Grazie, ora va.")
    assert "> Fatto." not in newest.shown_text
    assert (newest.contact, newest.is_unverified) == (contact, False)


def test_in_the_demonstration_a_first_mail_becomes_a_ticket(agent: Client, settings: Any) -> None:
    settings.DEMO = True
    mailbox = make_mailbox()
    make_contact("Laura Doria", address="laura@doria.example")
    agent.post(
        reverse("desk:write-as-customer"),
        {
            "name": "Laura Doria",
            "address": "laura@doria.example",
            "mailbox": mailbox.pk,
            "subject": "Posta ferma",
            "text": "Non parte più niente.",
        },
    )
    receive_mail(inbound=InboundMail.objects.select_related("mailbox", "raw").get(), now=clock.now())
    assert list(Ticket.objects.values_list("subject", flat=True)) == ["Posta ferma"]


def test_outside_the_demonstration_nobody_writes_as_a_customer(agent: Client, settings: Any) -> None:
    settings.DEMO = False
    mail = _mail()
    assert agent.get(reverse("desk:write-as-customer")).status_code == 404
    assert agent.post(reverse("desk:answer-as-customer", args=[mail.public_id]), {"text": "x"}).status_code == 404
    assert (
        "customer"
        not in _text(agent, reverse("desk:outbound", args=[mail.public_id])).split("<main")[1].split("</main>")[0]
    )
    assert not InboundMail.objects.exists()


def test_who_reads_only_cannot_touch_the_outbox(settings: Any) -> None:
    settings.DEMO = True
    client = Client()
    client.force_login(make_user(role=Role.READ_ONLY, language="en"))
    mail = _mail()
    page = _text(client, reverse("desk:outbound", args=[mail.public_id]))
    assert 'method="post"' not in page.split("<main")[1].split("</main>")[0]
    assert client.post(reverse("desk:cancel-outbound", args=[mail.public_id])).status_code == 403


def test_of_very_many_mails_that_are_held_back_every_page_says_so_without_counting_them_all(agent: Client) -> None:
    """A flood found: nineteen thousand were counted for every page, which took it as long as all else."""
    one = _mail()
    OutboundMail.objects.filter(pk=one.pk).update(state=OutboundState.HELD)
    one.state = OutboundState.HELD
    more = [copy(one) for _ in range(100)]
    for number, mail in enumerate(more):
        mail.pk, mail.public_id, mail.message_id = None, uuid4(), f"<{number}@provider.example>"
    OutboundMail.objects.bulk_create(more[:99])
    assert "100 mails are held back." in _text(agent, reverse("desk:queue"))
    OutboundMail.objects.bulk_create(more[99:])
    assert "More than a hundred mails are held back." in _text(agent, reverse("desk:queue"))


def test_sending_is_switched_on_with_a_word_on_what_waits() -> None:
    """Nothing is sent to anyone until an administrator says so; every page says how it stands."""
    sending.switch_off(by=None, now=clock.now(), address=None)
    mail = _mail("Ricevuta")
    outbound.deliver(outbound_id=mail.pk, transport=Kept())
    admin = Client()
    admin.force_login(make_user(role=Role.ADMIN, language="en"))
    assert "1 mail is held back." in admin.get(reverse("desk:queue")).content.decode()
    assert "Ricevuta" in admin.get(reverse("desk:sending")).content.decode()
    assert admin.post(reverse("desk:sending-on")).status_code == 422
    assert not sending_is_on()
    answer = admin.post(reverse("desk:sending-on"), {"waiting": "send"}, follow=True).content.decode()
    assert "1 held mail is on its way." in answer
    assert "Sending is switched off" not in answer
    admin.post(reverse("desk:sending-off"))
    assert not sending_is_on()


def test_a_list_of_what_was_not_sent_reads_nothing_of_all_that_was(agent: Client) -> None:
    """A fault found: for the few mails that were cancelled every mail ever sent was read, 236 ms of 300,000."""
    one, now = _mail(), clock.now()
    cancelled = _mail("Cancelled one")
    OutboundMail.objects.filter(pk=cancelled.pk).update(state=OutboundState.CANCELLED)
    sent = [copy(one) for _ in range(600)]
    for number, mail in enumerate(sent):
        mail.pk, mail.public_id, mail.message_id = None, uuid4(), f"<{number}@provider.example>"
        mail.state, mail.created_at = OutboundState.SENT, now + timedelta(seconds=number)
    OutboundMail.objects.bulk_create(sent)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mail_outboundmail")
        cursor.execute("SET LOCAL enable_seqscan = off")
    for state in set(STATES) - {"", OutboundState.SENT}:
        for search in ("", "cancelled"):
            chosen = SentFilter(state=str(state), search=search)
            with CaptureQueriesContext(connection) as captured:
                found = sent_page(chosen, Place()).rows
            assert [mail.pk for mail in found if mail.pk != one.pk] == [cancelled.pk] * (
                state == OutboundState.CANCELLED
            )
            assert rows_touched(captured) < 20, chosen


def test_what_the_demonstration_kept_is_told_in_the_readers_language() -> None:
    """A fault found: the Italian outbox said "250 kept on this machine", as if a server had."""
    mail = _mail()
    outbound.deliver(outbound_id=mail.pk, transport=Kept(), at=lambda: mail.not_before)
    reader = Client()
    reader.force_login(make_user(language="it"))
    for page in (reader.get(reverse("desk:outbound", args=[mail.public_id])), reader.get(reverse("desk:outbox"))):
        assert "250 kept on this machine" not in page.content.decode()
