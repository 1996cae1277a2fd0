"""One server fails, and all its customers write within a minute: `FLOOD=1000 .venv/bin/pytest -n0 tests/incidents/test_flood.py` is the long form."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sportello.incidents import actions
from sportello.incidents.enums import IncidentState
from sportello.incidents.models import IncidentTicket, Proposal
from sportello.mail.models import OutboundMail
from sportello.tickets.models import Ticket
from tests.factories import NOW
from tests.incidents.scene import MINUTE, Scene

TICKETS = int(os.environ.get("FLOOD", "30"))
PORTIONS = 6
"""So often the desk looks for outages while they come in."""


@pytest.mark.django_db
def test_a_flood_from_one_server_is_one_incident_and_one_mail_a_person_and_update(
    client: Client, record_property: Callable[[str, object], None]
) -> None:
    scene = Scene()
    client.force_login(scene.agent)
    scene.ticket()
    before = _queries_of_the_queue(client)
    proposed = 0
    for number in range(TICKETS):
        now = NOW + timedelta(seconds=60 * number / TICKETS)
        scene.ticket(now=now)
        if number % (TICKETS // PORTIONS) == 0:
            proposed += actions.propose(now=now)
    proposed += actions.propose(now=NOW + MINUTE)
    assert (proposed, Proposal.objects.count()) == (1, 1)
    assert _queries_of_the_queue(client) <= before

    incident = scene.incident(now=NOW + 2 * MINUTE, go_on=False)
    for late in range(3):
        scene.ticket(now=NOW + (3 + late) * MINUTE)
    scene.go_on(incident, now=NOW + 5 * MINUTE)
    updates = [scene.say(incident, now=NOW + minutes * MINUTE) for minutes in (10, 20)]
    scene.say(incident, now=NOW + 30 * MINUTE, state=IncidentState.SOLVED, text="Risolto")

    mails = Counter(OutboundMail.objects.values_list("to", "text"))
    assert IncidentTicket.objects.count() == Ticket.objects.count() == TICKETS + 4
    assert set(mails.values()) == {1}
    assert max(Counter(to for to, _text in mails).values()) <= len(updates) + 2
    assert actions.propose(now=NOW + 31 * MINUTE) == 0
    assert _queries_of_the_queue(client) <= before
    record_property(
        "counted",
        f"flood: {TICKETS + 4} tickets of one server, {proposed} proposed incident, {mails.total()} mails for "
        f"{len(updates) + 2} updates, most to one person and update {max(mails.values())}, {before} queries a queue page",
    )


def _queries_of_the_queue(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/desk/").status_code == 200
    return len(asked)
