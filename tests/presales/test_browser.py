"""A question before buying in a real browser: asked, confirmed, made a customer of, moved; and what cannot be undone, confirmed by who may."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.browsing import SCREENS, Screen, barriers, browser, scrolls_sideways

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from sportello.customers.models import Contact

pytestmark = [
    pytest.mark.browser,
    pytest.mark.needs("chromium-headless-shell"),
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("screen", SCREENS[:2], ids=str)
def test_a_question_is_asked_confirmed_and_made_a_customer_of(
    live_server: Any, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The visitor of the second screen has no JavaScript."""
    from sportello.mail.enums import Purpose
    from sportello.tickets.models import Ticket
    from tests.factories import make_mailbox, make_queue

    make_queue()
    make_queue("presales")
    make_mailbox("info@provider.example", purpose=Purpose.PRESALES)
    name, value = _cookie_of_staff(screen.language)
    # A browser that is driven types quicker than a person.
    monkeypatch.setattr("sportello.presales.rules.WRITTEN_IN", timedelta(0))
    with browser(screen) as (context, complaints):
        has_scripts = screen is SCREENS[0]
        found = _ask_and_confirm(_profile(context, screen, has_scripts=has_scripts), live_server.url, looks=has_scripts)
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/desk/?queue=presales")
        page.locator(".row a").first.click()
        page.locator("a[href$='/customer/new']").click()
        page.locator("#id_code").fill("C4711")
        found += _troubles(page)
        page.locator("form.form button.go").click()
        page.wait_for_url(re.compile("/desk/tickets/[^/]+/$"))
        page.locator(".acts button[value=support]").click()
        page.locator(".acts button[value=presales]").wait_for()
        found += _troubles(page)
        assert (found, complaints) == ([], [])
    ticket = Ticket.objects.select_related("customer", "queue").get(channel="form")
    assert (str(ticket.customer), ticket.queue.slug) == ("Neri Srl", "support")


@pytest.mark.parametrize("screen", SCREENS[:2], ids=str)
def test_what_cannot_be_undone_is_confirmed_by_who_may_and_by_nobody_else(live_server: Any, screen: Screen) -> None:
    from sportello.customers.models import Contact
    from sportello.tickets.models import Order
    from tests.factories import make_contact, make_mailbox, make_ticket

    mailbox, laura = make_mailbox(), make_contact("Laura Doria", language=screen.language)
    owner = make_contact("Dario Doria", customer=laura.customer, language=screen.language)
    Contact.objects.filter(pk=owner.pk).update(may_order=True)
    ticket = make_ticket(contact=laura, mailbox=mailbox)
    name, value = _cookie_of_staff(screen.language)
    link_of_laura, link_of_owner = _link_for(laura), _link_for(owner)
    with browser(screen) as (context, complaints):
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/desk/tickets/{ticket.public_id}/")
        page.locator("#drop-more summary").click()
        page.locator("#order-text").fill("La casella info@doria.example, con tutta la posta.")
        page.locator("form[action$='/orders'] button").click()
        page.locator("form[action$='/withdraw']").wait_for()
        found = _troubles(page)
        action = page.locator("form[action$='/withdraw']").get_attribute("action") or ""
        order = f"/portal/orders/{action.split('/')[-2]}/"
        asks = _profile(context, screen)
        _enter(asks, live_server.url + link_of_laura)
        refused = asks.goto(live_server.url + order)
        assert refused is not None
        assert refused.status == 404
        asks.goto(f"{live_server.url}/portal/tickets/{ticket.public_id}/orders/")
        found += _troubles(asks)
        may = _profile(context, screen)
        _enter(may, live_server.url + link_of_owner)
        may.goto(f"{live_server.url}/portal/orders/")
        found += _troubles(may)
        may.locator(f"a[href='{order}']").click()
        may.locator("button[value=confirm]").wait_for()
        found += _troubles(may)
        may.locator("button[value=confirm]").click()
        may.locator(".notice", has_text="Dario Doria").wait_for()
        assert (found, complaints) == ([], [])
    assert Order.objects.get().state == "confirmed"


def _ask_and_confirm(page: Page, url: str, *, looks: bool) -> list[str]:
    page.goto(f"{url}/portal/sign-in/")
    page.locator("a[href='/pre-sales/']").click()
    found = _troubles(page) if looks else []
    for name, words in (("name", "Mario Neri"), ("address", "mario@neri.example"), ("company", "Neri Srl")):
        page.locator(f"#id_{name}").fill(words)
    page.locator("#id_text").fill("Quanto costa un server?")
    page.locator("button.go").click()
    page.wait_for_url("**/pre-sales/sent/")
    found += _troubles(page) if looks else []
    page.goto(url + _link_in_mail())
    found += _troubles(page) if looks else []
    page.locator("button.go").click()
    page.locator("h1", has_text=re.compile("arrived|arrivata")).wait_for()
    return found + (_troubles(page) if looks else [])


def _link_in_mail() -> str:
    """Beside a browser's loop no row can be asked for: in a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        text = pool.submit(_only_mail).result()
    found = re.search(r"/pre-sales/confirm/\S+", text)
    assert found is not None
    return found[0]


def _only_mail() -> str:
    from django.db import connections

    from sportello.mail.models import OutboundMail

    try:
        return OutboundMail.objects.get().text
    finally:
        connections.close_all()


def _profile(context: BrowserContext, screen: Screen, *, has_scripts: bool = True) -> Page:
    """Somebody else's browser, which shares nothing with ours."""
    assert context.browser is not None
    return context.browser.new_context(
        java_script_enabled=has_scripts,
        viewport={"width": screen.width, "height": 900},
        color_scheme="dark" if screen.theme == "dark" else "light",
        locale="it-IT" if screen.language == "it" else "en-GB",
    ).new_page()


def _cookie_of_staff(language: str) -> tuple[str, str]:
    from django.conf import settings
    from django.test import Client

    from tests.factories import make_user

    client = Client()
    client.force_login(make_user("Giulia Rinaldi", language=language))
    name = settings.SESSION_COOKIE_NAME
    return name, client.cookies[name].value


def _link_for(contact: Contact) -> str:
    from sportello.core import clock
    from sportello.customers.sign_in import make_link

    return f"/portal/enter/{make_link(contact=contact, now=clock.now())}/"


def _enter(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("button.go").click()
    page.wait_for_url("**/portal/")


def _troubles(page: Page) -> list[str]:
    return [*barriers(page), *([f"{page.url} scrolls sideways"] if scrolls_sideways(page) else [])]
