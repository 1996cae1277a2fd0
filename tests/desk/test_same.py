"""The desk is asked whether it is the same problem, sees what was joined by itself, and takes it apart [one.problem]."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from sportello.accounts.enums import Role
from sportello.accounts.models import User
from sportello.core import clock
from sportello.customers.models import Contact
from sportello.duplicates.actions import Came, consider
from sportello.duplicates.enums import ProposalState
from sportello.duplicates.models import Proposal
from sportello.services.enums import ServiceVerdict
from sportello.services.models import Service
from sportello.telephone.actions import Said, log_call
from sportello.tickets.actions import weigh
from sportello.tickets.models import Ticket
from tests.factories import make_contact, make_mailbox, make_message, make_reader, make_service, make_ticket, make_user

pytestmark = pytest.mark.django_db
AGAIN = "Il negozio dà ancora errore 500, stiamo perdendo ordini"


@pytest.fixture
def agent() -> User:
    return make_user(language="en")


@pytest.fixture
def laura() -> Contact:
    make_mailbox()
    return make_contact("Laura Doria")


@pytest.fixture
def shop(laura: Contact) -> Service:
    return make_service("negozio.example", customer=laura.customer)


@pytest.fixture
def old(laura: Contact, shop: Service) -> Ticket:
    return make_ticket(contact=laura, service=shop, now=clock.now())


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, ticket: Ticket) -> str:
    return client_of(user).get(f"/desk/tickets/{ticket.public_id}/").content.decode()


def proposal(laura: Contact, shop: Service, old: Ticket) -> Proposal:
    new = make_ticket(text=AGAIN, contact=laura, service=shop, now=clock.now())
    return Proposal.objects.create(
        ticket=new, target=old, place="desk", score=1, probability=0.7, features={"text": 0.62, "same_service": 1.0},
        made_at=clock.now(),
    )  # fmt: skip


def test_both_tickets_ask_with_reasons_and_the_two_are_read_side_by_side(
    agent: User, laura: Contact, shop: Service, old: Ticket
) -> None:
    one = proposal(laura, shop, old)
    assert one.ticket is not None
    new = page(agent, one.ticket)
    assert f'Maybe the same as <a href="/desk/tickets/{old.public_id}/">' in re.sub(r"\s+", " ", new)
    assert "words alike (62%), the same service" in new
    assert "This one may be the same:" in page(agent, old)
    beside = client_of(agent).get(f"/desk/tickets/{old.public_id}/same/{one.pk}/").content.decode()
    assert AGAIN in beside
    assert "stiamo perdendo ordini." in beside
    assert "Join them" not in page(make_reader(), old)


def test_whom_an_address_only_claims_to_be_did_not_write_both(
    agent: User, laura: Contact, shop: Service, old: Ticket
) -> None:
    one = proposal(laura, shop, old)
    one.features["same_sender"] = 1.0
    one.save()
    assert "the same person wrote both" in page(agent, old)
    assert one.ticket is not None
    one.ticket.sender_verified = False
    one.ticket.save(update_fields=["sender_verified"])
    shown = page(agent, old)
    assert "the same person wrote both" not in shown
    assert "against it: the sender of one of them is not verified" in re.sub(r"\s+", " ", shown)


def test_joined_with_one_click_and_refused_with_another(
    agent: User, laura: Contact, shop: Service, old: Ticket
) -> None:
    one, client = proposal(laura, shop, old), client_of(agent)
    assert one.ticket is not None
    address = f"/desk/tickets/{one.ticket.public_id}/same/{one.pk}"
    assert client.post(f"{address}/take")["Location"] == f"/desk/tickets/{old.public_id}/"
    one.ticket.refresh_from_db()
    assert one.ticket.merged_into == old
    other = proposal(laura, shop, old)
    client.post(f"/desk/tickets/{old.public_id}/same/{other.pk}/refuse")
    other.refresh_from_db()
    assert other.state == ProposalState.REFUSED


def test_what_was_joined_by_itself_says_why_and_is_taken_apart_with_one_click(
    agent: User, laura: Contact, shop: Service, old: Ticket
) -> None:
    weigh(ticket=old, verdict=ServiceVerdict.UNUSABLE, now=clock.now())
    new = make_ticket(text=AGAIN, contact=laura, service=shop, now=clock.now())
    assert consider(came=Came(new, f"{new.subject}\n{AGAIN}"), now=clock.now()) == old
    for ticket in (old, new):
        shown = page(agent, ticket)
        assert "Joined by itself" in shown
        assert "our own look found it failing in the same way" in shown
        assert "Take apart" in shown
    client_of(agent).post(re.findall(r'action="(/desk/tickets/[^"]*/merges/\d+/undo)"', page(agent, old))[0])
    new.refresh_from_db()
    assert new.merged_into is None


def test_a_reply_that_names_another_service_is_offered_to_be_split_off_with_it(
    agent: User, laura: Contact, shop: Service, old: Ticket
) -> None:
    post = make_service("posta.example", customer=laura.customer)
    message = make_message(old, "Grazie! Invece posta.example non riceve più.", now=clock.now())
    assert "It names posta.example, another service than this ticket." in page(agent, old)
    client_of(agent).post(
        f"/desk/messages/{message.public_id}/split", {"subject": "Posta", "service": str(post.public_id)}
    )
    message.refresh_from_db()
    assert (message.ticket.service, message.ticket.subject) == (post, "Posta")


def test_what_was_split_off_is_put_back_with_one_click(agent: User, laura: Contact, shop: Service, old: Ticket) -> None:
    message = make_message(old, now=clock.now())
    client_of(agent).post(f"/desk/messages/{message.public_id}/split", {"subject": "Posta"})
    new = Ticket.objects.latest("pk")
    number = re.findall(
        r'action="/desk/tickets/[^"]*/merge">(?:(?!</form>).)*name="number" value="(\d+)"', page(agent, new), re.DOTALL
    )
    client_of(agent).post(f"/desk/tickets/{new.public_id}/merge", {"number": number[0]})
    message.refresh_from_db()
    assert message.ticket == old


def test_a_call_shows_what_it_may_be_about_and_goes_there(
    agent: User, laura: Contact, shop: Service, old: Ticket
) -> None:
    client, address = client_of(agent), f"/desk/calls/from/{laura.public_id}/"
    typed = {"subject": "Errore 500", "text": AGAIN, "service": str(shop.public_id)}
    assert f"Take down into #{old.number}" in client.post(f"{address}same/now", typed).content.decode()
    once = re.findall(r'name="once" value="([^"]+)"', client.get(address).content.decode())[0]
    client.post(address, {**typed, "same": str(old.public_id), "once": once})
    assert old.messages.count() == 2
    assert Ticket.objects.get() == old


def test_a_call_that_staff_call_another_problem_is_not_asked_about(
    laura: Contact, shop: Service, old: Ticket, agent: User
) -> None:
    for is_new in (True, False):
        log_call(
            contact=laura,
            said=Said(text=AGAIN, subject="Errore 500", service=shop, is_new=is_new),
            by=agent,
            now=clock.now(),
        )
    assert set(Proposal.objects.values_list("place", flat=True)) == {"phone"}
    assert not Proposal.objects.filter(ticket=Ticket.objects.order_by("pk")[1]).exists()


def test_how_often_it_was_right_stands_in_the_settings(laura: Contact, shop: Service, old: Ticket) -> None:
    admin = client_of(make_user(role=Role.ADMIN, language="en"))
    Proposal.objects.filter(pk=proposal(laura, shop, old).pk).update(state="taken", decided_at=clock.now())
    shown = re.sub(r"\s+", " ", admin.get("/desk/settings/joining/").content.decode())
    assert '<td>staff, beside the ticket</td><td class="number">1</td><td class="number">1</td>' in shown
    assert "100.0 %" in shown
    admin.post("/desk/settings/joining/switch", {"on": "0"})
    assert "only proposes" in admin.get("/desk/settings/joining/").content.decode()
