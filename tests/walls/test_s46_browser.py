"""The customers' area and the desk in a real Chromium: a customer's own hostile mails do nothing there, nor does whatever
stands in any column (S01, S02), and after signing out Back shows
nothing (S46).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Error, Page
from pytest_django.live_server_helper import LiveServer

from sportello.accounts.models import PolicyViolation
from sportello.core import clock
from sportello.customers.sign_in import make_link
from sportello.intake import actions
from sportello.mail.actions import store_inbound
from sportello.mail.enums import Door
from sportello.mail.queries import inbound_to_process
from sportello.tickets.models import Ticket
from tests.browsing import browser
from tests.factories import make_contact, make_mailbox, make_message, make_queue, make_ticket, make_user
from tests.walls.hostile.canary import canary
from tests.walls.hostile.forms import Site
from tests.walls.hostile.mails import hostile_mails
from tests.walls.hostile.markup import FAMILIES, filled
from tests.walls.hostile.pages import harms_in
from tests.walls.hostile.tally import IS_LONG, Tally, sample
from tests.walls.test_browser import DESK, PHONE
from tests.walls.test_browser import sign_in as sign_in_staff
from tests.walls.test_s01_browser import RUN, watched
from tests.walls.test_s02_columns import fill
from tests.walls.visitors import ADMIN, CUSTOMER, people
from tests.walls.world import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.needs("chromium-headless-shell"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(3000 if IS_LONG else 600),
]
Record = Callable[[str, object], None]
LAURA, SECRET = "laura@customer.example", "Zarathustra"
KEEPS_NO_PAGES = ("--disable-back-forward-cache",)
"""What a driver tells a browser and a person's browser is not told: to forget a page when it is left."""
STORED = "JSON.stringify([{...sessionStorage}, {...localStorage}]) + document.cookie"


def enter(page: Page, site: str, secret: str) -> None:
    page.goto(f"{site}/portal/enter/{secret}/")
    page.click("button.go")
    page.wait_for_url("**/portal/")


def hostile_tickets(url: str) -> None:
    """As mails of Laura's, read and filed."""
    make_queue()
    mailbox = make_mailbox("support@provider.example")
    every = [filled(source, url=url, run=RUN) for family in FAMILIES.values() for source in family]
    for sender, raw in hostile_mails(sample(every, 200 if IS_LONG else 8)[: 200 if IS_LONG else 8], url=url):
        stored = store_inbound(
            raw=raw.replace(sender.encode(), LAURA.encode()),
            mailbox=mailbox,
            door=Door.LMTP,
            envelope_from=LAURA,
            envelope_to="",
            now=clock.now(),
        )
        waiting = inbound_to_process(stored.inbound.pk)
        if waiting is not None:
            actions.receive_mail(inbound=waiting, now=clock.now())


def test_s01_a_customers_hostile_mails_do_nothing_in_the_customers_area(
    live_server: LiveServer, record_property: Record
) -> None:
    tally = Tally("S01 hostile mails in the customers' area")
    laura = make_contact(f"Laura <img src=x onerror={RUN}>", address=LAURA, language="en")
    secret = make_link(contact=laura, now=clock.now())
    with canary() as bird:
        hostile_tickets(bird.url)
        tickets = [f"/portal/tickets/{ticket.public_id}/" for ticket in Ticket.objects.filter(contact=laura)]
        assert len(tickets) >= 5
        with watched(bird, live_server.url, "blob:") as chromium:
            page = chromium.context.new_page()
            enter(page, live_server.url, secret)
            for path in ["/portal/", "/portal/search?q=script", "/portal/search?q=zq9", *tickets]:
                answer = page.goto(f"{live_server.url}{path}")
                assert answer is not None
                page.wait_for_load_state("networkidle")
                tally.add(path, [*harms_in(answer.text()), *chromium.taken()])
        tally.wrong += bird.hits
    tally.wrong += [str(row) for row in PolicyViolation.objects.all()]
    record_property("counted", str(tally))
    tally.settle()


