"""Calls through a real SIP exchange, configured as docs/telephone.md says, are seen at the desk while they ring [reach.phone]."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sportello.accounts.models import User
from sportello.customers.models import Contact
from sportello.telephone.actions import set_extension
from sportello.telephone.models import CallEvent
from sportello.tickets.models import Ticket
from tests.desk.conftest import agent, desk
from tests.factories import make_contact, make_mailbox, make_queue
from tests.servers.kamailio import SUPPORT, Kamailio
from tests.servers.telephones import Caller, Telephone, finds_nobody, gives_up, talks
from tests.servers.until import until

pytestmark = [pytest.mark.needs("kamailio", "sipp"), pytest.mark.django_db(transaction=True)]
SECRET = "t" * 32
NUMBER = "+39021234567"
__all__ = ["agent", "desk"]


@pytest.fixture
def exchange(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[Kamailio]:
    settings.TELEPHONE_SECRET = SECRET
    make_queue()
    make_mailbox()
    contact = make_contact("Laura Doria")
    Contact.objects.filter(pk=contact.pk).update(phone="02 1234567")
    with Kamailio(tmp_path, url=f"{live_server.url}{reverse('telephone-events')}", secret=SECRET) as started:
        yield started


def _told() -> list[tuple[str, str, str]]:
    return list(CallEvent.objects.order_by("pk").values_list("kind", "call__number", "extension"))


def _calls(desk: Client) -> str:
    return desk.get(reverse("desk:calls-now")).content.decode()


def test_a_call_is_shown_while_it_rings_and_a_missed_one_is_to_be_called_back(
    exchange: Kamailio, desk: Client, agent: User, tmp_path: Path
) -> None:
    set_extension(user=agent, number="21")
    with ExitStack() as stack:
        phone = stack.enter_context(Telephone("21", line=SUPPORT, port=exchange.port))
        phone.register()
        caller = stack.enter_context(Caller(tmp_path, talks(NUMBER), port=exchange.port, service=SUPPORT))
        invite = phone.rings()
        until(lambda: "Laura Doria" in _calls(desk))
        phone.answer(invite, "200 OK")
        phone.answer(phone.hear("BYE"), "200 OK")
        caller.ends()
        until(lambda: len(_told()) == 3)
        assert _told() == [("ringing", NUMBER, ""), ("answered", NUMBER, "21"), ("ended", NUMBER, "")], exchange.log()
        assert _calls(desk).strip() == ""

        caller = stack.enter_context(Caller(tmp_path, gives_up(NUMBER), port=exchange.port, service=SUPPORT))
        invite = phone.rings()
        phone.answer(phone.hear("CANCEL"), "200 OK")
        phone.answer(invite, "487 Request Terminated")
        caller.ends()
        until(Ticket.objects.exists)
    ticket = Ticket.objects.get()
    assert (ticket.contact.name, NUMBER in ticket.subject) == ("Laura Doria", True)
    assert _told()[3:] == [("ringing", NUMBER, ""), ("missed", NUMBER, "")]


def test_a_call_when_no_telephone_is_there_is_missed_too(exchange: Kamailio, tmp_path: Path) -> None:
    with Caller(tmp_path, finds_nobody(NUMBER), port=exchange.port, service=SUPPORT) as caller:
        caller.ends()
        until(Ticket.objects.exists)
    assert _told() == [("ringing", NUMBER, ""), ("missed", NUMBER, "")]
