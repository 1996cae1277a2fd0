"""Kills at random, and a database or file store in trouble, while mail comes in: what became of every mail (R01-R04, R11-R13)."""

from __future__ import annotations

import math
import random
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from sportello.config import processes
from sportello.config.env import SettingError
from tests.config.house import until
from tests.faults import counts, hardships
from tests.faults.installation import PROCESSES, Installation
from tests.faults.scene import NOT_DONE, Scene, look_around, scene, works
from tests.soak.traffic import SECRET, Traffic, traffic

KILLS_AT_ONCE = 10
PAUSE_SECONDS = (0.5, 3.0)
LASTING_SECONDS = (3.0, 12.0)
REACH_SECONDS = 60.0
"""Within which all works again, or the fault was not survived."""
PATIENCE_SECONDS = 180.0
"""How long it is waited for nevertheless, so that the figure is known and the run goes on."""
SETTLING_SECONDS = 900.0
_WRITTEN = "SELECT message_id FROM mail_outboundmail WHERE state = 'sent'"
_FAILED = "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1"


def kill_backend(stage: Scene) -> None:
    stage.desk.kill_backends()


def kill_database(stage: Scene) -> None:
    """The first process of the server, with -9; its children end by themselves, and somebody starts it again."""
    pid = int(stage.server.cluster.pid_file.read_text(encoding="ascii").split()[0])
    processes.send(pid, signal.SIGKILL)
    stage.server.end(seconds=10)
    until(lambda: not processes.command_line(pid), seconds=10, what="the server has ended")
    _start(stage)


def _start(stage: Scene) -> None:
    """A server does not start while a child of the killed one still has hold of its memory."""
    for _ in range(10):
        try:
            stage.server.start()
        except SettingError:
            time.sleep(1)
        else:
            return
    stage.server.start()


def kill(name: str) -> Callable[[Scene], None]:
    return lambda stage: stage.desk.kill(name)


def kill_readers(stage: Scene) -> None:
    stage.desk.kill_readers()


KILLS: dict[str, Callable[[Scene], None]] = {
    **{name: kill(name) for name in PROCESSES},
    "mail readers": kill_readers,
    "database backend": kill_backend,
    "database": kill_database,
}


@dataclass
class Event:
    """One fault, or several kills in a row, and what people and monitoring saw."""

    name: str
    faults: int
    """What was really done: a kill that found nobody alive is none."""
    recovery_seconds: float = math.inf
    """From the end of the fault, or from the last kill of a row, until all works; without end if it never did."""
    told: list[str] = field(default_factory=list)
    slowest_page: float = 0.0
    unkind_pages: int = 0

    @property
    def survived(self) -> int:
        """All of its faults, or none: after a row of kills nobody knows which of them hurt."""
        return self.faults if self.recovery_seconds <= REACH_SECONDS and not self.unkind_pages else 0


