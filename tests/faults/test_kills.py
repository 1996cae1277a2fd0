"""Whatever dies, at whatever moment, no acknowledged mail is lost and none becomes two (R01, R02)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from pathlib import Path

import pytest

from tests.config.house import until
from tests.faults import counts
from tests.faults.installation import PROCESSES, SUPPORT, Installation, installation
from tests.faults.letters import letters
from tests.faults.mail_server import MailServer

pytestmark = [pytest.mark.system, pytest.mark.slow(60), pytest.mark.timeout(600)]

WAVE = 29
CUT_EVERY = 9
JOBS_AT_ONCE = 4  # of one worker, unless set otherwise
RECOVERY_SECONDS = 60.0
FAULTS: dict[str, Callable[[Installation], None]] = {
    "worker": lambda desk: desk.kill("worker"),
    "mail door": lambda desk: desk.kill("mail-door"),
    "web": lambda desk: desk.kill("web"),
    "live": lambda desk: desk.kill("live"),
    "mail readers": Installation.kill_readers,
    "one database process": Installation.kill_backends,
    "the database": Installation.kill_database,
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as found:
        yield found


@pytest.fixture
def postfix(desk: Installation) -> Iterator[MailServer]:
    with MailServer(desk.lmtp_port, SUPPORT, cuts=CUT_EVERY) as server:
        yield server


def recovered(desk: Installation, since: int) -> bool:
    """Every process is there, the pages answer, and a mail that came in after the fault is in a ticket."""
    newer = "SELECT count(*) FROM mail_inboundmail WHERE id > %s AND state = 'filed'"
    return desk.house.well() and all(map(desk.house.pids, PROCESSES)) and desk.figure(newer, since) > 0


def strike(desk: Installation, postfix: MailServer, number: int, fault: Callable[[Installation], None]) -> float:
    """Hand in a wave of mails and do the fault in the middle of it; seconds until all works again."""
    before = len(postfix.acknowledged)
    handing = postfix.hand_over(letters(number * WAVE, WAVE))
    until(lambda: len(postfix.acknowledged) > before + WAVE // 3, seconds=60, what="a third of the wave is in")
    newest = desk.figure("SELECT max(id) FROM mail_inboundmail")
    fault(desk)
    struck = time.monotonic()
    until(lambda: recovered(desk, newest), seconds=RECOVERY_SECONDS, what=f"all works after a kill (wave {number})")
    back = time.monotonic() - struck
    wait(handing, timeout=RECOVERY_SECONDS)
    return back


def test_r01_r02_killing_each_process_loses_and_doubles_nothing(
    desk: Installation, postfix: MailServer, record_property: Callable[[str, object], None]
) -> None:
    seconds = {name: strike(desk, postfix, number, fault) for number, (name, fault) in enumerate(FAULTS.items())}
    begun = time.monotonic()
    until(lambda: counts.waiting(desk) == 0, seconds=90, what="every mail is filed")
    until(lambda: counts.unsent(desk) == 0, seconds=120, what="every receipt is sent")

    found = counts.of_mail(desk, postfix.acknowledged)
    sent = counts.copies(desk.world)
    doubled = sent.total() - len(sent)
    everything, cut = WAVE * len(FAULTS), postfix.answers[0]
    survived = sum(took <= RECOVERY_SECONDS for took in seconds.values()) + max(
        0, cut - found["lost"] - found["doubled"]
    )
    worst = max(seconds, key=lambda name: seconds[name])
    figures: counts.Figures = {
        **found, "written": everything, "sent": len(sent), "doubled replies": doubled, "lines cut": cut,
        "faults": len(FAULTS) + cut, "survived": survived,
        "worst recovery s": seconds[worst], "after": worst,
        "last filed s": time.monotonic() - begun,
    }  # fmt: skip
    counts.tell(record_property, "kills", figures)
    assert found == counts.all_filed(everything)
    assert postfix.refused == {}
    assert counts.most_receipts_to_one(desk) == 1
    assert len(sent) == everything
    assert doubled <= JOBS_AT_ONCE, "only what was being handed over when the worker died may go again"
