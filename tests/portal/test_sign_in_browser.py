"""A contact comes in by every way, in Chromium, with the keyboard alone."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from playwright.sync_api import Page

from sportello.core import clock
from sportello.customers.passwords import set_password
from sportello.customers.sign_in import make_link
from tests.browsing import SCREENS, Screen, barriers, browser, scrolls_sideways
from tests.factories import make_contact
from tests.portal.provider import CLIENT, SECRET, identity_provider
from tests.portal.test_account import PASSWORD
from tests.portal.test_second_factor import code_of
from tests.walls.test_browser import PASSKEY

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow(25),
    pytest.mark.needs("chromium-headless-shell"),
]


@pytest.mark.parametrize("screen", SCREENS[:2], ids=str)
def test_in_by_password_passkey_provider_link_and_app(live_server: Any, settings: Any, screen: Screen) -> None:
    server = settings.PUBLIC_URL = live_server.url
    contact = make_contact("Laura Doria", address="laura@doria.example", language=screen.language)
    set_password(contact=contact, password=PASSWORD, session_key="", now=clock.now())
    link = f"{server}/portal/enter/{make_link(contact=contact, now=clock.now())}/"
    with identity_provider() as house, browser(screen) as (context, complaints):
        settings.OPENID_ISSUER, settings.OPENID_CLIENT_ID, settings.OPENID_CLIENT_SECRET = house.issuer, CLIENT, SECRET
        settings.OPENID_NETWORKS = (ipaddress.ip_network("127.0.0.0/8"),)
        house.claims = {"sub": "4711", "email": "laura@doria.example", "email_verified": True}
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEY})
        _out(page, server)
        found = _looked_at(page)
        _by_password(page)
        found += _add_passkey(page, server)
        _out(page, server)
        page.locator("#passkey_login button").press("Enter")
        page.wait_for_url("**/portal/")
        _out(page, server)
        page.locator("a[href*='/openid/']").press("Enter")
        page.wait_for_url("**/portal/")
        found += _by_link_and_app(page, server, link)
    assert found == []
    assert complaints == []


def _looked_at(page: Page) -> list[str]:
    return [*barriers(page), *([f"{page.url} scrolls sideways"] if scrolls_sideways(page) else [])]


def _out(page: Page, server: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{server}/portal/sign-in/")


def _by_password(page: Page) -> None:
    page.locator("#id_address").focus()
    page.keyboard.type("laura@doria.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/")


def _add_passkey(page: Page, server: str) -> list[str]:
    page.goto(f"{server}/portal/settings/")
    found = _looked_at(page)
    page.locator("a[href$='/passkeys/add/']").press("Enter")
    page.wait_for_url("**/passkeys/add/")
    found += _looked_at(page)
    page.locator("#id_name").focus()
    page.keyboard.type("Telefono")
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/settings/")
    assert page.get_by_role("strong").filter(has_text="Telefono").is_visible()
    return found


def _by_link_and_app(page: Page, server: str, link: str) -> list[str]:
    page.goto(f"{server}/portal/settings/app/")
    found, secret = _looked_at(page), page.inner_text("form code")
    page.locator("input[autocomplete='one-time-code']").focus()
    page.keyboard.type(code_of(secret))
    page.keyboard.press("Enter")
    codes = page.locator("pre")
    codes.wait_for()
    recovery = codes.inner_text().split()
    found += _looked_at(page)
    page.context.clear_cookies()
    page.goto(link)
    page.locator("button.go").press("Enter")
    page.wait_for_url("**/sign-in/code/")
    found += _looked_at(page)
    page.locator("input[autocomplete='one-time-code']").focus()
    page.keyboard.type(recovery[0])
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/")
    return found