def test_s01_s02_whatever_the_columns_hold_nothing_runs_in_a_browser(
    live_server: LiveServer, record_property: Record
) -> None:
    """Every address of the table, as the administrator and the customer at once: nothing runs, nothing is asked for, and no policy has
    anything to stop."""
    tally, world = Tally("S01/S02 hostile words in every column, before a browser"), World()
    paths = sample([path for _, path in Site.of(world).paths("GET")], 30)
    clients = [people(world)[name].client for name in (ADMIN, CUSTOMER)]
    cookies = [morsel for client in clients for morsel in client.cookies.values()]
    kept = [{"name": each.key, "value": each.value, "url": live_server.url} for each in cookies]
    ours = (
        live_server.url,
        settings.PUBLIC_URL,
        settings.LIVE_URL,
        "blob:",
    )  # a mail's page names its style by the public address
    for turn in range(4 if IS_LONG else 1):
        with transaction.atomic():
            fill(turn * 11)
        with canary() as bird, watched(bird, *ours) as chromium:
            chromium.context.add_cookies(kept)  # type: ignore[arg-type]  # which are shapes of playwright's own
            page = chromium.context.new_page()
            for path in paths:
                with suppress(Error):  # a file is saved and not shown
                    page.goto(f"{live_server.url}{path}")
                tally.add(f"{turn} {path}", chromium.taken())
            page = chromium.context.new_page()  # the other may still be on its way somewhere
            page.goto(f"{live_server.url}{reverse('desk:people')}")
            assert page.url.endswith(reverse("desk:people")), "signed out on the way: this has shown nothing"
        tally.wrong += bird.hits
    tally.wrong += [str(row) for row in PolicyViolation.objects.all()]
    record_property("counted", str(tally))
    tally.settle()


def back_shows_nothing(page: Page) -> None:
    """As often as there is a page of ours to go back to; nor is anything stored."""
    assert SECRET not in str(page.evaluate(STORED))
    for _ in range(6):
        page.go_back(wait_until="commit")
        page.wait_for_function("document.readyState === 'complete'")
        assert SECRET not in page.content(), page.url
        if not page.url.startswith("http"):
            break
        page.reload()
        assert SECRET not in page.content(), page.url


def test_s46_after_a_customer_signed_out_back_shows_no_ticket(live_server: LiveServer) -> None:
    laura = make_contact("Laura Doria", address=LAURA, language="en")
    ticket = make_ticket(SECRET, contact=laura, now=clock.now())
    make_message(ticket, SECRET, now=clock.now())
    secret = make_link(contact=laura, now=clock.now())
    with browser(PHONE, without=KEEPS_NO_PAGES) as (context, complaints):
        page = context.new_page()
        enter(page, live_server.url, secret)
        detail = f"/portal/tickets/{ticket.public_id}/"
        for path in (detail, "/portal/", detail):
            page.goto(f"{live_server.url}{path}")
            assert SECRET in page.content()
        page.locator('form[action*="sign-out"] button').first.click()
        page.wait_for_url(lambda url: "/portal/tickets/" not in url)
        back_shows_nothing(page)
    assert complaints == []


def test_s46_after_staff_signed_out_back_shows_no_ticket(live_server: LiveServer) -> None:
    ticket = make_ticket(SECRET, contact=make_contact("Laura Doria", address=LAURA), now=clock.now())
    make_message(ticket, SECRET, now=clock.now())
    user = make_user(email="ada@provider.example")
    with browser(DESK, without=KEEPS_NO_PAGES) as (context, _complaints):
        page = context.new_page()
        sign_in_staff(page, live_server, user)
        page.goto(f"{live_server.url}/desk/tickets/{ticket.public_id}/")
        assert SECRET in page.content()
        page.goto(f"{live_server.url}/desk/")
        page.goto(f"{live_server.url}/desk/tickets/{ticket.public_id}/")
        page.evaluate("document.querySelector('form[action=\"/account/logout/\"]').requestSubmit()")
        page.wait_for_url(lambda url: "/desk/" not in url)
        back_shows_nothing(page)
