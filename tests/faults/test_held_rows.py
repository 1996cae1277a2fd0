"""R03: somebody holds one row, as an administrator at psql who went for lunch in the middle of a transaction."""

from __future__ import annotations

import psycopg
import pytest
from procrastinate.contrib.django import connector_params

from sportello.core import clock
from sportello.intake import actions
from sportello.intake.actions.receiving import TRIES
from sportello.mail import tokens
from sportello.mail.actions import inbound, store_inbound
from sportello.mail.enums import Door, InboundState
from sportello.mail.models import InboundMail, Mailbox
from sportello.mail.queries import inbound_to_process
from sportello.tickets.models import Message
from tests.factories import make_contact, make_customer, make_mailbox, make_queue, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)


def comes(mailbox: Mailbox, *, sender: str, to: str) -> int:
    raw = f"From: {sender}\r\nTo: {to}\r\nMessage-ID: <{sender}>\r\nSubject: Il sito\r\n\r\nAncora niente.\r\n".encode()
    kept = store_inbound(
        raw=raw, mailbox=mailbox, door=Door.LMTP, envelope_from=sender, envelope_to=to, now=clock.now()
    )
    return kept.inbound.pk


def receive(number: int) -> None:
    waiting = inbound_to_process(number)
    assert waiting is not None
    actions.receive_mail(inbound=waiting, now=clock.now())


def test_r03_a_ticket_that_somebody_holds_keeps_its_own_mail_waiting_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fault found: two answers to it held both readers of a worker, and no mail was filed for as long as it lasted."""
    monkeypatch.setattr(inbound, "LOCK_SECONDS", 0.1)
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
