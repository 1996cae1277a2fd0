"""A whole installation that faults are done to, the mail server that takes its mail, and what its database says afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from sportello.config import embedded, processes
from tests.config.house import House
from tests.mail.smtp_server import Conduct, serving

SUPPORT = "support@provider.example"
AGENT = "giulia@provider.example"
PASSWORD = "nothing-is-ever-lost"
PROCESSES = ("web", "live", "worker", "mail-door")
_SET_UP = f"""
import django; django.setup()
from sportello.accounts.actions import create_user
from sportello.accounts.enums import Role
from sportello.core import clock
from tests.factories import let_mail_out, make_mailbox
let_mail_out()
make_mailbox({SUPPORT!r})
create_user(email={AGENT!r}, name="Giulia Rinaldi", role=Role.AGENT, language="en", password={PASSWORD!r}, by=None, now=clock.now())
"""


@dataclass
class Installation:
    house: House
    url: str
    """Of its database."""
    world: Conduct = field(default_factory=Conduct)
    """The mail server that takes our mail."""

    @property
    def lmtp_port(self) -> int:
        return self.house.ports[2]

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(query.encode(), values or None).fetchall()

    def figure(self, query: str, *values: Any) -> int:
        """The one number that a query gives."""
        ((found,),) = self.ask(query, *values)
        return int(found)

    def kill(self, name: str) -> None:
        """One of our processes, and what it forked off, without a word of warning."""
        _kill(self.house.pids(name), what=name)

    def kill_readers(self) -> None:
        """The children of the worker that read foreign bytes, one of them perhaps in the middle of a mail."""
        _kill([child for child in self.children() if _is_reader(child)], what="mail readers")

    def children(self) -> list[int]:
        """What the worker has started for work with strangers' bytes, and the database for its connections."""
        parents = [*self.house.pids("worker"), *self.house.server_pids()]
        return [child for parent in parents for child in children_of(parent)]

    def kill_backends(self) -> None:
        """One server process of the database: PostgreSQL then ends all of them and recovers."""
        backends = self.ask(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'sportello' ORDER BY pid DESC LIMIT 1"
        )
        _kill([pid for (pid,) in backends], what="backend")

    def kill_database(self) -> None:
        _kill(self.house.server_pids(), what="database")


def _kill(pids: list[int], *, what: str) -> None:
    assert pids, f"there was no {what} to kill"
    for pid in pids:
        processes.send(pid, signal.SIGKILL)


def children_of(pid: int) -> list[int]:
    with suppress(OSError):  # it, or one of its threads, has ended
        found = [task.joinpath("children").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
        return [int(child) for line in found for child in line.split()]
    return []


def _is_reader(pid: int) -> bool:
    return "sportello.mail.parsing.child" in processes.command_line(pid)


@contextmanager
def installation(
    folder: Path, *, database_url: str = "", asked_at: str = "", **settings: str
) -> Iterator[Installation]:
    """Everything started with the one command, with a mailbox and an agent; stopped at the end. With `database_url` on a server of one's own.

    `asked_at` is where the test itself asks, past what it does to the line.
    """
    world = Conduct()
    with serving(world) as (host, port):
        given = {
            "SPORTELLO_SMTP_HOST": host,
            "SPORTELLO_SMTP_PORT": str(port),
            "SPORTELLO_SELF_TEST_MINUTES": "0",
            "SPORTELLO_RECEIPTS_PER_HOUR": "0",
            **settings,
            **({"DATABASE_URL": database_url} if database_url else {}),
        }
        house = House(folder, extra=given)
        try:
            is_new = not database_url and not (folder / "data").exists()
            if is_new:
                house.furnish(_SET_UP)
            house.up()
            url = asked_at or database_url or embedded.cluster_in(folder / "data").url
            if not is_new:
                in_django(house, url, _SET_UP)
            yield Installation(house, url, world)
            house.stop()
        finally:
            house.clear()


def in_django(house: House, url: str, program: str) -> None:
    """Run a few lines of Python with the installation's settings."""
    environment = {
        **house.environment,
        "DATABASE_URL": url,
        "SPORTELLO_SECRET_KEY_FILE": str(house.folder / "data" / "secret-key"),
        "DJANGO_SETTINGS_MODULE": "sportello.config.settings",
        "PYTHONPATH": os.pathsep.join([str(Path.cwd()), house.environment["PYTHONPATH"]]),
    }
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)


Fault = Callable[[Installation], None]
