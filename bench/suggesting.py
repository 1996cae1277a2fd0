"""What it costs to say which tickets a request may belong to, for the customers who have most, and which solved ones are like a ticket.

Writes JSON; runs in the installation's environment.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict

from django.db import connection

from bench.processes import cpu_seconds
from bench.suggested import Suggested
from sportello.accounts.models import User
from sportello.core import clock
from sportello.customers.models import Customer
from sportello.duplicates.queries import candidates_for, similar_solved
from sportello.tickets.models import ON_THE_DESK, Message, Ticket

CUSTOMERS = 20
ROUNDS = 5


def main() -> None:
    json.dump([asdict(each) for each in (_candidates(), _similar())], sys.stdout)


def _candidates() -> Suggested:
    now = clock.now()
    open_ones = Message.objects.filter(author="customer", ticket__status__in=ON_THE_DESK).select_related("ticket")
    asked = [(one.ticket.customer_id, one.text) for one in open_ones.order_by("ticket__customer_id")[:CUSTOMERS]]
    customers = Customer.objects.in_bulk({key for key, _ in asked if key})

    def work(turn: int) -> None:
        key, text = asked[turn % len(asked)]
        candidates_for(customer=customers[key], text=text, now=now)

    return _measured("which ticket a text belongs to", work)


def _similar() -> Suggested:
    now, user = clock.now(), User.objects.filter(is_active=True).first()
    tickets = list(Ticket.objects.select_related("service").order_by("-pk")[:CUSTOMERS])

    def work(turn: int) -> None:
        if user:
            similar_solved(tickets[turn % len(tickets)], user, now)

    return _measured("similar, solved", work)


def _measured(what: str, work: Callable[[int], None]) -> Suggested:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = cursor.fetchone()[0]
    for turn in range(CUSTOMERS):
        work(turn)
    before, begun, taken = cpu_seconds(server), time.thread_time(), []
    for turn in range(CUSTOMERS * ROUNDS):
        started = time.monotonic()
        work(turn)
        taken.append((time.monotonic() - started) * 1000)
    own, its, number = time.thread_time() - begun, cpu_seconds(server) - before, len(taken)
    taken.sort()
    return Suggested(what, own / number * 1000, its / number * 1000, taken[number // 2], taken[number * 19 // 20])
