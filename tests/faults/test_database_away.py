"""The database stops and comes back under incoming mail (R03, R13): nothing is refused for good, nothing lost, and all goes on by itself."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import pytest

from sportello.config import embedded
from tests.config.house import until
from tests.faults import counts
from tests.faults.browser import Browser
from tests.faults.installation import PROCESSES, SUPPORT, Installation, installation
from tests.faults.letters import letter, letters
from tests.faults.mail_server import MailServer

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(240)]

LOT = 30
LAST = 1000  # the number of the first letter of those that come when all is over
EVERYTHING = 2 * (LOT + 1)
PAGES = ("/desk/", "/account/login/", "/portal/sign-in/")
RECOVERY_SECONDS = 60.0
KIND_PAGE_SECONDS = 15.0
NOT_DONE = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' OR (status = 'todo' AND coalesce(scheduled_at, now()) <= now())"
FAILED_JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"


@dataclass
class Scene:
    desk: Installation
    server: embedded.Server
    browser: Browser
    postfix: MailServer

    def pids(self) -> dict[str, list[int]]:
        return {name: sorted(self.desk.house.pids(name)) for name in PROCESSES}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """The installation with a database server of its own that a test may stop, as a provider's may."""
    server = embedded.Server(embedded.cluster_in(tmp_path / "server"))
    (tmp_path / "server").mkdir()
    server.start()
    try:
        with (
            installation(tmp_path, database_url=server.cluster.url) as desk,
            MailServer(desk.lmtp_port, SUPPORT) as postfix,
        ):
            browser = Browser(desk)
            browser.sign_in()
            browser.listen()
            yield Scene(desk, server, browser, postfix)
    finally:
        server.ask_to_stop()
        server.end(seconds=20)


def stop(server: embedded.Server) -> None:
    server.ask_to_stop()
    server.end(seconds=20)


def crash(server: embedded.Server) -> None:
    """Ended at once, as by a power cut; the next start recovers from the write-ahead log."""
    server.end(seconds=0)


def look_around(scene: Scene) -> float:
    """What people see while the database is away; the longest that one had to wait for it, in seconds."""
    with ThreadPoolExecutor() as at_once:
        monitor = at_once.submit(Browser(scene.desk).get, "/health")
        answers = list(at_once.map(scene.browser.get, PAGES))
    for answer in answers:
        assert answer.status == 503
        assert "One moment, please" in answer.text
        assert "Traceback" not in answer.text
        assert int(answer.headers["Retry-After"]) > 0
    assert monitor.result().status == 503
    assert json.loads(monitor.result().text)["problems"] == ["database"]
    return max(answer.seconds for answer in answers)


def works(scene: Scene, newest: int) -> bool:
    """Pages, mail in, and live updates, which say first that something may have been missed."""
    newer = "SELECT count(*) FROM mail_inboundmail WHERE id > %s AND state = 'filed'"
    return (
        all(scene.browser.get(path).status == 200 for path in PAGES)
        and scene.desk.figure(newer, newest) > 0
        and scene.browser.heard("again")
    )


def outage(scene: Scene, number: int, end: Callable[[embedded.Server], None]) -> tuple[float, float]:
    """Mails come in, the server goes, people look, it comes back; seconds that a page took meanwhile, and until all worked again."""
    before, refused = len(scene.postfix.acknowledged), scene.postfix.refusals()
    handing = scene.postfix.hand_over(letters(number * LOT, LOT))
    until(lambda: len(scene.postfix.acknowledged) > before + LOT // 3, seconds=60, what="a third of the mails is in")
    newest = scene.desk.figure("SELECT max(id) FROM mail_inboundmail")
    end(scene.server)
    slowest = look_around(scene)
    until(lambda: scene.postfix.refusals() > refused, seconds=30, what="a mail is refused for now")
    scene.browser.notices.clear()
    scene.server.start()
    back = time.monotonic()
    until(lambda: works(scene, newest), seconds=RECOVERY_SECONDS, what="all works again")
    seconds = time.monotonic() - back
    wait(handing, timeout=RECOVERY_SECONDS)
    scene.browser.notices.clear()
    scene.postfix.hand_over([letter(LAST + number)])
    until(lambda: scene.browser.heard("queue"), seconds=RECOVERY_SECONDS, what="a new mail is told live")
    return slowest, seconds


def test_all_goes_on_by_itself_after_the_database_was_away(
    scene: Scene, record_property: Callable[[str, object], None]
) -> None:
    before = scene.pids()
    pages, recoveries = zip(*(outage(scene, number, end) for number, end in enumerate((stop, crash))), strict=True)
    until(lambda: counts.waiting(scene.desk) == 0, seconds=RECOVERY_SECONDS, what="every mail is filed")
    until(lambda: counts.unsent(scene.desk) == 0, seconds=RECOVERY_SECONDS, what="every receipt is sent")
    until(lambda: scene.desk.figure(NOT_DONE) == 0, seconds=RECOVERY_SECONDS, what="no job stands still")

    found = counts.of_mail(scene.desk, scene.postfix.acknowledged)
    sent = counts.copies(scene.desk.world)
    figures: dict[str, int | float | str] = {
        **found, "receipts sent": len(sent), "doubled receipts": sent.total() - len(sent), "outages": len(recoveries),
        "refused for now": scene.postfix.refusals(), "worst recovery s": max(recoveries), "slowest 503 s": max(pages),
    }  # fmt: skip
    record_property("counted", f"database away: {counts.sentence(figures)}")
    assert found == {"acknowledged": EVERYTHING, "found": EVERYTHING, "lost": 0, "doubled": 0, "half tickets": 0}
    assert {code // 100 for code in scene.postfix.answers} == {2, 4}
    assert sent.total() == EVERYTHING
    assert scene.desk.figure(FAILED_JOBS) == 0
    assert max(pages) < KIND_PAGE_SECONDS
    assert scene.pids() == before, "nothing had to be started again"
