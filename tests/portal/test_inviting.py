"""Invitations: staff and colleagues let people in, with rights never more than their own; the link proves the address."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sportello.accounts.models import AuditEntry
from sportello.core import clock
from sportello.core.paging import Place
from sportello.customers.models import Contact, ContactApp, Customer, Invitation, Membership
from sportello.customers.queries import PEOPLE_A_PAGE, owned_address, with_rights, writers_page
from sportello.mail.models import OutboundMail
from tests.factories import make_contact, make_customer, make_mailbox, make_ticket, make_user
from tests.portal.test_sign_in import is_in
from tests.portal.test_tickets import browser

PEOPLE, NEW = "/portal/people/", "new@doria.example"
pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Contact:
    make_mailbox()
    contact = make_contact("Laura Doria", address="laura@doria.example", language="en")
    contact.sees_all = contact.may_approve = True
    contact.save()
    return contact


def invite(client: Client, owner: Contact, address: str = NEW, **rights: Any) -> Any:
    form = {"address": address, "name": "Nina Nuova", **rights}
    return client.post(people_of(owner), form)


def people_of(contact: Contact) -> str:
    return f"{PEOPLE}of/{customer_of(contact).public_id}/"


def link() -> str:
    """The address in the mail that was sent last."""
    found = re.search(r"http\S+(/portal/invited/\S+/)", OutboundMail.objects.latest("pk").text)
    assert found
    return found[1]


def test_a_colleague_is_invited_comes_in_and_may_no_more_than_who_invited(owner: Contact) -> None:
    everything = {"sees_all": "on", "may_open": "on", "may_approve": "on", "may_order": "on"}
    assert invite(browser(owner), owner, "New@Doria.example", **everything).status_code == 302
    mail, client = OutboundMail.objects.get(), Client()
    assert (mail.to, mail.subject) == (NEW, "Invitation to the customer area")
    assert "Laura Doria invites you" in mail.text
    assert client.get(link()).status_code == 200
    assert client.post(link())["Location"] == "/portal/settings/"
    assert is_in(client)
    made = Contact.objects.get(addresses__address=NEW)
    assert (made.customer, made.name, made.language) == (owner.customer, "Nina Nuova", "en")
    assert (made.sees_all, made.may_open, made.may_approve, made.may_order) == (True, True, True, False)
    assert Client().post(link()).status_code == 410
    acts = [entry.act for entry in AuditEntry.objects.order_by("pk") if "invit" in entry.act]
    assert acts == ["contact-invited", "invitation-accepted"]


def test_staff_invite_from_the_customers_page_send_again_and_withdraw(owner: Contact) -> None:
    assert owner.customer
    desk, page = Client(), f"/desk/customers/{owner.customer.public_id}/"
    desk.force_login(make_user(language="en"))
    form = {"mail": NEW, "name": "Nina Nuova", "language": "it", "may_order": "on"}
    assert desk.post(f"{page}invite/", form)["Location"] == page
    first, invitation = link(), Invitation.objects.get()
    assert NEW in desk.get(page).content.decode()
    desk.post(f"{page}invitations/{invitation.pk}/again/")
    second = link()
    assert [Client().get(each).status_code for each in (first, second)] == [410, 200]
    desk.post(f"{page}invitations/{invitation.pk}/withdraw/")
    assert Client().post(second).status_code == 410
    assert not Invitation.objects.exists()
    assert desk.post(f"{page}invite/", {**form, "mail": "laura@doria.example"}).status_code == 422


def test_nobody_is_invited_for_a_customer_whose_contract_has_ended(owner: Contact) -> None:
    """A fault found: staff read that the invitation was on its way, and its mail never left."""
    assert owner.customer
    desk, page = Client(), f"/desk/customers/{owner.customer.public_id}/"
    desk.force_login(make_user(language="en"))
    form = {"mail": NEW, "name": "Nina Nuova", "language": "it"}
    desk.post(f"{page}invite/", form)
    invitation, ended = Invitation.objects.get(), "contract has ended: nobody can be invited"
    Customer.objects.update(is_active=False)
    assert ended in desk.post(f"{page}invite/", {**form, "mail": "other@doria.example"}, follow=True).content.decode()
    assert ended in desk.post(f"{page}invitations/{invitation.pk}/again/", follow=True).content.decode()
    assert OutboundMail.objects.count() == 1
    desk.post(f"{page}invitations/{invitation.pk}/withdraw/")
    assert not Invitation.objects.exists()


def test_s34_a_name_turns_nothing_that_stands_beside_it(owner: Contact) -> None:
    """A fault found: what stood behind it, a button of ours among it, was read from right to left."""
    assert invite(browser(owner), owner, name="Nina \u202eavouN\u2066").status_code == 302
    client = Client()
    client.post(link())
    assert Contact.objects.get(addresses__address=NEW).name == "Nina avouN"


def test_an_address_that_is_known_has_a_clear_answer(owner: Contact) -> None:
    gone = make_contact(address="gone@doria.example", customer=owner.customer)
    Contact.objects.filter(pk=gone.pk).update(is_active=False)
    client = browser(owner)
    assert "is here already" in invite(client, owner, "laura@doria.example").content.decode()
    assert "has left" in invite(client, owner, "gone@doria.example").content.decode()
    assert not OutboundMail.objects.exists()


def test_somebody_of_another_customer_is_not_told_of_and_writes_for_both(owner: Contact) -> None:
    agency = make_contact("Web agency", address="info@agency.example")
    home = agency.customer
    assert invite(browser(owner), owner, "info@agency.example", sees_all="on").status_code == 302
    assert Client().post(link()).status_code == 302
    agency.refresh_from_db()
    assert agency.customer == home
    beside = Membership.objects.get(contact=agency)
    assert (beside.customer, beside.sees_all, beside.may_open) == (owner.customer, True, False)


def test_a_stranger_who_wrote_before_brings_their_tickets(owner: Contact) -> None:
    stranger = make_contact("", address=NEW, unknown=True)
    ticket = make_ticket("I wrote before", contact=stranger)
    invite(browser(owner), owner, may_open="on")
    client = Client()
    client.post(link())
    ticket.refresh_from_db()
    stranger.refresh_from_db()
    assert (ticket.customer, stranger.customer, stranger.name) == (owner.customer, owner.customer, "Nina Nuova")
    assert client.get(f"/portal/tickets/{ticket.public_id}/").status_code == 200


@pytest.mark.parametrize("lost", ["is_active", "sees_all"])
def test_an_invitation_of_somebody_who_may_no_more_is_worth_nothing(owner: Contact, lost: str) -> None:
    invite(browser(owner), owner)
    Contact.objects.filter(pk=owner.pk).update(**{lost: False})
    assert Client().post(link()).status_code == 410
    assert owned_address(NEW) is None


def test_a_right_that_the_inviting_lose_is_not_given_any_more(owner: Contact) -> None:
    invite(browser(owner), owner, may_approve="on")
    Contact.objects.filter(pk=owner.pk).update(may_approve=False)
    Client().post(link())
    assert Contact.objects.get(addresses__address=NEW).may_approve is False


def test_an_invitation_ends_after_seven_days(owner: Contact) -> None:
    invite(browser(owner), owner)
    Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert Client().get(link()).status_code == 410
    assert "too old" in browser(owner).get(PEOPLE).content.decode()


def test_who_sees_only_their_own_invites_nobody_and_touches_no_invitation(owner: Contact) -> None:
    invite(browser(owner), owner)
    invitation = Invitation.objects.get()
    for other in (make_contact(customer=owner.customer), make_contact()):
        client = browser(other)
        assert NEW not in client.get(PEOPLE).content.decode()
        assert invite(client, owner, "other@doria.example").status_code == 404
        assert client.get(people_of(owner)).status_code == 404
        for act in ("again", "withdraw"):
            assert client.post(f"{PEOPLE}{invitation.pk}/{act}/").status_code == 404
    assert Invitation.objects.get() == invitation


def test_a_victim_gets_one_invitation_an_hour_and_one_person_sends_twenty_a_day(owner: Contact) -> None:
    client = browser(owner)
    invite(client, owner)
    for _ in range(3):
        client.post(f"{PEOPLE}{Invitation.objects.get(address=NEW).pk}/again/")
    client.post(f"{PEOPLE}{Invitation.objects.get(address=NEW).pk}/withdraw/")
    invite(client, owner)
    assert OutboundMail.objects.count() == 1
    statuses = [invite(client, owner, f"n{n}@doria.example").status_code for n in range(20)]
    assert statuses.count(302) == OutboundMail.objects.count() - 1 < 20
    assert statuses[-1] == 422


def test_only_a_hash_of_the_link_is_kept(owner: Contact) -> None:
    invite(browser(owner), owner)
    assert Invitation.objects.get().secret_sha256 not in link()


def test_an_invitation_does_not_lead_round_the_second_step(owner: Contact) -> None:
    agency = make_contact("Web agency", address="info@agency.example")
    ContactApp.objects.create(contact=agency, secret="x", set_at=clock.now())
    invite(browser(owner), owner, "info@agency.example")
    client = Client()
    assert client.post(link())["Location"] == "/portal/sign-in/code/"
    assert not is_in(client)


def beside(owner: Contact, name: str, *, active: bool = True) -> Contact:
    contact = make_contact(name, address=f"{name.lower()}@agency.example", language="en")
    Contact.objects.filter(pk=contact.pk).update(is_active=active)
    Membership.objects.create(contact=contact, customer=customer_of(owner), since=clock.now(), may_open=True)
    return contact


def test_who_belongs_to_another_customer_and_writes_for_this_one_is_listed_with_their_rights_here(
    owner: Contact,
) -> None:
    agency, _gone = beside(owner, "Agenzia"), beside(owner, "Andata", active=False)
    Contact.objects.filter(pk=agency.pk).update(sees_all=True, customer=make_customer("Web Agency Srl"))
    page = browser(owner).get(PEOPLE).content.decode()
    assert ("Agenzia" in page, "agenzia@agency.example" in page, "Andata" in page) == (True, True, False)
    assert "Web Agency Srl" not in page
    assert page.count("sees all requests") == 1


def test_who_sees_all_of_several_customers_sees_the_people_of_each(owner: Contact) -> None:
    other = make_contact("Ugo Ferri", address="ugo@ferri.example")
    Membership.objects.create(contact=owner, customer=customer_of(other), since=clock.now(), sees_all=True)
    client = browser(owner)
    which = client.get(PEOPLE).content.decode()
    for contact, theirs in ((owner, "laura@doria.example"), (other, "ugo@ferri.example")):
        assert people_of(contact) in which
        page = client.get(people_of(contact)).content.decode()
        assert (theirs in page, "Laura Doria" in page) == (True, True)
        assert invite(client, contact, f"new@{theirs.rpartition('@')[2]}").status_code == 302
    assert list(Invitation.objects.order_by("pk").values_list("customer", flat=True)) == [
        owner.customer_id,
        other.customer_id,
    ]


def test_an_agency_has_its_people_in_pages_and_finds_them_by_name_and_address(owner: Contact) -> None:
    """A fault found: with 400 people the page weighed as many times as much."""
    Contact.objects.bulk_create(
        Contact(name=f"Person {number:02}", customer=owner.customer) for number in range(PEOPLE_A_PAGE)
    )
    beside(owner, "Zeta")
    client = browser(owner)
    first = client.get(PEOPLE).content.decode()
    assert ("Person 28" in first, "Person 29" in first, "Zeta" in first) == (True, False, False)
    further = re.search(r'rel="next" href="([^"]+)"', first)
    assert further
    second = client.get(f"{PEOPLE}{further[1]}").content.decode()
    assert ("Person 28" in second, "Person 29" in second, "Zeta" in second) == (False, True, True)
    found = client.get(PEOPLE, {"find": "zeta@agency"}).content.decode()
    assert ("Zeta" in found, "Person" in found) == (True, False)
    assert "Nobody is called that" in client.get(PEOPLE, {"find": "zzz"}).content.decode()


def test_many_people_cost_as_many_queries_as_one(owner: Contact) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page = writers_page(customer_of(owner), search="", place=Place())
            with_rights(page.rows, customer_of(owner))
        return len(seen)

    beside(owner, "Agenzia")
    one = queries()
    for number in range(3):
        beside(owner, f"Altra{number}")
    assert (one, queries()) == (3, 3)


def customer_of(contact: Contact) -> Customer:
    assert contact.customer
    return contact.customer
