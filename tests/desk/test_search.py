"""Search as an agent uses it."""

from __future__ import annotations

import pytest
from django.test import Client

from sportello.core import clock
from sportello.desk.views import search
from tests.desk.reading import find, only, page, text_of, texts
from tests.factories import make_contact, make_customer, make_ticket

pytestmark = pytest.mark.django_db


def test_a_hit_shows_where_the_words_were_found_and_marks_them(desk: Client) -> None:
    make_ticket("Negozio fermo", text="Il carrello dà errore da ieri sera.", now=clock.now())
    shown = page(desk, "/desk/search?q=carrelli")
    assert texts(shown, ".hit [data-part=open]") == ["Negozio fermo"]
    assert texts(shown, ".hit mark") == ["carrello"]
    assert texts(shown, ".hit-where") == ["message"]


def test_a_number_leads_straight_to_its_ticket(desk: Client) -> None:
    ticket = make_ticket("Errore", now=clock.now())
    for text in (f"%23{ticket.number}", f"{ticket.number}", f" {ticket.number} "):
        assert desk.get(f"/desk/search?q={text}").headers["Location"] == f"/desk/tickets/{ticket.public_id}/"


def test_a_number_that_is_no_tickets_is_searched_for_like_any_word(desk: Client) -> None:
    make_ticket("Fattura 2026118", now=clock.now())
    assert texts(page(desk, "/desk/search?q=2026118"), ".hit mark") == ["2026118"]


def test_a_mail_address_finds_what_its_owner_asked(desk: Client) -> None:
    make_ticket("Errore", contact=make_contact("Laura", address="laura@doria.example"), now=clock.now())
    make_ticket("Altro", contact=make_contact("Ugo", customer=make_customer("Altri")), now=clock.now())
    shown = page(desk, "/desk/search?q=laura@doria.example")
    assert texts(shown, ".hit [data-part=open]") == ["Errore"]
    assert texts(shown, ".hit-where") == ["mail address"]


def test_nothing_found_says_what_to_try(desk: Client) -> None:
    assert "Nothing found" in text_of(only(page(desk, "/desk/search?q=zzzzz"), ".empty"))


def test_no_question_is_no_error(desk: Client) -> None:
    assert "What is to be found?" in text_of(only(page(desk, "/desk/search"), ".empty"))


def test_more_than_a_page_is_reached_by_a_link(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "STEP", 2)
    for number in range(5):
        make_ticket(f"Carrello {number}", now=clock.now())
    first = page(desk, "/desk/search?q=carrello")
    assert len(find(first, ".hit")) == 2
    more = only(first, ".more a").get("href")
    assert len(find(page(desk, f"/desk/search{more}"), ".hit")) == 4


@pytest.mark.parametrize(
    "text", ["'&|!:*(", "%00", "<script>alert(1)</script>", "a" * 5000, "%F0%9F%98%80", "\\", "--", "#"]
)
def test_any_text_is_searched_for_and_never_an_order(desk: Client, text: str) -> None:
    make_ticket("Errore", text="<script>alert(1)</script>", now=clock.now())
    shown = page(desk, f"/desk/search?q={text.replace('#', '%23').replace('&', '%26')}")
    assert find(only(shown, "#page"), "script") == []


@pytest.mark.parametrize("show", ["x", "-5", "99999999999999999999", "٣"])
def test_nonsense_about_the_length_of_the_page_changes_nothing(desk: Client, show: str) -> None:
    make_ticket("Errore", now=clock.now())
    assert len(find(page(desk, f"/desk/search?q=errore&show={show}"), ".hit")) == 1
