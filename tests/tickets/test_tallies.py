"""The figures around the queue are tallied as tickets change: they are always what counting the tickets would say."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest
from django.db import connection

from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.tickets import actions, queries
from sportello.tickets.enums import Status
from sportello.tickets.models import Tally, Ticket
from tests.factories import NOW, make_message, make_team, make_ticket, make_user

pytestmark = pytest.mark.django_db

ON_THE_DESK = [Status.NEW, Status.OPEN, Status.IN_ANALYSIS, Status.WAITING]


def counted(user: User) -> list[int]:
    """By the tickets themselves."""
    columns = ("group", "assignee_id", "team_id", "assignee__team_id")
    desk = list(Ticket.objects.filter(status__in=ON_THE_DESK).values_list(*columns))
    return [
        *(sum(group == number for group, *_ in desk) for number in range(1, 6)),
        sum(assignee == user.pk for _, assignee, *_ in desk),
        sum(assignee is None for _, assignee, *_ in desk),
        sum(user.team_id in row[2:] for row in desk),
    ]


def shown(user: User) -> list[int]:
    counts = queries.counts(user, now=NOW)
    return [*counts.by_group.values(), counts.mine, counts.unassigned, counts.team]


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_to_tickets_the_figures_are_true(seed: int) -> None:
    random, team = Random(seed), make_team()  # noqa: S311 - not for secrets
    agents = [make_user(team=team), make_user(team=make_team())]
    tickets = [make_ticket() for _ in range(4)]
    acts: dict[str, Callable[[Ticket, User], object]] = {
        "take": lambda ticket, by: actions.take(ticket=ticket, by=by, now=NOW),
        "release": lambda ticket, by: actions.release(ticket=ticket, by=by, now=NOW),
        "team": lambda ticket, by: actions.assign_team(ticket=ticket, to=team, by=by, now=NOW),
        "outage": lambda ticket, by: actions.set_outage(ticket=ticket, on=True, by=by, now=NOW),
        "solve": lambda ticket, by: actions.solve(ticket=ticket, by=by, now=NOW),
        "written": lambda ticket, _by: make_message(ticket, now=NOW + timedelta(minutes=1)),
        "wait": lambda ticket, by: actions.wait_for_customer(ticket=ticket, by=by, now=NOW),
    }

    for turn in range(25):
        act, ticket, by = random.choice(list(acts)), random.choice(tickets), random.choice(agents)
        with suppress(Refused):
            acts[act](ticket, by)
        ticket.refresh_from_db()
        if turn % 5 == 0:
            actions.fold_tallies()
        assert [shown(agent) for agent in agents] == [counted(agent) for agent in agents]


def test_what_cancels_out_is_gone_once_it_is_folded_and_the_rest_is_a_row_of_each_kind() -> None:
    agent = make_user(team=make_team())
    for ticket in make_ticket(), make_ticket(), make_ticket():
        actions.take(ticket=ticket, by=agent, now=NOW)
    assert Tally.objects.count() > 1

    actions.fold_tallies()

    assert list(Tally.objects.values_list("assignee_id", "number")) == [(agent.pk, 3)]
    assert shown(agent) == counted(agent)


def test_a_ticket_that_is_deleted_or_counted_anew_leaves_the_figures_true() -> None:
    agent, ticket = make_user(team=make_team()), make_ticket()
    gone = Ticket.objects.create(
        number=2_000_000,
        subject="x",
        queue=ticket.queue,
        contact=ticket.contact,
        channel="mail",
        opened_at=NOW,
        updated_at=NOW,
    )
    assert shown(agent) == counted(agent)

    gone.delete()

    assert shown(agent) == counted(agent)

    Tally.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tickets_tally_anew()")
    assert shown(agent) == counted(agent)
