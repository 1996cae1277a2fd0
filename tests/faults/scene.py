"""An installation with a database server of its own, as a provider's is, and a line to it that can be spoilt; people and mails come meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from sportello.config import embedded
from tests.faults.browser import Browser
from tests.faults.installation import PROCESSES, SUPPORT, Installation, installation
from tests.faults.mail_server import MailServer
from tests.servers.line import Line

PAGES = ("/desk/", "/account/login/", "/portal/sign-in/")
NOT_DONE = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' OR (status = 'todo' AND coalesce(scheduled_at, now()) <= now())"
FAILED_JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed' AND queueing_lock IS NULL"
"""What comes back by itself is not done again when the database breaks it off (config/leftovers.py): the next of its kind does the work."""


@dataclass
class Scene:
    desk: Installation
    server: embedded.Server
    line: Line
    browser: Browser
    postfix: MailServer

    def pids(self) -> dict[str, list[int]]:
        return {name: sorted(self.desk.house.pids(name)) for name in PROCESSES}


@dataclass(frozen=True)
class Seen:
    """What people saw while the database was in trouble."""

    statuses: set[int]
    kind: bool
    """Every refusal was a page that asks for a moment, without a word for programmers."""
    slowest: float
    """The longest that one had to wait for a page, in seconds."""
    health: list[str]
    """The problems that monitoring was told."""
    health_seconds: float
    public_status: int
    """What the public status was answered with, meanwhile."""


@contextmanager
def scene(folder: Path, *, settings: Mapping[str, str] = MappingProxyType({}), **options: str) -> Iterator[Scene]:
    """`options` are PostgreSQL's, `settings` Sportello's."""
    server = embedded.Server(embedded.cluster_in(folder / "server"), options=options)
    (folder / "server").mkdir(exist_ok=True)
    server.start()
    try:
        with (
            Line(str(server.cluster.sockets / ".s.PGSQL.5432")) as line,
            _installed(folder, server, line, settings) as found,
        ):
            yield found
    finally:
        server.ask_to_stop()
        server.end(seconds=20)


@contextmanager
def _installed(folder: Path, server: embedded.Server, line: Line, settings: Mapping[str, str]) -> Iterator[Scene]:
    through = f"postgresql://sportello@127.0.0.1:{line.port}/sportello"
    with (
        installation(folder, database_url=through, asked_at=server.cluster.url, **settings) as desk,
        MailServer(desk.lmtp_port, SUPPORT) as postfix,
    ):
        browser = Browser(desk)
        browser.sign_in()
        browser.listen()
        yield Scene(desk, server, line, browser, postfix)


def look_around(scene: Scene) -> Seen:
    """Open all pages and ask for health, at once."""
    with ThreadPoolExecutor() as at_once:
        monitor = at_once.submit(Browser(scene.desk).get, "/health")
        public = at_once.submit(Browser(scene.desk).get, "/status/")
        answers = list(at_once.map(scene.browser.get, PAGES))
    refusals = [answer for answer in answers if answer.status != 200]
    return Seen(
        statuses={answer.status for answer in answers},
        kind=all(
            "One moment, please" in answer.text
            and "Traceback" not in answer.text
            and int(answer.headers["Retry-After"]) > 0
            for answer in refusals
        ),
        slowest=max(answer.seconds for answer in answers),
        health=json.loads(monitor.result().text)["problems"],
        health_seconds=monitor.result().seconds,
        public_status=public.result().status,
    )


def works(scene: Scene, newest: int) -> bool:
    """Pages, and mail in: one that is newer than `newest` has become a ticket."""
    newer = "SELECT count(*) FROM mail_inboundmail WHERE id > %s AND state = 'filed'"
    return scene.desk.figure(newer, newest) > 0 and all(scene.browser.get(path).status == 200 for path in PAGES)
