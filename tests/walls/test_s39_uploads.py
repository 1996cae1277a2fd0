"""Uploads at once and without end: limits hold however many come together (S39). That nothing of a stranger's stays: test_s44_requests.py."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from pytest_django import Settings

from sportello.core import clock
from sportello.core.errors import Refused
from sportello.tickets import actions
from sportello.tickets.actions.writing import MOST_FILES
from sportello.tickets.enums import DraftKind
from sportello.tickets.models import Attachment, Draft
from tests.conftest import Tried
from tests.factories import make_ticket, make_user
from tests.walls.hostile.tally import IS_LONG

AT_ONCE, EACH = 8, 60 if IS_LONG else 10


def draft() -> Draft:
    ticket, user = make_ticket(), make_user()
    return actions.save_draft(
        ticket=ticket, by=user, kind=DraftKind.REPLY, text="x", base_version=ticket.version, tab="t", now=clock.now()
    )


def flood(row: Draft, size: int) -> list[str]:
    """Many files from many threads: what became of each."""
    start = Barrier(AT_ONCE)

    def add(thread: int) -> list[str]:
        outcomes = []
        start.wait(60)
        for number in range(EACH):
            try:
                content = f"{thread} {number} ".encode() + b"x" * size
                actions.attach_to_draft(
                    draft=row, file=actions.NewFile(f"{thread}-{number}.txt", "text/plain", content)
                )
                outcomes.append("taken")
            except Refused as refusal:
                outcomes.append(refusal.code)
        connections.close_all()
        return outcomes

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [outcome for outcomes in pool.map(add, range(AT_ONCE)) for outcome in outcomes]


@pytest.mark.django_db(transaction=True)
def test_s39_the_number_of_files_holds_when_many_come_at_once(tried: Tried) -> None:
    outcomes = flood(draft(), 10)
    tried("S39", len(outcomes))
    assert (outcomes.count("taken"), outcomes.count("too-many-files")) == (MOST_FILES, AT_ONCE * EACH - MOST_FILES)
    assert Attachment.objects.count() == MOST_FILES


@pytest.mark.django_db(transaction=True)
def test_s39_the_size_of_files_holds_when_many_come_at_once(settings: Settings, tried: Tried) -> None:
    settings.UPLOAD_MAX_BYTES = 20_000
    outcomes = flood(draft(), 990)
    tried("S39", len(outcomes))
    assert set(outcomes) == {"taken", "too-large"}
    assert sum(Attachment.objects.values_list("size", flat=True)) <= 20_000
