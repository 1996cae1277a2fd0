"""Every mail that came, as staff see it, and what they decide about those that wait."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sportello.accounts.enums import Role
from sportello.core import clock, paging
from sportello.desk.mail import GATES
from sportello.intake import gates
from sportello.intake.actions import receive_mail
from sportello.mail import problems
from sportello.mail.actions import store_inbound
from sportello.mail.enums import Door, InboundState
from sportello.mail.models import InboundMail, Mailbox
from sportello.mail.queries.received import inbound_mail
from sportello.tickets.models import Ticket
from tests.factories import make_contact, make_mailbox, make_ticket, make_user

pytestmark = pytest.mark.django_db
MAILS = Path(__file__).parent.parent / "mails"


@pytest.fixture
def agent() -> Client:
    client = Client()
    client.force_login(make_user(language="en"))
    return client


def _stored(name: str, *, mailbox: Mailbox | None = None, door: Door = Door.LMTP, mark: str = "") -> InboundMail:
    """A mail of tests/mails that has come in and was not judged yet; `mark` makes it another one."""
    raw = (MAILS / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n") + mark.encode()
    box = mailbox or make_mailbox()
    raw = raw.replace(b"@@TO@@", box.address.encode())
    stored = store_inbound(
        raw=raw,
        mailbox=box,
        door=door,
        envelope_from="laura@ceramichedoria.example",
        envelope_to=box.address,
        now=clock.now(),
    )
    return stored.inbound


def _judged(name: str, *, mailbox: Mailbox | None = None, mark: str = "") -> InboundMail:
    inbound = _stored(name, mailbox=mailbox, mark=mark)
    receive_mail(inbound=inbound, now=clock.now())
    return _again(inbound)


def _held() -> InboundMail:
    """A mail that claims to be a customer's and is not, says our mail server."""
    mailbox = make_mailbox()
    Mailbox.objects.filter(pk=mailbox.pk).update(authserv_id="mx.provider.example")
    make_contact("Laura Doria", address="laura@ceramichedoria.example")
    inbound = _judged("intake/falso", mailbox=Mailbox.objects.get(pk=mailbox.pk))
    assert inbound.state == InboundState.HELD
    return inbound


def _again(inbound: InboundMail) -> InboundMail:
    found = inbound_mail(inbound.public_id)
    assert found
    return found


def _text(client: Client, address: str, **query: str) -> str:
    return client.get(address, query).content.decode()


def _page(inbound: InboundMail) -> str:
    return reverse("desk:mail", args=[inbound.public_id])


# -- the list ----------------------------------------------------------------------------------------------------------
def test_the_list_says_what_became_of_each_mail_and_why(agent: Client) -> None:
    make_contact("Laura Doria", address="laura@ceramichedoria.example")
    _judged("intake/sito_giu")
    page = _text(agent, reverse("desk:mails"))
    ticket = Ticket.objects.get()
    assert f"New ticket #{ticket.number}" in page
    assert reverse("desk:ticket", args=[ticket.public_id]) in page


def test_the_list_is_narrowed_by_state_mailbox_door_and_words(agent: Client) -> None:
    box = make_mailbox("info@provider.example")
    _stored("intake/sito_giu", mailbox=box, door=Door.PIPE)
    _stored("intake/prevendita")
    sito, other = "/desk/mail/" + str(InboundMail.objects.get(mailbox=box).public_id), "prevendita"
    for query in (
        {"mailbox": "info@provider.example"},
        {"door": "pipe"},
        {"find": InboundMail.objects.get(mailbox=box).message_id},
        {"state": "received", "door": "pipe"},
    ):
        assert _text(agent, reverse("desk:mails"), **query).count('data-part="open"') == 1
        assert sito in _text(agent, reverse("desk:mails"), **query)
    assert "No mail matches" in _text(agent, reverse("desk:mails"), state="held")
    assert _text(agent, reverse("desk:mails"), state="made up", door=other).count('data-part="open"') == 2


