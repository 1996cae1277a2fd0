"""A mail about no ticket that waits in the outbox: right before it leaves it is asked whether it is still for whom it was written to (S11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from sportello.accounts.enums import Act, Role
from sportello.accounts.models import User
from sportello.core import clock
from sportello.customers.actions import Granted, add_address, make_primary, remove_address
from sportello.customers.invitations import withdraw_invitation
from sportello.customers.models import Contact, Customer, Invitation, Membership
from sportello.desk.acting import Acting
from sportello.desk.staff_mail import send_invitation, send_password_link, send_security_notice
from sportello.incidents.planned.actions import Plan, plan_maintenance, tell_maintenance
from sportello.intake.contact_mail import Change, send_link, tell_change
from sportello.mail.actions import outbound
from sportello.mail.enums import OutboundState
from sportello.mail.models import OutboundMail
from sportello.mail.rules import NO_READER
from sportello.privacy import actions as privacy
from sportello.tickets import actions
from sportello.tickets.actions.inviting import invite_contact
from sportello.tickets.enums import OrderKind, OrderState
from sportello.tickets.models import Order
from sportello.tickets.notifications.staff import Ringing, alarms
from sportello.triage.enums import AlarmStep
from tests.conftest import Tried
from tests.factories import (
    make_contact,
    make_customer,
    make_mailbox,
    make_queue,
    make_server,
    make_service,
    make_ticket,
    make_user,
)
from tests.faults.test_jobs import do

pytestmark = pytest.mark.django_db
READER = "nora@agency.example"


@dataclass
class House:
    """Nora of an agency, who writes for Doria too and may all there; and an agent with the same address, where the mail is to staff."""

    doria: Customer = field(default_factory=lambda: make_customer("Doria"))
    nora: Contact = field(default_factory=lambda: make_contact("Nora Agenzia", address=READER))
    boss: User = field(default_factory=lambda: make_user("Ada", role=Role.ADMIN))

    def __post_init__(self) -> None:
        make_queue()
        make_mailbox()
        Membership.objects.create(
            contact=self.nora, customer=self.doria, since=clock.now(), may_order=True, sees_all=True
        )

    def agent(self) -> User:
        return make_user("Nina", email=READER)


Way = Callable[[House], object]


# -- what is put in ----------------------------------------------------------------------------------------------------------------------
def alarm(house: House) -> None:
    ticket = make_ticket(now=clock.now())
    ticket.assignee = house.agent()
    alarms([Ringing(ticket, AlarmStep.MISSED)], now=clock.now())


def way_in_of_staff(house: House) -> None:
    send_invitation(user=house.agent(), by=house.boss, now=clock.now())


def new_password_of_staff(house: House) -> None:
    send_password_link(user=house.agent(), asked_at=clock.now(), now=clock.now())


def order(house: House) -> None:
    ticket = make_ticket(contact=make_contact(customer=house.doria), now=clock.now())
    actions.put_up(ticket=ticket, kind=OrderKind.DELETE, text="x", by=house.boss, now=clock.now(), address=None)


def planned_work(house: House) -> None:
    server, begins = make_server(), clock.now() + timedelta(days=5)
    make_service(customer=house.doria, server=server)
    plan = Plan(
        title_it="Dischi", title_en="Disks", text_it="Fermi.", text_en="Down.",
        starts_at=begins, ends_at=begins + timedelta(hours=1), servers=[server],
    )  # fmt: skip
    plan_maintenance(plan=plan, by=house.boss, now=clock.now() - timedelta(minutes=3))
    tell_maintenance(now=clock.now())


def invitation(house: House) -> None:
    head = make_contact("Capo", customer=house.doria)
    Contact.objects.filter(pk=head.pk).update(sees_all=True)
    head.refresh_from_db()
    invite_contact(
        customer=house.doria, mail="ida@doria.example", name="Ida", language="it", granted=Granted(), by=head, now=clock.now(), address=None
    )  # fmt: skip


def way_in(house: House) -> None:
    send_link(contact=house.nora, address=READER, then="", asked_at=clock.now(), now=clock.now())


def own_data(house: House) -> None:
    asked = privacy.ask_for_data(contact=house.nora, by=None, now=clock.now(), address=None)
    privacy.pack(download_id=asked.pk, now=clock.now())


# -- what happens then -------------------------------------------------------------------------------------------------------------------
def deactivated(_house: House) -> None:
    User.objects.filter(email=READER).update(is_active=False)
    Contact.objects.filter(name__in=["Nora Agenzia", "Capo"]).update(is_active=False)


def has_another_address(house: House) -> None:
    User.objects.filter(email=READER).update(email="new@provider.example")
    old = house.nora.addresses.get()
    given = Acting(by=house.boss, now=clock.now(), address=None)
    make_primary(owned=add_address(contact=house.nora, mail="nora@elsewhere.example", **given), by=house.boss)
    remove_address(owned=old, **given)


def left_the_customer(_house: House) -> None:
    Membership.objects.all().delete()


def may_not_order_any_more(_house: House) -> None:
    Membership.objects.update(may_order=False)


def was_taken_back(house: House) -> None:
    actions.withdraw(order=Order.objects.get(), by=house.boss, now=clock.now(), address=None)


def was_withdrawn(house: House) -> None:
    withdraw_invitation(invitation=Invitation.objects.get(), by=house.boss, now=clock.now(), address=None)


def may_not_invite_any_more(_house: House) -> None:
    Contact.objects.filter(name="Capo").update(sees_all=False)


WAYS: list[tuple[Way, list[Way]]] = [
    (alarm, [deactivated, has_another_address]),
    (way_in_of_staff, [deactivated, has_another_address]),
    (new_password_of_staff, [deactivated, has_another_address]),
    (order, [deactivated, has_another_address, left_the_customer, may_not_order_any_more, was_taken_back]),
    (planned_work, [deactivated, has_another_address, left_the_customer]),
    (invitation, [deactivated, was_withdrawn, may_not_invite_any_more]),
    (way_in, [deactivated, has_another_address]),
    (own_data, [deactivated, has_another_address]),
]


def send_what_waits() -> list[str]:
    """To whom something left."""
    waiting = OutboundMail.objects.filter(state=OutboundState.QUEUED)
    for key in waiting.values_list("pk", flat=True):
        do(outbound.JOB, {"outbound_id": key})
    return list(OutboundMail.objects.filter(state=OutboundState.SENT).values_list("to", flat=True))


@pytest.mark.parametrize(("written", "over"), [(written, over) for written, ways in WAYS for over in ways])
def test_s11_no_mail_leaves_to_whom_it_is_not_for_any_more(
    written: Way, over: Way, tried: Tried, settings: Settings
) -> None:
    """A fault found: only mails about a ticket were asked for. The outbox says why, in the reader's language."""
    settings.DEMO = True
    house = House()
    written(house)
    over(house)
    tried("S11")
    assert READER not in (left := send_what_waits())
    assert "ida@doria.example" not in left
    not_sent = OutboundMail.objects.exclude(state=OutboundState.SENT).get()
    assert (not_sent.state, not_sent.last_answer) == (OutboundState.FAILED, NO_READER)
    desk = Client()
    desk.force_login(make_user(language="it"))
    page = desk.get(reverse("desk:outbound", args=[not_sent.public_id])).content.decode()
    assert "Non riguarda più chi doveva riceverla" in page


