"""R22, R23: so many mails a second, open pages, agents who answer and customers who read, at a filled installation, for an hour or a day."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.cast import AGENTS, PASSWORD, SUPPORT
from bench.measuring import LINKS, fill_once
from bench.pages import contacts
from bench.stage import Stage, installation
from bench.visiting import Visitor
from sportello.core import files
from sportello.watch.named import NAMED_FILES
from tests.config.house import House, until
from tests.faults import counts
from tests.faults.installation import Installation
from tests.mail.smtp_server import Conduct
from tests.soak.open_pages import OpenPage
from tests.soak.people import Agent, Customer, Person, entering, present, signing_in
from tests.soak.posting import KeptLines, streaming, written
from tests.soak.scales import Scales
from tests.soak.waits import Waits, spread

ROOM = {"SPORTELLO_MAILS_PER_HOUR": "0", "SPORTELLO_RECEIPTS_PER_HOUR": "0"}
"""Two thousand people write as much as a real desk's many do."""
SETTLING_SECONDS = 1800.0
LOAD = "load"
PASSWORDS = """
import sys, django; django.setup()
from django.contrib.auth.hashers import make_password
from sportello.accounts.models import User
User.objects.filter(email__endswith="@bench.example").update(password=make_password(sys.argv[1]))
"""
_ANSWERS = "SELECT substring(text from 'answer-[0-9a-f]{32}') FROM tickets_message WHERE text LIKE '%%answer-%%' AND created_at >= %s"
FAILED_JOBS = "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1"
_STATES = "SELECT state, count(*) FROM mail_inboundmail WHERE received_at BETWEEN %s AND now() GROUP BY 1"
"""The filling has mails of later today, too."""


def asked(stage: Stage) -> Installation:
    """So that the counts of the faults can be asked."""
    return Installation(House(Path("/nonexistent"), ports=[]), stage.database_url, Conduct())


def crew(stage: Stage, waits: Waits, *, browsers: int, agents: int, customers: int) -> list[Person]:
    """Open pages, agents and customers, who have not come yet."""
    stage.python("-c", PASSWORDS, PASSWORD)
    live = "localhost", int(stage.environment["SPORTELLO_LIVE_PORT"])
    keys = contacts(stage.database_url, customers)
    links = stage.python("-c", LINKS, *map(str, keys)).split()
    return [
        *(OpenPage(Visitor(stage.host), staff(place), waits, place, live=live) for place in range(browsers)),
        *(Agent(Visitor(stage.host), staff(place), waits, 1000 + place) for place in range(agents)),
        *(Customer(Visitor(stage.host), entering(link), waits, 2000 + place) for place, link in enumerate(links)),
    ]


def staff(place: int) -> Callable[[Visitor], None]:
    number = place % (AGENTS - 1) + 2
    return signing_in(f"agent{number}@bench.example", PASSWORD)


def run(
    folder: Path, *, tickets: int, minutes: float, rate: float, browsers: int, agents: int, customers: int
) -> dict[str, Any]:
    seconds, waits = minutes * 60, Waits("arriving")
    with installation(folder, **ROOM) as stage:
        fill_once(stage, tickets)
        desk, begun = asked(stage), datetime.now(UTC)
        before, failed = counts.of_mail(desk, ()), dict(desk.ask(FAILED_JOBS))
        people = crew(stage, waits, browsers=browsers, agents=agents, customers=customers)
        own = os.times()
        with (
            present(people),
            Scales(stage, seconds) as scales,
            streaming(KeptLines(stage.lmtp_port, SUPPORT), rate, written(f"load{begun:%Y%m%d%H%M%S}")) as stream,
        ):
            waits.phase = LOAD
            time.sleep(seconds)
        spent = os.times()
        begun_waiting = time.monotonic()
        until(lambda: counts.waiting(desk) == 0, seconds=SETTLING_SECONDS, what="every mail is filed")
        settled = time.monotonic() - begun_waiting
        mails = {name: found - before[name] for name, found in counts.of_mail(desk, stream.server.acknowledged).items()}
        return {
            "event": "load",
            "tickets": tickets,
            "minutes": minutes,
            **mails,
            "states": dict(desk.ask(_STATES, begun)),
            "refused for now": stream.server.refusals(),
            "refused for good": len(stream.server.refused),
            "given late s": max(0.0, stream.late),
            "ms to the 250": spread(stream.server.took),
            "ms of pages": spread(waits.of_phase(LOAD)),
            **{f"ms of {kind}": spread(waits.seconds[LOAD][kind]) for kind in sorted(waits.seconds[LOAD])},
            "errors": dict(waits.failed),
            **answers(desk, people, begun),
            "waiting mails": scales.waiting_told(),
            "oldest waiting s": max(look.oldest_seconds for look in scales.looks),
            "waiting at the end": scales.looks[-1].waiting,
            "all filed after s": settled,
            "memory MiB": scales.memory_told(),
            "orphan files": orphans(desk, folder / "files"),
            "connections": f"{scales.looks[0].connections} to {scales.looks[-1].connections}",
            "CPU s": {name: round(used, 1) for name, used in scales.cpu.items()},
            "CPU s of this driver": spent.user + spent.system - own.user - own.system,
            "jobs failed": {
                name: n - failed.get(name, 0) for name, n in desk.ask(FAILED_JOBS) if n > failed.get(name, 0)
            },
        }


def orphans(desk: Installation, store: Path) -> int:
    """Files that no row names.

    But for those that are being written at this moment (`core.files`), and what processes write and remove to see whether the store takes any
    (`watch.beating`).
    """
    named = {name for (name,) in desk.ask(NAMED_FILES)}
    found = {
        file.name
        for file in store.rglob("*")
        if file.is_file() and not file.name.startswith((".probe-", ".new-", files.MARK))
    }
    return len(found - named)


def answers(desk: Installation, people: Sequence[Person], since: datetime) -> dict[str, Any]:
    agents = [person for person in people if isinstance(person, Agent)]
    taken = {mark for agent in agents for mark in agent.answers}
    found = [mark for (mark,) in desk.ask(_ANSWERS, since)]
    return {
        "answers taken": len(taken),
        "answers lost": len(taken - set(found)),
        "answers doubled": len(found) - len(set(found)),
        "answers to be looked at again": dict(sum((agent.refusals for agent in agents), Counter[str]())),
    }
