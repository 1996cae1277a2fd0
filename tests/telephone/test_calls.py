"""A call is taken down: the caller is found, what was said becomes a ticket or joins one, and a PIN proves who it was [reach.phone]."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sportello.accounts.enums import Act
from sportello.accounts.models import AuditEntry, User
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers.actions import ContactFields, change_contact
from sportello.customers.models import Contact, Customer, Membership
from sportello.mail.models import OutboundMail
from sportello.telephone.actions import PINS_OF_CONTACT, Said, check_pin, log_call, make_pin
from sportello.telephone.enums import PinAnswer
from sportello.telephone.models import SupportPin
from sportello.telephone.queries import callers_found, contact_of_number
from sportello.telephone.rules.numbers import national
from sportello.tickets.enums import Channel, Status
from sportello.tickets.models import Follower, Ticket
from sportello.triage.enums import QueueGroup
from tests.config.house import until
from tests.factories import (
    NOW,
    make_contact,
    make_customer,
    make_mailbox,
    make_queue,
    make_reader,
    make_service,
    make_ticket,
    make_user,
)
from tests.waiting import somebody_waits

pytestmark = pytest.mark.django_db
SAID = Said(text="Dice che la posta non parte.", subject="Posta ferma")


@pytest.fixture
def laura() -> Contact:
    make_queue()
    make_mailbox("assistenza@provider.example")
    contact = make_contact("Laura Doria", customer=make_customer("Ceramiche Doria Srl"), address="laura@doria.example")
    Contact.objects.filter(pk=contact.pk).update(phone="+39 (02) 1234-567")
    contact.refresh_from_db()
    return contact


def _signed_in(language: str = "en") -> Client:
    client = Client()
    client.force_login(make_user("Giulia Rinaldi", language=language))
    return client


def _customer_of(contact: Contact) -> Customer:
    assert contact.customer is not None
    return contact.customer


# -- who is it? --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    [
        "laura",
        "Doria Laura",
        "ceramiche",
        "doria.example",
        "negozio.example",
        "021234567",
        "+39 02 1234567",
        "0039021234567",
        "1234",
    ],
)
def test_a_caller_is_found_by_what_they_say_or_show(laura: Contact, typed: str) -> None:
    make_service("negozio.example", customer=_customer_of(laura))
    make_contact("Ugo Ferri", customer=make_customer("Studio Ferri"))
    assert callers_found(typed) == [laura]


@pytest.mark.parametrize("typed", ["", " ", "zzz", "%", "_", "999999", "\\", "l%a"])
def test_what_nobody_is_called_finds_nobody(laura: Contact, typed: str) -> None:
    assert laura not in callers_found(typed)


def test_who_has_left_is_not_found(laura: Contact) -> None:
    Contact.objects.filter(pk=laura.pk).update(is_active=False)
    assert callers_found("laura") == []


@pytest.mark.parametrize("written", ["+39 02 1234", "0039 02 1234", "02 1234", "02/1234"])
def test_a_number_is_one_however_it_is_written(written: str) -> None:
    assert national(written) == "021234"


def test_finding_asks_as_little_for_many_as_for_one(laura: Contact) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            callers_found("doria")
        return len(seen)

    one = queries()
    for number in range(5):
        make_contact(f"Persona {number}", customer=laura.customer)
    assert (one, queries()) == (3, 3)


# -- what was said -----------------------------------------------------------------------------------------------------
def test_what_was_said_becomes_a_ticket_with_its_clock_and_a_mail(laura: Contact) -> None:
    logged = log_call(contact=laura, said=SAID, by=make_user("Giulia Rinaldi"), now=NOW)
    ticket = logged.ticket
    assert (ticket.channel, ticket.customer, ticket.first_due_at) == (
        Channel.PHONE,
        laura.customer,
        NOW + timedelta(minutes=10),
    )
    assert ticket.messages.get().extra["call"] == {"number": "", "is_verified": False, "by": "Giulia Rinaldi"}
    assert ["caller.unverified", {}] in ticket.reasons
    assert logged.receipt is not None
    assert (logged.receipt.to, "Posta ferma" in logged.receipt.text) == ("laura@doria.example", True)
    assert "la posta non parte" not in logged.receipt.text


def test_a_second_call_joins_the_open_ticket(laura: Contact) -> None:
    ticket, by = make_ticket(contact=laura), make_user()
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.WAITING)
    log_call(contact=laura, said=Said(text="Richiama: è urgente.", ticket=ticket), by=by, now=NOW)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.messages.count(), Ticket.objects.count()) == (Status.OPEN, 2, 1)
    assert ticket.events.latest("pk").user == by or ticket.events.filter(user=by).exists()


def test_a_colleague_who_calls_about_it_is_noted_and_sees_nothing(laura: Contact) -> None:
    ticket, colleague = make_ticket(contact=laura), make_contact("Carlo Doria", customer=laura.customer)
    logged = log_call(contact=colleague, said=Said(text="Anch'io.", ticket=ticket), by=make_user(), now=NOW)
    assert logged.receipt is None
    assert Follower.objects.get(ticket=ticket, contact=colleague).role == "copy"


def test_a_call_never_joins_another_customers_ticket(laura: Contact) -> None:
    ticket = make_ticket()
    with pytest.raises(Refused) as refused:
        log_call(contact=laura, said=Said(text="x", ticket=ticket), by=make_user(), now=NOW)
    assert (refused.value.code, ticket.messages.count()) == ("other-customer", 1)


def test_who_only_reads_takes_nothing_down(laura: Contact) -> None:
    with pytest.raises(Refused):
        log_call(contact=laura, said=SAID, by=make_reader(), now=NOW)
    assert not Ticket.objects.exists()


# -- the PIN -----------------------------------------------------------------------------------------------------------
def _check(contact: Contact, said: str, *, by: User | None = None, minutes: int = 1) -> PinAnswer:
    user = by or make_user()
    return check_pin(contact=contact, said=said, by=user, now=NOW + timedelta(minutes=minutes), address=None)


def _other(pin: str) -> str:
    return f"{(int(pin) + 1) % 10**6:06}"


def test_the_pin_is_kept_as_a_keyed_hash_only(laura: Contact) -> None:
    pin = make_pin(contact=laura, now=NOW, address=None)
    kept = SupportPin.objects.get(contact=laura)
    assert (len(pin), pin.isdigit(), kept.expires_at) == (6, True, NOW + timedelta(hours=24))
    assert pin not in kept.keyed_hash
    assert make_contact() != laura
    assert _check(make_contact(), pin) == PinAnswer.WRONG


def test_a_pin_is_right_wrong_or_too_old(laura: Contact) -> None:
    pin = make_pin(contact=laura, now=NOW, address=None)
    assert _check(laura, f"{pin[:3]} {pin[3:]}") == PinAnswer.RIGHT
    assert _check(laura, _other(pin)) == PinAnswer.WRONG
    assert _check(laura, "") == PinAnswer.WRONG
    assert _check(laura, pin, minutes=24 * 60) == PinAnswer.WRONG
    newer = make_pin(contact=laura, now=NOW, address=None)
    assert newer == pin or _check(laura, pin) == PinAnswer.WRONG


def test_tries_end_and_each_is_in_the_audit(laura: Contact) -> None:
    pin, by = make_pin(contact=laura, now=NOW, address=None), make_user()
    answers = [_check(laura, _other(pin), by=by) for _ in range(PINS_OF_CONTACT.most)]
    assert [*answers, _check(laura, pin, by=make_user())] == [PinAnswer.WRONG] * PINS_OF_CONTACT.most + [PinAnswer.SHUT]
    acts = AuditEntry.objects.exclude(act=Act.PIN_MADE).values_list("act", flat=True)
    assert sorted(acts) == [Act.PIN_SHUT, *[Act.PIN_WRONG] * PINS_OF_CONTACT.most]
    assert _check(laura, make_pin(contact=laura, now=NOW, address=None), by=by) == PinAnswer.RIGHT


def test_one_agent_cannot_try_the_pins_of_everybody() -> None:
    by = make_user()
    people = [make_contact() for _ in range(31)]
    answers = [_check(contact, "000000", by=by) for contact in people]
    assert answers[-1] == PinAnswer.SHUT
    assert answers[:-1] == [PinAnswer.WRONG] * 30


def test_a_verified_call_is_marked_once_with_its_reason(laura: Contact) -> None:
    by = make_user()
    assert _check(laura, make_pin(contact=laura, now=NOW, address=None), by=by, minutes=0) == PinAnswer.RIGHT
    later = NOW + timedelta(minutes=5)
    ticket = log_call(contact=laura, said=SAID, by=by, now=later).ticket
    assert (ticket.sender_verified, ["caller.verified", {}] in ticket.reasons) == (True, True)
    again = log_call(contact=laura, said=SAID, by=by, now=later).ticket
    assert again.sender_verified is False


def test_a_proof_is_of_one_agent_and_of_half_an_hour(laura: Contact) -> None:
    by = make_user()
    assert _check(laura, make_pin(contact=laura, now=NOW, address=None), by=by, minutes=0) == PinAnswer.RIGHT
    others = log_call(contact=laura, said=SAID, by=make_user(), now=NOW + timedelta(minutes=1)).ticket
    late = log_call(contact=laura, said=SAID, by=by, now=NOW + timedelta(minutes=31)).ticket
    assert (others.sender_verified, late.sender_verified) == (False, False)


def test_s11_who_has_left_proves_nothing_with_a_pin_of_before(laura: Contact) -> None:
    """A fault found: for a day after they were deactivated their PIN still made a call verified, and one that was heard before for half an hour."""
    by, agent = make_user(), _signed_in()
    pin = make_pin(contact=laura, now=clock.now(), address=None)
    assert check_pin(contact=laura, said=pin, by=by, now=clock.now(), address=None) == PinAnswer.RIGHT
    service = make_service("negozio.example", customer=_customer_of(laura))
    page = reverse("desk:call", args=[laura.public_id])
    assert service.name in agent.get(page).content.decode()
    Contact.objects.filter(pk=laura.pk).update(is_active=False)
    laura.refresh_from_db()
    assert check_pin(contact=laura, said=pin, by=by, now=clock.now(), address=None) == PinAnswer.WRONG
    assert log_call(contact=laura, said=SAID, by=by, now=clock.now()).ticket.sender_verified is False
    shown = agent.get(page).content.decode()
    assert ("gone" in shown, service.name in shown) == (True, False)


def test_s11_a_pin_does_not_come_back_with_its_person(laura: Contact) -> None:
    """A fault found: who was withdrawn and let in again within a day had the PIN of before, as whoever had seen it then."""
    pin, by = make_pin(contact=laura, now=NOW, address=None), make_user()
    for is_active in (False, True):
        fields = ContactFields(name=laura.name, is_active=is_active)
        change_contact(contact=laura, fields=fields, by=by, now=NOW, address=None)
    assert _check(laura, pin) == PinAnswer.WRONG
    assert _check(laura, make_pin(contact=laura, now=NOW, address=None)) == PinAnswer.RIGHT


@pytest.mark.django_db(transaction=True)
def test_s48_two_calls_taken_down_at_once_have_one_proof_between_them(laura: Contact) -> None:
    """A fault found: of two windows that sent at the same moment both were marked as verified."""
    by = make_user()
    assert (
        check_pin(contact=laura, said=make_pin(contact=laura, now=NOW, address=None), by=by, now=NOW, address=None)
        == PinAnswer.RIGHT
    )
    tickets: list[Ticket] = []

    def other() -> None:
        tickets.append(log_call(contact=laura, said=SAID, by=by, now=NOW).ticket)
        connection.close()

    second = Thread(target=other)
    with transaction.atomic():
        tickets.append(log_call(contact=laura, said=SAID, by=by, now=NOW).ticket)
        second.start()
        until(lambda: not second.is_alive() or somebody_waits(), seconds=20, what="the other call waits, or is over")
    second.join(20)
    assert sorted(ticket.sender_verified for ticket in tickets) == [False, True]


# -- the pages ---------------------------------------------------------------------------------------------------------
def test_a_call_is_taken_down_without_javascript(laura: Contact) -> None:
    agent = _signed_in()
    assert f'href="{reverse("desk:new-call")}" data-key="c"' in agent.get(reverse("desk:queue")).content.decode()
    page = reverse("desk:call", args=[laura.public_id])
    assert page in agent.get(reverse("desk:new-call"), {"find": "laura"}).content.decode()
    assert "Tell them nothing of the service" in agent.get(page).content.decode()
    form = {"text": "Il sito è giù.", "subject": "Sito giù", "number": "021234567", "once": str(uuid4())}
    assert agent.post(page, {**form, "subject": ""}).status_code == 422
    answer = agent.post(page, form, follow=True).content.decode()
    assert "A mail about it goes to laura@doria.example." in answer
    assert "taken down by Giulia Rinaldi" in answer
    agent.post(page, form)
    assert (Ticket.objects.count(), OutboundMail.objects.filter(to="laura@doria.example").count()) == (1, 1)


def test_staff_learn_of_a_pin_only_whether_it_is_right(laura: Contact) -> None:
    agent, page = _signed_in(), reverse("desk:check-pin", args=[laura.public_id])
    pin = make_pin(contact=laura, now=NOW.now(NOW.tzinfo), address=None)
    wrong = agent.post(page, {"pin": _other(pin)}, follow=True).content.decode()
    right = agent.post(page, {"pin": pin}, follow=True).content.decode()
    assert ("The PIN is wrong" in wrong, "this call is verified" in right) == (True, True)
    assert (pin in wrong, pin in right) == (False, False)


def test_somebody_unknown_is_taken_down_and_nobody_is_mailed() -> None:
    make_queue()
    make_mailbox()
    agent = _signed_in()
    form = {
        "name": "Ugo Ignoto",
        "number": "333 1234567",
        "queue": "support",
        "subject": "Aiuto",
        "text": "Non va.",
        "once": str(uuid4()),
    }
    page = agent.post(reverse("desk:unknown-call"), form, follow=True).content.decode()
    assert "call back at the number" in page
    contact = Contact.objects.get(name="Ugo Ignoto")
    assert (contact.customer, contact.phone, contact.addresses.count()) == (None, "333 1234567", 0)
    assert (Ticket.objects.get().channel, OutboundMail.objects.count()) == (Channel.PHONE, 0)
    assert callers_found("3331234567") == [contact]


def test_a_caller_is_found_by_each_of_their_numbers_and_by_every_customer_they_write_for(laura: Contact) -> None:
    Contact.objects.filter(pk=laura.pk).update(other_phones=["+39333998877", "+4420794600"])
    other = make_customer("Agenzia Verdi", code="V77")
    Membership.objects.create(contact=laura, customer=other, since=NOW)
    for typed in ("333 9988", "+44 20 7946", "Agenzia Verdi", "V77", "021234567"):
        assert callers_found(typed) == [laura], typed
    assert contact_of_number("0039 333 998877") == laura


def test_a_number_is_shown_in_groups_wherever_it_is_read(laura: Contact) -> None:
    """In the list of callers and beside a ticket it was one row of twelve figures."""
    Contact.objects.filter(pk=laura.pk).update(phone="+390255501041")
    ticket, client = make_ticket(contact=laura, now=clock.now()), _signed_in()
    for address in (
        "/desk/calls/new/?find=laura",
        f"/desk/calls/from/{laura.public_id}/",
        f"/desk/tickets/{ticket.public_id}/",
    ):
        page = client.get(address).content.decode()
        assert ("+39 02 5550 1041" in page, ">+390255501041<" in page) == (True, False), address


def test_a_call_is_about_any_customer_that_the_caller_writes_for(laura: Contact) -> None:
    other = make_customer("Agenzia Verdi")
    Membership.objects.create(contact=laura, customer=other, since=NOW)
    service = make_service("verdi.example", customer=other)
    open_one = make_ticket(contact=make_contact(customer=other), service=service, now=clock.now())
    page = _signed_in().get(f"/desk/calls/from/{laura.public_id}/").content.decode()
    assert ("verdi.example (Agenzia Verdi)" in page, str(open_one.number) in page) == (True, True)
    joined = log_call(contact=laura, said=Said(text="Ancora.", ticket=open_one), by=make_user(), now=clock.now())
    opened = log_call(contact=laura, said=replace(SAID, service=service), by=make_user(), now=clock.now())
    assert (joined.ticket, opened.ticket.customer) == (open_one, other)


def test_what_the_caller_says_of_the_harm_is_weighed_as_in_the_customer_area(laura: Contact) -> None:
    """ "Nothing works any more" on the telephone was only words in a text."""
    service = make_service("posta doria.example", customer=laura.customer)
    typed = {"subject": "Non va più niente", "text": "Da un'ora.", "claim": "all", "once": str(uuid4())}
    page = reverse("desk:call", args=[laura.public_id])
    assert "Nothing opens any more" in _signed_in().get(page).content.decode()
    assert _signed_in().post(page, {**typed, "service": str(service.public_id)}).status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.claim, ticket.group) == ("all", QueueGroup.OUTAGE)
    assert ["claim.all", {}] in ticket.reasons