@pytest.mark.parametrize("written", [written for written, _ in WAYS])
def test_s11_a_mail_that_is_still_for_its_reader_leaves(written: Way, settings: Settings) -> None:
    settings.DEMO = True
    written(House())
    assert send_what_waits() == ["ida@doria.example" if written is invitation else READER]


def test_s11_an_owner_is_warned_also_once_the_account_is_no_more(settings: Settings) -> None:
    """Who takes an account over and has it deactivated does not keep that from its owner. Addresses set for alarms are nobody's account."""
    settings.DEMO, settings.ALARM_MAIL = True, "sala@provider.example"
    house = House()
    tell_change(contact=house.nora, change=Change.PASSWORD_SET, now=clock.now())
    send_security_notice(user=house.agent(), act=Act.PASSWORD_CHANGED, address=None, now=clock.now())
    alarms([Ringing(make_ticket(now=clock.now()), AlarmStep.MISSED)], now=clock.now())
    User.objects.update(is_active=False)
    deactivated(house)
    assert send_what_waits() == [READER, READER, "sala@provider.example"]


def test_s11_what_was_decided_needs_no_decision_by_mail(settings: Settings) -> None:
    settings.DEMO = True
    house = House()
    order(house)
    actions.decide(order=Order.objects.get(), contact=house.nora, confirmed=True, now=clock.now(), address=None)
    assert Order.objects.get().state == OrderState.CONFIRMED
    assert READER not in send_what_waits()
