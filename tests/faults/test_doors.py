"""One mail through several doors is one message; two mails with one Message-ID are two; none needs a header (R06, R07, R08)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from sportello.core import clock
from sportello.intake import actions
from sportello.intake.database import on_living_connection
from sportello.mail.actions import store_inbound
from sportello.mail.enums import Door, InboundState
from sportello.mail.models import InboundMail, Mailbox
from sportello.mail.queries import inbound_to_process
from sportello.tickets.models import Message, Ticket
from tests.factories import make_mailbox, make_queue
from tests.faults.installation import SUPPORT
from tests.faults.letters import letters
from tests.faults.mail_server import Letter
from tests.intake.open_door import OpenDoor, open_door

pytestmark = pytest.mark.django_db(transaction=True)

MAILS = 12
TRACES = (
    b"Return-Path: <%s>\r\nDelivered-To: support@provider.example\r\nReceived: from mx.example by imap.example; Mon, 23 Nov 2026 10:00:00 +0100\r\n",
    b"Received: by pipe.example\r\n\tid 7F3; Mon, 23 Nov 2026 10:00:01 +0100\r\nX-Spam-Status: No, score=-0.1 (%s)\r\n",
    b"Authentication-Results: mx.example; spf=pass smtp.mailfrom=%s\r\nX-Original-To: support@provider.example\r\n",
)


@pytest.fixture
def mailbox(transactional_db: None) -> Mailbox:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    make_queue()
    return make_mailbox(SUPPORT)


@pytest.fixture
def door(mailbox: Mailbox) -> Iterator[OpenDoor]:
    with open_door() as opened:
        yield opened


def by_lmtp(door: OpenDoor, mail: Letter) -> None:
    with door.lmtp() as client:
        client.sendmail(mail.sender, [SUPPORT], mail.raw)


def by_smtp(door: OpenDoor, mail: Letter) -> None:
    with door.smtp() as client:
        client.sendmail(mail.sender, [SUPPORT], mail.raw)


def by(other: Door, mailbox: Mailbox, mail: Letter, uid: int | None = None) -> None:
    """As the IMAP fetcher and the pipe hand it over: with the traces of another way, the pipe also with other line ends."""
    raw = TRACES[len(other) % len(TRACES)] % mail.sender.encode() + mail.raw
    given = raw.replace(b"\r\n", b"\n") if other == Door.PIPE else raw
    on_living_connection(
        lambda: store_inbound(
            raw=given,
            mailbox=mailbox,
            door=other,
            envelope_from=mail.sender,
            envelope_to=SUPPORT,
            now=clock.now(),
            imap_uid=uid,
        )
    )


def read_all() -> None:
    for number in InboundMail.objects.values_list("pk", flat=True):
        waiting = inbound_to_process(number)
        assert waiting is not None
        actions.receive_mail(inbound=waiting, now=clock.now())


def subjects() -> list[str]:
    return sorted(Ticket.objects.values_list("subject", flat=True))


def expected(mails: Sequence[Letter]) -> list[str]:
    return sorted(f"The shop {number} does not open" for number in range(len(mails)))


def test_r06_a_mail_that_comes_by_four_doors_one_after_the_other_is_one_message(
    door: OpenDoor, mailbox: Mailbox
) -> None:
    mails = letters(0, MAILS)
    for number, mail in enumerate(mails):
        by_lmtp(door, mail)
        by(Door.IMAP, mailbox, mail, uid=number + 1)
        by(Door.PIPE, mailbox, mail)
        by_smtp(door, mail)
    read_all()
    assert subjects() == expected(mails)
    assert (InboundMail.objects.count(), Message.objects.count()) == (MAILS, MAILS)


def test_r06_a_mail_that_comes_by_four_doors_at_once_is_one_message(door: OpenDoor, mailbox: Mailbox) -> None:
    mails = letters(0, MAILS)
    with ThreadPoolExecutor(6) as at_once:
        handing = [
            arriving
            for number, mail in enumerate(mails)
            for arriving in (
                at_once.submit(by, Door.IMAP, mailbox, mail, number + 1),
                at_once.submit(by_lmtp, door, mail),
                at_once.submit(by, Door.PIPE, mailbox, mail),
                at_once.submit(by_smtp, door, mail),
            )
        ]
    for arriving in handing:
        arriving.result()
    read_all()
    assert subjects() == expected(mails)
    assert (InboundMail.objects.count(), Message.objects.count()) == (MAILS, MAILS)


@pytest.mark.parametrize("other", [Door.IMAP, Door.PIPE, Door.LMTP])
def test_r07_two_mails_with_one_message_id_are_both_kept(door: OpenDoor, mailbox: Mailbox, other: Door) -> None:
    (first,) = letters(0, 1)
    second = Letter(first.message_id, first.sender, first.raw.replace(b"shows an error", b"is gone altogether"))
    by_lmtp(door, first)
    if other == Door.LMTP:
        by_lmtp(door, second)
    else:
        by(other, mailbox, second)
    read_all()
    texts = sorted(Message.objects.values_list("text", flat=True))
    assert [("shows an error" in text, "is gone altogether" in text) for text in texts] == [
        (False, True),
        (True, False),
    ]
    assert set(InboundMail.objects.values_list("message_id", "state")) == {(first.message_id, InboundState.FILED)}


@pytest.mark.parametrize(
    "missing",
    [["Message-ID"], ["From"], ["To"], ["Subject"], ["Message-ID", "From", "To", "Subject", "Content-Type"], ["body"]],
)
def test_r08_a_mail_without_what_others_have_is_kept_once_and_filed(
    door: OpenDoor, mailbox: Mailbox, missing: list[str]
) -> None:
    (whole,) = letters(0, 1)
    head, _, body = whole.raw.partition(b"\r\n\r\n")
    names = tuple(f"{name}:".encode() for name in missing)
    lines = [line for line in head.split(b"\r\n") if not line.startswith(names)]
    mail = Letter("", whole.sender, b"\r\n".join([*lines, b"", b"" if missing == ["body"] else body]))
    by_lmtp(door, mail)
    by_smtp(door, mail)
    read_all()
    assert list(InboundMail.objects.values_list("state", flat=True)) == [InboundState.FILED]
    assert bytes(InboundMail.objects.get().raw.content) == mail.raw
    assert Message.objects.count() == 1
