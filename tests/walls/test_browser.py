"""A real browser signs in with a passkey, walks through the pages of people and customers, and refuses nothing on the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from sportello.accounts.enums import Role
from sportello.accounts.models import PolicyViolation, User
from sportello.core import clock
from sportello.customers.sign_in import make_link
from tests.browsing import Screen, barriers, browser, scrolls_sideways
from tests.factories import make_contact, make_mailbox, make_message, make_ticket, make_user
from tests.factories.people import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.needs("chromium-headless-shell"),
    pytest.mark.django_db(transaction=True),
]

DESK, PHONE = Screen(1360, "light", "it"), Screen(390, "dark", "en")
PASSKEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
OF_STAFF = [
    "/account/", "/account/password/change/", "/account/second-factor/", "/account/second-factor/app/add/", "/account/second-factor/passkeys/",
    "/account/second-factor/passkeys/add/", "/account/sessions/", "/desk/people/", "/desk/people/new/", "/desk/people/teams/", "/desk/people/audit/",
]  # fmt: skip
OF_ANYBODY = [
    "/account/login/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/portal/sign-in/",
    "/portal/sign-in/sent/",
]


def sign_in(page: Page, server: LiveServer, user: User) -> None:
    page.goto(f"{server.url}/account/login/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/desk/")


def test_a_passkey_signs_in_without_a_password(live_server: LiveServer) -> None:
    make_mailbox()
    user = make_user(email="giulia@provider.example", language="en")
    with browser(PHONE) as (context, complaints):
        page = context.new_page()
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEY})
        sign_in(page, live_server, user)
        page.goto(f"{live_server.url}/account/second-factor/passkeys/add/")
        page.check("input[name=passwordless]")
        page.click("#mfa_webauthn_add")
        page.wait_for_url("**/second-factor/")
        page.click("a[href$='/second-factor/codes/']")
        page.click("form.form .button.go")
        assert len(page.inner_text("pre").split()) == 10
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/account/login/")
        page.click("#passkey_login")
        page.wait_for_url("**/desk/")
    assert complaints == []


def test_a_field_complains_in_the_language_of_the_page_and_takes_it_back(live_server: LiveServer) -> None:
    """Chromium speaks the machine's language by itself."""
    complaint = "name => document.querySelector(`[name=${name}]`).validationMessage"
    with browser(DESK) as (context, complaints):
        page = context.new_page()
        page.goto(f"{live_server.url}/account/password/reset/")
        page.click("form.form .button.go")
        assert page.evaluate(complaint, "email") == "Compilare questo campo."
        page.fill("[name=email]", "nessuna chiocciola")
        assert page.evaluate(complaint, "email") != "Compilare questo campo."
        page.click("form.form .button.go")
        assert page.evaluate(complaint, "email") == "Questo non è un indirizzo di posta."
        page.fill("[name=email]", "ada@provider.example")
        page.click("form.form .button.go")
        page.wait_for_url("**/password/reset/done/")
    assert complaints == []


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=str)
def test_the_pages_of_people_have_no_barriers_and_break_no_policy(live_server: LiveServer, screen: Screen) -> None:
    user = make_user("Ada Amministra", role=Role.ADMIN, email="ada@provider.example", language=screen.language)
    make_user("Una persona dal nome straordinariamente lungo e senza fine", email="x@provider.example")
    with browser(screen) as (context, complaints):
        page = context.new_page()
        found: list[str] = []
        for path in OF_ANYBODY:
            page.goto(f"{live_server.url}{path}")
            found += barriers(page)
        sign_in(page, live_server, user)
        for path in OF_STAFF:
            page.goto(f"{live_server.url}{path}")
            assert not scrolls_sideways(page), f"{path} scrolls sideways"
            found += barriers(page)
    assert found == []
    assert complaints == []
    assert not PolicyViolation.objects.exists()


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=str)
def test_a_customer_reads_and_answers_in_the_browser(live_server: LiveServer, screen: Screen) -> None:
    contact = make_contact("Laura Doria", language=screen.language)
    ticket = make_ticket("Parola" * 40, contact=contact, now=clock.now())
    make_message(ticket, text="Una riga.\n\nhttps://example.com/" + "x" * 300, now=clock.now())
    secret = make_link(contact=contact, now=clock.now())
    with browser(screen) as (context, complaints):
        page = context.new_page()
        page.goto(f"{live_server.url}/portal/enter/{secret}/")
        found = barriers(page)
        page.click("button.go")
        page.wait_for_url("**/portal/")
        found += barriers(page)
        page.click(".list a")
        page.wait_for_url("**/portal/tickets/**")
        assert not scrolls_sideways(page), "the ticket scrolls sideways"
        found += barriers(page)
        page.fill("textarea", "Adesso va, grazie.")
        page.click("#reply button")
        page.wait_for_selector(".notice.success")
        assert "Adesso va, grazie." in page.inner_text("main")
    assert found == []
    assert complaints == []
    assert ticket.messages.filter(text="Adesso va, grazie.").count() == 1


def test_what_breaks_the_policy_is_reported(live_server: LiveServer) -> None:
    """The collector works: without this, an empty one would prove nothing."""
    with browser(DESK) as (context, complaints):
        page = context.new_page()
        page.goto(f"{live_server.url}/account/login/")
        with page.expect_response("**/csp-report"):
            page.evaluate("document.body.appendChild(document.createElement('img')).src = 'https://evil.example/x.png'")
    assert complaints
    assert PolicyViolation.objects.filter(page="/account/login/").exists()
