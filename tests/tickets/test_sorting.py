"""What it is about, whose it is, what it is called, who follows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.services.queries import ServiceReason
from sportello.tickets import actions, queries
from sportello.tickets.enums import Channel, DraftKind, EventKind, FollowerRole
from sportello.tickets.models import Ticket
from tests.factories import (
    NOW,
    make_contact,
    make_customer,
    make_queue,
    make_reader,
    make_service,
    make_ticket,
    make_user,
)

pytestmark = pytest.mark.django_db
Act = Callable[[Ticket, User], object]


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def test_a_service_chosen_by_a_person_needs_no_reason_any_more() -> None:
    contact = make_contact()
    guessed, right = (make_service(name, customer=contact.customer) for name in ("a.example", "b.example"))
    ticket = actions.open_ticket(
        subject="x",
        text="y",
        contact=contact,
        queue=make_queue(),
        channel=Channel.MAIL,
        now=NOW,
        service=guessed,
        reasons=[[str(ServiceReason.ONLY_ONE), {}]],
    )

    actions.set_service(ticket=ticket, service=right, by=make_user(), now=NOW)

    assert ticket.service == right
    assert [str(ServiceReason.ONLY_ONE), {}] not in ticket.reasons
    assert ticket.events.get(kind=EventKind.SERVICE_CHANGED).data == {"name": "b.example"}


def test_another_customers_service_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        actions.set_service(ticket=make_ticket(), service=make_service(), by=make_user(), now=NOW)

    assert code_of(refused) == "other-customer"


def test_a_stranger_becomes_a_customers_contact_and_is_judged_as_one() -> None:
    customer = make_customer("Panificio Greco")
    ticket = make_ticket(contact=make_contact("Nicola", unknown=True))
    assert ["queue.unknown_sender", {}] in ticket.reasons

    actions.set_customer(ticket=ticket, customer=customer, by=make_user(), now=NOW)

    assert (ticket.customer, ticket.contact.customer) == (customer, customer)
    assert ["queue.customer", {}] in ticket.reasons


def test_a_customers_contact_is_not_given_to_another() -> None:
    ticket = make_ticket()

    with pytest.raises(Refused) as refused:
        actions.set_customer(ticket=ticket, customer=make_customer("Altri"), by=make_user(), now=NOW)

    assert code_of(refused) == "other-customer"
    ticket.refresh_from_db()
    assert ticket.customer == ticket.contact.customer


def test_a_new_subject_keeps_the_old_one_in_the_story() -> None:
    ticket = make_ticket("aiuto!!!")

    actions.rename(ticket=ticket, subject=" Errore 500\nsul negozio ", by=make_user(), now=NOW)

    assert ticket.subject == "Errore 500 sul negozio"
    assert ticket.events.get(kind=EventKind.RENAMED).data == {"before": "aiuto!!!", "after": "Errore 500 sul negozio"}
    with pytest.raises(Refused):
        actions.rename(ticket=ticket, subject=" \n", by=make_user(), now=NOW)


def test_tags_come_once_and_go() -> None:
    ticket, agent = make_ticket(), make_user()
    for name in ("DNS", " dns "):
        actions.add_tag(ticket=ticket, name=name, by=agent, now=NOW)
    assert [tag.name for tag in ticket.tags.all()] == ["dns"]
    assert ticket.events.filter(kind=EventKind.TAGGED).count() == 1

    actions.remove_tag(ticket=ticket, name="Dns", by=agent, now=NOW)
    assert not ticket.tags.exists()


def test_a_link_to_itself_is_refused() -> None:
    ticket = make_ticket()

    with pytest.raises(Refused) as refused:
        actions.link(source=ticket, target=ticket, by=make_user(), now=NOW)

    assert code_of(refused) == "itself"


def test_staff_follow_and_stop() -> None:
    ticket, reader = make_ticket(), make_reader()

    actions.follow(ticket=ticket, by=reader, now=NOW)
    actions.follow(ticket=ticket, by=reader, now=NOW)
    assert [row.user for row in queries.followers_of(reader, ticket)] == [None, reader]

    actions.unfollow(ticket=ticket, by=reader, now=NOW)
    assert [row.role for row in queries.followers_of(reader, ticket)] == [FollowerRole.REQUESTER]
    assert ticket.events.filter(kind=EventKind.FOLLOWED).count() == 1


def test_another_customers_contact_never_follows() -> None:
    with pytest.raises(Refused) as refused:
        actions.accept_copy(ticket=make_ticket(), contact=make_contact(), by=make_user(), now=NOW)

    assert code_of(refused) == "other-customer"


def test_who_asked_is_not_removed() -> None:
    ticket = make_ticket()

    with pytest.raises(Refused) as refused:
        actions.remove_contact(ticket=ticket, contact=ticket.contact, by=make_user(), now=NOW)

    assert code_of(refused) == "requester"


@pytest.mark.parametrize(
    "act",
    [
        lambda ticket, by: actions.take(ticket=ticket, by=by, now=NOW),
        lambda ticket, by: actions.assign(ticket=ticket, to=make_user(), by=by, now=NOW),
        lambda ticket, by: actions.release(ticket=ticket, by=by, now=NOW),
        lambda ticket, by: actions.start_analysis(ticket=ticket, next_update_at=None, by=by, now=NOW),
        lambda ticket, by: actions.wait_for_customer(ticket=ticket, by=by, now=NOW),
        lambda ticket, by: actions.solve(ticket=ticket, by=by, now=NOW),
        lambda ticket, by: actions.close(ticket=ticket, by=by, now=NOW),
        lambda ticket, by: actions.reopen(ticket=ticket, by=by, now=NOW),
        lambda ticket, by: actions.set_outage(ticket=ticket, on=True, by=by, now=NOW),
        lambda ticket, by: actions.set_queue(ticket=ticket, queue=make_queue("presales"), by=by, now=NOW),
        lambda ticket, by: actions.set_service(ticket=ticket, service=None, by=by, now=NOW),
        lambda ticket, by: actions.set_customer(ticket=ticket, customer=ticket.customer, by=by, now=NOW),
        lambda ticket, by: actions.rename(ticket=ticket, subject="x", by=by, now=NOW),
        lambda ticket, by: actions.add_tag(ticket=ticket, name="x", by=by, now=NOW),
        lambda ticket, by: actions.remove_tag(ticket=ticket, name="x", by=by, now=NOW),
        lambda ticket, by: actions.link(source=ticket, target=make_ticket(), by=by, now=NOW),
        lambda ticket, by: actions.merge(source=ticket, target=make_ticket(contact=ticket.contact), by=by, now=NOW),
        lambda ticket, by: actions.split(ticket=ticket, message=ticket.messages.get(), subject="", by=by, now=NOW),
        lambda ticket, by: actions.accept_copy(ticket=ticket, contact=ticket.contact, by=by, now=NOW),
        lambda ticket, by: actions.discard_draft(ticket=ticket, by=by, kind=DraftKind.REPLY),
    ],
)
@pytest.mark.parametrize("gone", [False, True], ids=["read-only", "deactivated"])
def test_who_may_not_write_changes_nothing(act: Act, gone: bool) -> None:
    by = make_user("Via Andata", is_active=False) if gone else make_reader()
    ticket = make_ticket()
    events = ticket.events.count()

    with pytest.raises(Refused) as refused:
        act(ticket, by)

    assert code_of(refused) == "read-only"
    assert ticket.events.count() == events
