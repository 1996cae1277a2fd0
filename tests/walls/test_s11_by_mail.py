"""What reaches people by mail, or is moved between customers, once a right is over or a ticket goes on elsewhere (S11, S17, S48)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from sportello.core import clock
from sportello.customers.actions import withdraw
from sportello.customers.models import Contact
from sportello.customers.sign_in import make_link
from sportello.intake.notifications import acknowledge
from sportello.mail import tokens
from sportello.mail.actions import outbound, retry_now
from sportello.mail.actions.outbound import deliver_without_job
from sportello.mail.adapters.smtp import Kept
from sportello.mail.enums import InboundState, OutboundState
from sportello.mail.models import Mailbox, OutboundMail
from sportello.mail.rules import WITHDRAWN, Outcome
from sportello.tickets import actions, queries
from sportello.tickets.enums import Status
from sportello.tickets.models import Ticket
from tests.conftest import Tried
from tests.factories import make_contact, make_customer, make_service, make_ticket, make_user
from tests.faults.test_jobs import do
from tests.walls.test_s18_mail_attacks import arrive, believing_mailbox

pytestmark = pytest.mark.django_db
SECRET = "zq9-only-for-those-who-may"
LONG_AGO = timedelta(days=20)


@pytest.fixture
def support() -> Mailbox:
    return believing_mailbox()


def deactivated(contact: Contact, _ticket: Ticket) -> None:
    Contact.objects.filter(pk=contact.pk).update(is_active=False)


def no_longer_of_the_customer(contact: Contact, ticket: Ticket) -> None:
    for membership in contact.memberships.filter(customer=ticket.customer):
        withdraw(membership=membership, by=make_user(), now=clock.now(), address=None)


def of_another_customer_by_now(contact: Contact, ticket: Ticket) -> None:
    no_longer_of_the_customer(contact, ticket)
    Contact.objects.filter(pk=contact.pk).update(customer=make_customer("Another"))


WAYS_OUT: list[Callable[[Contact, Ticket], None]] = [deactivated, no_longer_of_the_customer, of_another_customer_by_now]


def agency(ticket_of: Contact) -> Contact:
    """Somebody of another customer, who writes for this one too."""
    assert ticket_of.customer
    contact = make_contact("Nora Agenzia", address="nora@agency.example")
    contact.memberships.create(customer=ticket_of.customer, since=clock.now())
    return contact


def asked_by_an_agency(support: Mailbox) -> tuple[Contact, Contact, Ticket]:
    """A customer's person, who of the agency has asked for this customer, and what they have asked."""
    laura = make_contact("Laura", address="laura@doria.example")
    nora, service = agency(laura), make_service(customer=laura.customer)
    return laura, nora, make_ticket(contact=nora, mailbox=support, service=service, now=clock.now())


def mailed(ticket: Ticket) -> set[str]:
    """Whom an answer goes to, and whom it names in copy."""
    before = set(OutboundMail.objects.values_list("pk", flat=True))
    ticket = Ticket.objects.get(pk=ticket.pk)
    actions.reply(ticket=ticket, text=SECRET, by=make_user(), now=clock.now(), seen_version=ticket.version)
    sent = OutboundMail.objects.exclude(pk__in=before)
    return {address for mail in sent for address in (mail.to, *mail.cc)}


@pytest.mark.parametrize("way_out", WAYS_OUT)
def test_s11_no_answer_is_mailed_to_whoever_followed_and_may_read_no_more(
    support: Mailbox, way_out: Callable[[Contact, Ticket], None], tried: Tried
) -> None:
    laura = make_contact("Laura", address="laura@doria.example")
    ticket, nora = make_ticket(contact=laura, mailbox=support, now=clock.now()), agency(laura)
    actions.accept_copy(ticket=ticket, contact=nora, by=make_user(), now=clock.now())
    assert mailed(ticket) == {"laura@doria.example", "nora@agency.example"}
    way_out(nora, ticket)
    tried("S11")
    assert mailed(ticket) == {"laura@doria.example"}
    assert [each.pk for each in queries.readers_of(ticket)] == [laura.pk]


