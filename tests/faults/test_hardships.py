"""The database is away, or there and of no use (R03, R12, R13): door and pages say so soon, health names it, nothing is lost, all goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.config.house import until
from tests.faults import counts, hardships
from tests.faults.hardships import Hardship
from tests.faults.letters import letter, letters
from tests.faults.scene import FAILED_JOBS, NOT_DONE, Scene, Seen, look_around, scene, works

pytestmark = [pytest.mark.system, pytest.mark.slow(105), pytest.mark.timeout(900)]

SHORT_FORM = {
    "stopped": "database",
    "crashed": "database",
    "stopped processes": "database",
    "locked tables": "database_slow",
    "read-only": "database_read_only",
    "no free connection": "database",
}
"""What is done, and what health is to call it."""
LOT = 12
LAST = 1000  # the number of the first letter of those that come when a hardship is over
DOOR_SECONDS = 30.0
PAGE_SECONDS = 30.0
HEALTH_SECONDS = 12.0
RECOVERY_SECONDS = 60.0
HEALTHY_SECONDS = 40.0
LAST_RECEIPT_SECONDS = 120.0
"""A receipt whose sender died with it gets a job within two minutes (config/errands.py)."""
JOBS_AT_ONCE = 4  # of one worker, unless set otherwise


@dataclass(frozen=True)
class Suffered:
    seen: Seen
    door_seconds: float
    recovery_seconds: float
    well_seconds: float
    """Until health had nothing to say any more."""

    @property
    def is_survived(self) -> bool:
        return self.seen.kind and self.recovery_seconds <= RECOVERY_SECONDS


def suffer(stage: Scene, number: int, hardship: Hardship) -> Suffered:
    """Mails come in; in the middle the hardship begins, lasts until the door has answered, and ends."""
    handing = stage.postfix.hand_over(letters(number * LOT, LOT // 2))
    wait(handing, timeout=RECOVERY_SECONDS)
    newest, heard = stage.desk.figure("SELECT max(id) FROM mail_inboundmail"), stage.postfix.heard()
    with hardship(stage):
        begun = time.monotonic()
        handing = stage.postfix.hand_over(letters(number * LOT + LOT // 2, LOT // 2))
        seen = look_around(stage)
        until(lambda: stage.postfix.heard() > heard, seconds=DOOR_SECONDS, what="the door answers")
        door_seconds = time.monotonic() - begun
    over = time.monotonic()
    recovery_seconds = recover(stage, number, newest, handing)
    until(lambda: stage.desk.house.health().get("problems") == [], seconds=HEALTHY_SECONDS, what="health is well")
    return Suffered(seen, door_seconds, recovery_seconds, time.monotonic() - over)


def recover(stage: Scene, number: int, newest: int, handing: list[Future[None]]) -> float:
    """Seconds until pages open and mail becomes tickets, which is then told live, too."""
    begun = time.monotonic()
    until(lambda: works(stage, newest), seconds=RECOVERY_SECONDS, what="all works again")
    seconds = time.monotonic() - begun
    wait(handing, timeout=RECOVERY_SECONDS)
    stage.browser.notices.clear()
    stage.postfix.hand_over([letter(LAST + number)])
    until(lambda: is_told(stage), seconds=RECOVERY_SECONDS, what="a new mail is told live")
    return seconds


def is_told(stage: Scene) -> bool:
    """With its own notice, or with the one that lets a browser ask for everything."""
    return stage.browser.heard("queue") or stage.browser.heard("again")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path, max_connections=str(hardships.MOST_CONNECTIONS)) as found:
        yield found


def test_r03_r12_r13_r28_a_database_away_or_of_no_use_keeps_nobody_waiting_and_loses_nothing(
    stage: Scene, record_property: Callable[[str, object], None]
) -> None:
    before = stage.pids()
    suffered = {name: suffer(stage, number, hardships.ALL[name]) for number, name in enumerate(SHORT_FORM)}
    until(lambda: counts.waiting(stage.desk) == 0, seconds=RECOVERY_SECONDS, what="every mail is filed")
    until(lambda: counts.unsent(stage.desk) == 0, seconds=LAST_RECEIPT_SECONDS, what="every receipt is sent")
    until(lambda: stage.desk.figure(NOT_DONE) == 0, seconds=RECOVERY_SECONDS, what="no job stands still")

    found = counts.of_mail(stage.desk, stage.postfix.acknowledged)
    sent = counts.copies(stage.desk.world)
    everything = (LOT + 1) * len(suffered)
    figures: counts.Figures = {
        **found, "written": everything, "sent": len(sent), "doubled replies": sent.total() - len(sent),
        "faults": len(suffered), "survived": sum(one.is_survived for one in suffered.values()), "refused for now": stage.postfix.refusals(),
        "slowest 451 s": max(one.door_seconds for one in suffered.values()), "slowest 503 s": max(one.seen.slowest for one in suffered.values()),
        "slowest health s": max(one.seen.health_seconds for one in suffered.values()),
        "health well after s": max(one.well_seconds for one in suffered.values()),
        "worst recovery s": max(one.recovery_seconds for one in suffered.values()),
    }  # fmt: skip
    counts.tell(record_property, "database away or of no use", figures)
    assert found == counts.all_filed(everything)
    assert {code // 100 for code in stage.postfix.answers} == {2, 4}
    assert len(sent) == everything
    assert sent.total() - len(sent) <= JOBS_AT_ONCE, "only what was being handed over when the server died may go again"
    assert {name: one.seen.health for name, one in suffered.items()} == {
        name: [word] for name, word in SHORT_FORM.items()
    }
    assert all(one.seen.kind for one in suffered.values())
    assert {name for name, one in suffered.items() if one.seen.slowest > PAGE_SECONDS} == set()
    assert {name for name, one in suffered.items() if one.seen.health_seconds > HEALTH_SECONDS} == set()
    assert {name for name, one in suffered.items() if one.seen.public_status != 200} == set()
    assert stage.desk.figure(FAILED_JOBS) == 0
    started_again = {name for name, pids in stage.pids().items() if pids != before[name]}
    assert started_again <= watched(stage), "nothing had to be started again"


def watched(stage: Scene) -> set[str]:
    """What may have ended itself: on a slow machine two hardships in a row keep every answer from a worker until its watchdog barks."""
    return {"worker"} if "no answer from the database for" in stage.desk.house.log else set()
