"""R03: somebody holds one row, as an administrator at psql who went for lunch in the middle of a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.contrib.postgres.functions import TransactionNow
from django.db import connection, transaction
from django.db.models import F
from procrastinate.contrib.django import connector_params

from sportello.core import clock
from sportello.intake import actions
from sportello.intake.actions import receiving
from sportello.intake.actions.receiving import TRIES, InOthersHands, Patience
from sportello.mail import tokens
from sportello.mail.actions import put_off, store_inbound
from sportello.mail.enums import Door, InboundState
from sportello.mail.models import InboundMail, Mailbox
from sportello.mail.queries import inbound_to_process
from sportello.tickets.models import Message
from tests.factories import make_contact, make_customer, make_mailbox, make_queue, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> Patience:
    """A process that has waited for nobody in vain yet, and soon does."""
    ours = Patience()
    monkeypatch.setattr(Patience, "LONG", 0.1)
    monkeypatch.setattr(receiving, "patience", ours)
    return ours


def comes(mailbox: Mailbox, *, sender: str, to: str, about: str = "Il sito") -> int:
    raw = f"From: {sender}\r\nTo: {to}\r\nMessage-ID: <{sender}>\r\nSubject: {about}\r\n\r\nAncora niente.\r\n".encode()
    kept = store_inbound(
        raw=raw, mailbox=mailbox, door=Door.LMTP, envelope_from=sender, envelope_to=to, now=clock.now()
    )
    return kept.inbound.pk


def receive(number: int) -> None:
    waiting = inbound_to_process(number)
    assert waiting is not None
    actions.receive_mail(inbound=waiting, now=clock.now())


def test_r03_a_ticket_that_somebody_holds_keeps_its_own_mail_waiting_and_no_other() -> None:
    """A fault found: two answers to it held both readers of a worker, and no mail was filed for as long as it lasted."""
    make_queue()
    box, writer = make_mailbox(), make_contact(customer=make_customer())
    ticket = make_ticket(contact=writer, mailbox=box)
    address = writer.addresses.get().address
    answer = comes(box, sender=address, to=tokens.reply_address(box, str(ticket.public_id)))
    other = comes(box, sender="anna@elsewhere.example", to=box.address)
    with psycopg.connect(**connector_params()) as somebody:
        somebody.execute("SELECT FROM tickets_ticket WHERE id = %s FOR UPDATE", [ticket.pk])
        for _ in range(TRIES + 1):
            with pytest.raises(actions.NotYet):
                receive(answer)
        receive(other)
        assert InboundMail.objects.get(pk=other).state == InboundState.FILED
        assert (InboundMail.objects.get(pk=answer).state, InboundMail.objects.get(pk=answer).attempts) == (
            InboundState.RECEIVED,
            0,
        )
    receive(answer)
    assert Message.objects.get(inbound_id=answer).ticket == ticket


@pytest.mark.timeout(60)
def test_r03_many_mails_to_a_ticket_that_somebody_holds_are_soon_out_of_the_way(
    monkeypatch: pytest.MonkeyPatch, patience: Patience
) -> None:
    """A fault found: thirty answers to it kept both readers of a worker for three seconds each, and began anew as soon as they were through."""
    make_queue()
    box, writer = make_mailbox(), make_contact(customer=make_customer())
    ticket = make_ticket(contact=writer, mailbox=box)
    to, address = tokens.reply_address(box, str(ticket.public_id)), writer.addresses.get().address
    first, second = comes(box, sender=address, to=to), comes(box, sender=address, to=to, about="Di nuovo il sito")
    with psycopg.connect(**connector_params()) as somebody:
        somebody.execute("SELECT FROM tickets_ticket WHERE id = %s FOR UPDATE", [ticket.pk])
        with pytest.raises(InOthersHands):
            receive(first)
        monkeypatch.setattr(Patience, "LONG", 3600.0)
        with pytest.raises(InOthersHands):
            receive(second)
    monkeypatch.setattr(Patience, "REMEMBERED", 0.0)
    assert patience.seconds == Patience.LONG, "it is forgotten once no mail has met anything held for a while"


def test_r03_what_waits_for_somebody_is_tried_again_after_pauses_that_grow_to_less_than_a_minute() -> None:
    waiting = comes(make_mailbox(), sender="anna@elsewhere.example", to="")
    pauses = []
    for waited in (0, 20, 60, 3600):
        with transaction.atomic():
            InboundMail.objects.update(waits_since=TransactionNow() - timedelta(seconds=waited))
            put_off(waiting)
            pauses.append(InboundMail.objects.values_list(F("next_attempt_at") - TransactionNow(), flat=True).get())
    assert [pause.total_seconds() for pause in pauses] == [5, 10, 30, 45]


_VICTIM = """
    CREATE FUNCTION pg_temp.victim() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'chosen' USING ERRCODE = '{code}'; END $$;
    CREATE TRIGGER victim BEFORE INSERT ON tickets_message EXECUTE FUNCTION pg_temp.victim();
"""


@contextmanager
def always_the_victim(code: str) -> Iterator[None]:
    """PostgreSQL calls off whatever writes a message, with the code of a deadlock (40P01) or of transactions that do not go together (40001)."""
    with connection.cursor() as cursor:
        cursor.execute(_VICTIM.format(code=code))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION pg_temp.victim CASCADE")


@pytest.mark.parametrize("code", ["40P01", "40001"])
def test_r03_a_mail_that_is_called_off_for_the_sake_of_another_comes_soon_again(code: str) -> None:
    """A fault found: it counted as a database that is away, and the mails that were taken with it lay for forty seconds."""
    make_queue()
    coming = comes(make_mailbox(), sender="anna@elsewhere.example", to="")
    with always_the_victim(code), pytest.raises(InOthersHands):
        receive(coming)
    waiting = InboundMail.objects.get(pk=coming)
    assert (waiting.state, waiting.attempts, Message.objects.count()) == (InboundState.RECEIVED, 0, 0)
    receive(coming)
    assert Message.objects.get().inbound == waiting