@pytest.mark.parametrize("way_out", WAYS_OUT)
def test_s11_no_answer_is_mailed_to_whoever_asked_and_may_read_no_more(
    support: Mailbox, way_out: Callable[[Contact, Ticket], None], tried: Tried
) -> None:
    """The desk says so beside the answer that is being written."""
    laura, nora, ticket = asked_by_an_agency(support)
    actions.accept_copy(ticket=ticket, contact=laura, by=make_user(), now=clock.now())
    assert mailed(ticket) == {"laura@doria.example", "nora@agency.example"}
    way_out(nora, ticket)
    tried("S11")
    assert mailed(ticket) == {"laura@doria.example"}
    agent = Client()
    agent.force_login(make_user(language="en"))
    page = agent.get(reverse("desk:ticket", args=[ticket.public_id])).content.decode()
    assert "Nora Agenzia does not write for this customer any more: nothing goes to them." in page


def follows_no_more(contact: Contact, ticket: Ticket) -> None:
    actions.remove_contact(ticket=ticket, contact=contact, by=make_user(), now=clock.now())


def another_customers_ticket_by_now(_contact: Contact, ticket: Ticket) -> None:
    elsewhere = make_service("altrove.example", customer=make_customer("Elsewhere"))
    Ticket.objects.filter(pk=ticket.pk).update(customer=elsewhere.customer, service=elsewhere)


def send_what_waits() -> dict[str, list[str]]:
    """By the jobs that it has: who got a mail, and whom it named in copy."""
    for mail in OutboundMail.objects.filter(state=OutboundState.QUEUED):
        OutboundMail.objects.filter(pk=mail.pk).update(not_before=clock.now())
        do(outbound.JOB, {"outbound_id": mail.pk})
    return {mail.to: mail.cc for mail in OutboundMail.objects.filter(state=OutboundState.SENT)}


@pytest.mark.parametrize("way_out", [*WAYS_OUT, follows_no_more])
def test_s11_an_answer_that_waits_does_not_leave_to_a_follower_who_lost_the_right_to_it(
    support: Mailbox, way_out: Callable[[Contact, Ticket], None], tried: Tried, settings: Settings
) -> None:
    """Nor does another reader's mail name them in copy; that it was not sent, and why, stands on the ticket in the reader's language."""
    settings.DEMO = True
    laura = make_contact("Laura", address="laura@doria.example")
    ticket, nora = make_ticket(contact=laura, mailbox=support, now=clock.now()), agency(laura)
    actions.accept_copy(ticket=ticket, contact=nora, by=make_user(), now=clock.now())
    assert mailed(ticket) == {"laura@doria.example", "nora@agency.example"}
    way_out(nora, ticket)
    tried("S11")
    left = send_what_waits()
    assert left.keys() == {"laura@doria.example"}
    not_sent = OutboundMail.objects.get(to="nora@agency.example")
    assert (not_sent.state, not_sent.last_answer) == (OutboundState.FAILED, WITHDRAWN)
    assert actions.tell_undelivered(now=clock.now()) == 1
    agent = Client()
    agent.force_login(make_user(language="it"))
    for page in (
        reverse("desk:ticket", args=[ticket.public_id]),
        reverse("desk:outbound", args=[not_sent.public_id]),
    ):
        assert "Chi dovrebbe riceverla non può più leggere questa richiesta." in agent.get(page).content.decode()


@pytest.mark.parametrize("way_out", [*WAYS_OUT, another_customers_ticket_by_now])
def test_s11_an_answer_that_waits_does_not_leave_to_whoever_asked_and_lost_the_right_to_it(
    support: Mailbox, way_out: Callable[[Contact, Ticket], None], tried: Tried, settings: Settings
) -> None:
    settings.DEMO = True
    laura, nora, ticket = asked_by_an_agency(support)
    actions.accept_copy(ticket=ticket, contact=laura, by=make_user(), now=clock.now())
    assert mailed(ticket) == {"laura@doria.example", "nora@agency.example"}
    way_out(nora, ticket)
    tried("S11")
    assert "nora@agency.example" not in send_what_waits()


