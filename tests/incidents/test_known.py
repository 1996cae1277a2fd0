"""Before they type, customers see what hits services of theirs, and nothing of what hits others [one.problem]."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sportello.core import clock
from sportello.customers.models import Contact
from sportello.services.models import Server
from sportello.tickets.models import Ticket
from sportello.tickets.queries import request_draft_of
from tests.factories import make_contact, make_mailbox, make_queue, make_server, make_service
from tests.incidents.making import make_incident, make_works
from tests.portal.test_tickets import browser

pytestmark = pytest.mark.django_db
PAGES = ("/portal/", "/portal/new/")
HOUR = timedelta(hours=1)


@pytest.fixture
def web() -> Server:
    make_mailbox()
    make_queue("support")
    return make_server("nodo-7")


def owner(*names: str, server: Server) -> Contact:
    contact = make_contact(language="en")
    for name in names:
        make_service(name, customer=contact.customer, server=server)
    return contact


def shown(contact: Contact, path: str) -> str:
    return browser(contact).get(path).content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_an_incident_is_shown_with_ones_own_services_until_when_and_where_to_read_on(web: Server, path: str) -> None:
    next_at = clock.now() + HOUR
    incident = make_incident(web, next_update_at=next_at)
    contact, other = (
        owner("doria.example", "doria-shop.example", server=web),
        owner("rossi.example", server=make_server()),
    )
    page = shown(contact, path)
    assert "We know of it: Sites cannot be reached" in page
    assert "<b>doria-shop.example, doria.example</b>" in page
    assert "We are looking into it." in page
    assert f"{timezone.localtime(next_at):%H:%M}</time>." in page
    assert f"/status/en/{incident.public_id}.html" in page
    assert "nodo-7" not in page
    assert "We know of it" not in shown(other, path)
    incident.state, incident.ended_at = "solved", clock.now()
    incident.save()
    assert "We know of it" not in shown(contact, path)


@pytest.mark.parametrize("path", PAGES)
def test_maintenance_is_shown_from_a_week_before_until_its_end(web: Server, path: str) -> None:
    contact, now = owner("doria.example", server=web), clock.now()
    works = make_works(web, starts_at=now + timedelta(days=8))
    seen = []
    for starts_in in (timedelta(days=8), timedelta(days=6), -HOUR, -3 * HOUR):
        works.starts_at, works.ends_at = now + starts_in, now + starts_in + 2 * HOUR
        works.save()
        page = shown(contact, path)
        seen.append(("Planned maintenance: New disks" in page, "Planned maintenance is under way: New disks" in page))
    assert seen == [(False, False), (True, False), (False, True), (False, False)]
    works.starts_at, works.ends_at, works.cancelled_at = now + HOUR, now + 2 * HOUR, now
    works.save()
    assert "New disks" not in shown(contact, path)


def test_many_services_are_named_in_part_and_what_is_not_public_has_no_link(web: Server) -> None:
    make_incident(web, is_public=False)
    page = shown(owner(*(f"s{number}.example" for number in range(7)), server=web), "/portal/")
    assert "<b>s0.example, s1.example, s2.example, s3.example, s4.example</b> and 2 more" in page
    assert "/status/en/" not in page


def test_one_press_and_they_are_told_without_typing_and_without_losing_what_they_typed(web: Server) -> None:
    contact, incident = owner("doria.example", server=web), make_incident(web)
    client, path = browser(contact), reverse("portal:tell-me", args=[incident.public_id])
    client.post("/portal/new/draft/", {"service": "", "claim": "", "text": "Un'altra cosa"})
    first = client.post(path)
    ticket = Ticket.objects.get()
    assert first["Location"] == reverse("portal:ticket", args=[ticket.public_id])
    assert (ticket.subject, ticket.service.name) == (  # type: ignore[union-attr]
        "Please tell me when this is solved: Sites cannot be reached",
        "doria.example",
    )
    draft = request_draft_of(contact)
    assert draft is not None
    assert draft.text == "Un'altra cosa"
    client.post(path)
    assert Ticket.objects.count() == 1
    assert ticket.incident_links.get().incident == incident
    assert "We are looking into it." in ticket.messages.latest("pk").text
    assert client.post(path)["Location"] == reverse("portal:ticket", args=[ticket.public_id])
    home = client.get("/portal/").content.decode()
    assert "You are told when it is solved" in home
    assert "Tell me when it is solved" not in home


def test_what_is_not_theirs_cannot_be_asked_about(web: Server) -> None:
    incident, stranger = make_incident(web), owner("rossi.example", server=make_server())
    path = reverse("portal:tell-me", args=[incident.public_id])
    assert browser(stranger).post(path).status_code == 404
    reader = owner("doria.example", server=web)
    Contact.objects.filter(pk=reader.pk).update(may_open=False)
    client = browser(reader)
    assert "Tell me when it is solved" not in client.get("/portal/").content.decode()
    assert client.post(path)["Location"] == "/portal/"
    assert Ticket.objects.count() == 0


def test_who_writes_for_several_customers_sees_what_hits_any_of_them(web: Server) -> None:
    agency, customers = make_contact(language="en"), owner("doria.example", server=web).customer
    assert customers is not None
    make_incident(web)
    assert "We know of it" not in shown(agency, "/portal/")
    agency.memberships.create(customer=customers, since=clock.now())
    assert "We know of it" in shown(agency, "/portal/")


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_ask_once_more_on_a_quiet_day_and_as_often_whatever_is_open(web: Server, path: str) -> None:
    contact = owner("doria.example", server=web)
    client, counts = browser(contact), []
    client.get(path)
    for _more in range(4):
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counts.append(len(captured))
        make_incident(web)
        make_works(web, starts_at=clock.now())
    assert counts[1:] == [counts[1]] * 3
    assert counts[1] - counts[0] == 8


@pytest.mark.parametrize("path", ["/portal/sign-in/", "/pre-sales/"])
def test_strangers_read_one_line_where_something_is_open_that_all_may_know(path: str) -> None:
    client, words = Client(headers={"accept-language": "en"}), "An incident is open."
    make_incident(is_public=False)
    assert words not in client.get(path).content.decode()
    make_incident()
    page = client.get(path).content.decode()
    assert words in page
    assert "Sites cannot be reached" not in page
