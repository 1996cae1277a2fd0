"""The same mail by several ways, of which mail servers say different things: the best of them counts, whichever comes first (R06, S18)."""

from __future__ import annotations

from itertools import permutations

import pytest

from sportello.core import clock
from sportello.customers.models import Contact
from sportello.intake import actions
from sportello.intake.actions.receiving import NotYet
from sportello.mail import tokens
from sportello.mail.actions import store_inbound
from sportello.mail.actions.blotting import replace_raw
from sportello.mail.enums import Door, InboundState
from sportello.mail.models import InboundMail, Mailbox, RawMail
from sportello.mail.problems import COPY
from sportello.mail.queries import inbound_to_process
from sportello.tickets.models import Message, Ticket
from tests.factories import make_contact, make_mailbox, make_ticket

pytestmark = pytest.mark.django_db
LAURA = "laura@ceramichedoria.example"
FORGED, PROVEN, SILENT = "dmarc=fail", "dmarc=pass", ""


@pytest.fixture
def support() -> Mailbox:
    make_contact("Laura Doria", address=LAURA)
    mailbox = make_mailbox("assistenza@provider.example")
    mailbox.authserv_id = "mx.provider.example"
    mailbox.save()
    return mailbox


def store(support: Mailbox, found: str, *, way: str = "a", to: str = "") -> InboundMail:
    said = (
        f"Authentication-Results: mx.provider.example; {found} header.from=ceramichedoria.example\r\n" if found else ""
    )
    raw = f"Received: by {way}.example\r\n{said}From: {LAURA}\r\nSubject: Posta\r\nMessage-ID: <1@x>\r\n\r\nNon arriva.\r\n"
    return store_inbound(
        raw=raw.encode(), mailbox=support, door=Door.LMTP, envelope_from=LAURA, envelope_to=to or support.address, now=clock.now()
    ).inbound  # fmt: skip


def read(inbound: InboundMail) -> None:
    waiting = inbound_to_process(inbound.pk)
    if waiting is not None:
        actions.receive_mail(inbound=waiting, now=clock.now())


def come(support: Mailbox, found: str, *, way: str = "a", to: str = "") -> None:
    read(store(support, found, way=way, to=to))


def test_a_genuine_mail_is_filed_though_a_copy_that_looks_forged_came_first(support: Mailbox) -> None:
    """A fault found: the second had its 250, and was gone; the first stayed held as perhaps forged."""
    come(support, FORGED)
    held = InboundMail.objects.get()
    assert held.state == InboundState.HELD
    come(support, PROVEN, way="b")
    mail = InboundMail.objects.get()
    assert (mail.pk, mail.state, mail.problems) == (held.pk, InboundState.FILED, [COPY])
    assert b"dmarc=pass" in bytes(mail.raw.content)
    assert RawMail.objects.count() == 1
    assert Ticket.objects.get().sender_verified is True
    assert Message.objects.get().inbound == mail


@pytest.mark.parametrize("order", list(permutations([FORGED, PROVEN, SILENT])))
def test_whatever_comes_first_there_is_one_mail_in_one_ticket(support: Mailbox, order: tuple[str, ...]) -> None:
    for found in order:
        come(support, found, way=found[-4:] or "x")
    assert list(InboundMail.objects.values_list("state", flat=True)) == [InboundState.FILED]
    assert Message.objects.count() == 1


def test_an_answer_held_without_a_result_joins_its_ticket_by_a_copy_that_has_one(support: Mailbox) -> None:
    ticket = make_ticket(contact=Contact.objects.get(addresses__address=LAURA))
    address = tokens.reply_address(support, str(ticket.public_id))
    come(support, SILENT, to=address)
    assert InboundMail.objects.get().state == InboundState.HELD
    come(support, PROVEN, way="b", to=address)
    assert Message.objects.get(inbound__isnull=False).ticket == ticket


def test_a_copy_that_is_held_as_well_adds_nothing(support: Mailbox) -> None:
    come(support, FORGED)
    first = InboundMail.objects.values().get()
    come(support, "dmarc=fail spf=fail", way="b")
    assert InboundMail.objects.values().get() == first
    assert RawMail.objects.count() == 1


def test_a_copy_of_which_the_same_is_said_is_no_row(support: Mailbox) -> None:
    store(support, FORGED)
    store(support, FORGED, way="b")
    assert (InboundMail.objects.count(), RawMail.objects.count()) == (1, 1)


def test_a_copy_waits_for_the_one_that_came_first(support: Mailbox) -> None:
    first, copy = store(support, FORGED), store(support, PROVEN, way="b")
    again = store(support, PROVEN, way="b")
    assert (again.pk, InboundMail.objects.count()) == (first.pk, 2)
    with pytest.raises(NotYet):
        read(copy)
    read(first)
    read(copy)
    assert list(InboundMail.objects.values_list("pk", "state")) == [(first.pk, InboundState.FILED)]


def test_a_copy_does_not_bring_back_what_was_blotted_out(support: Mailbox) -> None:
    come(support, FORGED)
    replace_raw(InboundMail.objects.all(), text="tolto")
    come(support, PROVEN, way="b")
    mail = InboundMail.objects.get()
    assert mail.state == InboundState.HELD
    assert b"Non arriva" not in bytes(mail.raw.content)