def test_s11_a_receipt_that_waits_is_sent_by_nobody_to_whoever_lost_the_right(
    support: Mailbox, tried: Tried, settings: Settings
) -> None:
    """It leaves without a job, by the thread of the worker that wrote it, or by a job once that worker is gone."""
    settings.DEMO = True
    _laura, nora, ticket = asked_by_an_agency(support)
    receipt = acknowledge(ticket=ticket, now=clock.now())
    assert receipt
    deactivated(nora, ticket)
    tried("S11")
    assert deliver_without_job(mail=receipt, transport=Kept(), readers=queries.readers_by_now) == Outcome.FAILED
    receipt.refresh_from_db()
    retry_now(outbound=receipt, now=clock.now())
    assert send_what_waits() == {}


def test_s11_whatever_waits_leaves_to_those_who_may_still_read_it(
    support: Mailbox, tried: Tried, settings: Settings
) -> None:
    """Also once the ticket was joined to another one, and to a stranger, who is no customer's."""
    settings.DEMO = True
    laura, nora, ticket = asked_by_an_agency(support)
    actions.accept_copy(ticket=ticket, contact=laura, by=make_user(), now=clock.now())
    mailed(ticket)
    marco = make_contact("Marco", customer=laura.customer, address="marco@doria.example")
    target = make_ticket(contact=marco, mailbox=support, now=clock.now())
    actions.merge(source=Ticket.objects.get(pk=ticket.pk), target=target, by=make_user(), now=clock.now())
    stranger = make_contact("Vera", customer=None, address="vera@verdi.example")
    mailed(make_ticket(contact=stranger, mailbox=support, now=clock.now()))
    tried("S11")
    assert nora.is_active
    assert send_what_waits() == {
        "nora@agency.example": ["laura@doria.example"],
        "laura@doria.example": ["nora@agency.example"],
        "vera@verdi.example": [],
    }


@pytest.mark.parametrize("way_out", WAYS_OUT)
def test_s17_a_proven_mail_of_somebody_withdrawn_joins_nothing(
    support: Mailbox, way_out: Callable[[Contact, Ticket], None], tried: Tried
) -> None:
    _laura, nora, ticket = asked_by_an_agency(support)
    way_out(nora, ticket)
    seal = tokens.reply_address(support, str(ticket.public_id))
    head = f"From: nora@agency.example\nTo: {seal}\nSubject: Re: x\nMessage-ID: <{uuid4()}@agency.example>"
    tried("S17")
    assert arrive(support, head, proven="agency.example", to=seal).state == InboundState.HELD
    assert ticket.messages.count() == 1


def test_s11_somebody_withdrawn_writes_for_nobody_any_more(support: Mailbox, tried: Tried) -> None:
    """A new mail of theirs is a stranger's: it opens nothing at the customer that they left, where its people would see it as their own."""
    customer = make_customer()
    boss = make_contact("Bruno", customer=customer, address="bruno@doria.example")
    Contact.objects.filter(pk=boss.pk).update(sees_all=True)
    make_service("negozio.example", customer=customer)
    former = make_contact("Ada", customer=customer, address="ada@doria.example")
    Contact.objects.filter(pk=former.pk).update(is_active=False)
    head = f"From: ada@doria.example\nTo: {support.address}\nSubject: negozio.example {SECRET}\nMessage-ID: <{uuid4()}@x.example>"
    arrive(support, head, "negozio.example non va", proven="doria.example")
    tried("S11")
    opened = Ticket.objects.get()
    assert (opened.customer, opened.service, opened.contact) == (None, None, former)
    assert not queries.visible_to(boss).exists()
    assert SECRET not in OutboundMail.objects.get().text
    assert mailed(opened) == {"ada@doria.example"}, "who is asked as a stranger is answered as one"