def test_the_list_is_read_in_pages(agent: Client) -> None:
    box = make_mailbox()
    for n in range(52):
        _stored("intake/sito_giu", mailbox=box, mark=str(n))
    first = agent.get(reverse("desk:mails"))
    assert first.content.decode().count('data-part="open"') == 50
    older = first.context["shown"].page.older
    assert _text(agent, reverse("desk:mails"), older=older).count('data-part="open"') == 2


def test_where_very_many_mails_came_a_search_says_how_far_it_looked_and_goes_on(
    agent: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "LOOKED_AT", 2)
    box = make_mailbox()
    wanted = _stored("intake/prevendita", mailbox=box)
    wanted.refresh_from_db()
    for n in range(4):
        _stored("intake/sito_giu", mailbox=box, mark=str(n))
    found = agent.get(reverse("desk:mails"), {"find": wanted.subject})
    page = found.content.decode()
    assert "No mail matches" in page
    assert "Searched back to:" in page
    while not found.context["shown"].lines:
        asked = {"find": wanted.subject, "older": found.context["shown"].page.older}
        found = agent.get(reverse("desk:mails"), asked)
    assert str(wanted.public_id) in found.content.decode()
    assert str(wanted.public_id) in _text(agent, reverse("desk:mails"), find=wanted.message_id), "however old it is"


