"""R28: the standby that searches read from is lost, silent or far behind. The primary answers, what is new is found, and health has a word for it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from sportello.config import embedded, processes
from tests.config.house import until
from tests.faults import counts
from tests.faults.browser import Answer, Browser
from tests.faults.installation import SUPPORT, Installation, installation
from tests.faults.letters import letter
from tests.faults.mail_server import MailServer
from tests.servers.line import Line

PAGE_SECONDS = 15.0
HAS_SPOKEN = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sportello'"


@dataclass(frozen=True)
class Pair:
    primary: embedded.Server
    standby: embedded.Cluster
    line: Line
    """To the standby."""

    def order(self, statement: str) -> int:
        """On the standby."""
        with psycopg.connect(self.standby.maintenance_url, autocommit=True) as connection:
            row = connection.execute(statement.encode()).fetchone()
        return int(row[0]) if row and isinstance(row[0], int) else 0


@contextmanager
def pair(folder: Path) -> Iterator[Pair]:
    primary, standby = (embedded.Server(embedded.cluster_in(folder / name)) for name in ("one", "two"))
    for server in (primary, standby):
        server.cluster.folder.parent.mkdir()
    primary.start()
    with follower(primary, standby.cluster), Line(str(standby.cluster.sockets / ".s.PGSQL.5432")) as line:
        try:
            yield Pair(primary, standby.cluster, line)
        finally:
            primary.ask_to_stop()
            primary.end(seconds=20)


@contextmanager
def follower(primary: embedded.Server, standby: embedded.Cluster) -> Iterator[None]:
    """A hot standby, as PostgreSQL's own tool makes it."""
    owner = primary.cluster.folder.owner()
    for place in (standby.folder, standby.sockets):
        place.mkdir(mode=0o700)
        subprocess.run(["chown", owner, str(place)], check=True)
    as_owner = processes.as_user(owner, needs_search=True, last_wish=signal.SIGINT) if os.geteuid() == 0 else []
    origin = f"host={primary.cluster.sockets} user=sportello"
    copy = [
        *as_owner,
        str(embedded.programs() / "pg_basebackup"),
        "-d",
        origin,
        "-D",
        str(standby.folder),
        "-R",
        "-X",
        "stream",
    ]
    subprocess.run([*copy, "-c", "fast"], check=True)
    serve = [*as_owner, str(embedded.programs() / "postgres"), "-D", str(standby.folder), "-c", "listen_addresses="]
    with standby.log.open("wb") as log:
        server = subprocess.Popen([*serve, "-c", f"unix_socket_directories={standby.sockets}"], stdout=log, stderr=log)
    try:
        until((standby.sockets / ".s.PGSQL.5432").exists, seconds=60, what="the standby listens")
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


@contextmanager
def away(pair: Pair) -> Iterator[None]:
    with pair.line.led_nowhere():
        yield


@contextmanager
def silent(pair: Pair) -> Iterator[None]:
    pair.line.frozen.set()
    yield
    pair.line.frozen.clear()


@contextmanager
def behind(pair: Pair) -> Iterator[None]:
    pair.order("SELECT pg_wal_replay_pause()::text")
    yield
    pair.order("SELECT pg_wal_replay_resume()::text")


def problems(desk: Installation) -> list[str]:
    return list(desk.house.health().get("problems", ["?"]))


@pytest.mark.system
@pytest.mark.slow(150)
@pytest.mark.timeout(1200)
def test_r28_a_standby_that_is_away_silent_or_behind_keeps_no_search_waiting_and_is_named(tmp_path: Path) -> None:
    """Faults found: a silent one took all of a page's patience, so that the search was refused, and again every five seconds; health said nothing."""
    with pair(tmp_path) as both:
        through = f"postgresql://sportello@127.0.0.1:{both.line.port}/sportello"
        url = both.primary.cluster.url
        with (
            installation(tmp_path, database_url=url, DATABASE_REPLICA_URL=through) as desk,
            MailServer(desk.lmtp_port, SUPPORT) as postfix,
        ):
            browser = Browser(desk)
            browser.sign_in()
            until(lambda: problems(desk) == [], seconds=60, what="all is well")
            until(lambda: both.order(HAS_SPOKEN) > 0, seconds=60, what="the standby is asked")
            answers: list[Answer] = []
            for number, ill in enumerate((away, silent, behind)):
                with ill(both):
                    wait(postfix.hand_over([letter(number)]))
                    until(lambda: counts.waiting(desk) == 0, seconds=60, what="the mail is filed")
                    answers += [browser.get(f"/desk/search?q=shop{number}.example") for _ in range(8)]
                    until(lambda: problems(desk) == ["standby"], seconds=90, what="the standby is named")
                    answers.append(browser.get(f"/desk/search?q=shop{number}.example"))
                    assert f"The shop {number} does not open" in answers[-1].text
                until(lambda: problems(desk) == [], seconds=60, what="all is well again")
            assert {one.status for one in answers} == {200}
            assert max(one.seconds for one in answers) < PAGE_SECONDS
