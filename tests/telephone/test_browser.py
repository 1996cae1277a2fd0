"""A call in a real browser, from the keyboard alone; and the pages about it keep nobody out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browsing import SCREENS, Screen, barriers, browser, scrolls_sideways

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow(20),
    pytest.mark.needs("chromium-headless-shell"),
    pytest.mark.django_db(transaction=True),
]


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


@pytest.mark.parametrize("screen", SCREENS[:1], ids=str)
def test_a_caller_proves_with_a_pin_who_they_are(live_server: Any, screen: Screen) -> None:
    """Found by name, not verified, a wrong PIN, the right one; the caller has a mail. Who tries too often gets no further."""
    from sportello.core import clock
    from sportello.customers.models import Contact
    from sportello.customers.sign_in import make_link
    from sportello.mail.models import OutboundMail
    from sportello.tickets.models import Ticket

    name, value = _session(screen.language)
    link = make_link(contact=Contact.objects.get(), now=clock.now())
    with browser(screen) as (context, complaints):
        portal = context.new_page()
        portal.goto(f"{live_server.url}/portal/enter/{link}/")
        portal.locator("button.go").click()
        portal.wait_for_url("**/portal/")
        pin = _new_pin(portal, live_server.url)
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/desk/")
        page.keyboard.press("c")
        page.wait_for_url("**/desk/calls/new/")
        page.keyboard.type("laura do")
        page.locator("#callers [data-part=open]").click()
        page.wait_for_url("**/desk/calls/from/**")
        assert page.locator(".notice.warning strong").inner_text() == "Non verificata."
        _say_pin(page, _another(pin))
        assert "sbagliato" in page.locator(".notice.error").inner_text()
        assert page.locator(".notice.warning strong").count() == 1
        assert pin not in page.content()
        _say_pin(page, pin)
        page.get_by_text("Verificata:").wait_for()
        found = _troubles(page)
        page.fill("[name=subject]", "Posta ferma")
        page.fill("[name=text]", "La posta non parte.")
        page.locator("form.form button.go").click()
        page.wait_for_url("**/desk/tickets/**")
        pin = _new_pin(portal, live_server.url)
        page.goto(f"{live_server.url}/desk/calls/new/?find=laura")
        page.locator("#callers [data-part=open]").click()
        page.wait_for_url("**/desk/calls/from/**")
        for _ in range(6):
            _say_pin(page, _another(pin))
        assert page.get_by_text("Troppi tentativi").count() == 1
        _say_pin(page, pin)
        assert page.get_by_text("Troppi tentativi").count() == 1, "the right one comes too late"
        assert (found, complaints) == ([], [])
    ticket = Ticket.objects.get(channel="phone")
    assert OutboundMail.objects.get(subject__contains=str(ticket.number)).to == "laura@doria.example"


def _new_pin(page: Page, server: str) -> str:
    page.goto(f"{server}/portal/pin/")
    page.locator("form.form button").click()
    page.locator(".pin").wait_for()
    return page.locator(".pin").inner_text().replace(" ", "")


def _another(pin: str) -> str:
    return f"{(int(pin) + 1) % 1_000_000:06}"


def _say_pin(page: Page, pin: str) -> None:
    page.fill("[name=pin]", pin)
    with page.expect_navigation():
        page.locator(".inline-form button").first.click()


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
