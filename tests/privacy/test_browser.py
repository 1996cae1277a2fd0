"""A password is handed over, seen once and gone; a pasted one is blotted out; a person's data is asked for and erased: in Chromium."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from sportello.accounts.enums import Role
from sportello.core import clock
from sportello.customers.sign_in import make_link
from sportello.privacy.actions import carry_on_erasure
from sportello.privacy.models import ErasurePlan
from sportello.tickets.enums import Channel
from tests.browsing import SCREENS, Screen, barriers, browser, scrolls_sideways
from tests.factories import make_contact, make_mailbox, make_queue, make_ticket, make_user
from tests.factories.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

SECRET, PASTED = "Tr0ttola&9pietra", "sasso-carta-42"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.needs("chromium-headless-shell"),
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("screen", SCREENS[:2], ids=str)
def test_handed_over_seen_once_blotted_out_asked_for_and_erased(live_server: Any, screen: Screen) -> None:
    server = live_server.url
    make_queue("presales")
    contact = make_contact("Laura Doria", address="laura@doria.example", language=screen.language)
    ticket = make_ticket(
        text=f"La password del database è: {PASTED}", contact=contact, mailbox=make_mailbox(), channel=Channel.PORTAL
    )
    message = ticket.messages.get()
    admin = make_user(role=Role.ADMIN, language=screen.language)
    link = f"{server}/portal/enter/{make_link(contact=contact, now=clock.now())}/"
    with browser(screen) as (context, complaints):
        page = context.new_page()
        page.goto(link)
        page.locator("button.go").click()
        page.wait_for_url("**/portal/")
        found = _hand_over(page, f"{server}/portal/tickets/{ticket.public_id}/secret/")
        found += _ask_for_data(page, f"{server}/portal/settings/privacy/")
        page.goto(f"{server}/account/login/")
        page.fill("input[name=login]", admin.email)
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/")
        found += _look_once(page, f"{server}/desk/tickets/{ticket.public_id}/")
        found += _blot_out(page, f"{server}/desk/messages/{message.public_id}/blot")
        found += _erase(page, f"{server}/desk/customers/people/{contact.public_id}/")
        assert (found, complaints) == ([], [])
        page.goto(f"{server}/portal/")
        page.wait_for_url("**/portal/sign-in/**")


def _troubles(page: Page) -> list[str]:
    return [*barriers(page), *([f"{page.url} scrolls sideways"] if scrolls_sideways(page) else [])]


def _hand_over(page: Page, address: str) -> list[str]:
    page.goto(address)
    found = _troubles(page)
    page.fill("input[name=label]", "FTP")
    page.fill("textarea[name=secret]", SECRET)
    page.locator("main button.go").click()
    page.wait_for_url("**/portal/tickets/**")
    assert SECRET not in page.content()
    return found + _troubles(page)


def _ask_for_data(page: Page, address: str) -> list[str]:
    page.goto(address)
    found = _troubles(page)
    page.locator("main button.go").click()
    page.locator("[role=status], .notice").first.wait_for()
    return found + _troubles(page)


def _look_once(page: Page, ticket: str) -> list[str]:
    page.goto(ticket)
    found = _troubles(page)
    page.locator("a[href*='/desk/drops/']").first.click()
    page.wait_for_url("**/desk/drops/**")
    found += _troubles(page)
    page.locator("main button.go").click()
    page.locator("pre.secret").wait_for()
    assert page.locator("pre.secret").inner_text() == SECRET
    found += _troubles(page)
    page.goto(ticket)
    page.locator("a[href*='/desk/drops/']").first.click()
    page.wait_for_url("**/desk/drops/**")
    assert page.locator("main button.go").count() == 0
    assert SECRET not in page.content()
    return found


def _blot_out(page: Page, address: str) -> list[str]:
    page.goto(address)
    found = _troubles(page)
    assert page.locator("input[name=found]").is_checked(), "the password that was pasted was noticed"
    page.check("input[name=sure]")
    page.locator("main button.danger").click()
    page.wait_for_url("**/desk/tickets/**")
    assert PASTED not in page.content()
    return found + _troubles(page)


def _erase(page: Page, contact: str) -> list[str]:
    page.goto(f"{contact}data/")
    found = _troubles(page)
    page.locator("main button.danger").click()
    page.wait_for_url("**/erase/")
    page.locator("progress").wait_for()
    found += _troubles(page)
    _carry_on(page)
    found += _troubles(page)
    page.fill("input[name=typed]", "laura@doria.example")
    page.locator("main button.danger").click()
    page.locator("progress").wait_for()
    _carry_on(page)
    assert "Laura Doria" not in page.locator("main").inner_text()
    return found + _troubles(page)


def _carry_on(page: Page) -> None:
    """As the worker does, which is not there."""
    with ThreadPoolExecutor(1) as worker:  # Playwright's own thread may not ask the database
        worker.submit(lambda: carry_on_erasure(plan_id=ErasurePlan.objects.get().pk, now=clock.now)).result()
        worker.submit(connections.close_all).result()
    page.reload()
