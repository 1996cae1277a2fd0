"""The ticket page: what is said in it, what is done with it, and that nothing typed is ever lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from sportello.accounts.models import User
from sportello.core import clock
from sportello.core.ids import public_id
from sportello.customers.models import Contact
from sportello.desk.ticket import ticket_page
from sportello.mail.models import OutboundMail
from sportello.services.actions import Quiet, set_quiet
from sportello.tickets import actions
from sportello.tickets.enums import Channel, DraftKind, Status
from sportello.tickets.models import Draft, Message, Note, Ticket
from sportello.triage.models import Calendar
from tests.desk.reading import find, only, page, parsed, text_of, texts
from tests.factories import make_contact, make_customer, make_mailbox, make_service, make_ticket, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(db: None) -> Ticket:
    """Opened three minutes ago by mail."""
    return make_ticket("Errore 500", mailbox=make_mailbox(), now=clock.now() - timedelta(minutes=3))


def address(ticket: Ticket, act: str = "") -> str:
    return f"/desk/tickets/{ticket.public_id}/{act}"


def act(client: Client, ticket: Ticket, what: str, **given: Any) -> Any:
    """Presses a button; the page that follows."""
    response = client.post(address(ticket, what), given, follow=True)
    assert response.status_code == 200, response.status_code
    ticket.refresh_from_db()
    return parsed(response.content)


# -- the conversation --------------------------------------------------------------------------------------------------
def test_messages_notes_and_events_stand_in_the_order_in_which_they_happened(
    desk: Client, agent: User, ticket: Ticket
) -> None:
    now = clock.now()
    actions.add_note(ticket=ticket, text="Guardo il log", by=agent, now=now)
    actions.set_outage(ticket=ticket, on=True, by=agent, now=now + timedelta(seconds=1))
    actions.reply(
        ticket=ticket, text="Ripristinato", by=agent, now=now + timedelta(seconds=2), seen_version=ticket.version
    )
    entries = only(page(desk, address(ticket)), ".conversation")
    kinds = [
        entry.get("class").split()[1 if entry.tag == "article" else 0]
        for entry in entries
        if entry.tag in {"article", "p"}
    ]
    assert kinds == ["theirs", "note", "event", "ours"]
    assert "Giulia Rinaldi" in texts(entries, ".event")[0]


def test_a_note_says_that_it_is_internal(desk: Client, agent: User, ticket: Ticket) -> None:
    actions.add_note(ticket=ticket, text="Solo per noi", by=agent, now=clock.now())
    assert texts(page(desk, address(ticket)), ".message.note .note-word") == ["internal note"]


def test_what_a_customer_writes_is_text_whatever_it_looks_like(desk: Client, ticket: Ticket) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    actions.add_message(ticket=ticket, text=hostile, contact=ticket.contact, channel=Channel.MAIL, now=clock.now())
    conversation = only(page(desk, address(ticket)), "#conversation")
    assert find(conversation, "script") == find(conversation, "img") == []
    assert hostile in conversation.text_content()


def test_the_quoted_part_is_folded_away_and_there_on_request(desk: Client, ticket: Ticket) -> None:
    actions.add_message(
        ticket=ticket,
        text="Sì, grazie\n\n> Possiamo procedere?",
        fresh_text="Sì, grazie",
        contact=ticket.contact,
        channel=Channel.MAIL,
        now=clock.now(),
    )
    message = find(page(desk, address(ticket)), ".message")[-1]
    assert text_of(find(message, ".prose")[0]) == "Sì, grazie"
    assert "Possiamo procedere?" in text_of(only(message, "details .quoted"))


def test_the_only_message_of_a_ticket_is_not_offered_as_another_problem(desk: Client, ticket: Ticket) -> None:
    """It was, and the click was refused."""
    (first,) = ticket.messages.all()
    split = f"/desk/messages/{first.public_id}/split"
    assert split not in desk.get(address(ticket)).content.decode()
    actions.add_message(
        ticket=ticket, text="E la posta?", now=clock.now(), channel=Channel.MAIL, contact=ticket.contact
    )
    assert split in desk.get(address(ticket)).content.decode()


def test_what_came_with_a_mail_stands_above_its_text(desk: Client, ticket: Ticket) -> None:
    invitation = {
        "method": "REQUEST",
        "summary": "Chiamata",
        "start": "2026-03-05T10:00:00+01:00",
        "end": "",
        "location": "Bari",
    }
    actions.add_message(
        ticket=ticket,
        text="Invito",
        contact=ticket.contact,
        channel=Channel.MAIL,
        now=clock.now(),
        extra={
            "pec": {"kind": "posta-certificata", "envelope_from": "pec@aruba.example"},
            "invitation": invitation,
            "reply_to": ["altro@doria.example"],
            "of a later version": {"unknown": True},
        },
    )
    boxes = texts(page(desk, address(ticket)), ".extra")
    assert boxes[0] == "Certified mail (PEC). It came through pec@aruba.example."
    assert "Chiamata" in boxes[1]
    assert "Bari" in boxes[1]
    assert boxes[2] == "Wants its answer at altro@doria.example"


def test_the_page_asks_as_many_questions_for_a_short_ticket_as_for_a_long_one(
    desk: Client, agent: User, ticket: Ticket, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """What a ticket has nothing of is not asked for; of what it has, it does not matter how much."""
    service = make_service(customer=ticket.customer)
    actions.set_service(ticket=ticket, service=service, by=agent, now=clock.now())
    desk.get(address(ticket))
    with django_assert_num_queries(QUERIES):
        desk.get(address(ticket))
    for rounds in (1, 5):
        for number in range(rounds):
            add_one_of_each(ticket, agent, f"{rounds} {number}")
        with django_assert_num_queries(QUERIES_WITH_EVERYTHING):
            desk.get(address(ticket))


QUERIES, QUERIES_WITH_EVERYTHING = 17, 24


def add_one_of_each(ticket: Ticket, agent: User, text: str) -> None:
    now = clock.now()
    actions.add_message(ticket=ticket, text=text, contact=ticket.contact, channel=Channel.MAIL, now=now)
    actions.add_note(ticket=ticket, text=text, by=agent, now=now, attachments=[text_file()])
    actions.save_draft(ticket=ticket, by=agent, kind=DraftKind.NOTE, text=text, base_version=1, tab="one", now=now)
    actions.reply(ticket=ticket, text=text, by=agent, now=now, seen_version=ticket.version)
    actions.add_tag(ticket=ticket, name=text, by=agent, now=now)
    actions.note_copy(ticket=ticket, contact=make_contact(f"Copia {text}"), now=now)
    other = make_ticket(f"Altro {text}", contact=ticket.contact, now=now)
    actions.link(source=ticket, target=other, by=agent, now=now)
    actions.be_present(ticket=ticket, by=make_user(f"Persona {text}"), writing=True, now=now)
    make_service(customer=ticket.customer)


def text_file() -> actions.NewFile:
    return actions.NewFile("log.txt", "text/plain", b"riga")


def test_a_ticket_that_is_not_there_is_not_found(desk: Client) -> None:
    assert desk.get("/desk/tickets/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_the_number_leads_to_the_ticket(desk: Client, ticket: Ticket) -> None:
    assert desk.get(f"/desk/tickets/{ticket.number}").headers["Location"] == address(ticket)


# -- writing -----------------------------------------------------------------------------------------------------------
def reply(client: Client, ticket: Ticket, text: str, **given: Any) -> Any:
    return client.post(address(ticket, "reply"), {"text": text, "seen_version": ticket.version, **given})


def test_an_answer_is_sent_and_can_be_undone_for_ten_seconds(desk: Client, ticket: Ticket) -> None:
    assert reply(desk, ticket, "Ripristinato.").headers["Location"] == address(ticket)
    shown = page(desk, address(ticket))
    assert text_of(only(shown, ".message.ours .prose")) == "Ripristinato."
    assert only(shown, "[data-undo] [data-until]") is not None
    desk.post(only(shown, "[data-undo]").get("action"))
    again = page(desk, f"{address(ticket)}?write=reply")
    assert find(again, ".message.ours") == []
    assert only(again, "#text-reply").text.strip() == "Ripristinato."
    assert OutboundMail.objects.get().state == "cancelled"


def test_nobody_else_is_offered_the_undo(desk: Client, ticket: Ticket) -> None:
    actions.reply(
        ticket=ticket, text="Fatto", by=make_user("Marco Bassi"), now=clock.now(), seen_version=ticket.version
    )
    assert find(page(desk, address(ticket)), "[data-undo]") == []


@pytest.mark.parametrize(
    ("then", "status"), [("keep", Status.OPEN), ("wait", Status.WAITING), ("solve", Status.SOLVED)]
)
def test_an_answer_may_end_the_matter_or_wait_for_the_customer(
    desk: Client, ticket: Ticket, then: str, status: Status
) -> None:
    reply(desk, ticket, "Ecco", then=then)
    ticket.refresh_from_db()
    assert ticket.status == status


def test_a_new_message_stops_the_answer_once_and_keeps_every_word(desk: Client, ticket: Ticket) -> None:
    seen = ticket.version
    actions.add_message(ticket=ticket, text="Aspettate!", contact=ticket.contact, channel=Channel.MAIL, now=clock.now())
    refused = desk.post(address(ticket, "reply"), {"text": "Gentile Laura,\n\necco.", "seen_version": seen})
    assert refused.status_code == 422
    shown = parsed(refused.content)
    assert "Laura Doria has written" in text_of(only(shown, ".compose.reply [role=alert]"))
    assert "Aspettate!" in text_of(only(shown, "#conversation"))
    assert only(shown, "#text-reply").text.strip().replace("\r\n", "\n") == "Gentile Laura,\n\necco."
    assert Message.objects.filter(author="staff").count() == 0
    desk.post(address(ticket, "reply"), {"text": "Gentile Laura,\n\necco.", "seen_version": seen, "confirm": "1"})
    assert Message.objects.filter(author="staff").count() == 1


def test_a_colleagues_answer_is_named_and_all_three_ways_to_send_stay(desk: Client, ticket: Ticket) -> None:
    seen = ticket.version
    actions.reply(ticket=ticket, text="Fatto", by=make_user("Marco Bassi"), now=clock.now(), seen_version=seen)
    refused = desk.post(address(ticket, "reply"), {"text": "Lo faccio io", "seen_version": seen})
    shown = parsed(refused.content)
    assert "Marco Bassi has answered" in text_of(only(shown, ".compose.reply [role=alert][data-refused]"))
    assert only(shown, "[data-crossed]").get("hidden") is not None
    choices = [button.get("value") for button in find(shown, ".compose.reply [name=then]")]
    assert choices == ["solve", "wait", "keep"]
    again = only(shown, ".compose.reply [name=seen_version]").get("value")
    desk.post(address(ticket, "reply"), {"text": "Lo faccio io", "seen_version": again, "then": "wait"})
    ticket.refresh_from_db()
    assert ticket.status == Status.WAITING


def test_sending_all_the_same_is_stopped_again_by_something_newer_still(desk: Client, ticket: Ticket) -> None:
    def customer_writes(text: str) -> None:
        actions.add_message(ticket=ticket, text=text, contact=ticket.contact, channel=Channel.MAIL, now=clock.now())

    seen = ticket.version
    customer_writes("Aspettate!")
    shown = parsed(desk.post(address(ticket, "reply"), {"text": "Ecco", "seen_version": seen}).content)
    again = only(shown, ".compose.reply [name=seen_version]").get("value")
    customer_writes("Anzi no")
    assert desk.post(address(ticket, "reply"), {"text": "Ecco", "seen_version": again}).status_code == 422


def test_who_has_sent_an_answer_is_no_longer_writing(desk: Client, ticket: Ticket) -> None:
    marco = make_user("Marco Bassi")
    actions.be_present(ticket=ticket, by=marco, writing=True, now=clock.now())
    assert texts(page(desk, address(ticket)), "#presence .chip") == ["Marco Bassi is writing"]
    actions.reply(ticket=ticket, text="Fatto", by=marco, now=clock.now(), seen_version=ticket.version)
    assert texts(page(desk, address(ticket)), "#presence .chip") == ["Marco Bassi is reading"]


def test_a_draft_saved_in_another_window_is_handed_back_and_not_written_over(desk: Client, ticket: Ticket) -> None:
    def save(text: str, **given: str) -> Any:
        return desk.post(address(ticket, "reply/draft"), {"text": text, "seen_version": ticket.version, **given})

    assert save("Prima", tab="a").status_code == 204
    refused = save("Seconda", tab="b")
    assert (refused.status_code, refused.json()["code"]) == (409, "draft-changed")
    assert (refused.json()["text"], Draft.objects.get().text) == ("Prima", "Prima")
    assert save("Prima, e poi", tab="a").status_code == 204
    shown = only(page(desk, address(ticket)), ".compose.reply [name=began_from]").get("value")
    assert save("Ripresa", tab="c", began_from=shown).status_code == 204


def test_an_empty_answer_is_refused_in_words(desk: Client, ticket: Ticket) -> None:
    refused = reply(desk, ticket, "   ")
    assert refused.status_code == 422
    assert text_of(only(parsed(refused.content), ".compose.reply [role=alert]")) == "There is nothing to send yet."


def test_what_was_refused_is_kept_as_a_draft_even_if_the_window_is_closed(
    desk: Client, agent: User, ticket: Ticket
) -> None:
    actions.add_message(ticket=ticket, text="Aspettate!", contact=ticket.contact, channel=Channel.MAIL, now=clock.now())
    desk.post(address(ticket, "reply"), {"text": "Non va perso", "seen_version": 1})
    assert Draft.objects.get(ticket=ticket, user=agent).text == "Non va perso"


def test_a_note_reaches_no_customer(desk: Client, ticket: Ticket) -> None:
    desk.post(address(ticket, "note"), {"text": "Cliente difficile", "seen_version": ticket.version})
    assert Note.objects.get().text == "Cliente difficile"
    assert Message.objects.filter(text__contains="difficile").count() == OutboundMail.objects.count() == 0


def test_a_draft_is_saved_as_one_types_and_stands_there_again(desk: Client, ticket: Ticket) -> None:
    for text in ("Gent", "Gentile Laura"):
        saved = desk.post(address(ticket, "reply/draft"), {"text": text, "seen_version": ticket.version})
        assert saved.status_code == 204
    assert only(page(desk, address(ticket)), "#text-reply").text.strip() == "Gentile Laura"


def test_a_draft_begun_before_a_new_message_says_so_when_it_is_taken_up_again(desk: Client, ticket: Ticket) -> None:
    desk.post(address(ticket, "reply/draft"), {"text": "Gentile", "seen_version": ticket.version})
    assert only(page(desk, address(ticket)), "[data-crossed]").get("hidden") is not None
    actions.add_message(ticket=ticket, text="Novità?", contact=ticket.contact, channel=Channel.MAIL, now=clock.now())
    assert only(page(desk, address(ticket)), "[data-crossed]").get("hidden") is None


def test_two_people_have_two_drafts(desk: Client, agent: User, ticket: Ticket) -> None:
    other = make_user("Marco Bassi")
    actions.save_draft(ticket=ticket, by=other, kind=DraftKind.REPLY, text="Di Marco", base_version=1, now=clock.now())
    desk.post(address(ticket, "reply/draft"), {"text": "Di Giulia", "seen_version": 1})
    assert only(page(desk, address(ticket)), "#text-reply").text.strip() == "Di Giulia"


def test_a_note_begun_is_on_top_when_one_comes_back(desk: Client, ticket: Ticket) -> None:
    desk.post(address(ticket, "note/draft"), {"text": "Da controllare", "seen_version": 1})
    chosen = [
        radio.get("value")
        for radio in find(page(desk, address(ticket)), "[name=composer]")
        if "checked" in radio.attrib
    ]
    assert chosen == ["note"]


@pytest.mark.parametrize("given", [{}, {"seen_version": "x"}, {"seen_version": "-1"}, {"seen_version": "9" * 30}])
def test_a_draft_without_sense_is_refused_and_breaks_nothing(
    desk: Client, ticket: Ticket, given: dict[str, str]
) -> None:
    assert desk.post(address(ticket, "reply/draft"), {"text": "x", **given}).status_code == 422
    assert desk.post(address(ticket, "reply"), {"text": "x", **given}).status_code == 422


def test_who_may_only_read_has_no_composer_and_cannot_post(reader: Client, ticket: Ticket) -> None:
    assert find(page(reader, address(ticket)), "textarea") == []
    for what in ("reply", "note", "take", "solve", "reply/draft", "merge"):
        assert reader.post(address(ticket, what), {"text": "x", "seen_version": 1}).status_code == 403


# -- mails on their way ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("sending", "On its way to"),
        ("deferred", "it is tried again"),
        ("sent", "Sent to"),
        ("failed", "Not sent:"),
        ("bounced", "Came back:"),
    ],
)
def test_each_answer_says_what_became_of_its_mail(
    desk: Client, agent: User, ticket: Ticket, state: str, words: str
) -> None:
    actions.reply(ticket=ticket, text="Ecco", by=agent, now=clock.now(), seen_version=ticket.version)
    OutboundMail.objects.update(state=state, last_answer="550 5.1.1 no such user", sent_at=clock.now())
    delivery = text_of(find(page(desk, address(ticket)), ".message.ours .delivery")[0])
    assert words in delivery
    assert ("550 5.1.1 no such user" in delivery) is (state in {"deferred", "failed", "bounced"})


def test_a_mail_that_came_back_can_be_sent_again(desk: Client, agent: User, ticket: Ticket) -> None:
    actions.reply(ticket=ticket, text="Ecco", by=agent, now=clock.now(), seen_version=ticket.version)
    OutboundMail.objects.update(state="bounced")
    form = only(page(desk, address(ticket)), ".delivery form")
    desk.post(form.get("action"), {"next": address(ticket)})
    assert OutboundMail.objects.get().state == "queued"


# -- what is done with it ----------------------------------------------------------------------------------------------
def test_a_ticket_is_taken_given_back_and_given_to_somebody(desk: Client, ticket: Ticket) -> None:
    def holder() -> str:
        return ticket.assignee.name if ticket.assignee else "nobody"

    act(desk, ticket, "take")
    assert holder() == "Giulia Rinaldi"
    act(desk, ticket, "release")
    assert holder() == "nobody"
    act(desk, ticket, "assign", to=make_user("Marco Bassi").public_id)
    assert holder() == "Marco Bassi"


def test_analysis_needs_a_time_that_is_shown_as_due(desk: Client, agent: User, ticket: Ticket) -> None:
    actions.reply(ticket=ticket, text="Guardiamo", by=agent, now=clock.now(), seen_version=ticket.version)
    shown = act(desk, ticket, "analysis", at="2099-03-04T15:30")
    assert ticket.status == Status.IN_ANALYSIS
    assert text_of(only(shown, ".ticket-due small")) == "update, by 15:30"


@pytest.mark.parametrize("moment", ["tomorrow", "2099-13-01T00:00", "2026-03-29T02:30"])
def test_a_moment_that_does_not_exist_is_refused_in_words(desk: Client, ticket: Ticket, moment: str) -> None:
    """02:30 on 29 March 2026 is inside the hour that spring skips."""
    shown = act(desk, ticket, "analysis", at=moment)
    assert ticket.status == Status.NEW
    assert texts(shown, "#messages .notice") != []


def test_waiting_solving_closing_and_opening_again(desk: Client, ticket: Ticket) -> None:
    for what, status in (
        ("wait", "waiting"),
        ("reopen", "open"),
        ("solve", "solved"),
        ("close", "closed"),
        ("reopen", "open"),
    ):
        act(desk, ticket, what)
        assert ticket.status == status


def test_an_outage_is_set_and_cleared_by_its_own_buttons(desk: Client, ticket: Ticket) -> None:
    def press() -> bool:
        shown = page(desk, address(ticket))
        (form,) = [form for form in find(shown, ".acts form") if form.get("action").endswith("/outage")]
        button = only(form, "button")
        act(desk, ticket, "outage", **({button.get("name"): button.get("value")} if button.get("name") else {}))
        return ticket.is_outage

    assert [press(), press()] == [True, False]


def test_planned_work_is_told_beside_the_ticket_and_a_click_lets_the_clock_run(desk: Client, ticket: Ticket) -> None:
    now, service = clock.now(), make_service("negozio.example", customer=ticket.customer)
    act(desk, ticket, "service", chosen=service.public_id)
    assert find(page(desk, address(ticket)), "#why form[action$=planned-work]") == []
    begun = now - timedelta(days=1)
    set_quiet(source=public_id(), quiet=Quiet([], [service], begun, now + timedelta(days=1)), now=begun)
    actions.stand_still(now=now)
    assert "Planned work on the service" in text_of(only(page(desk, address(ticket)), "#why"))
    act(desk, ticket, "planned-work", on=1)
    assert ticket.planned_pauses == []
    assert "the clock runs" in text_of(only(page(desk, address(ticket)), "#why"))
    act(desk, ticket, "planned-work", on=0)
    assert len(ticket.planned_pauses) == 1


def test_subject_queue_service_customer_and_tags_can_be_put_right(desk: Client, ticket: Ticket) -> None:
    service = make_service("negozio.example", customer=ticket.customer)
    act(desk, ticket, "rename", subject="Negozio fermo")
    act(desk, ticket, "queue", chosen="presales")
    act(desk, ticket, "service", chosen=service.public_id)
    act(desk, ticket, "tag", name="Carrello")
    assert (ticket.subject, ticket.queue.slug, ticket.service) == ("Negozio fermo", "presales", service)
    assert [tag.name for tag in ticket.tags.all()] == ["carrello"]
    act(desk, ticket, "untag", name="carrello")
    assert list(ticket.tags.all()) == []


def test_an_unknown_sender_is_given_to_a_customer_by_name_or_code(desk: Client) -> None:
    ticket = make_ticket("Aiuto", contact=make_contact("Ignoto", unknown=True), now=clock.now())
    make_customer("Studio Ferri Associati", code="F2")
    ferri = make_customer("Studio Ferri", code="F1")
    shown = act(desk, ticket, "customer", customer="Studio Fe")
    assert "Several customers are called so" in text_of(only(shown, "#messages"))
    act(desk, ticket, "customer", customer="f1")
    assert ticket.customer == ferri


def test_two_tickets_are_joined_and_taken_apart_again(desk: Client, ticket: Ticket) -> None:
    other = make_ticket("Ancora errore 500", contact=ticket.contact, now=clock.now())
    shown = act(desk, other, "merge", number=f"#{ticket.number}")
    assert other.merged_into == ticket
    assert len(find(shown, ".message.theirs")) == 2
    undo = next(form for form in find(shown, "#side form") if "/merges/" in form.get("action"))
    desk.post(undo.get("action"))
    other.refresh_from_db()
    assert other.merged_into is None


def test_a_joined_ticket_says_where_it_goes_on_and_takes_no_answer(desk: Client, ticket: Ticket) -> None:
    other = make_ticket("Ancora", contact=ticket.contact, now=clock.now())
    act(desk, other, "merge", number=ticket.number)
    shown = page(desk, address(other))
    assert f"#{ticket.number}" in text_of(only(shown, "#head .notice"))
    assert find(shown, "textarea") == []


@pytest.mark.parametrize("number", ["", "abc", "99999999", "-1", "1; DROP TABLE", "9" * 40])
def test_a_number_that_names_no_ticket_is_refused_in_words(desk: Client, ticket: Ticket, number: str) -> None:
    for what in ("merge", "link"):
        assert texts(act(desk, ticket, what, number=number), "#messages .notice") != []


def test_tickets_of_two_customers_are_never_joined(desk: Client, ticket: Ticket) -> None:
    stranger = make_ticket("Altro cliente", now=clock.now())
    act(desk, ticket, "merge", number=stranger.number)
    assert ticket.merged_into is None


def test_a_link_is_shown_on_both_tickets_and_can_be_removed(desk: Client, ticket: Ticket) -> None:
    other = make_ticket("Collegato", now=clock.now())
    act(desk, ticket, "link", number=other.number)
    assert f"#{ticket.number} Errore 500" in text_of(only(page(desk, address(other)), "#side"))
    remove = next(form for form in find(page(desk, address(ticket)), "#side form") if "/links/" in form.get("action"))
    desk.post(remove.get("action"))
    assert f"#{other.number}" not in text_of(only(page(desk, address(ticket)), "#side"))


def test_a_message_about_something_else_moves_into_a_ticket_of_its_own(desk: Client, ticket: Ticket) -> None:
    message = actions.add_message(
        ticket=ticket, text="E la fattura?", contact=ticket.contact, channel=Channel.MAIL, now=clock.now()
    )
    response = desk.post(f"/desk/messages/{message.public_id}/split", {"subject": "Fattura"}, follow=True)
    shown = parsed(response.content)
    assert text_of(only(shown, "h1")) == "Fattura"
    assert texts(shown, ".message.theirs .prose") == ["E la fattura?"]


def test_somebody_in_copy_sees_nothing_until_an_agent_lets_them_in(desk: Client, ticket: Ticket) -> None:
    copied: Contact = make_contact("Agenzia Pixel", unknown=True)
    actions.note_copy(ticket=ticket, contact=copied, now=clock.now())
    form = only(page(desk, address(ticket)), ".panel.ask form")
    desk.post(form.get("action"))
    shown = page(desk, address(ticket))
    assert find(shown, ".panel.ask") == []
    assert "Agenzia Pixel follows" in text_of(only(shown, ".people"))


def test_who_else_is_here_and_who_is_writing(desk: Client, ticket: Ticket) -> None:
    actions.be_present(ticket=ticket, by=make_user("Marco Bassi"), writing=True, now=clock.now())
    assert texts(page(desk, address(ticket)), "#presence .chip") == ["Marco Bassi is writing"]
    answer = desk.post(address(ticket, "presence/now"), {"writing": ""})
    assert "Marco Bassi is writing" in answer.content.decode()
    assert "Giulia" not in answer.content.decode()


def test_the_reasons_name_the_clauses_they_carry_out(desk: Client, ticket: Ticket) -> None:
    reasons = texts(page(desk, address(ticket)), ".why li")
    assert "First answer promised within 10 minutes [promise.first]" in reasons


def test_what_an_open_page_asks_for_again_has_no_frame_and_no_composer(desk: Client, ticket: Ticket) -> None:
    fragment = page(desk, address(ticket, "now"))
    assert find(fragment, "nav.rail") == find(fragment, "textarea") == []
    assert find(fragment, "#head") != []
    assert find(fragment, "#side") != []


def test_the_next_update_of_an_analysis_is_proposed_while_the_queue_is_open() -> None:
    ticket, saturday = make_ticket(), datetime(2026, 11, 28, 22, 40, tzinfo=UTC)
    ticket.queue.calendar = Calendar(weekly={str(day): [["09:00", "18:00"]] for day in range(5)}, holidays_country="")
    proposed = ticket_page(make_user(), ticket, now=saturday).update_suggested_at
    assert proposed == datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
