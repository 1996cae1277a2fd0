"""A call in a real browser, from the keyboard alone; and the pages about it keep nobody out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browsing import SCREENS, Screen, barriers, browser, scrolls_sideways

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.needs("chromium"), pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("screen", SCREENS[:2], ids=str)
def test_a_call_is_taken_down_from_the_keyboard(live_server: Any, screen: Screen) -> None:
    from sportello.tickets.models import Ticket

    name, value = _session(screen.language)
    with browser(screen) as (context, complaints):
        page = context.new_page()
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page.goto(f"{live_server.url}/desk/")
        page.keyboard.press("c")
        page.wait_for_url("**/desk/calls/new/")
        page.keyboard.type("laura do")
        page.locator("#callers [data-part=open]").wait_for()
        found = _troubles(page)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/calls/from/**")
        found += _troubles(page)
        page.keyboard.type("Posta ferma")
        page.keyboard.press("Tab")
        page.keyboard.type("La posta non parte.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/tickets/**")
        assert "Posta ferma" in page.locator("h1").inner_text()
        page.goto(f"{live_server.url}/desk/calls/unknown/")
        found += _troubles(page)
        assert (found, complaints) == ([], [])
    assert Ticket.objects.get(channel="phone").subject == "Posta ferma"


@pytest.mark.parametrize("screen", SCREENS[1:3:2], ids=str)
def test_a_contact_makes_a_pin(live_server: Any, screen: Screen) -> None:
    from sportello.core import clock
    from sportello.customers.sign_in import make_link
    from tests.factories import make_contact

    link = make_link(contact=make_contact(language=screen.language), now=clock.now())
    with browser(screen) as (context, complaints):
        page = context.new_page()
        page.goto(f"{live_server.url}/portal/enter/{link}/")
        page.locator("button.go").click()
        page.wait_for_url("**/portal/")
        page.goto(f"{live_server.url}/portal/pin/")
        page.locator("form.form button").click()
        page.locator(".pin").wait_for()
        assert len(page.locator(".pin").inner_text().replace(" ", "")) == 6
        assert (_troubles(page), complaints) == ([], [])


def _session(language: str) -> tuple[str, str]:
    """The cookie of an agent of a house with one customer. Made before the browser, beside whose loop no row can be asked for."""
    from django.conf import settings
    from django.test import Client

    from tests.factories import (
        make_contact,
        make_customer,
        make_mailbox,
        make_queue,
        make_service,
        make_ticket,
        make_user,
    )

    make_queue()
    make_queue("presales")
    make_mailbox()
    customer = make_customer("Ceramiche Doria Srl")
    contact = make_contact("Laura Doria", customer=customer, address="laura@doria.example")
    make_ticket(contact=contact, service=make_service("negozio.example", customer=customer))
    client, name = Client(), settings.SESSION_COOKIE_NAME
    client.force_login(make_user(language=language))
    return name, client.cookies[name].value


def _troubles(page: Page) -> list[str]:
    return [*barriers(page), *(["scrolls sideways"] if scrolls_sideways(page) else [])]
