"""The public form for questions before buying: nothing reaches anybody before the address is confirmed [reach.presales]."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core import signing
from django.db import connection, transaction
from django.test import Client

from sportello.core import clock
from sportello.customers.models import Contact
from sportello.mail.enums import OutboundKind, Purpose
from sportello.mail.models import Mailbox, OutboundMail
from sportello.portal.views.presales import FROM_NETWORK, SALT
from sportello.presales import actions
from sportello.presales.models import AddressLink, Enquiry
from sportello.presales.rules import ENQUIRY_KEPT, LINK_LASTS, ONE_MAIL_WITHIN
from sportello.tickets.models import Ticket
from tests.config.house import until
from tests.factories import NOW, make_contact, make_mailbox, make_queue
from tests.waiting import somebody_waits

pytestmark = pytest.mark.django_db
FORM, SENT = "/pre-sales/", "/pre-sales/sent/"
MARIO = {"name": "Mario Neri", "address": "mario@neri.example", "text": "Quanto costa un server dedicato?\nGrazie."}
EVIL = "Click http://evil.example/ NOW"


@pytest.fixture
def office() -> Mailbox:
    make_queue("presales")
    return make_mailbox("info@provider.example", purpose=Purpose.PRESALES)


def stamp(seconds: int = 10, once: str = "") -> str:
    begun_at = clock.now() - timedelta(seconds=seconds)
    return signing.dumps([begun_at.isoformat(), once or uuid4().hex], salt=SALT)


def ask(client: Client | None = None, **changed: str) -> Any:
    return (client or Client()).post(FORM, {**MARIO, "stamp": stamp(), **changed}, headers={"Accept-Language": "en"})


def link(mail: OutboundMail | None = None) -> str:
    found = re.search(r"http://[^/\s]+(/pre-sales/confirm/\S+)", (mail or OutboundMail.objects.latest("pk")).text)
    assert found
    return found[1]


def confirm(path: str, *, but: str = "") -> Any:
    shown = [str(each.public_id) for each in Enquiry.objects.all()]
    chosen = [str(each.public_id) for each in Enquiry.objects.all() if each.text != but]
    return Client().post(path, {"question": chosen, "shown": shown}, headers={"Accept-Language": "en"})


def test_from_the_question_to_the_ticket(office: Mailbox) -> None:
    assert ask(company="Neri Srl", phone="+39 02 123").headers["Location"] == SENT
    assert (Ticket.objects.count(), Contact.objects.count()) == (0, 0)
    (mail,) = OutboundMail.objects.all()
    assert (mail.to, mail.mailbox, mail.envelope_from, mail.automatic) == (MARIO["address"], office, "", True)
    page = Client().get(link(mail))
    assert (page.status_code, Ticket.objects.count(), "Quanto costa" in page.content.decode()) == (200, 0, True)
    arrived = confirm(link(mail))
    ticket = Ticket.objects.get()
    assert f"#{ticket.number}" in arrived.content.decode()
    assert (ticket.queue.slug, ticket.channel, ticket.subject) == (
        "presales",
        "form",
        "Quanto costa un server dedicato?",
    )
    assert (str(ticket.contact), ticket.contact.addresses.get().address, ticket.language) == (
        "Mario Neri",
        MARIO["address"],
        "en",
    )
    assert ticket.messages.get().extra["enquiry"] == {
        "name": "Mario Neri",
        "company": "Neri Srl",
        "phone": "+39 02 123",
    }
    assert [code for code, _ in ticket.reasons if code.startswith(("sender", "channel"))] == ["sender.confirmed"]
    assert (OutboundMail.objects.count(), Enquiry.objects.count()) == (1, 0)


def test_a_link_works_once_and_says_so_the_second_time(office: Mailbox) -> None:
    ask()
    path = link()
    confirm(path)
    again = Client().post(path, headers={"Accept-Language": "en"})
    assert ("This link was used already" in again.content.decode(), Ticket.objects.count()) == (True, 1)
    assert Client().get(path).status_code == 200


def test_a_link_ends(office: Mailbox) -> None:
    ask()
    path = link()
    AddressLink.objects.update(expires_at=clock.now())
    assert (Client().get(path).status_code, confirm(path).status_code, Ticket.objects.count()) == (410, 410, 0)


@pytest.mark.parametrize("secret", ["nothing", "x" * 43, "%00", "..%2f"])
def test_a_guessed_link_gives_nothing(office: Mailbox, secret: str) -> None:
    ask()
    assert Client().post(f"/pre-sales/confirm/{secret}/").status_code in (404, 410)
    assert Ticket.objects.count() == 0


def test_the_mail_holds_no_word_of_whoever_filled_in_the_form(office: Mailbox) -> None:
    ask(name=EVIL, text=EVIL, company=EVIL, phone="evil.example")
    mail = OutboundMail.objects.get()
    told = f"{mail.subject} {mail.text} {mail.html} {mail.to_name} {mail.reply_to}"
    assert "evil" not in told.lower()
    assert "NOW" not in told


def test_headers_cannot_be_injected_and_names_are_one_line(office: Mailbox) -> None:
    assert ask(address="a@b.example\r\nBcc: c@d.example").status_code == 422
    ask(name="Mario\r\nBcc: c@d.example\u202e", text="a\x00b")
    assert (Enquiry.objects.get().name, Enquiry.objects.get().text) == ("Mario Bcc: c@d.example", "ab")
    assert OutboundMail.objects.get().cc == []


def test_a_text_without_end_is_not_taken(office: Mailbox) -> None:
    assert (ask(text="a" * 10_001).status_code, Enquiry.objects.count()) == (422, 0)


def test_a_second_question_waits_for_the_same_link_and_each_can_be_left_out(office: Mailbox) -> None:
    ask()
    ask(text=EVIL)
    assert OutboundMail.objects.count() == 1
    confirm(link(), but=EVIL)
    assert [ticket.subject for ticket in Ticket.objects.all()] == ["Quanto costa un server dedicato?"]
    assert Enquiry.objects.count() == 0


def test_whoever_takes_every_tick_away_tells_nobody(office: Mailbox) -> None:
    ask()
    assert "Nothing was sent" in confirm(link(), but=MARIO["text"]).content.decode()
    assert (Ticket.objects.count(), Enquiry.objects.count()) == (0, 0)


def test_who_had_a_mail_of_ours_within_the_hour_gets_the_link_after_it(office: Mailbox) -> None:
    """The page says the same as ever: it tells nobody whom we wrote to."""
    question = actions.Question(**MARIO)
    actions.ask(question=question, now=NOW)
    first = OutboundMail.objects.get()
    seen = [Enquiry.objects.get().public_id]
    actions.confirm(secret=link(first).split("/")[-2], chosen=seen, shown=seen, now=NOW)
    actions.ask(question=question, now=NOW + timedelta(minutes=20))
    second = OutboundMail.objects.latest("pk")
    assert (second.not_before > NOW + ONE_MAIL_WITHIN, AddressLink.objects.latest("pk").expires_at) == (
        True,
        second.not_before + LINK_LASTS,
    )


@pytest.mark.usefixtures("time_stands_still")
def test_an_address_has_three_questions_waiting_at_most(office: Mailbox) -> None:
    answers = [ask(text=f"Domanda {number}").status_code for number in range(4)]
    assert (answers, Enquiry.objects.count(), OutboundMail.objects.count()) == ([302, 302, 302, 429], 3, 1)


@pytest.mark.usefixtures("time_stands_still")
def test_a_network_has_its_share(office: Mailbox) -> None:
    answers = [ask(address=f"a{number}@neri.example").status_code for number in range(FROM_NETWORK.most + 1)]
    assert (answers[-2:], Enquiry.objects.count()) == ([302, 429], FROM_NETWORK.most)


@pytest.mark.usefixtures("time_stands_still")
def test_all_together_have_theirs(office: Mailbox) -> None:
    for _ in range(actions.QUESTIONS.most):
        actions.QUESTIONS.take(actions.EVERYBODY, now=clock.now())
    assert (ask().status_code, Enquiry.objects.count(), OutboundMail.objects.count()) == (429, 0, 0)


def test_a_program_that_fills_in_every_field_is_answered_alike_and_thrown_away(office: Mailbox) -> None:
    assert ask(website="http://evil.example").headers["Location"] == SENT
    assert (Enquiry.objects.count(), OutboundMail.objects.count()) == (0, 0)


@pytest.mark.parametrize("written", [lambda: stamp(0), lambda: stamp(90_000), lambda: "forged", lambda: ""])
def test_a_form_that_was_not_open_as_a_person_has_it_open_is_shown_again(office: Mailbox, written: Any) -> None:
    answer = ask(stamp=written())
    assert (answer.status_code, "Quanto costa" in answer.content.decode(), Enquiry.objects.count()) == (422, True, 0)


def test_a_double_click_is_one_question(office: Mailbox) -> None:
    same = stamp(once="same")
    assert [ask(stamp=same).status_code for _ in range(2)] == [302, 302]
    assert Enquiry.objects.count() == 1


def test_our_own_addresses_ask_nothing(office: Mailbox) -> None:
    assert ask(address="Info@Provider.example").headers["Location"] == SENT
    assert (Enquiry.objects.count(), OutboundMail.objects.count()) == (0, 0)


def test_without_a_mailbox_the_form_says_so() -> None:
    answer = ask()
    assert (answer.status_code, "Please call us" in answer.content.decode()) == (429, True)


def test_a_customers_person_keeps_their_name_and_customer(office: Mailbox) -> None:
    laura = make_contact("Laura Doria", address=MARIO["address"])
    ask(name="Somebody else")
    confirm(link())
    ticket = Ticket.objects.get()
    assert (ticket.contact, ticket.contact.name, ticket.customer) == (laura, "Laura Doria", laura.customer)


def test_what_nobody_confirms_is_thrown_away(office: Mailbox) -> None:
    actions.ask(question=actions.Question(**MARIO), now=NOW)
    assert actions.forget(now=NOW + ENQUIRY_KEPT) == 0
    assert actions.forget(now=NOW + ENQUIRY_KEPT + timedelta(seconds=1)) == 1


def test_it_is_linked_from_the_sign_in_page_and_speaks_the_visitors_language() -> None:
    assert f'href="{FORM}"' in Client().get("/ticket-system/", follow=True).content.decode()
    for language, words in (("it", "Domande prima dell’acquisto"), ("en", "Ask before buying")):
        assert words in Client().get(FORM, headers={"Accept-Language": language}).content.decode()


def test_the_confirmation_counts_among_the_receipts_of_its_address(office: Mailbox) -> None:
    ask()
    assert OutboundMail.objects.get().kind == OutboundKind.RECEIPT


def test_a_question_asked_while_the_page_with_the_others_was_open_is_not_thrown_away(office: Mailbox) -> None:
    """A fault found: what was not on the page that somebody confirmed was thrown away with what they had taken the tick from."""
    ask()
    path, (first,) = link(), Enquiry.objects.all()
    ask(text="Avete anche domini .it?")
    seen = {"question": [str(first.public_id)], "shown": [str(first.public_id)]}
    again = Client().post(path, seen, headers={"Accept-Language": "en"})
    assert (again.status_code, "Avete anche domini" in again.content.decode()) == (409, True)
    assert "asked with your address meanwhile" in again.content.decode()
    assert (Ticket.objects.count(), Enquiry.objects.count()) == (0, 2)
    confirm(path)
    assert (Ticket.objects.count(), Enquiry.objects.count()) == (2, 0)


def test_one_that_waits_no_more_or_is_none_throws_nothing_away(office: Mailbox) -> None:
    """A fault found: one id too many among the chosen ones, and all were thrown away."""
    ask()
    path, (first,) = link(), Enquiry.objects.all()
    seen = {"question": [str(first.public_id), "none"], "shown": [str(first.public_id)]}
    assert (Client().post(path, seen).status_code, Enquiry.objects.count()) == (422, 1)
    gone = {name: [*ids[:1], str(uuid4())] for name, ids in seen.items()}
    assert (Client().post(path, gone).status_code, Ticket.objects.count(), Enquiry.objects.count()) == (200, 1, 0)


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_while_a_link_is_being_used_up_gets_one_of_its_own(office: Mailbox) -> None:
    """A fault found: the link that was just being used counted as one on its way, so that the question could never be confirmed."""
    ask()
    path, (first,) = link(), Enquiry.objects.all()
    ids = [first.public_id]

    def other() -> None:
        ask(text="Avete anche domini .it?")
        connection.close()

    second = Thread(target=other)
    with transaction.atomic():
        actions.confirm(secret=path.rstrip("/").rpartition("/")[2], chosen=ids, shown=ids, now=clock.now())
        second.start()
        until(
            lambda: not second.is_alive() or somebody_waits(), seconds=20, what="the other question waits, or is asked"
        )
    second.join(20)
    assert Enquiry.objects.get().text == "Avete anche domini .it?"
    assert AddressLink.objects.filter(used_at=None).count() == 1
