"""The desk in a real browser: live, by keyboard, with nothing lost, and with nothing that the policy had to stop."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright

from sportello.accounts.models import User
from sportello.core import clock
from sportello.duplicates.actions import Came, consider
from sportello.services.enums import ServiceVerdict
from sportello.tickets import actions
from sportello.tickets.enums import Channel, DraftKind
from sportello.tickets.models import Draft, Message, Ticket
from tests.browsing import CHROMIUM, FLAGS, barriers, give_file, scrolls_sideways
from tests.config.house import until
from tests.desk.browsing import WATCH, faults_of, live_process, policy_with, sign_in
from tests.factories import (
    make_contact,
    make_customer,
    make_mailbox,
    make_queue,
    make_server,
    make_service,
    make_ticket,
    make_user,
)

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.needs("chromium-headless-shell"),
]

Open = Callable[..., Page]
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitaen" * 3


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright's own loop runs in this thread; the database is asked between its steps, never in one.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    settings.PUBLIC_URL = live_server.url
    settings.LIVE_URL = f"{live_server.url}/nothing-live/"
    return str(live_server.url)


@pytest.fixture(scope="module")
def live_address(live_server: Any) -> Iterator[str]:
    with live_process(live_server.url) as address:
        yield address


@pytest.fixture
def live(site: str, live_address: str, settings: Any) -> str:
    settings.LIVE_URL = live_address
    settings.CONTENT_SECURITY_POLICY = policy_with(live_address)
    return live_address


@pytest.fixture
def opened(chromium: Browser, site: str, agent: User) -> Iterator[Open]:
    """Opens a page of the desk as Giulia Rinaldi, and at the end sees that the policy had nothing to stop on any of them."""
    pages: list[Page] = []

    def open_page(address: str = "/desk/", **options: Any) -> Page:
        settled = {
            "viewport": {"width": 1360, "height": 900},
            "locale": "en-GB",
            "timezone_id": "Europe/Rome",
            **options,
        }
        context = chromium.new_context(**settled)
        context.add_init_script(WATCH)
        sign_in(context, agent, site)
        page = context.new_page()
        page.goto(f"{site}{address}")
        if "write=" in address:
            expect(page.locator("textarea[autofocus]")).to_be_focused()
        pages.append(page)
        return page

    yield open_page
    faults = [fault for page in pages if page.context.browser and page.url != "about:blank" for fault in _faults(page)]
    for page in pages:
        page.context.close()
    assert faults == []


def _faults(page: Page) -> list[str]:
    return faults_of(page) if page.evaluate("'violations' in window") else []


@pytest.fixture
def ticket(db: None) -> Ticket:
    customer = make_customer("Ceramiche Doria Srl")
    service = make_service("ceramichedoria.example", customer=customer, server=make_server("web-12"))
    contact = make_contact("Laura Doria", customer=customer)
    return make_ticket("Errore 500", contact=contact, service=service, mailbox=make_mailbox(), now=clock.now())


def arrives(subject: str = "Sito giù") -> Ticket:
    return make_ticket(subject, queue=make_queue(), now=clock.now())


def customer_writes(ticket: Ticket, text: str) -> None:
    actions.add_message(ticket=ticket, text=text, contact=ticket.contact, channel=Channel.MAIL, now=clock.now())


def streaming(page: Page) -> None:
    """The page hears the live process."""
    expect(page.locator("html[data-stream=on]")).to_be_attached(timeout=60_000)


def page_of(ticket: Ticket, query: str = "") -> str:
    return reverse("desk:ticket", args=[ticket.public_id]) + query


# -- live --------------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("live")
def test_a_new_request_appears_by_itself_and_takes_the_focus_from_nobody(opened: Open, ticket: Ticket) -> None:
    page = opened()
    streaming(page)
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Errore 500")).to_be_focused()
    arrives()
    expect(page.get_by_role("link", name="Sito giù")).to_be_visible()
    expect(page.get_by_role("link", name="Errore 500")).to_be_focused()
    expect(page.locator("#announce")).to_have_text("1 new request in the queue")
    expect(page.locator("#count-queue")).to_have_text("2")


@pytest.mark.usefixtures("live")
def test_two_tabs_share_one_stream_and_the_second_takes_over_when_the_first_is_closed(
    opened: Open, ticket: Ticket
) -> None:
    first = opened()
    streaming(first)
    second = first.context.new_page()
    second.goto(first.url)
    arrives("Uno")
    expect(second.get_by_role("link", name="Uno")).to_be_visible(timeout=60_000)
    first.goto("about:blank")
    expect(second.locator("html[data-stream=on]")).to_be_attached()
    second.wait_for_timeout(1500)
    arrives("Due")
    expect(second.get_by_role("link", name="Due")).to_be_visible(timeout=60_000)


def test_without_the_live_process_the_page_looks_by_itself(opened: Open, ticket: Ticket) -> None:
    page = opened("/desk/search")
    page.clock.install()
    page.goto(page.url.replace("search", ""))
    arrives()
    for _ in range(3):
        page.clock.run_for(25_000)
    expect(page.get_by_role("link", name="Sito giù")).to_be_visible()


def test_the_countdown_runs_and_turns_late_also_after_an_hour_of_sleep(opened: Open, ticket: Ticket) -> None:
    page = opened("/desk/search")
    page.clock.install()
    page.goto(page.url.replace("search", ""))
    due = page.locator(".row-due time")
    minutes = int(due.inner_text().split(":")[0])
    assert 8 <= minutes <= 9
    page.clock.fast_forward("01:00:00")
    expect(due).to_have_class("due late")
    assert due.inner_text().startswith("−5")


def test_an_alarm_is_read_out_and_leads_to_the_ticket(opened: Open, ticket: Ticket) -> None:
    page = opened()
    page.evaluate(
        """(ticket) => new BroadcastChannel("sportello-live").postMessage({ topic: "alarm", ticket, step: "two_minutes_left" })""",
        str(ticket.public_id),
    )
    page.wait_for_timeout(300)
    other = page.context.new_page()
    other.goto(page.url)
    page.bring_to_front()
    other.evaluate(
        """(ticket) => new BroadcastChannel("sportello-live").postMessage({ topic: "alarm", ticket, step: "two_minutes_left" })""",
        str(ticket.public_id),
    )
    expect(page.get_by_role("alert").get_by_role("link", name="Errore 500")).to_be_visible()
    expect(page.locator("#alarms")).to_contain_text("Two minutes left to answer")


# -- by keyboard -------------------------------------------------------------------------------------------------------
def test_a_request_is_answered_with_the_keyboard_alone_and_the_answer_taken_back(
    opened: Open, ticket: Ticket, agent: User
) -> None:
    page = opened()
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.get_by_label("Answer to the customer").last).to_be_focused()
    page.keyboard.type("Gentile Laura, risolto.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.ours")).to_contain_text("Gentile Laura, risolto.")
    expect(page.locator("#text-reply")).to_have_value("")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#text-reply")).to_have_value("Gentile Laura, risolto.")
    expect(page.locator(".message.ours")).to_have_count(0)


def test_a_note_is_written_with_the_keyboard_and_cannot_be_taken_for_an_answer(opened: Open, ticket: Ticket) -> None:
    page = opened(page_of(ticket))
    page.keyboard.press("n")
    expect(page.locator("#text-note")).to_be_focused()
    expect(page.locator("#compose-reply")).to_be_hidden()
    expect(page.get_by_role("button", name="Save the note")).to_be_visible()
    page.keyboard.type("Guardo io")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.note")).to_contain_text("Guardo io")
    assert Message.objects.filter(text="Guardo io").count() == 0


def test_a_row_is_taken_with_a_and_keeps_the_focus(opened: Open, ticket: Ticket, agent: User) -> None:
    page = opened()
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator(".row .avatar")).to_be_visible()
    expect(page.get_by_role("link", name="Errore 500")).to_be_focused()
    ticket.refresh_from_db()
    assert ticket.assignee == agent


def test_help_opens_and_closes_and_the_keys_can_be_switched_off(opened: Open, ticket: Ticket) -> None:
    page = opened()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.get_by_label("Keys without Ctrl work on this computer").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Errore 500")).not_to_be_focused()


def test_keys_do_nothing_while_one_types(opened: Open, ticket: Ticket) -> None:
    page = opened(page_of(ticket, "?write=reply"))
    page.keyboard.type("javanka /?")
    expect(page.locator("#text-reply")).to_have_value("javanka /?")


# -- nothing lost ------------------------------------------------------------------------------------------------------
def test_what_is_typed_is_saved_by_itself_and_survives_a_crash(opened: Open, ticket: Ticket, agent: User) -> None:
    page = opened(page_of(ticket, "?write=reply"))
    page.keyboard.type("Non va perso")
    expect(page.locator("#compose-reply [data-status]")).to_have_text("Draft saved")
    page.goto("about:blank")
    assert Draft.objects.get(ticket=ticket, user=agent, kind=DraftKind.REPLY).text == "Non va perso"
    expect(opened(page_of(ticket)).locator("#text-reply")).to_have_value("Non va perso")


def test_a_fold_that_was_opened_before_the_scripts_ran_is_filled(opened: Open, ticket: Ticket) -> None:
    """It stayed open with nothing but a link in it, on a slow machine and after a click that came early."""
    page, scripts = opened(), list[Route]()

    def hold(script: Route) -> None:
        scripts.append(script)

    page.route("**/htmx-2.min.js*", hold)
    page.goto(f"{page.url.removesuffix('/desk/')}{page_of(ticket)}", wait_until="commit")
    page.locator("#similar > summary").click()
    expect(page.locator("#similar")).to_have_attribute("open", "")
    for script in scripts:
        script.continue_()
    expect(page.locator("#similar-found a[hx-boost]")).to_have_count(0)


def test_a_page_renewed_by_itself_leaves_the_keyboard_where_it_was(opened: Open, ticket: Ticket, agent: User) -> None:
    """What had the focus in the side column was exchanged with it, and Enter went nowhere."""
    page = opened(page_of(ticket))
    page.locator("#similar > summary").focus()
    renew(page, ticket, agent)
    expect(page.locator("#side")).to_contain_text(agent.name)
    page.keyboard.press("Enter")
    expect(page.locator("#similar")).to_have_attribute("open", "")


def test_a_page_renewed_between_press_and_release_still_hears_the_click(
    opened: Open, ticket: Ticket, agent: User
) -> None:
    page = opened(page_of(ticket))
    page.locator("#similar > summary").hover()
    page.mouse.down()
    renew(page, ticket, agent)
    page.mouse.up()
    expect(page.locator("#similar")).to_have_attribute("open", "")
    expect(page.locator("#side")).to_contain_text(agent.name)


def test_what_is_unfolded_within_a_fold_stays_so_and_keeps_the_focus(opened: Open, ticket: Ticket, agent: User) -> None:
    solved = make_ticket("Errore 500 dopo l'aggiornamento", contact=ticket.contact, service=ticket.service)
    actions.reply(
        ticket=solved, text="Rimesso il modulo di prima.", by=agent, now=clock.now(), seen_version=solved.version
    )
    actions.solve(ticket=solved, by=agent, now=clock.now())
    page = opened(page_of(ticket))
    page.locator("#similar > summary").click()
    page.locator("#similar-found summary").press("Enter")
    expect(page.get_by_text("Rimesso il modulo di prima.")).to_be_visible()
    renew(page, ticket, agent)
    expect(page.locator("#side")).to_contain_text(agent.name)
    expect(page.get_by_text("Rimesso il modulo di prima.")).to_be_visible()
    expect(page.locator("#similar-found summary")).to_be_focused()


@pytest.mark.usefixtures("live")
def test_what_came_in_while_a_field_was_filled_in_is_shown_when_it_is_left(
    opened: Open, ticket: Ticket, agent: User
) -> None:
    """It was shown with the next thing that happened only."""
    page = opened(page_of(ticket))
    expect(page.locator("html")).to_have_attribute("data-stream", "on")
    page.locator("#side input[name=name]").fill("posta")
    with page.expect_response(lambda answer: answer.url.endswith(f"{ticket.public_id}/now")):
        actions.take(ticket=ticket, by=agent, now=clock.now())
    expect(page.locator("#side input[name=name]")).to_have_value("posta")
    expect(page.locator("#side")).not_to_contain_text(agent.name)
    page.locator("#conversation").click()
    expect(page.locator("#side")).to_contain_text(agent.name)


@pytest.mark.usefixtures("live")
def test_a_look_for_news_that_failed_is_made_up_for(opened: Open, ticket: Ticket) -> None:
    """A busy server said 503 to the one look that would have shown it, and the page stood still until something else happened."""
    page = opened("/desk/")
    expect(page.locator("html")).to_have_attribute("data-stream", "on")
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            return route.continue_()
        refused.append(route.request.url)
        return route.fulfill(status=503, body="busy")

    page.route("**/desk/now*", refuse_once)
    arrives()
    expect(page.get_by_role("link", name="Sito giù")).to_be_visible()
    assert refused


@pytest.mark.usefixtures("live")
def test_a_page_that_was_long_on_its_way_looks_for_what_happened_meanwhile(opened: Open, ticket: Ticket) -> None:
    """Its stream began too late to be told: half a minute after what it showed had been read."""
    page = opened("/desk/search")
    page.add_init_script("const since = performance.now.bind(performance); performance.now = () => since() + 30_000")
    with page.expect_response(lambda answer: "hx-request" in answer.request.headers and "/desk/now" in answer.url):
        page.goto(page.url.replace("search", ""))


def test_what_is_pressed_while_something_else_has_the_focus_is_not_exchanged(
    opened: Open, ticket: Ticket, agent: User
) -> None:
    """The press takes the focus from elsewhere, and that was taken for its end."""
    page = opened(page_of(ticket))
    page.locator("[data-key='/']").focus()
    page.locator("#similar > summary").hover()
    page.mouse.down()
    expect(page.locator("#similar > summary")).to_be_focused()
    renew(page, ticket, agent)
    page.mouse.up()
    expect(page.locator("#similar")).to_have_attribute("open", "")
    expect(page.locator("#side")).to_contain_text(agent.name)


def renew(page: Page, ticket: Ticket, agent: User) -> None:
    """Somebody takes the ticket, and the page hears of it."""
    actions.take(ticket=ticket, by=agent, now=clock.now())
    with page.expect_response(lambda answer: answer.url.endswith(f"{ticket.public_id}/now")):
        page.evaluate("htmx.trigger('#conversation', 'live')")


def test_the_ways_to_send_an_answer_stand_in_one_row(opened: Open, ticket: Ticket, agent: User) -> None:
    """In Italian, at the usual width, the most important one alone fell into a second row, to the left."""
    agent.language = "it"
    agent.save()
    page = opened(page_of(ticket))
    buttons = page.locator("#compose-reply button[name=then]")
    expect(buttons).to_have_text(
        [re.compile("Invia e risolvi"), re.compile("Invia e attendi"), re.compile("Invia al cliente")]
    )
    assert len({round(box["y"]) for box in map(Locator.bounding_box, buttons.all()) if box}) == 1


def test_leaving_the_page_at_once_loses_not_even_the_last_letter(opened: Open, ticket: Ticket) -> None:
    page = opened(page_of(ticket, "?write=reply"))
    page.keyboard.type("Ultima lettera")
    page.goto("about:blank")
    until(
        lambda: Draft.objects.filter(ticket=ticket, text="Ultima lettera").exists(),
        seconds=20,
        what="the draft is there",
    )


@pytest.mark.usefixtures("live")
def test_a_message_that_comes_in_while_one_writes_is_told_before_sending(opened: Open, ticket: Ticket) -> None:
    page = opened(page_of(ticket, "?write=reply"))
    streaming(page)
    page.keyboard.type("Ecco la risposta")
    customer_writes(ticket, "Aspettate, ora funziona")
    expect(page.locator("#conversation")).to_contain_text("Aspettate, ora funziona")
    expect(page.locator("[data-crossed]")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Send all the same")).to_be_visible()
    expect(page.locator("#compose-reply .notice:visible")).to_have_count(1)
    expect(page.locator("#text-reply")).to_have_value("Ecco la risposta")
    assert Message.objects.filter(author="staff").count() == 0
    page.get_by_role("button", name="Send all the same").click()
    expect(page.locator(".message.ours")).to_contain_text("Ecco la risposta")


@pytest.mark.usefixtures("live")
def test_anothers_answer_leaves_what_one_writes_untouched(opened: Open, ticket: Ticket) -> None:
    page = opened(page_of(ticket, "?write=reply"))
    streaming(page)
    page.keyboard.type("La mia risposta")
    actions.reply(
        ticket=ticket, text="Quella di Marco", by=make_user("Marco Bassi"), now=clock.now(), seen_version=ticket.version
    )
    expect(page.locator(".message.ours")).to_contain_text("Quella di Marco")
    expect(page.locator("#text-reply")).to_have_value("La mia risposta")
    expect(page.locator("#text-reply")).to_be_focused()


@pytest.mark.usefixtures("live")
def test_who_else_is_writing_is_said_at_once(opened: Open, ticket: Ticket) -> None:
    page = opened(page_of(ticket))
    streaming(page)
    actions.be_present(ticket=ticket, by=make_user("Marco Bassi"), writing=True, now=clock.now())
    expect(page.locator("#presence")).to_have_text("Marco Bassi is writing")


def test_files_are_added_by_pasting_and_by_dropping(opened: Open, ticket: Ticket) -> None:
    page = opened(page_of(ticket, "?write=reply"))
    for kind, name in (("paste", "incollato.png"), ("drop", "trascinato.txt")):
        give_file(page, kind, name, field="#text-reply")
        expect(page.locator("#files-reply")).to_contain_text(name)
    page.reload()
    expect(page.locator("#files-reply .chip")).to_have_count(2)


def test_a_connection_that_is_gone_is_said_and_the_draft_is_saved_once_it_is_back(opened: Open, ticket: Ticket) -> None:
    page = opened(page_of(ticket, "?write=reply"))
    page.context.set_offline(True)
    page.keyboard.type("In treno")
    expect(page.locator("#compose-reply [data-status]")).to_contain_text("Draft not saved")
    page.context.set_offline(False)
    expect(page.locator("#compose-reply [data-status]")).to_have_text("Draft saved", timeout=60_000)
    assert Draft.objects.get(ticket=ticket).text == "In treno"


def test_an_answer_that_could_not_leave_is_said_and_still_saved_as_a_draft(opened: Open, ticket: Ticket) -> None:
    page = opened(page_of(ticket, "?write=reply"))
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.context.set_offline(True)
    page.keyboard.type("Dal treno")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#compose-reply [data-unsent]")).to_contain_text("NOT sent: no connection")
    page.context.set_offline(False)
    expect(page.locator("#compose-reply [data-status]")).to_have_text("Draft saved")
    assert Draft.objects.get(ticket=ticket).text == "Dal treno"
    assert Message.objects.filter(author="staff").count() == 0
    assert faults == []
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.ours")).to_contain_text("Dal treno")


def test_a_server_that_fails_is_not_taken_for_an_answer_sent(opened: Open, ticket: Ticket) -> None:
    page = opened(page_of(ticket, "?write=reply"))
    page.route("**/reply", lambda route: route.fulfill(status=502, body="down"))
    page.keyboard.type("Arriva?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#compose-reply [data-unsent]")).to_contain_text("NOT sent: the server failed")
    expect(page.locator("#compose-reply [data-status]")).to_have_text("Draft saved")


def test_who_met_somebody_else_is_told_so_and_can_send_again(opened: Open, ticket: Ticket) -> None:
    """A fault found: the page that says so was put into this one, which refuses its scripts, and nothing could be sent any more."""
    page = opened(page_of(ticket, "?write=reply"))
    met = render_to_string("409.html", request=RequestFactory().get("/"))
    page.route("**/reply", lambda route: route.fulfill(status=409, content_type="text/html", body=met))
    page.keyboard.type("Arriva?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#compose-reply [data-unsent]")).to_contain_text("NOT sent: somebody else was there")
    expect(page.locator("#messages")).to_contain_text("Somebody else was there at the same moment")
    expect(page.locator("#compose-reply button[type=submit]").first).to_be_enabled()


def test_r16_the_second_click_of_a_double_click_sends_nothing(opened: Open) -> None:
    page = opened(reverse("account_settings"))
    stopped = page.locator("form.form").evaluate(
        """(form) => {
          const seen = [];
          addEventListener("submit", (event) => { seen.push(event.defaultPrevented); event.preventDefault(); });
          form.requestSubmit();
          form.requestSubmit();
          return seen;
        }"""
    )
    assert stopped == [False, True]


def test_an_alarm_on_a_telephone_is_read_from_left_to_right(opened: Open, ticket: Ticket) -> None:
    page = opened(reverse("desk:queue"), viewport={"width": 390, "height": 844})
    page.evaluate(
        "([address]) => htmx.ajax('GET', address, { target: '#alarms', swap: 'beforeend' })",
        [f"{reverse('desk:alarm', args=[ticket.public_id])}?step=missed"],
    )
    words, line = page.locator("#alarms b").bounding_box(), page.locator("#alarms p").bounding_box()
    assert words
    assert line
    assert words["width"] > line["width"] * 0.85


def test_an_ended_session_is_not_called_a_lost_connection(opened: Open, ticket: Ticket) -> None:
    page = opened(page_of(ticket, "?write=reply"))
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.keyboard.type("Chi sono?")
    expect(page.locator("#compose-reply [data-status]")).to_contain_text("the session has ended")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#compose-reply [data-unsent]")).to_contain_text("NOT sent: the session has ended")
    expect(page.locator("#text-reply")).to_have_value("Chi sono?")


@pytest.mark.parametrize(("choice", "kept"), [("Keep what is written here", "Seconda"), ("Take the other", "Prima")])
def test_a_draft_open_in_two_windows_is_never_written_over_unasked(
    opened: Open, ticket: Ticket, choice: str, kept: str
) -> None:
    first = opened(page_of(ticket, "?write=reply"))
    second = first.context.new_page()
    second.goto(first.url)
    first.bring_to_front()
    first.locator("#text-reply").fill("Prima")
    expect(first.locator("#compose-reply [data-status]")).to_have_text("Draft saved")
    second.bring_to_front()
    second.locator("#text-reply").fill("Seconda")
    expect(second.locator("#compose-reply [data-elsewhere]")).to_be_visible()
    assert Draft.objects.get(ticket=ticket).text == "Prima"
    second.get_by_role("button", name=choice).click()
    expect(second.locator("#text-reply")).to_have_value(kept)
    expect(second.locator("#compose-reply [data-status]")).to_have_text("Draft saved")
    assert Draft.objects.get(ticket=ticket).text == kept
    second.locator("#text-reply").press_sequentially("!")
    expect(second.locator("#compose-reply [data-elsewhere]")).to_be_hidden()


def test_without_javascript_a_request_is_found_answered_and_solved(opened: Open, ticket: Ticket) -> None:
    page = opened(java_script_enabled=False)
    page.get_by_role("link", name="Errore 500").click()
    page.locator("#text-reply").fill("Risolto, senza script.")
    page.get_by_role("button", name="Send and solve").click()
    expect(page.locator(".message.ours")).to_contain_text("Risolto, senza script.")
    expect(page.locator("#head")).to_contain_text("solved")
    page.get_by_text("Internal note", exact=True).first.click()
    page.locator("#text-note").fill("Nota, senza script.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator(".message.note")).to_contain_text("Nota, senza script.")


# -- safe --------------------------------------------------------------------------------------------------------------
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<a href=' \tjavascript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src='/desk/' sandbox='allow-scripts allow-popups'></iframe>",
    "<iframe src='/desk/'></iframe>",
    "<template><svg onload=alert(1)></template>",
    "<p hx-on:click='alert(1)'>x</p>",
    "<form action='javascript:alert(1)'><button>x</button></form>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv='refresh' content='0;url=https://evil.example/'>",
    "<style>p{background:url(https://evil.example/)}</style>",
    "<p style='background:url(https://evil.example/)'>x</p>",
    "<object data='data:text/html,x'></object>",
]


def test_html_that_could_run_or_load_something_never_gets_into_a_page(opened: Open) -> None:
    page = opened("/desk/search")
    let_through = page.evaluate(
        """(texts) => texts.filter((text) => {
             try { htmx.swap(document.querySelector("#page"), text, { swapStyle: "innerHTML" }); return true; }
             catch (error) { return !(error instanceof TypeError); }
           })""",
        HOSTILE,
    )
    assert let_through == []
    assert page.locator("h1").inner_text() == "Search"
    page.evaluate("window.violations.length = 0")


def test_no_string_becomes_a_script(opened: Open) -> None:
    page = opened("/desk/search")
    outcome = page.evaluate(
        """() => { const script = document.createElement("script");
                   try { script.textContent = "window.ran = true"; document.body.append(script); } catch (error) { return error.name; }
                   return String(window.ran); }"""
    )
    assert outcome == "TypeError"
    page.evaluate("window.violations.length = 0")


def test_a_mails_own_html_shows_its_enclosed_picture_and_runs_nothing(opened: Open, ticket: Ticket) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(drawn, "PNG")
    message = actions.add_message(
        ticket=ticket,
        text="Ecco la schermata",
        html='<p id="greeting">Ecco</p><img src="cid:a"><script>document.title = "ran"</script>',
        contact=ticket.contact,
        channel=Channel.MAIL,
        now=clock.now(),
        attachments=[actions.NewFile("a.png", "image/png", drawn.getvalue(), content_id="a", is_inline=True)],
    )
    actions.make_preview(attachment=message.attachments.get())
    page = opened(page_of(ticket))
    page.get_by_text("Show it as it was formatted").click()
    frame = page.frame_locator("iframe.foreign")
    expect(frame.locator("#greeting")).to_have_text("Ecco")
    expect(frame.locator("img")).to_have_js_property("naturalWidth", 64)
    expect(frame.locator("#greeting")).to_have_css("font-size", "14px")
    assert frame.locator("body").evaluate("window.origin") == "null"


# -- for everybody -----------------------------------------------------------------------------------------------------
@pytest.fixture
def full_desk(ticket: Ticket, agent: User) -> Ticket:
    """A ticket with something of everything, and names longer than any screen."""
    now = clock.now()
    customer_writes(ticket, f"{LONG_WORD}\n\nhttps://a.example/{LONG_WORD}")
    actions.add_note(
        ticket=ticket,
        text=LONG_WORD,
        by=agent,
        now=now,
        attachments=[actions.NewFile(f"{LONG_WORD}.txt", "text/plain", b"x")],
    )
    actions.reply(ticket=ticket, text="Ecco", by=agent, now=now, seen_version=ticket.version)
    actions.set_outage(ticket=ticket, on=True, by=agent, now=now)
    actions.add_tag(ticket=ticket, name="una parola lunga", by=agent, now=now)
    actions.note_copy(ticket=ticket, contact=make_contact(LONG_WORD[:100], unknown=True), now=now)
    make_ticket(LONG_WORD, contact=make_contact(LONG_WORD[:100], unknown=True), now=now - timedelta(minutes=30))
    return ticket


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1360, "light"), (1360, "dark")])
def test_axe_finds_nothing_serious_and_nothing_runs_off_the_screen(
    opened: Open, full_desk: Ticket, site: str, width: int, scheme: str
) -> None:
    page = opened("/desk/", viewport={"width": width, "height": 844}, color_scheme=scheme)
    for address in ("/desk/", "/desk/?show=mine", "/desk/search?q=errore", page_of(full_desk)):
        page.goto(f"{site}{address}")
        assert not scrolls_sideways(page)
        assert barriers(page) == []


def test_on_a_phone_a_long_word_in_the_title_of_a_row_is_not_cut_off(opened: Open, ticket: Ticket) -> None:
    """The list cuts off what is wider than it is, so that nothing scrolled sideways and the end of an address was gone."""
    Ticket.objects.filter(pk=ticket.pk).update(subject=f"Attivazione {LONG_WORD}")
    customer = ticket.customer
    assert customer is not None
    page = opened(reverse("desk:customer", args=[customer.public_id]), viewport={"width": 390, "height": 844})
    title = page.locator(".list strong").filter(has_text="Attivazione")
    assert title.evaluate(
        "title => title.getBoundingClientRect().right < title.closest('.list').getBoundingClientRect().right"
    )


def test_on_a_phone_everything_to_press_is_large_enough(opened: Open, full_desk: Ticket) -> None:
    for address in ("/desk/", page_of(full_desk)):
        page = opened(address, viewport={"width": 390, "height": 844}, has_touch=True)
        small = page.evaluate(
            """() => [...document.querySelectorAll("button.button:not(.small), .tabs a, summary.button, .rail a, .composer-tabs label, .me")]
                .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 43.5)
                .map((element) => element.outerHTML.slice(0, 120))"""
        )
        assert small == []


def test_a_first_visit_is_light_and_the_next_pages_are_lighter(opened: Open, full_desk: Ticket) -> None:
    """Compressed, as over the wire: 80 kB in 8 requests, then 20 kB."""
    page = opened("/desk/")
    first = [page.url, *page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")]
    assert len(first) <= 8
    assert sum(weight(page, address) for address in first) <= 80_000
    assert weight(page, page.url.replace("/desk/", page_of(full_desk))) <= 20_000


def weight(page: Page, address: str) -> int:
    return len(gzip.compress(page.context.request.get(address).body()))


def test_a_mail_joined_by_itself_says_why_and_is_taken_apart_with_one_click(opened: Open, ticket: Ticket) -> None:
    now = clock.now()
    actions.weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, now=now)
    again = make_ticket("Ancora errore 500", contact=ticket.contact, service=ticket.service, now=now)
    came = Came(again, f"{ticket.subject}\n{ticket.messages.get().text}")
    assert consider(came=came, now=now) == ticket
    page = opened(page_of(ticket))
    joined = page.get_by_role("region", name="Joined by itself")
    expect(joined).to_contain_text("our own look found it failing in the same way")
    assert barriers(page) == []
    joined.get_by_role("button", name="Take apart").click()
    joined.wait_for(state="detached")
    again.refresh_from_db()
    assert (again.merged_into, again.messages.count(), ticket.messages.count()) == (None, 1, 1)
