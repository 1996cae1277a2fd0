"""Fifty customers of one server write: the desk proposes an incident, all are answered in one act, and at its end the one still down is kept."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import SCREENS, barriers, browser, scrolls_sideways
from tests.config.house import until
from tests.journeys.provider import PASSWORD, Provider, body_of, environment_of, letter, provider

pytestmark = [
    pytest.mark.browser,
    pytest.mark.system,
    pytest.mark.slow(130),
    pytest.mark.needs("chromium-headless-shell"),
    pytest.mark.timeout(1200),
]

CUSTOMERS = 50
SERVER_WITH_CUSTOMERS = f"""
import django; django.setup()
from tests.factories import make_contact, make_customer, make_server, make_service
server = make_server("web-50", public_name="web-50")
for number in range({CUSTOMERS}):
    customer = make_customer(f"Cliente {{number:02}}", code=f"W{{number:02}}")
    make_contact(f"Persona {{number:02}}", customer=customer, address=f"p{{number:02}}@cliente{{number:02}}.example",
                 language="en" if number % 5 == 0 else "it")
    make_service(f"cliente{{number:02}}.example", customer=customer, server=server)
"""
MOST_OF_THEM_WRITE = """
import django; django.setup()
from sportello.core import clock
from sportello.customers.queries import contact_by_address
from sportello.intake.actions import ask_in_portal
from sportello.services.models import Service
from sportello.tickets.enums import Claim
for service in Service.objects.filter(server__name="web-50").order_by("name")[4:]:
    number = service.name[7:9]
    ask_in_portal(contact=contact_by_address(f"p{number}@{service.name}"), service=service, claim=Claim.NOTHING_OPENS,
                  text="Il sito non si apre più.", files=(), now=clock.now())
"""
LOOKED_AT = """
import django; django.setup()
from sportello.core import clock
from sportello.services.enums import ServiceVerdict
from sportello.tickets.actions import weigh
from sportello.tickets.models import Ticket
for ticket in Ticket.objects.filter(service__server__name="web-50").select_related("service"):
    down = ticket.service.name == "cliente07.example" or {everything}
    weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE if down else ServiceVerdict.FINE, now=clock.now())
"""
WORDS = {"it": "Il server è stato riavviato: i siti rispondono.", "en": "The server was restarted: the sites answer."}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with provider(tmp_path_factory.mktemp("provider")) as ready:
        run(ready, SERVER_WITH_CUSTOMERS)
        yield ready


def run(house: Provider, script: str) -> None:
    subprocess.run([sys.executable, "-c", script], env=environment_of(house.house), check=True)


def test_one_outage_is_proposed_answered_in_one_act_and_solved_but_for_the_one_still_down(house: Provider) -> None:
    screen = SCREENS[0]
    with browser(screen) as (context, complaints):
        page = context.new_page()
        sign_in(page, house, str(screen))
        page.evaluate("window.notReloaded = true")
        for number in range(4):
            sender = f"p{number:02}@cliente{number:02}.example"
            house.hand_in(letter(sender, f"Sito {number:02} non raggiungibile", "Il sito non si apre più."))
        proposed = page.locator(".incident-banner", has_text="web-50")
        expect(proposed).to_be_visible(timeout=120_000)
        assert page.evaluate("window.notReloaded"), "the queue was reloaded"
        found = barriers(page)

        run(house, MOST_OF_THEM_WRITE)
        run(house, LOOKED_AT.format(everything=True))
        proposed.get_by_role("link").click()
        page.wait_for_url("**/desk/incidents/")
        found += barriers(page)
        page.locator("form[action*='/open/'] button").press("Enter")
        page.wait_for_url("**/desk/incidents/*-*/")
        until(lambda: len(told(house)) == CUSTOMERS, seconds=180, what="every customer told once")
        assert sorted(told(house)) == sorted(set(told(house)))
        expect(page.locator("#updates + ul")).to_contain_text(str(CUSTOMERS), timeout=60_000)
        assert not scrolls_sideways(page)
        found += barriers(page)

        solve(page)
        found += barriers(page)
        page.locator("button[name=send]").press("Enter")
        page.wait_for_url("**/desk/incidents/*-*/")
        run(house, LOOKED_AT.format(everything=False))
        kept = page.locator("li", has_text="cliente07.example")
        expect(kept.locator(".chip.warn")).to_be_visible(timeout=120_000)
        until(lambda: len(told(house)) == 2 * CUSTOMERS, seconds=180, what="every customer told of the end")
        page.goto(f"{house.url}/desk/")
        expect(page.locator("li.row", has_text="cliente07.example")).to_have_count(1)
        expect(page.locator("li.row", has_text="cliente08.example")).to_have_count(0)
    assert found == []
    assert complaints == []


def sign_in(page: Page, house: Provider, name: str) -> None:
    page.goto(f"{house.url}/account/login/")
    page.fill("input[name=login]", f"{name}@provider.example")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/desk/")


def told(house: Provider) -> list[str]:
    """To whom mails about the outage went, and of which update: one line each."""
    about = [(mail, body_of(mail)) for mail in house.postbox.got if "web-50" in body_of(mail)]
    return [f"{mail['To']} {any(words in text for words in WORDS.values())}" for mail, text in about]


def solve(page: Page) -> None:
    page.select_option("#id_state", "solved")
    page.fill("#id_text_it", WORDS["it"])
    page.fill("#id_text_en", WORDS["en"])
    page.press("#id_text_en", "Tab")
    page.locator("form[action$='/update/'] button[type=submit]").click()
    expect(page.locator("button[name=send]")).to_contain_text(str(CUSTOMERS))
    expect(page.locator(".previews [lang=it]")).to_contain_text(WORDS["it"])
    expect(page.locator(".previews [lang=en]")).to_contain_text(WORDS["en"])
