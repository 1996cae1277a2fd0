"""The customers' area in Chromium: asking with and without the script, and whether everybody can use its pages."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sportello.core import clock
from sportello.customers.models import Contact
from sportello.privacy.models import Drop
from sportello.tickets.models import RequestDraft, Ticket
from tests.browsing import CHROMIUM, FLAGS, barriers, give_file, scrolls_sideways
from tests.desk.browsing import WATCH, faults_of
from tests.factories import make_contact, make_queue, make_service, make_ticket
from tests.portal.test_tickets import browser as signed_in
from tests.servers.until import until

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.needs("chromium-headless-shell"),
]
Open = Callable[..., Page]
LONG_NAME = "un-nome-di-dominio-lunghissimo-che-non-entra-da-nessuna-parte.example"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def contact(db: None) -> Contact:
    make_queue()
    contact = make_contact("Laura Doria")
    make_service(LONG_NAME, customer=contact.customer)
    make_ticket("Il negozio non si apre più", contact=contact, now=clock.now())
    return contact


@pytest.fixture
def opened(chromium: Browser, live_server: Any, contact: Contact) -> Iterator[Open]:
    pages: list[Page] = []

    def open_page(address: str, **options: Any) -> Page:
        context = chromium.new_context(**{"viewport": {"width": 1360, "height": 900}, "locale": "it-IT", **options})
        context.add_init_script(WATCH)
        context.set_default_timeout(60_000)
        cookie = signed_in(contact).cookies[settings.PORTAL_COOKIE_NAME].value
        context.add_cookies([{"name": settings.PORTAL_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}{address}")
        pages.append(page)
        return page

    yield open_page
    faults = [fault for page in pages if page.evaluate("'violations' in window") for fault in faults_of(page)]
    for page in pages:
        page.context.close()
    assert faults == []


def test_a_request_with_the_keyboard_and_files_dropped_and_pasted(opened: Open, contact: Contact) -> None:
    page = opened("/portal/new/")
    page.get_by_label(LONG_NAME).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    area = page.get_by_label("Che cosa succede?")
    area.focus()
    page.keyboard.type("Vorrei un altro indirizzo di posta")
    until(lambda: RequestDraft.objects.filter(text="Vorrei un altro indirizzo di posta", claim="all").exists(), 60)
    page.reload()
    expect(area).to_have_value("Vorrei un altro indirizzo di posta")
    for kind, name in (("paste", "incollato.png"), ("drop", "trascinato.txt"), ("drop", "superfluo.txt")):
        give_file(page, kind, name, field="#text")
        expect(page.locator(".files")).to_contain_text(name)
    page.get_by_label("Rimuovi superfluo.txt").click()
    page.get_by_role("button", name="Invia la richiesta").press("Enter")
    page.wait_for_url("**/portal/tickets/**")
    ticket = Ticket.objects.latest("pk")
    assert sorted(ticket.attachments.values_list("name", flat=True)) == ["incollato.png", "trascinato.txt"]
    assert ticket.service is not None
    assert not RequestDraft.objects.exists()


def test_files_are_asked_for_in_the_words_of_the_page_wherever_a_customer_writes(
    opened: Open, live_server: Any
) -> None:
    """The browser's own words for it come in the browser's language, and the reply did not say that files can be dropped."""
    page = opened("/portal/new/")
    for address in ("/portal/new/", f"/portal/tickets/{Ticket.objects.get().public_id}/"):
        page.goto(f"{live_server.url}{address}")
        box = page.locator(".picker")
        expect(box).to_contain_text("Scegli i file")
        expect(box).to_contain_text("Schermate e log si possono anche trascinare qui o incollare nel testo.")
        field = page.get_by_label("File")
        expect(field).to_have_accessible_description(re.compile("trascinare qui.*25"))
        expect(field).to_have_css("opacity", "0")
        with page.expect_file_chooser():
            field.click()
        assert barriers(page) == []


def test_without_javascript_a_request_is_sent_as_well(opened: Open, tmp_path: Path) -> None:
    page = opened("/portal/new/", java_script_enabled=False)
    page.get_by_label("Altro o amministrazione").check()
    page.get_by_label("È una domanda").check()
    page.get_by_label("Che cosa succede?").fill("Dove trovo la fattura?")
    file = tmp_path / "fattura.txt"
    file.write_text("1")
    page.get_by_label("File").set_input_files(os.fspath(file))
    page.get_by_role("button", name="Invia la richiesta").click()
    page.wait_for_url("**/portal/tickets/**")
    expect(page.get_by_text("fattura.txt")).to_be_visible()


@pytest.mark.parametrize("has_script", [True, False])
def test_the_question_about_a_password_is_in_sight_on_a_telephone(opened: Open, *, has_script: bool) -> None:
    """It stood below the edge: the page looked as if nothing had happened."""
    page = opened("/portal/new/", java_script_enabled=has_script, viewport={"width": 390, "height": 844})
    page.get_by_label("Altro o amministrazione").check()
    page.get_by_label("È una domanda").check()
    page.get_by_label("Che cosa succede?").fill("La password è Mare2024! Va bene?")
    page.get_by_role("button", name="Invia la richiesta").press("Enter")
    asked = page.get_by_role("alert").filter(has_text="sembra una password")
    expect(asked).to_be_focused()
    expect(asked).to_be_in_viewport()


def test_what_is_wrong_is_read_out_and_reached_with_the_keyboard(opened: Open) -> None:
    page = opened("/portal/new/")
    page.get_by_role("button", name="Invia la richiesta").click()
    summary = page.get_by_role("alert").filter(has_text="Non ancora inviata")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(3)
    assert barriers(page) == []
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("Vorrei un altro indirizzo")
    expect(page.get_by_label("Che cosa succede?")).to_have_value("Vorrei un altro indirizzo")
    summary.get_by_role("link").first.press("Enter")
    page.keyboard.press("Space")
    expect(page.get_by_label(LONG_NAME)).to_be_checked()


def test_a_file_that_is_too_large_is_named_before_anything_is_sent(
    opened: Open, tmp_path: Path, live_server: Any
) -> None:
    """However it was picked; what fits beside it stays."""
    fits, large = tmp_path / "piccolo.txt", tmp_path / "grande.zip"
    for file, size in ((fits, 20 << 20), (large, 30 << 20)):
        with file.open("wb") as empty:
            empty.truncate(size)
    page = opened("/portal/new/")
    for address in ("/portal/new/", f"/portal/tickets/{Ticket.objects.get().public_id}/"):
        page.goto(f"{live_server.url}{address}")
        page.get_by_label("File").set_input_files([os.fspath(large), os.fspath(fits)])
        said = "grande.zip non è stato aggiunto: è di 30 MB e tutti i file insieme possono arrivare a 25 MB."
        expect(page.locator("#announce")).to_have_text(said)
        expect(page.locator(".field.wrong .error")).to_have_text(said)
        expect(page.locator(".files li")).to_have_count(1)
        give_file(page, "drop", "un-altro.txt", field="textarea", size=6 << 20)
        expect(page.locator(".field.wrong .error")).to_contain_text("un-altro.txt non è stato aggiunto")
        assert page.evaluate("[...document.querySelector('[type=file]').files].map((file) => file.name)") == [
            "piccolo.txt"
        ]
        assert barriers(page) == []


def test_without_javascript_the_words_are_there_after_going_back_from_what_was_too_large(opened: Open) -> None:
    page = opened("/portal/new/", java_script_enabled=False)
    page.get_by_label("Altro o amministrazione").check()
    page.get_by_label("Che cosa succede?").fill("Dove trovo la fattura?")
    page.goto(page.url.replace("/new/", "/settings/"))
    page.go_back()
    expect(page.get_by_label("Che cosa succede?")).to_have_value("Dove trovo la fattura?")
    expect(page.get_by_label("Altro o amministrazione")).to_be_checked()


def test_a_password_is_noticed_while_it_is_typed_and_handed_over_before_sending(opened: Open, contact: Contact) -> None:
    page = opened("/portal/new/")
    hint, area = page.locator("[data-telltale]"), page.get_by_label("Che cosa succede?")
    secret = page.get_by_label("Password o chiave", exact=True)
    area.press_sequentially("La password è")
    expect(hint).to_be_hidden()
    expect(secret).to_be_hidden()
    area.press_sequentially(" Mare-2026")
    expect(hint).to_be_visible()
    expect(secret).to_be_visible()
    assert barriers(page) == []
    area.fill("Il sito non si apre, ecco l'accesso")
    expect(hint).to_be_hidden()
    secret.fill("Mare-2026")
    page.get_by_label("Altro o amministrazione").check()
    page.get_by_label("È una domanda").check()
    page.get_by_role("button", name="Invia la richiesta").click()
    page.wait_for_url("**/portal/tickets/**")
    assert Drop.objects.get().ticket == Ticket.objects.latest("pk")
    assert "Mare-2026" not in page.content()


def test_a_dropped_file_survives_the_question_about_a_password(opened: Open, contact: Contact) -> None:
    page = opened("/portal/new/")
    page.get_by_label("Altro o amministrazione").check()
    page.get_by_label("È una domanda").check()
    page.get_by_label("Che cosa succede?").fill("La password: Mare-2026")
    give_file(page, "drop", "trascinato.txt", field="#text")
    page.get_by_role("button", name="Invia la richiesta").click()
    expect(page.get_by_label("trascinato.txt")).to_be_checked()
    assert barriers(page) == []
    if folder := os.environ.get("SPORTELLO_TEST_PICTURES"):
        page.screenshot(path=Path(folder) / "choose.png", full_page=True)
    page.get_by_role("button", name="Inviare, e consegnarla a parte").click()
    page.wait_for_url("**/portal/tickets/**")
    assert [file.name for file in Ticket.objects.latest("pk").attachments.all()] == ["trascinato.txt"]
    assert Drop.objects.exists()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1360, "light")])
def test_everybody_can_use_the_customers_pages(
    opened: Open, contact: Contact, live_server: Any, width: int, scheme: str
) -> None:
    page = opened("/portal/", viewport={"width": width, "height": 844}, color_scheme=scheme)
    ticket = Ticket.objects.get()
    for address in ("/portal/", "/portal/new/", f"/portal/tickets/{ticket.public_id}/"):
        page.goto(f"{live_server.url}{address}")
        assert not scrolls_sideways(page), address
        assert barriers(page) == []
        if folder := os.environ.get("SPORTELLO_TEST_PICTURES"):
            page.screenshot(path=Path(folder) / f"{address.strip('/').split('/')[-1][:8]}-{width}.png", full_page=True)


def test_the_same_problem_is_caught_while_it_is_typed(opened: Open, contact: Contact) -> None:
    """Shown with its state; "no" is remembered; "yes" adds what was written, with the file, and lands there."""
    Ticket.objects.update(subject="Il negozio dà errore 500")
    page = opened("/portal/new/")
    page.get_by_label("Che cosa succede?").press_sequentially(
        "Il negozio dà ancora errore 500, perdiamo ordini", delay=0
    )
    asked = page.get_by_role("heading", name="È il problema di questa richiesta?")
    asked.wait_for()
    assert barriers(page) == []
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="No, è un altro problema").click()
    asked.wait_for(state="detached")
    RequestDraft.objects.all().delete()
    page.get_by_label("Che cosa succede?").press_sequentially(" da ieri", delay=0)
    asked.wait_for()
    give_file(page, "drop", "log.txt", field="#text")
    page.get_by_role("button", name="Sì, aggiungere lì").click()
    page.wait_for_url("**/portal/tickets/**")
    ticket = Ticket.objects.get()
    assert ticket.messages.count() == 2
    assert ticket.attachments.count() == 1
