"""A customer whose service is down, in Chromium: told before typing, told again with one press, and on to the public page, by the keyboard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sportello.core import clock
from sportello.tickets.models import Ticket
from tests.browsing import Screen, barriers, browser, scrolls_sideways
from tests.factories import make_contact, make_mailbox, make_queue, make_service
from tests.incidents.making import make_incident, make_works, named_server
from tests.portal.test_tickets import browser as signed_in

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.needs("chromium-headless-shell"),
]


def sideways(page: Page) -> list[str]:
    return [f"{page.url} scrolls sideways"] if scrolls_sideways(page) else []


def test_told_before_typing_and_with_one_press_and_everybody_can_read_the_status(
    live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    settings.STATUS_URL = f"{live_server.url}/status/"
    make_queue("support")
    make_mailbox()
    server, contact = named_server("Hosting condiviso, con un nome lungo"), make_contact(language="en")
    make_service("un-nome-di-dominio-lunghissimo.example", customer=contact.customer, server=server)
    make_incident(server)
    make_works(server, starts_at=clock.now() + timedelta(days=2))
    session = signed_in(contact).cookies[settings.PORTAL_COOKIE_NAME].value
    with browser(Screen(390, "dark", "en")) as (context, complaints):
        context.add_cookies([{"name": settings.PORTAL_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/portal/new/")
        expect(page.get_by_role("heading", name="We know of it: Sites cannot be reached")).to_be_visible()
        found = [*barriers(page), *sideways(page)]
        page.get_by_role("button", name="Tell me when it is solved").press("Enter")
        expect(page.get_by_text("We are looking into it.").first).to_be_visible()
        page.goto(f"{live_server.url}/portal/")
        expect(page.get_by_role("link", name="You are told when it is solved")).to_be_visible()
        page.goto(settings.STATUS_URL)
        expect(page.get_by_text("1 incident is open.")).to_be_visible()
        found += [*barriers(page), *sideways(page)]
        page.get_by_role("link", name="Sites cannot be reached").press("Enter")
        page.get_by_role("link", name="Italiano").press("Enter")
        expect(page.get_by_role("heading", name="Siti non raggiungibili")).to_be_visible()
        found += [*barriers(page), *sideways(page)]
        assert (found, complaints) == ([], [])
    assert Ticket.objects.count() == 1
