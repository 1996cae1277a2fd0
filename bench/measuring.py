"""One installation of one size: filled, visited, written to."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from bench.cast import LET_IN, PASSWORD, VISITING
from bench.floor import Floor, measure_floor
from bench.importing import Imported, measure_imports
from bench.inside import Profile
from bench.pages import Page, Who, contacts, pages
from bench.posting import Posted, post, write_mails
from bench.sent import Sent
from bench.stage import Stage
from bench.suggested import Suggested
from bench.visiting import Timing, Visitor, Weight, time_views, weigh
from bench.watching import Seen, watch
from bench.yardstick import beside

SIGN_IN = "/account/login/"
VISITORS = (1, len(VISITING))
WARMING = 96  # views of a page before it is measured
SENDERS = 4
CALM_SECONDS = 5.0
CALM_SHARE = 0.05
CALM_LIMIT = 900.0  # seconds
FILL = """
import sys, django; django.setup()
from bench.filling import fill
from sportello.core import clock
fill(sys.argv[1], int(sys.argv[2]), clock.now())
"""
SUGGEST = "import django; django.setup(); from bench.suggesting import main; main()"
SEND = "import django; django.setup(); from bench.sending import main; main()"
LINKS = """
import sys, django; django.setup()
from sportello.core import clock
from sportello.customers.models import Contact
from sportello.customers.sign_in import make_link
for key in sys.argv[1:]:
    print(make_link(contact=Contact.objects.get(pk=key), now=clock.now()))
"""


@dataclass(frozen=True, slots=True)
class Views:
    """One page under one number of visitors. `cpu` in milliseconds a view, web and database together; `yardstick` is what the same
    piece of work took around it.
    """

    page: str
    visitors: int
    timing: Timing
    cpu: float
    yardstick: float


@dataclass(frozen=True, slots=True)
class Figures:
    """`first` is how many milliseconds each page took the first time that anybody asked this installation for it."""

    tickets: int
    ready_after_s: float
    idle_mib: float
    views: Sequence[Views]
    weights: Mapping[str, Weight]
    profiles: Sequence[Profile]
    first: Mapping[str, float]
    mail: Posted | None = None
    mail_floor: Floor | None = None
    seen: Sequence[Seen] = ()
    imports: Sequence[Imported] = ()
    suggested: Sequence[Suggested] = ()
    sent: Sent | None = None


@dataclass(frozen=True, slots=True)
class OfPages:
    views: Sequence[Views]
    weights: Mapping[str, Weight]
    profiles: Sequence[Profile]
    first: Mapping[str, float]


def measure(stage: Stage, *, tickets: int, views: int, mails: int, imports: int = 0) -> Figures:
    """Without `views` no pages, without `mails` nothing of mail, without `imports` no files."""
    idle = stage.resident_bytes() / 2**20
    fill_once(stage, tickets)
    posted = write_mails(mails, run=f"{datetime.now(UTC):%Y%m%d%H%M%S}")
    found = _of_pages(stage, views) if views else OfPages([], {}, [], {})
    return Figures(
        tickets=tickets,
        ready_after_s=stage.ready_after,
        idle_mib=idle,
        views=found.views,
        weights=found.weights,
        profiles=found.profiles,
        first=found.first,
        mail=post(stage, posted, senders=SENDERS) if posted else None,
        mail_floor=measure_floor(stage, posted, senders=SENDERS) if posted else None,
        seen=watch(stage) if posted else (),
        imports=measure_imports(stage, imports),
        suggested=_suggested(stage),
        sent=_sent(stage),
    )


def fill_once(stage: Stage, tickets: int) -> None:
    """Unless it was filled before; then until it has caught up."""
    if not _is_filled(stage):
        with stage.asleep():
            stage.python("-c", FILL, stage.database_url, str(tickets))
    _wait_until_calm(stage)


def _wait_until_calm(stage: Stage) -> None:
    """Until worker and database have nothing left to do: thousands of tickets that were late before anybody served them make work of their own
    when the jobs first see them (customers are told, clocks are moved), and its CPU is not that of the pages.
    """
    limit = time.monotonic() + CALM_LIMIT
    while time.monotonic() < limit:
        before = stage.cpu_seconds("worker", "postgres")
        time.sleep(CALM_SECONDS)
        if stage.cpu_seconds("worker", "postgres") - before < CALM_SHARE * CALM_SECONDS:
            return


def _suggested(stage: Stage) -> list[Suggested]:
    return [Suggested(**found) for found in json.loads(stage.python("-c", SUGGEST))]


def _sent(stage: Stage) -> Sent | None:
    found = json.loads(stage.python("-c", SEND))
    return Sent(**found) if found else None


def _of_pages(stage: Stage, views: int) -> OfPages:
    writers = contacts(stage.database_url, max(VISITORS))
    wanted = pages(stage.database_url, writers)
    visitors = {Who.STAFF: _staff(stage), Who.CONTACT: _contacts(stage, writers)}
    first = {page.name: time_views(visitors[page.who][:1], page, 1).p50 for page in wanted}
    return OfPages(
        views=[view for page in wanted for view in _visits(stage, visitors[page.who], page, views)],
        weights={page.name: weigh(visitors[page.who][0], page.of(0)[0]) for page in wanted},
        profiles=_profiles(stage, wanted, visitors),
        first=first,
    )


def _is_filled(stage: Stage) -> bool:
    with psycopg.connect(stage.database_url) as line:
        return line.execute("SELECT EXISTS (SELECT FROM tickets_ticket)").fetchone() == (True,)


def _staff(stage: Stage) -> list[Visitor]:
    stage.python("-c", LET_IN, PASSWORD, *VISITING[1:])
    visitors = [Visitor(stage.host) for _ in VISITING]
    for visitor, email in zip(visitors, VISITING, strict=True):
        visitor.sign_in(SIGN_IN, email, PASSWORD)
    return visitors


def _contacts(stage: Stage, writers: Sequence[int]) -> list[Visitor]:
    visitors = [Visitor(stage.host) for _ in writers]
    secrets = stage.python("-c", LINKS, *map(str, writers)).split()
    for visitor, secret in zip(visitors, secrets, strict=True):
        visitor.enter(f"/portal/enter/{secret}/")
    return visitors


def _visits(stage: Stage, visitors: Sequence[Visitor], page: Page, views: int) -> list[Views]:
    """Under each number of visitors, after so many views by all of them that every process, thread and connection is warm: a connection
    plans a statement anew for its first views, and then keeps the plan.
    """
    time_views(visitors, page, WARMING)
    return [_visit(stage, visitors[:count], page, views) for count in VISITORS]


def _visit(stage: Stage, visitors: Sequence[Visitor], page: Page, views: int) -> Views:
    with beside() as machine:
        before = stage.cpu_seconds("web", "postgres")
        timing = time_views(visitors, page, views)
        cpu = (stage.cpu_seconds("web", "postgres") - before) / timing.views * 1000
    return Views(page.name, len(visitors), timing, cpu, machine.taken)


def _profiles(stage: Stage, wanted: Sequence[Page], visitors: Mapping[Who, Sequence[Visitor]]) -> list[Profile]:
    asked = [
        {"page": page.name, "host": stage.host, "cookies": visitors[page.who][0].cookies, "paths": page.of(0)}
        for page in wanted
    ]
    return [Profile(**found) for found in json.loads(stage.python("-m", "bench.inside", given=json.dumps(asked)))]
