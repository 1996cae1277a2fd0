"""`sportello up`: everything on one machine, started and stopped together."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from sportello.config import addresses, cli, embedded, ground, processes, stamp, variables
from sportello.config.announcement import Announcement
from sportello.config.env import SettingError
from sportello.config.ground import Port
from sportello.config.supervisor import Program, Supervisor


def run(options: argparse.Namespace) -> int:
    """Returns when a signal asked for the end and everything has stopped. Raises SettingError for what a person has to mend."""
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, _leave)
    data = variables.DATA.read()
    ground.make_data_folder(data)
    with ground.sole_user_of(data) as killed_before:
        ground.check_ports(ports(), patience=ground.PATIENCE_SECONDS if killed_before else 0.0)
        if not variables.SECRET_KEY.read():
            ground.ensure_secret_key()
        with stopped_at_the_end(Supervisor(report=say)) as supervisor:
            if options.demo:
                addresses.demo_file().touch()
            environment = start_database(supervisor)
            with surroundings(environment):
                cli.set_up_django()
                cli.preload(cli.PAGES)
            prepare(environment, demo=options.demo)
            for each in programs(environment):
                supervisor.start(each)
            announcement = Announcement(
                begun=begun, database_url=environment[variables.DATABASE_URL.name], demo=options.demo
            )
            supervisor.run(each_round=announcement.make_once)
    return 0


def ports() -> list[Port]:
    web, mail = variables.WEB_HOST.read(), variables.LMTP_HOST.read()
    found = [
        Port(web, variables.WEB_PORT.read(), "the pages", variables.WEB_PORT.name),
        Port(web, addresses.live_port(), "live updates", variables.LIVE_PORT.name),
        Port(mail, variables.LMTP_PORT.read(), "mail by LMTP", variables.LMTP_PORT.name),
        Port(mail, variables.SMTP_IN_PORT.read(), "mail by SMTP", variables.SMTP_IN_PORT.name),
    ]
    return [port for port in found if port.number]


@contextmanager
def stopped_at_the_end(supervisor: Supervisor) -> Iterator[Supervisor]:
    try:
        yield supervisor
    finally:
        supervisor.stop()


def start_database(supervisor: Supervisor) -> dict[str, str]:
    """Start the embedded server unless another is set; the environment for every process, with the address of either.

    Under one terminal the processes speak from warnings on, unless a level is set: what `up` itself says must not scroll away.
    """
    url = variables.DATABASE_URL.read()
    if url:
        ground.check_database(url)
    else:
        server = embedded.Server(embedded.cluster_in(variables.DATA.read()))
        supervisor.start(server)
        url = server.cluster.url
    quiet = {variables.LOG_LEVEL.name: "warning"}
    given = {name: value for name, value in os.environ.items() if name != f"{variables.DATABASE_URL.name}_FILE"}
    return {**quiet, **given, variables.DATABASE_URL.name: url}


def prepare(environment: Mapping[str, str], *, demo: bool) -> None:
    """Bring the database up to date, and fill it with the demonstration, in a process of its own: this one has no threads and no connection."""
    url = environment[variables.DATABASE_URL.name]
    ground.check_is_whole(url)
    if stamp.is_current(url) and not (demo and addresses.demo_file().stat().st_size == 0):
        return
    step = program(environment, "migrate", *(["--demo"] if demo else []))
    step.start()
    try:
        code = step.wait()
    finally:
        step.end(seconds=0.0)
    if code != 0:
        raise SettingError("The database was not made ready, see above; nothing was started.")
    stamp.renew(url)


def programs(environment: Mapping[str, str]) -> list[Program]:
    return [program(environment, name) for name in ("web", "live", "worker", "mail-door")]


def program(environment: Mapping[str, str], *arguments: str) -> Program:
    """One of our own commands, with what Django takes to set up done already."""
    return Program(arguments[0], partial(_command, environment, arguments))


def _command(environment: Mapping[str, str], arguments: Sequence[str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["sportello", *arguments]
    processes.call_itself(*sys.argv)
    sys.exit(cli.run([*arguments]))


@contextmanager
def surroundings(environment: Mapping[str, str]) -> Iterator[None]:
    """The environment of the processes, for as long as the body runs."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def say(sentence: str) -> None:
    print(f"sportello: {sentence}", file=sys.stderr, flush=True)


def _leave(_number: int, _frame: object) -> None:
    """SIGTERM before everything runs: unwind, and so stop what was started."""
    sys.exit(0)
