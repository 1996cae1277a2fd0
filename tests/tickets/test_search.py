"""Search: what is found, where it is said to be, and by whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from sportello.tickets import actions, queries
from sportello.tickets.models import Ticket
from sportello.tickets.queries import Fragment, Hit, Where
from tests.factories import (
    NOW,
    make_contact,
    make_customer,
    make_message,
    make_server,
    make_service,
    make_ticket,
    make_user,
)

pytestmark = pytest.mark.django_db


def found(text: str) -> list[Hit]:
    return queries.search(make_user(), text)


def marked(fragment: Fragment) -> str:
    return "".join(f"[{piece.text}]" if piece.is_match else piece.text for piece in fragment)


def ticket_saying(text: str, *, language: str = "it") -> Ticket:
    return make_ticket("Richiesta", text=text, language=language)


@pytest.mark.parametrize(
    ("language", "text", "asked", "fragment"),
    [
        ("it", "Abbiamo cancellato le cartelle per errore", "cartella", "Abbiamo cancellato le [cartelle] per errore"),
        ("it", "I domini scadono domani", "dominio", "I [domini] scadono domani"),
        ("it", "La posta non funzionava", "funziona", "La posta non [funzionava]"),
        ("en", "The backups were restored", "backup", "The [backups] were restored"),
        ("en", "The site keeps crashing", "crashed", "The site keeps [crashing]"),
        ("it", "Due backups mancano", "backup", "Due [backups] mancano"),
        ("it", "Errore in wp-content ieri", "wp-content", "Errore in [wp]-[content] ieri"),
        ("it", "Perché è così lento?", "perché lento", "Perché è così [lento]?"),
        ("it", "la connessione a smtp.doria.it cade", "smtp.doria.it", "la connessione a [smtp.doria.it] cade"),
    ],
)
def test_endings_do_not_matter_in_either_language(language: str, text: str, asked: str, fragment: str) -> None:
    ticket = ticket_saying(text, language=language)
    ticket_saying("Tutt'altra faccenda, something else")

    (hit,) = found(asked)

    assert (hit.public_id, hit.where, marked(hit.fragment)) == (ticket.public_id, Where.MESSAGE, fragment)


def test_the_beginning_of_a_word_is_enough_and_the_end_is_not() -> None:
    ticket_saying("Certificato scaduto")

    assert [hit.where for hit in found("certif")] == [Where.MESSAGE]
    assert found("ificato") == []


def test_all_words_must_be_there() -> None:
    ticket_saying("Il certificato è scaduto")
    ticket_saying("Il certificato va bene")

    assert [marked(hit.fragment) for hit in found("certificato scaduto")] == ["Il [certificato] è [scaduto]"]


@pytest.mark.parametrize("form", ["{}", "#{}", " # {} "])
def test_a_number_finds_its_ticket_first(form: str) -> None:
    ticket = make_ticket()
    ticket_saying(f"come nel ticket {ticket.number}")

    hits = found(form.format(ticket.number))

    assert [hit.where for hit in hits] == [Where.NUMBER, Where.MESSAGE]
    assert hits[0].number == ticket.number


def test_customers_people_addresses_and_domains() -> None:
    customer = make_customer("Ceramiche Doria Srl")
    contact = make_contact("Laura Bianchi", customer=customer, address="lbianchi@posta.example")
    make_ticket("x", text="y", contact=contact, service=make_service("ceramichedoria.it", customer=customer))

    assert [(hit.where, marked(hit.fragment)) for text in ("doria srl", "bianchi", "lbianchi@posta", "ceramichedoria.it") for hit in found(text)] == [
        (Where.CUSTOMER, "Ceramiche [Doria] [Srl]"),
        (Where.CONTACT, "Laura [Bianchi]"),
        (Where.ADDRESS, "[lbianchi@posta].example"),
        (Where.SERVICE, "[ceramichedoria.it]"),
    ]  # fmt: skip


def test_subjects_and_notes() -> None:
    ticket = make_ticket("Rinnovo del certificato", text="y")
    actions.add_note(ticket=ticket, text="Chiamato Franco in magazzino", by=make_user(), now=NOW)

    assert [(hit.where, marked(hit.fragment)) for text in ("rinnovi", "magazzini") for hit in found(text)] == [
        (Where.SUBJECT, "[Rinnovo] del certificato"),
        (Where.NOTE, "Chiamato Franco in [magazzino]"),
    ]


def test_a_ticket_found_in_several_places_is_one_hit_the_surest() -> None:
    ticket = make_ticket("Certificato", text="Il certificato")
    make_message(ticket, text="Ancora il certificato")

    assert [hit.where for hit in found("certificato")] == [Where.SUBJECT]


def test_newest_first() -> None:
    for day in (2, 3, 1):
        make_ticket(f"certificato {day}", text="y", now=NOW + timedelta(days=day))

    assert [hit.subject for hit in found("certificato")] == ["certificato 3", "certificato 2", "certificato 1"]


@pytest.mark.parametrize("text", ["", "   ", "&", "!!!", "''", "\\", ":*", "#", "\x00", "(((", "\ud800"])
def test_nothing_asked_is_nothing_found(text: str) -> None:
    ticket_saying("& ''")

    assert found(text) == []


@pytest.mark.parametrize("text", ["a & !b", "O'Neil\\", "x:* | y", "<->", "a" * 5000, "%_", "' OR 1=1 --", "è\u0301🎉"])
def test_whatever_is_typed_is_only_looked_for(text: str) -> None:
    ticket_saying("niente di tutto questo")

    assert found(text) == []


def test_markup_and_marks_in_a_text_stay_text() -> None:
    ticket_saying("<b>certificato</b> \x02finto\x03 <script>")

    (hit,) = found("certificato")

    assert [piece.text for piece in hit.fragment if piece.is_match] == ["certificato"]
    assert "finto" in marked(hit.fragment)


def test_a_customer_finds_their_own_public_words_and_no_more() -> None:
    contact = make_contact("Laura Doria")
    ticket = make_ticket("Mio certificato", contact=contact, text="y")
    actions.add_note(ticket=ticket, text="certificazione interna", by=make_user(), now=NOW)
    make_ticket("Altrui certificato")

    assert [hit.subject for hit in queries.search_public(contact, "certificato")] == ["Mio certificato"]
    assert queries.search_public(contact, "interna") == []
    assert queries.search_public(contact, "Ceramiche") == []
    assert [hit.where for hit in queries.search_public(contact, f"#{ticket.number}")] == [Where.NUMBER]


@pytest.mark.parametrize("rows", [1, 3])
def test_many_hits_cost_as_many_queries_as_one(rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    agent = make_user()
    for _ in range(rows):
        make_ticket("Certificato", text="y")
        ticket_saying("certificato")
        actions.add_note(ticket=make_ticket("x", text="y"), text="certificato", by=agent, now=NOW)

    with django_assert_num_queries(3):
        assert len(queries.search(agent, "certificato")) == rows * 3


def test_words_are_found_across_the_subject_and_the_names_of_a_ticket() -> None:
    """A fault found: customer and subject, or the name of a server, found nothing."""
    agent, customer = make_user(), make_customer("Ceramiche Doria Srl")
    service = make_service("ceramiche.example", customer=customer, server=make_server("mail-33"))
    ticket = make_ticket("Il negozio non si apre", contact=make_contact(customer=customer), service=service)
    make_ticket("Il negozio è lento", contact=make_contact("Anna Bassi", customer=make_customer("Forno Bassi")))
    assert [hit.number for hit in queries.search(agent, "doria negozio")] == [ticket.number]
    assert [hit.number for hit in queries.search(agent, "mail-33")] == [ticket.number]
    assert [hit.number for hit in queries.search(agent, f"ticket {ticket.number}")] == [ticket.number]


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("zorz", True),
        ("ORZ", True),
        ("zo", True),
        ("or", False),
        ("b", True),
        ("z", False),
        ("100%", True),
        ("1%", False),
    ],
)
def test_a_name_is_found_by_any_part_of_three_letters_and_by_the_beginning_of_its_words(
    asked: str, *, is_found: bool
) -> None:
    ticket = make_ticket("Richiesta", text="y", contact=make_contact("X", customer=make_customer("Zorzi B 100% Vini")))
    assert [hit.number for hit in found(asked)] == [ticket.number] * is_found
