"""What full pages weigh on the wire once the files of the pages are there: at most 20 kB."""

from __future__ import annotations

import pytest
from django.test import Client

from bench.words import Writer
from sportello.core import clock
from sportello.desk.queue import ROWS_A_GROUP
from sportello.tickets.models import Ticket
from sportello.triage.enums import QueueGroup
from tests.factories import make_contact, make_customer, make_server, make_service, make_ticket

pytestmark = pytest.mark.django_db

LATER_PAGES = 20_000  # bytes


def test_pages_of_a_desk_with_five_full_groups_are_light(desk: Client) -> None:
    """A fault found: forty rows a group, each with a text twice as long as its line, weighed 32 kB."""
    writer, now, server = Writer(), clock.now(), make_server()
    ticket = make_ticket(writer.subject(), text=writer.text(), now=now)
    for group in QueueGroup:
        customer = make_customer(writer.subject()[:40])
        contact, service = make_contact(customer=customer), make_service(customer=customer, server=server)
        for _ in range(ROWS_A_GROUP + 1):
            ticket = make_ticket(writer.subject(), text=writer.text(), contact=contact, service=service, now=now)
            Ticket.objects.filter(pk=ticket.pk).update(group=group)
    assert weight(desk, "/desk/") < LATER_PAGES
    assert weight(desk, "/desk/search?q=grazie") < LATER_PAGES
    assert weight(desk, f"/desk/tickets/{ticket.public_id}/") < LATER_PAGES


def weight(client: Client, address: str) -> int:
    response = client.get(address, headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    return len(response.content)
