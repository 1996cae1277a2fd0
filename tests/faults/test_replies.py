"""A bad day of the mail server that takes our mail (R14): every answer leaves once, and its author sees at each moment how far it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from sportello.mail.actions.outbound import JOB, deliver
from sportello.mail.adapters.patience import Health, Patient
from sportello.mail.adapters.smtp import Smtp, Transport
from sportello.mail.enums import OutboundState
from sportello.mail.models import OutboundMail
from sportello.tickets.actions import reply
from sportello.tickets.models import Message
from tests.factories import NOW, make_contact, make_customer, make_mailbox, make_ticket, make_user
from tests.faults import counts
from tests.mail.smtp_server import Conduct, serving

pytestmark = pytest.mark.django_db

REPLIES = 24
LATER = "451 4.3.0 the disk is full, come again"
BUSY = "421 4.7.0 too many connections"
KEPT_UNSAID = 4
BAD_DAY = [*[LATER] * 9, *["hang"] * 3, *["cut"] * 6, BUSY, *["keep and cut"] * KEPT_UNSAID, LATER, "250 kept"]
_NEXT_JOB = """
    DELETE FROM procrastinate_jobs WHERE id = (
        SELECT id FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo' ORDER BY scheduled_at, id LIMIT 1)
    RETURNING (args->>'outbound_id')::bigint, scheduled_at
"""


@pytest.fixture
def world() -> Iterator[tuple[Conduct, Transport]]:
    """A mail server on its bad day, and our way to it, which soon loses patience."""
    conduct = Conduct(data=BAD_DAY)
    with serving(conduct) as (host, port):
        yield conduct, Patient(Smtp(host, port, timeout=0.3), Health())


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make_user("Giulia Rinaldi", language="en"))
    return client


def answered(number: int) -> Message:
    """A ticket of a customer with an answer that waits in the outbox."""
    ticket = make_ticket(contact=make_contact(customer=make_customer()), mailbox=make_mailbox())
    return reply(
        ticket=ticket,
        text=f"Answer {number}.",
        by=make_user(),
        now=NOW,
        seen_version=ticket.version,
        confirm_unseen=True,
    )


def jobs_in_time() -> Iterator[tuple[int, datetime]]:
    """What a worker would do: the mail of each job at the moment for which it was planned, until there is none left."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT_JOB, [JOB])
            found = cursor.fetchone()
        if found is None:
            return
        yield found[0], found[1]


def shown(desk: Client, mail: OutboundMail) -> str:
    """What the ticket's page says of an answer's mail."""
    ticket = Message.objects.get(outbound=mail).ticket
    return desk.get(f"/desk/tickets/{ticket.public_id}/").content.decode()


def attempt(world: Transport, desk: Client, outbound_id: int, at: datetime) -> bool:
    """One attempt; whether the mail has left. The page says which of the two it is, and in the first case what the server said."""
    deliver(outbound_id=outbound_id, transport=world, at=lambda: at)
    mail = OutboundMail.objects.get(pk=outbound_id)
    page = shown(desk, mail)
    assert (f"Sent to {mail.to}" in page) == (mail.state == OutboundState.SENT)
    assert (f"Not taken yet by the server of {mail.to}" in page) == (mail.state == OutboundState.DEFERRED)
    assert mail.state == OutboundState.SENT or mail.last_answer in page
    return mail.state == OutboundState.SENT


def test_r14_every_answer_leaves_once_on_a_bad_day_of_the_mail_server(
    world: tuple[Conduct, Transport], desk: Client, record_property: Callable[[str, object], None]
) -> None:
    conduct, transport = world
    written = [answered(number).outbound for number in range(REPLIES)]
    attempts = [(outbound_id, at, attempt(transport, desk, outbound_id, at)) for outbound_id, at in jobs_in_time()]
    sent = set(OutboundMail.objects.filter(state=OutboundState.SENT).values_list("pk", flat=True))
    failed = [outbound_id for outbound_id, _, has_left in attempts if not has_left]

    arrived = counts.copies(conduct)
    doubled = arrived.total() - len(arrived)
    late = max(at for _, at, has_left in attempts if has_left) - NOW
    figures: counts.Figures = {
        "written": len(written), "sent": len(arrived), "doubled replies": doubled, "attempts": len(attempts),
        "faults": len(failed), "survived": sum(outbound_id in sent for outbound_id in failed),
        "last one sent after s": late.total_seconds(),
    }  # fmt: skip
    counts.tell(record_property, "replies", figures)
    assert {mail.message_id for mail in written if mail} == set(arrived)
    assert doubled == KEPT_UNSAID, "only what the server kept without saying so may arrive again, as the same mail"
    assert OutboundMail.objects.exclude(state=OutboundState.SENT).count() == 0
    assert (len(failed), len(attempts)) == (len(BAD_DAY) - 1, REPLIES + len(BAD_DAY) - 1)
    assert late < timedelta(minutes=10)
