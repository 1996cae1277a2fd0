"""What is sent twice, by a double click or from a second window, is done once [R15]."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from sportello.accounts.models import User
from sportello.core import clock
from sportello.incidents.actions import Opening, add_note, open_incident
from sportello.incidents.models import Incident, IncidentNote, Maintenance
from sportello.incidents.planned.actions import Plan, call_off, plan_maintenance
from sportello.mail.models import OutboundMail
from sportello.privacy.actions import drop_secret, look_at
from sportello.privacy.models import Drop
from sportello.services.models import Server
from sportello.tickets import actions
from sportello.tickets.enums import OrderKind
from sportello.tickets.models import Message, Order, Ticket
from tests.config.house import until
from tests.conftest import Tried
from tests.factories import make_contact, make_mailbox, make_server, make_ticket, make_user
from tests.waiting import somebody_waits

pytestmark = pytest.mark.django_db
WORDS: dict[str, Any] = {"title_it": "Dischi", "title_en": "Disks", "text_it": "Fermi.", "text_en": "Down."}


@pytest.fixture
def ticket() -> Ticket:
    laura = make_contact("Laura", language="en")
    laura.may_order = True
    laura.save()
    return make_ticket(contact=laura, mailbox=make_mailbox(), now=clock.now())


def asked(ticket: Ticket, **given: Any) -> Order:
    told: dict[str, Any] = {"kind": OrderKind.DELETE, "text": "ex_cliente", "contact": ticket.contact, **given}
    return actions.put_up(ticket=ticket, now=clock.now(), address=None, **told)


def plan(*servers: Server, **given: Any) -> Plan:
    begins = clock.now().replace(microsecond=0) + timedelta(days=5)
    told: dict[str, Any] = {**WORDS, "starts_at": begins, "ends_at": begins + timedelta(hours=1), "servers": servers}
    return Plan(**{**told, **given})


def test_r15_what_cannot_be_undone_is_asked_for_once_while_it_waits(ticket: Ticket, tried: Tried) -> None:
    """A fault found: asked for twice it could be confirmed twice, and everybody who may confirm it got two mails."""
    first = asked(ticket)
    tried("R15")
    assert [asked(ticket), asked(ticket, contact=None, by=make_user())] == [first, first]
    assert (OutboundMail.objects.count(), Message.objects.filter(text__contains="ex_cliente").count()) == (1, 1)
    assert asked(ticket, text="altro") != first
    assert asked(ticket, kind=OrderKind.RESTORE) != first
    actions.decide(order=first, contact=ticket.contact, confirmed=False, now=clock.now(), address=None)
    assert asked(ticket) != first


def test_r15_a_secret_is_handed_over_once_while_it_waits(ticket: Ticket, tried: Tried) -> None:
    """A fault found: a double click was two secrets, of which one went on waiting when the other had been looked at."""

    def dropped(words: str = "Mare-2026", label: str = "FTP") -> Drop:
        return drop_secret(ticket=ticket, contact=ticket.contact, secret=words, label=label, now=clock.now())

    first = dropped()
    tried("R15")
    assert (dropped(), Drop.objects.count(), Message.objects.filter(text="FTP").count()) == (first, 1, 1)
    assert len({first, dropped("Mare-2027"), dropped(label="SSH")}) == 3
    look_at(drop=first, by=make_user(), now=clock.now(), address=None)
    assert dropped() != first


def test_r15_work_is_planned_once(tried: Tried) -> None:
    """A fault found: a double click planned it twice, and all its customers were told twice."""
    by, server = make_user(), make_server()
    wanted = plan(server)
    first = plan_maintenance(plan=wanted, by=by, now=clock.now())
    tried("R15")
    assert plan_maintenance(plan=wanted, by=by, now=clock.now()) == first
    others = [
        plan(make_server(), starts_at=wanted.starts_at),
        plan(server, text_it="Ferme.", starts_at=wanted.starts_at),
    ]
    assert len({first, *(plan_maintenance(plan=other, by=by, now=clock.now()) for other in others)}) == 3
    call_off(maintenance=first, by=by, now=clock.now(), address=None)
    assert plan_maintenance(plan=wanted, by=by, now=clock.now()) != first


def test_r15_an_outage_is_opened_and_noted_once(tried: Tried) -> None:
    """A fault found: a double click opened it twice, and the public status told of two."""
    by, server = make_user(), make_server()
    opening = Opening(**WORDS, started_at=clock.now() - timedelta(minutes=5), servers=[server])
    first = open_incident(opening=opening, by=by, now=clock.now())
    tried("R15")
    assert (open_incident(opening=opening, by=by, now=clock.now()), Incident.objects.count()) == (first, 1)
    notes = [
        add_note(incident=first, text=text, by=by, now=clock.now()) for text in ("Disco 3.", "Disco 3. ", "Disco 4.")
    ]
    assert (len(set(notes)), IncidentNote.objects.count()) == (2, 2)
    assert add_note(incident=first, text="Disco 3.", by=by, now=clock.now() + timedelta(hours=1)) not in notes
    other = Opening(**WORDS, started_at=opening.started_at, servers=[make_server()])
    assert open_incident(opening=other, by=by, now=clock.now()) != first


@pytest.mark.django_db(transaction=True)
def test_r15_of_two_at_the_same_moment_the_second_waits_and_finds_the_first(tried: Tried) -> None:
    by: User = make_user()
    wanted = plan(make_server())

    def other() -> None:
        plan_maintenance(plan=wanted, by=by, now=clock.now())
        connection.close()

    second = Thread(target=other)
    with transaction.atomic():
        plan_maintenance(plan=wanted, by=by, now=clock.now())
        second.start()
        until(lambda: not second.is_alive() or somebody_waits(), seconds=20, what="the second waits, or is done")
    second.join(20)
    tried("R15")
    assert Maintenance.objects.count() == 1
