"""Live notices arrive when the transaction commits, and not otherwise; they carry no text."""

from __future__ import annotations

import json
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection, transaction

from sportello.core import live
from sportello.tickets import actions
from tests.factories import NOW, make_ticket, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def heard(act: Callable[[], object]) -> list[dict[str, str | int]]:
    """The notices that another connection gets while `act` runs."""
    parameters = connection.get_connection_params()
    options = {
        name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if parameters.get(name)
    }
    with psycopg.connect(**options, autocommit=True) as listener:
        listener.execute(f"LISTEN {live.CHANNEL}")
        act()
        return [json.loads(notice.payload) for notice in listener.notifies(timeout=0.3)]


def test_told_on_commit() -> None:
    assert heard(lambda: live.publish("ticket", ticket="abc", version=2)) == [
        {"topic": "ticket", "ticket": "abc", "version": 2}
    ]


def test_not_told_when_the_transaction_fails() -> None:
    def failing() -> None:
        with transaction.atomic():
            live.publish("queue")
            transaction.set_rollback(True)

    assert heard(failing) == []


def test_a_note_is_told_of_without_a_word_of_it() -> None:
    ticket, agent = make_ticket(), make_user()

    notices = heard(lambda: actions.add_note(ticket=ticket, text="segreto", by=agent, now=NOW))

    assert [notice["topic"] for notice in notices] == ["ticket", "queue"]
    assert {notice["ticket"] for notice in notices} == {str(ticket.public_id)}
    assert "segreto" not in json.dumps(notices)


def test_presence_is_told_when_it_changes_only() -> None:
    ticket, agent = make_ticket(), make_user()

    def staying() -> None:
        for writing in (False, False, True, True):
            actions.be_present(ticket=ticket, by=agent, writing=writing, now=NOW)

    assert [notice["topic"] for notice in heard(staying)] == ["presence", "presence"]