@dataclass
class Soak:
    stage: Scene
    mail: Traffic
    chance: random.Random
    sent: int = 0

    def during(self, mails: int, fault: Callable[[], Event]) -> Event:
        """Half of the mails before the fault, half in it; then until everything works again."""
        self._send(mails // 2)
        newest = self._newest()
        handing = self._send(mails - mails // 2)
        event = fault()
        begun = time.monotonic()
        with suppress(AssertionError):  # told as a fault that was not survived
            until(lambda: self._works(newest), seconds=PATIENCE_SECONDS, what=f"all works after: {event.name}")
            event.recovery_seconds = time.monotonic() - begun
        wait(handing, timeout=SETTLING_SECONDS)
        return event

    def kills(self, number: int) -> Event:
        names = [self.chance.choice(list(KILLS)) for _ in range(number)]
        hit = 0
        for name in names:
            with suppress(AssertionError, OSError, psycopg.Error):  # it is dead already, and nothing was done
                KILLS[name](self.stage)
                hit += 1
            time.sleep(self.chance.uniform(*PAUSE_SECONDS))
        return Event("kills", hit)

    def hardship(self, name: str) -> Event:
        lasting = self.chance.uniform(*LASTING_SECONDS)
        how = {**hardships.ALL, **hardships.FILES}[name]
        with how(self.stage):
            seen = look_around(self.stage)
            time.sleep(lasting)
        return Event(name, 1, told=seen.health, slowest_page=seen.slowest, unkind_pages=0 if seen.kind else 1)

    def _works(self, newest: int) -> bool:
        try:
            return all(map(self.stage.desk.house.pids, PROCESSES)) and works(self.stage, newest)
        except (OSError, psycopg.Error):
            return False

    def _newest(self) -> int:
        return self.stage.desk.figure("SELECT coalesce(max(id), 0) FROM mail_inboundmail")

    def _send(self, count: int) -> list[Future[None]]:
        first, self.sent = self.sent, self.sent + count
        return self.mail.send(first, count)


def plan(chance: random.Random, *, kills: int, outages: int) -> list[str | int]:
    """Outages by name and bursts of kills by number, in an order of chance; every hardship comes before one comes again."""
    names = [*hardships.ALL, *hardships.FILES]
    hard: list[str | int] = [names[number % len(names)] for number in range(outages)]
    bursts = [KILLS_AT_ONCE] * (kills // KILLS_AT_ONCE) + ([kills % KILLS_AT_ONCE] if kills % KILLS_AT_ONCE else [])
    steps = [*hard, *bursts]
    chance.shuffle(steps)
    return steps


def run(folder: Path, *, mails: int, kills: int, outages: int, seed: int, minutes: float) -> Iterator[dict[str, Any]]:
    """A line for each event, and one at the end with everything counted. What does not fit into the time is left out, and said."""
    chance = random.Random(seed)  # noqa: S311 - the same run each time
    steps = plan(chance, kills=kills, outages=outages)
    lot = max(4, mails // max(1, len(steps)))
    end = time.monotonic() + minutes * 60
    with (
        scene(folder, settings=SECRET, max_connections=str(hardships.MOST_CONNECTIONS)) as stage,
        traffic(stage, chance) as mail,
    ):
        soak, events = Soak(stage, mail, chance), list[Event]()
        for step in steps:
            if time.monotonic() > end:
                break
            fault = (
                (lambda step=step: soak.hardship(step))
                if isinstance(step, str)
                else (lambda step=step: soak.kills(step))
            )
            events.append(soak.during(lot, fault))
            yield {"event": events[-1].name, **vars(events[-1]), "survived": events[-1].survived, "sent": soak.sent}
        yield settled(soak, events, left_out=len(steps) - len(events))


def settled(soak: Soak, events: list[Event], *, left_out: int) -> dict[str, Any]:
    desk, mail = soak.stage.desk, soak.mail
    begun = time.monotonic()
    until(lambda: len(mail.promised()) == soak.sent, seconds=SETTLING_SECONDS, what="every mail is acknowledged")
    until(
        lambda: _is_all_there(desk, mail.promised()), seconds=SETTLING_SECONDS, what="every mail is fetched and filed"
    )
    until(lambda: counts.unsent(desk) == 0, seconds=SETTLING_SECONDS, what="every receipt is sent")
    until(lambda: desk.figure(NOT_DONE) == 0, seconds=SETTLING_SECONDS, what="no job stands still")
    written = {message_id for (message_id,) in desk.ask(_WRITTEN)}
    sent = counts.copies(desk.world)
    found, cuts = counts.of_mail(desk, mail.promised()), mail.answers.cuts + mail.fetches.cuts
    return {
        "event": "all",
        **found,
        "not filed": found["found"] - found["filed"],
        "by IMAP": len(mail.delivered),
        "replies said to be sent": len(written),
        "replies sent": len(sent),
        "replies lost": len(written - set(sent)),
        "replies doubled": sent.total() - len(sent),
        "faults injected": sum(event.faults for event in events) + cuts,
        "faults survived": sum(event.survived for event in events) + max(0, cuts - found["lost"] - found["doubled"]),
        "kills": sum(event.faults for event in events if event.name == "kills"),
        "outages": sum(event.name != "kills" for event in events),
        "cut before 250": mail.answers.cuts,
        "cut in FETCH": mail.fetches.cuts,
        "refused for now": mail.postfix.refusals(),
        "refused for good": len(mail.postfix.refused),
        "no answer": mail.postfix.answers[0] - mail.answers.cuts,
        "failed jobs": dict(desk.ask(_FAILED)),
        "unkind pages": sum(event.unkind_pages for event in events),
        "slowest page s": max((event.slowest_page for event in events), default=0.0),
        "worst recovery s": max((event.recovery_seconds for event in events), default=0.0),
        "worst recovery after": max(events, key=lambda event: event.recovery_seconds).name if events else "",
        "settled after s": time.monotonic() - begun,
        "steps left out": left_out,
    }


def _is_all_there(desk: Installation, promised: set[str]) -> bool:
    return counts.of_mail(desk, promised)["lost"] == 0 and counts.waiting(desk) == 0
