"""Who has it."""

from __future__ import annotations

import pytest

from sportello.core.errors import Refused
from sportello.tickets import actions, queries
from sportello.tickets.enums import EventKind, Status
from tests.factories import NOW, make_reader, make_team, make_ticket, make_user

pytestmark = pytest.mark.django_db


def test_taken_is_open_and_the_second_is_told_who_has_it() -> None:
    ticket, giulia = make_ticket(), make_user("Giulia Rinaldi")

    actions.take(ticket=ticket, by=giulia, now=NOW)
    assert (ticket.assignee, ticket.status) == (giulia, Status.OPEN)

    with pytest.raises(Refused, match="Giulia Rinaldi") as refused:
        actions.take(ticket=ticket, by=make_user("Marco Bo"), now=NOW)
    assert refused.value.code == "taken"


def test_taking_ones_own_again_changes_nothing() -> None:
    ticket, agent = make_ticket(), make_user()

    actions.take(ticket=ticket, by=agent, now=NOW)
    actions.take(ticket=ticket, by=agent, now=NOW)

    assert ticket.events.filter(kind=EventKind.TAKEN).count() == 1


def test_given_to_a_colleague_whoever_has_it() -> None:
    ticket, marco = make_ticket(), make_user("Marco Bo")
    actions.take(ticket=ticket, by=make_user(), now=NOW)

    actions.assign(ticket=ticket, to=marco, by=make_user("Anna Re"), now=NOW)

    assert ticket.assignee == marco
    assert ticket.events.get(kind=EventKind.ASSIGNED).data == {"to": marco.pk, "name": "Marco Bo"}


@pytest.mark.parametrize("gone", [True, False])
def test_nobody_is_given_a_ticket_they_cannot_work_on(gone: bool) -> None:
    to = make_user("Via Andata", is_active=False) if gone else make_reader()

    with pytest.raises(Refused) as refused:
        actions.assign(ticket=make_ticket(), to=to, by=make_user(), now=NOW)

    assert refused.value.code == "cannot-work"


def test_given_back_anybody_can_take_it() -> None:
    ticket = make_ticket()
    actions.take(ticket=ticket, by=make_user(), now=NOW)

    actions.release(ticket=ticket, by=make_user("Anna Re"), now=NOW)

    assert (ticket.assignee, ticket.status) == (None, Status.OPEN)
    actions.take(ticket=ticket, by=make_user("Marco Bo"), now=NOW)


def test_a_teams_tickets_are_those_given_to_it_or_to_its_members() -> None:
    team = make_team()
    member, colleague = make_user(team=team), make_user("Marco Bo", team=team)
    by_team, by_member, other = make_ticket(), make_ticket(), make_ticket()
    actions.assign_team(ticket=by_team, to=team, by=member, now=NOW)
    actions.take(ticket=by_member, by=colleague, now=NOW)
    actions.take(ticket=other, by=make_user("Anna Re"), now=NOW)

    rows = queries.on_the_desk(member, filter=queries.QueueFilter(scope=queries.Scope.TEAM))

    assert [row.number for row in rows] == [by_team.number, by_member.number]