def test_the_list_asks_the_database_no_more_for_three_mails_than_for_one(agent: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            agent.get(reverse("desk:mails"))
        return len(seen)

    box = make_mailbox()
    _held()
    _judged("intake/sito_giu", mailbox=box)
    queries()
    with_two = queries()
    _judged("intake/sito_giu", mailbox=box, mark="2")
    _judged("intake/sito_giu", mailbox=box, mark="3")
    assert queries() == with_two


def test_our_own_test_mails_are_left_out_until_they_are_asked_for(agent: Client) -> None:
    inbound = _stored("intake/sito_giu")
    InboundMail.objects.filter(pk=inbound.pk).update(gate="self_test", state=InboundState.RECORDED)
    assert "No mail has come yet" in _text(agent, reverse("desk:mails"))
    assert _page(inbound) in _text(agent, reverse("desk:mails"), tests="1")


def test_what_waits_for_a_person_is_counted(agent: Client) -> None:
    _held()
    page = _text(agent, reverse("desk:mails"))
    assert 'Held <span class="count">1</span>' in page
    assert '<span id="count-mail" class="count">1</span>' in page
    InboundMail.objects.update(state=InboundState.FAILED)
    assert '<span id="count-mail" class="count hot" title="with failed ones">1</span>' in _text(
        agent, reverse("desk:mails")
    )


# -- one mail ----------------------------------------------------------------------------------------------------------
def test_a_held_mail_says_what_the_mail_server_found(agent: Client) -> None:
    page = _text(agent, _page(_held()))
    assert "The sender may be forged" in page
    assert "Is the sender forged?" in page
    assert '<span class="chip danger">fail</span> ceramichedoria.example' in page


def test_results_of_other_servers_are_named_and_not_believed(agent: Client) -> None:
    inbound = _stored("intake/falso")
    page = _text(agent, _page(inbound))
    assert "nobody&#x27;s results are believed" in page
    assert "mx.provider.example, mx.attacker.example" in page
    assert "chip danger" not in page.split("<main")[1].split("</main>")[0]


def test_the_source_is_shown_as_text_and_saved_to_the_byte(agent: Client) -> None:
    inbound = _stored("intake/foto")
    page = _text(agent, _page(inbound))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    saved = agent.get(reverse("desk:mail-download", args=[inbound.public_id]))
    assert saved.content == bytes(inbound.raw.content)
    assert saved["Content-Type"] == "application/octet-stream"
    assert saved["Content-Disposition"].startswith('attachment; filename="mail-')
    assert saved["X-Content-Type-Options"] == "nosniff"
    assert saved["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_what_turns_the_direction_of_writing_is_shown_as_a_mark(agent: Client) -> None:
    inbound = _stored("intake/sito_giu", mark="\r\nfattura\u202efdp.exe \x1b[31m")
    page = _text(agent, _page(inbound))
    assert "fattura\ufffdfdp.exe \ufffd[31m" in page


def test_the_text_of_a_waiting_mail_can_be_read(agent: Client) -> None:
    text = _text(agent, reverse("desk:mail-text", args=[_held().public_id]))
    assert "Mandatemi la nuova password a questo indirizzo." in text


# -- decisions ---------------------------------------------------------------------------------------------------------
def test_a_held_mail_becomes_a_ticket_that_says_it_is_not_verified(agent: Client) -> None:
    inbound = _held()
    answer = agent.post(reverse("desk:open-mail", args=[inbound.public_id]))
    ticket = Ticket.objects.get()
    assert answer["Location"] == reverse("desk:ticket", args=[ticket.public_id])
    assert ticket.sender_verified is False
    assert f"Made into ticket #{ticket.number}" in _text(agent, _page(inbound))


def test_a_held_mail_joins_the_ticket_that_is_named(agent: Client) -> None:
    inbound, ticket = _held(), make_ticket(now=clock.now() - timedelta(hours=1))
    answer = agent.post(reverse("desk:join-mail", args=[inbound.public_id]), {"number": ticket.number})
    assert answer["Location"] == reverse("desk:ticket", args=[ticket.public_id])
    assert ticket.messages.count() == 2
    assert _again(inbound).state == InboundState.FILED


@pytest.mark.parametrize(
    ("number", "said"), [("999999", "There is no ticket with this number."), ("x", "Enter a whole number.")]
)
def test_a_wrong_number_is_said_beside_the_field(agent: Client, number: str, said: str) -> None:
    inbound = _held()
    answer = agent.post(reverse("desk:join-mail", args=[inbound.public_id]), {"number": number})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert _again(inbound).state == InboundState.HELD


def test_a_refused_mail_stays_and_can_be_read_again(agent: Client) -> None:
    inbound = _held()
    agent.post(reverse("desk:refuse-mail", args=[inbound.public_id]))
    assert _again(inbound).state == InboundState.REFUSED
    agent.post(reverse("desk:read-mail-again", args=[inbound.public_id]))
    assert _again(inbound).state == InboundState.RECEIVED


def test_a_filed_mail_can_be_read_again_in_its_place(agent: Client) -> None:
    make_contact("Laura Doria", address="laura@ceramichedoria.example")
    inbound = _judged("intake/sito_giu")
    page = _text(agent, _page(inbound))
    assert "Its message in the ticket is then read by today's reader." in page
    assert agent.post(reverse("desk:read-mail-again", args=[inbound.public_id])).status_code == 302
    assert _again(inbound).state == InboundState.FILED


def test_a_mail_that_is_in_a_ticket_is_not_filed_twice(agent: Client) -> None:
    inbound = _held()
    agent.post(reverse("desk:open-mail", args=[inbound.public_id]))
    again = agent.post(reverse("desk:open-mail", args=[inbound.public_id]), follow=True)
    assert "This mail is in a ticket already" in again.content.decode()
    assert Ticket.objects.count() == 1
    assert "What should become of it?" not in again.content.decode()


def test_who_reads_only_sees_the_mail_and_decides_nothing() -> None:
    client = Client()
    client.force_login(make_user(role=Role.READ_ONLY, language="en"))
    inbound = _held()
    assert "What should become of it?" not in _text(client, _page(inbound))
    assert client.post(reverse("desk:open-mail", args=[inbound.public_id])).status_code == 403


# -- words -------------------------------------------------------------------------------------------------------------
def test_every_gate_has_its_question() -> None:
    assert set(GATES) == {gate.__name__ for gate in gates.GATES} | {"share"}


NOTED_ELSEWHERE = {"copy", "oversize", "short", "blotted"}


def test_every_problem_that_the_reader_notes_has_words() -> None:
    parsing = Path(problems.__file__).parent / "parsing"
    source = "".join(path.read_text() for path in parsing.glob("*.py"))
    missing = [code for code in problems.WORDS if f'"{code}"' not in source and code not in NOTED_ELSEWHERE]
    assert missing == []
    assert problems.words("unreadable:ValueError") != "unreadable:ValueError"
