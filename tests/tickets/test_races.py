"""Many people, one ticket: what happens when they act at the same instant. Real connections, real locks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from threading import Event as Signal
from typing import Any

import pytest
from django.db import connection, transaction

from sportello.accounts.models import User
from sportello.core import files
from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.mail.models import OutboundMail
from sportello.tickets import actions
from sportello.tickets.actions.blotting import blot_files
from sportello.tickets.enums import Author, Channel, DraftKind, EventKind, OrderKind
from sportello.tickets.models import Attachment, Draft, Event, Link, Merge, Message, Ticket
from tests.factories import NOW, make_contact, make_mailbox, make_queue, make_ticket, make_user
from tests.servers.until import until

pytestmark = pytest.mark.django_db(transaction=True)
CONNECTIONS = 10


def outcomes(acts: list[Callable[[], object]]) -> Counter[str]:
    """Runs all of them, ten at a time and begun together; counts `done` and the codes of refusals."""
    begin = Barrier(min(len(acts), CONNECTIONS))

    def run(act: Callable[[], object]) -> str:
        if act in acts[:CONNECTIONS]:
            begin.wait(timeout=30)
        try:
            act()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return Counter(pool.map(run, acts))


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def taking(ticket: Ticket, agent: User) -> Callable[[], object]:
    own = fresh(ticket)
    return lambda: actions.take(ticket=own, by=agent, now=NOW)


def test_r16_of_a_hundred_who_take_a_ticket_one_gets_it() -> None:
    ticket = make_ticket()
    agents = [make_user(f"Agente {n}") for n in range(100)]

    assert outcomes([taking(ticket, agent) for agent in agents]) == {"done": 1, "taken": 99}

    taken = Event.objects.get(kind=EventKind.TAKEN)
    assert fresh(ticket).assignee == taken.user


def test_r16_a_draft_is_saved_though_another_page_made_it_and_a_third_threw_it_away() -> None:
    """A fault found: it was there when it was to be made, and gone when it was to be changed, and the page said 500."""
    ticket, agent = make_ticket(), make_user()
    given: dict[str, Any] = {"ticket": ticket, "by": agent, "kind": DraftKind.REPLY, "tab": "one"}
    save = partial(actions.save_draft, **given, text="Comincio", base_version=1, now=NOW)
    others: list[Callable[[], object]] = [save, partial(actions.discard_draft, **given)]

    def meet(execute: Callable[..., object], sql: str, *rest: object) -> object:
        """Before each attempt to make the draft, and before each look at one that is there, comes somebody else."""
        if others and (sql.startswith("INSERT") or (len(others) == 1 and sql.startswith("SELECT"))):
            outcomes([others.pop(0)])
        return execute(sql, *rest)

    with connection.execute_wrapper(meet):
        draft = save()
    assert Draft.objects.get().pk == draft.pk


def test_r16_who_confirms_what_a_joined_ticket_took_along_lets_go_of_the_old_ticket() -> None:
    """A fault found: it stayed held while the other was waited for, and who held that one waited for the old one."""
    owner, agent = make_contact(), make_user()
    Contact.objects.filter(pk=owner.pk).update(may_order=True)
    source, target = make_ticket(contact=owner), make_ticket(contact=owner)
    order = actions.put_up(ticket=source, kind=OrderKind.DELETE, text="ex_cliente", by=agent, now=NOW, address=None)
    joining = partial(actions.merge, source=fresh(source), target=fresh(target), by=agent, now=NOW)
    others: list[Callable[[], object]] = [joining, lambda: hold_at_once(source)]

    def meet(execute: Callable[..., object], sql: str, *rest: object) -> object:
        """Before each wait for a ticket."""
        if others and "tickets_ticket" in sql and "FOR NO KEY UPDATE" in sql:
            assert outcomes([others.pop(0)]) == {"done": 1}
        return execute(sql, *rest)

    with connection.execute_wrapper(meet):
        actions.decide(order=order, contact=Contact.objects.get(pk=owner.pk), confirmed=True, now=NOW, address=None)
    assert not others
    assert Message.objects.filter(ticket=target, author=Author.CUSTOMER, text__startswith="Confermato").count() == 1


def hold_at_once(ticket: Ticket) -> None:
    with transaction.atomic():
        Ticket.objects.select_for_update(no_key=True, nowait=True).get(pk=ticket.pk)


def test_r17_tickets_opened_at_once_have_different_numbers() -> None:
    contact = make_contact()

    queue = make_queue()

    assert outcomes([lambda: make_ticket(contact=contact, queue=queue) for _ in range(40)]) == {"done": 40}

    assert Ticket.objects.values("number").distinct().count() == 40


def test_r15_a_reply_sent_ten_times_over_is_one_mail() -> None:
    ticket, agent = make_ticket(contact=make_contact(), mailbox=make_mailbox()), make_user()

    def replying() -> Callable[[], object]:
        own = fresh(ticket)
        return lambda: actions.reply(ticket=own, text="Fatto.", by=agent, now=NOW, seen_version=1)

    assert outcomes([replying() for _ in range(10)]) == {"done": 10}

    assert OutboundMail.objects.count() == 1
    assert Message.objects.count() == 2


def test_r16_of_two_agents_who_answer_at_once_the_second_is_asked_first() -> None:
    ticket, agents = make_ticket(), [make_user("Anna Re"), make_user("Marco Bo")]

    def replying(agent: User) -> Callable[[], object]:
        own = fresh(ticket)
        return lambda: actions.reply(ticket=own, text=f"Da {agent.name}", by=agent, now=NOW, seen_version=1)

    assert outcomes([replying(agent) for agent in agents]) == {"done": 1, "new-message": 1}


def test_messages_that_come_at_once_are_all_counted() -> None:
    ticket = make_ticket()

    def writing(number: int) -> Callable[[], object]:
        own = fresh(ticket)
        return lambda: actions.add_message(
            ticket=own, text=f"{number}", now=NOW, channel=Channel.MAIL, contact=own.contact
        )

    assert outcomes([writing(number) for number in range(20)]) == {"done": 20}

    row = fresh(ticket)
    assert (row.public_count, row.version) == (21, 21)


def test_two_tickets_joined_into_each_other_at_once_end_as_one() -> None:
    contact, agent = make_contact(), make_user()
    one, two = make_ticket(contact=contact), make_ticket(contact=contact)

    def joining(source: Ticket, target: Ticket) -> Callable[[], object]:
        own_source, own_target = fresh(source), fresh(target)
        return lambda: actions.merge(source=own_source, target=own_target, by=agent, now=NOW)

    assert outcomes([joining(one, two), joining(two, one)]) == {"done": 1, "merged": 1}

    assert Merge.objects.count() == 1


def test_two_tickets_linked_to_each_other_at_once_do_not_wait_for_each_other_for_ever() -> None:
    agent, one, two = make_user(), make_ticket(), make_ticket()

    def linking(source: Ticket, target: Ticket) -> Callable[[], object]:
        own_source, own_target = fresh(source), fresh(target)
        return lambda: actions.link(source=own_source, target=own_target, by=agent, now=NOW)

    assert outcomes([linking(*pair) for pair in [(one, two), (two, one)] * 5]) == {"done": 10}

    assert Link.objects.count() == 2


def test_an_alarm_rings_once_however_many_workers_look() -> None:
    ticket = make_ticket()
    at = ticket.alarm_at
    assert at is not None

    outcomes([lambda: actions.fire_alarms(now=at) for _ in range(10)])

    assert Event.objects.filter(kind=EventKind.ALARM_FIRED).count() == 1


def test_a_file_put_while_its_twin_is_taken_away_stays() -> None:
    """Whoever takes a content away waits for those who have put it and not committed yet."""
    first, second = make_ticket(), make_ticket()
    file = actions.NewFile("a.txt", "text/plain", b"one content")
    actions.add_message(
        ticket=first, text="x", now=NOW, contact=first.contact, channel=Channel.PORTAL, attachments=[file]
    )
    sha256 = first.attachments.get().sha256
    put, removing = Signal(), Signal()

    def taking_away() -> None:
        put.wait(timeout=30)
        removing.set()
        try:
            with transaction.atomic():
                blot_files(attachments=Attachment.objects.filter(ticket=first))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        away = pool.submit(taking_away)
        with transaction.atomic():
            actions.add_message(
                ticket=second, text="x", now=NOW, contact=second.contact, channel=Channel.PORTAL, attachments=[file]
            )
            put.set()
            removing.wait(timeout=30)
            until(lambda: _waits_for_a_lock() or away.done(), 60)
        away.result(timeout=60)
    assert files.read(sha256) == b"one content"


def _waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return bool(cursor.fetchone()[0])
