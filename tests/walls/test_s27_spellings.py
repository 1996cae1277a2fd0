"""Addresses that are written differently and are one mailbox, or look like one and are not (S20, S27, S28)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from sportello.accounts.models import User
from sportello.core import clock
from sportello.core.addresses import as_kept
from sportello.core.errors import Refused
from sportello.customers.actions import add_address
from sportello.customers.models import ContactAddress
from sportello.customers.queries import contact_by_address
from sportello.mail.enums import InboundState, OutboundKind
from sportello.mail.models import Mailbox, OutboundMail
from sportello.tickets import actions
from sportello.tickets.models import Ticket
from tests.accounts.test_sign_in import LOGIN, is_in, sign_in
from tests.conftest import Tried
from tests.factories import make_contact, make_ticket, make_user
from tests.factories.people import PASSWORD
from tests.presales.test_form import ask, office
from tests.walls.test_s11_mails_that_wait import send_what_waits
from tests.walls.test_s18_mail_attacks import arrive, believing_mailbox

__all__ = ["office"]
pytestmark = pytest.mark.django_db
ANNA = "anna@xn--mller-kva.example"
SPELLINGS = [
    "anna@müller.example",
    "Anna@MÜLLER.example",
    "anna@mu\u0308ller.example",
    "anna@ｍüller.example",
    ANNA,
    "anna@müller。example",
]


@pytest.fixture
def support() -> Mailbox:
    return believing_mailbox()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_s27_one_mailbox_is_one_person_however_the_domain_is_written(
    spelling: str, support: Mailbox, tried: Tried
) -> None:
    anna = make_contact("Anna")
    anna.addresses.all().delete()
    add_address(contact=anna, mail=spelling, by=None, now=clock.now(), address=None)
    tried("S27")
    assert anna.addresses.get().address == ANNA
    assert {contact_by_address(each) for each in SPELLINGS} == {anna}
    with pytest.raises(Refused) as refused:
        add_address(contact=make_contact(), mail=SPELLINGS[0], by=None, now=clock.now(), address=None)
    assert refused.value.code == "address-taken"
    head = f"From: {spelling}\nTo: {support.address}\nSubject: x\nMessage-ID: <{uuid4()}@x.example>"
    assert arrive(support, head, proven=ANNA.partition("@")[2]).state == InboundState.FILED
    assert Ticket.objects.get().contact == anna


def test_s20_somebody_whose_domain_is_not_in_ascii_gets_what_is_answered(support: Mailbox, settings: Settings) -> None:
    """A fault found: the answer failed, as not for them any more, since the outbox writes the domain in ASCII and the register did not."""
    settings.DEMO = True
    anna = make_contact("Anna")
    ContactAddress.objects.filter(contact=anna).update(address="anna@müller.example")  # as an earlier version kept it
    ticket = make_ticket(contact=anna, mailbox=support, now=clock.now())
    actions.reply(ticket=ticket, text="Fatto.", by=make_user(), now=clock.now(), seen_version=ticket.version)
    OutboundMail.objects.update(not_before=clock.now())
    assert send_what_waits() == [ANNA]


def test_s20_a_mailbox_gets_one_receipt_an_hour_in_whatever_spelling_of_its_domain(
    support: Mailbox, tried: Tried
) -> None:
    """A fault found: the outbox was asked for the address as it was written, where it stands in ASCII."""
    for spelling in SPELLINGS:
        head = f"From: {spelling}\nTo: {support.address}\nSubject: x\nMessage-ID: <{uuid4()}@x.example>"
        arrive(support, head, f"Non va {uuid4()}", proven=ANNA.partition("@")[2])
        tried("S20")
    assert OutboundMail.objects.filter(kind=OutboundKind.RECEIPT).count() == 1


@pytest.mark.usefixtures("office")
def test_s20_the_public_form_sends_one_mail_an_hour_in_whatever_spelling_of_the_domain(tried: Tried) -> None:
    """A fault found: each letter of `victim.example` in another width was another address, and a mail more."""
    domains = ("victim.example", "ⓥictim.example", "victim.ｅxample")
    for number, domain in enumerate(domains):
        assert ask(Client(REMOTE_ADDR=f"203.0.113.{number}"), address=f"mario@{domain}").status_code == 302
        tried("S20")
    assert [mail.to for mail in OutboundMail.objects.all()] == ["mario@victim.example"]


def test_s28_letters_that_fold_to_others_give_no_more_guesses(tried: Tried) -> None:
    """A fault found: PostgreSQL finds the account in capitals, where ı is I and ſ is S; each spelling had ten guesses of its own."""
    make_user(email="chris@provider.example")
    spellings = [f"chr{i}{s}@prov{o}der.example" for i in "iıI" for s in "sſ" for o in "i"]
    for number in range(10):
        for spelling in spellings:
            sign_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), spelling, f"guess {number}")
            tried("S28")
    assert not is_in_from_afar("chris@provider.example")
    assert all(not is_in_from_afar(spelling) for spelling in spellings)


def is_in_from_afar(address: str) -> bool:
    browser = Client(REMOTE_ADDR="198.51.100.77")
    browser.post(LOGIN, {"login": address, "password": PASSWORD})
    return is_in(browser)


def test_s27_staff_come_in_by_whatever_spelling_of_their_domain() -> None:
    user = make_user(email=as_kept("gino@müller.example"))
    for spelling in ("gino@müller.example", "GINO@xn--mller-kva.example"):
        browser = Client()
        sign_in(browser, spelling)
        assert is_in(browser)
    assert User.objects.get(pk=user.pk).email == "gino@xn--mller-kva.example"


@pytest.mark.parametrize(
    "address", ["anna@mueller.example", "anna@muller.example", "аnna@müller.example", "ann\u0430@müller.example"]
)
def test_s27_what_only_looks_alike_is_somebody_else(address: str, tried: Tried) -> None:
    make_contact("Anna", address=ANNA)
    tried("S27")
    assert contact_by_address(address) is None
