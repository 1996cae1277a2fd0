"""The first page of the customers' area: what is open, who is on it, which services there are [one.patience] [promise.delay]."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sportello.core import clock
from sportello.services.enums import ServiceStatus
from sportello.services.models import Service
from sportello.tickets import actions
from sportello.tickets.models import Ticket
from tests.factories import make_contact, make_service, make_ticket, make_user
from tests.portal.test_tickets import browser

pytestmark = pytest.mark.django_db


def test_what_is_open_comes_with_who_is_on_it_and_what_is_finished_is_a_page_further() -> None:
    contact, giulia = make_contact(language="en"), make_user("Giulia Rinaldi")
    taken = make_ticket("The shop is down", contact=contact, now=clock.now())
    over = make_ticket("Old matter", contact=contact, now=clock.now())
    actions.take(ticket=taken, by=giulia, now=clock.now())
    actions.solve(ticket=over, by=giulia, now=clock.now())
    client = browser(contact)
    home = client.get("/portal/").content.decode()
    assert "Giulia R. is taking care of it." in home
    assert "Rinaldi" not in home
    assert "Old matter" not in home
    assert "Old matter" in client.get("/portal/requests/").content.decode()


def test_ones_own_services_are_shown_with_their_status() -> None:
    contact = make_contact(language="en")
    shop, ended = make_service("doria.example", customer=contact.customer), make_service(customer=contact.customer)
    Service.objects.filter(pk=shop.pk).update(status=ServiceStatus.SUSPENDED)
    Service.objects.filter(pk=ended.pk).update(status=ServiceStatus.ENDED)
    anothers = make_service()
    home = browser(contact).get("/portal/").content.decode()
    assert "doria.example" in home
    assert ">suspended<" in home
    assert f"/portal/new/?service={shop.public_id}" in home
    assert ended.name not in home
    assert anothers.name not in home


def test_a_page_with_nothing_on_it_says_what_there_would_be() -> None:
    home = browser(make_contact(language="en", unknown=True)).get("/portal/").content.decode()
    assert "No request is open" in home
    assert "No services yet" in home


@pytest.mark.parametrize("path", ["/portal/", "/portal/tickets/{}/"])
def test_who_waits_longer_because_of_anothers_outage_is_told_so(path: str) -> None:
    contact = make_contact(language="en")
    late = make_ticket("Late", contact=contact, now=clock.now() - timedelta(minutes=30))
    client, words = browser(contact), "because a service that cannot be used at all comes first"
    assert words not in client.get(path.format(late.public_id)).content.decode()
    outage = make_ticket("Everything down", now=clock.now())
    actions.set_outage(ticket=outage, on=True, by=make_user(), now=clock.now())
    assert words in client.get(path.format(late.public_id)).content.decode()
    actions.tell_delays(now=clock.now())
    late.refresh_from_db()
    assert late.told_due_at is not None
    new = f"It comes by [^:]*{timezone.localtime(late.told_due_at):%H:%M}"  # with the day, shortly before midnight
    assert re.search(new, client.get(path.format(late.public_id)).content.decode())
    Ticket.objects.filter(pk=late.pk).update(is_outage=True)
    assert words not in client.get(path.format(late.public_id)).content.decode()


def test_home_asks_as_often_whatever_there_is() -> None:
    contact = make_contact()
    client, counts = browser(contact), []
    client.get("/portal/")  # once, for the figures of the days before, which are kept for a minute
    for _more in range(3):
        make_service(customer=contact.customer)
        make_ticket(contact=contact, now=clock.now() - timedelta(minutes=30))
        with CaptureQueriesContext(connection) as captured:
            client.get("/portal/")
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 9
