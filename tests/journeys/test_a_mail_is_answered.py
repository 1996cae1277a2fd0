"""The main job, end to end: a customer's mail appears in the live queue, is answered from the keyboard, and the reply joins the ticket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import SCREENS, Screen, barriers, browser, scrolls_sideways
from tests.journeys.provider import PASSWORD, SUPPORT, Provider, answer_to, letter, provider

pytestmark = [
    pytest.mark.browser,
    pytest.mark.system,
    pytest.mark.slow(50),
    pytest.mark.needs("chromium-headless-shell"),
    pytest.mark.timeout(600),
]

WORDS = {
    "it": {
        "answer": "Gentile Laura, il sito è di nuovo in linea.",
        "thanks": "Confermo, grazie mille.",
        "solved": "risolto",
    },
    "en": {"answer": "Dear Laura, the site is online again.", "thanks": "I confirm, thank you.", "solved": "solved"},
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with provider(tmp_path_factory.mktemp("provider")) as ready:
        yield ready


def sign_in(page: Page, house: Provider, screen: Screen) -> None:
    page.goto(f"{house.url}/account/login/")
    page.fill("input[name=login]", f"{screen}@provider.example")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/desk/")


@pytest.mark.parametrize("screen", SCREENS[:2], ids=str)
def test_a_mail_is_answered_from_the_keyboard_and_its_reply_joins(house: Provider, screen: Screen) -> None:
    words, customer = WORDS[screen.language], f"laura@{screen}.example"
    subject = f"Il sito non si apre ({screen})"
    answer = f"{words['answer']} [{screen}]"
    with browser(screen) as (context, complaints):
        page = context.new_page()
        sign_in(page, house, screen)
        found = barriers(page)
        page.evaluate("window.notReloaded = true")

        house.hand_in(letter(customer, subject, "Buongiorno,\n\nda stamattina il sito non si apre.\n\nLaura"))
        row = page.locator("li.row", has_text=subject)
        expect(row).to_be_visible(timeout=60_000)
        assert page.evaluate("window.notReloaded"), "the queue was reloaded"
        receipt = house.postbox.wait_for(subject)
        assert (receipt["Auto-Submitted"], receipt["To"].addresses[0].addr_spec) == ("auto-replied", customer)

        _walk_to(page, subject)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/tickets/**")
        found += barriers(page)
        page.keyboard.press("r")
        page.keyboard.type(answer)
        page.keyboard.press("Control+Enter")
        expect(page.locator("article", has_text=answer)).to_be_visible()

        sent = house.postbox.wait_for(answer)
        assert sent["To"].addresses[0].addr_spec == customer
        assert sent["From"].addresses[0].addr_spec == SUPPORT
        assert "Auto-Submitted" not in sent

        page.evaluate("window.notReloaded = true")
        house.hand_in(answer_to(sent, customer, words["thanks"]))
        expect(page.locator("article", has_text=words["thanks"])).to_be_visible(timeout=60_000)
        assert page.evaluate("window.notReloaded"), "the ticket was reloaded"
        assert not scrolls_sideways(page)
        found += barriers(page)

        page.locator("form[action$='/solve'] button").first.click()
        expect(page.locator("#head .chip", has_text=words["solved"])).to_be_visible()
        page.goto(f"{house.url}/desk/")
        expect(page.locator("li.row", has_text=subject)).to_have_count(0)
    assert found == []
    assert complaints == []


def _walk_to(page: Page, subject: str) -> None:
    """Down the queue with j until the row is reached."""
    for _ in range(20):
        page.keyboard.press("j")
        if subject in str(page.evaluate("document.activeElement.textContent")):
            return
    raise AssertionError(f"{subject!r} is not reached with j")