def closed_long_ago(contact: Contact, support: Mailbox, customer_of: Contact) -> Ticket:
    assert customer_of.customer
    ticket = make_ticket(
        f"{SECRET} of Doria", contact=contact, mailbox=support, now=clock.now() - LONG_AGO, service=make_service(customer=customer_of.customer)
    )  # fmt: skip
    actions.set_service(ticket=ticket, service=None, by=make_user(), now=clock.now() - LONG_AGO)
    actions.close(ticket=ticket, by=make_user(), now=clock.now() - LONG_AGO)
    assert (ticket.status, ticket.customer, ticket.service) == (Status.CLOSED, customer_of.customer, None)
    return ticket


def sees_all(contact: Contact) -> Contact:
    """The head of the agency, who reads all that is the agency's own."""
    head = make_contact("Capo", customer=contact.customer)
    Contact.objects.filter(pk=head.pk).update(sees_all=True)
    return head


def test_s11_what_follows_a_closed_request_stays_with_its_customer_in_the_customer_area(
    support: Mailbox, tried: Tried
) -> None:
    laura = make_contact("Laura")
    nora = agency(laura)
    ticket, head, browser = closed_long_ago(nora, support, laura), sees_all(nora), Client()
    browser.post(reverse("portal:enter", kwargs={"secret": make_link(contact=nora, now=clock.now())}))
    sent = {"text": "It is back.", "once": str(uuid4())}
    assert browser.post(reverse("portal:reply", args=[ticket.public_id]), sent).status_code == 302
    tried("S11")
    assert Ticket.objects.latest("pk").customer == laura.customer
    assert not queries.visible_to(head).exists()
    assert queries.search_public(head, SECRET) == []


@pytest.mark.parametrize("body", ["It is back.", "It is back, on agenzia.example too."])
def test_s11_what_follows_a_closed_request_stays_with_its_customer_by_mail(
    support: Mailbox, body: str, tried: Tried
) -> None:
    """Also where the mail speaks of a service of the other customer that its sender writes for."""
    laura = make_contact("Laura")
    nora = agency(laura)
    assert nora.customer
    make_service("agenzia.example", customer=nora.customer)
    ticket, head = closed_long_ago(nora, support, laura), sees_all(nora)
    seal = tokens.reply_address(support, str(ticket.public_id))
    mail = (
        f"From: nora@agency.example\nTo: {seal}\nSubject: Re: {ticket.subject}\nMessage-ID: <{uuid4()}@agency.example>"
    )
    assert arrive(support, mail, body, proven="agency.example", to=seal).state == InboundState.FILED
    tried("S11")
    follow_up = Ticket.objects.latest("pk")
    assert (follow_up.customer, follow_up.service) == (laura.customer, None)
    assert follow_up.pk != ticket.pk
    assert not queries.visible_to(head).exists()


def test_s48_who_asked_reads_on_in_the_ticket_that_theirs_was_joined_to_though_they_were_only_in_copy_there() -> None:
    """And is in copy only once it is taken apart again."""
    customer, agent = make_customer(), make_user()
    laura, marco = (make_contact(name, customer=customer) for name in ("Laura", "Marco"))
    target, source = make_ticket(contact=laura), make_ticket(contact=marco)
    actions.note_copy(ticket=target, contact=marco, now=clock.now())
    assert not queries.visible_to(marco).filter(pk=target.pk).exists()
    merge = actions.merge(source=source, target=target, by=agent, now=clock.now())
    assert queries.visible_to(marco).filter(pk=target.pk).exists()
    actions.undo_merge(merge=merge, by=agent, now=clock.now())
    assert not queries.visible_to(marco).filter(pk=target.pk).exists()
    assert queries.visible_to(marco).filter(pk=source.pk).exists()
