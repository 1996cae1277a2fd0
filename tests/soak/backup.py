"""R25: a filled installation is backed up while people work, restored into an empty folder, and given the same mails again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.cast import SUPPORT
from bench.measuring import fill_once
from bench.stage import Stage, installation
from sportello.config import embedded
from sportello.config.backups import stock
from tests.config.house import House, until
from tests.faults import counts
from tests.faults.installation import Installation
from tests.faults.mail_server import Letter
from tests.soak.load import ROOM, SETTLING_SECONDS, asked, crew
from tests.soak.people import present
from tests.soak.posting import KeptLines, streaming, written
from tests.soak.waits import Waits, spread

_MOMENT = re.compile(r"Backup \w+ as of (\S+): (\d+) tables, (\d+) rows, (\d+) files")
_SIZE = "SELECT pg_database_size(current_database()) / 1000000"
_FILES = "SELECT DISTINCT sha256 FROM tickets_attachment"
_THERE = "SELECT message_id FROM mail_inboundmail"


@dataclass(frozen=True)
class Taken:
    moment: float
    """Of which it is, in seconds of the monotonic clock."""
    rows: int
    files: int
    seconds: float
    cpu_seconds: float
    ended: float


def run(
    folder: Path, scratch: Path, *, tickets: int, rate: float, agents: int, customers: int, browsers: int, before_seconds: float = 10.0
) -> dict[str, Any]:  # fmt: skip
    """`before_seconds` of traffic, so that the backup begins in the middle of it."""
    store = scratch / "store"
    keeping = {"SPORTELLO_BACKUP_REPOSITORY": str(store), "SPORTELLO_BACKUP_PASSWORD": "kept-in-two-places"}
    waits, kept = Waits("arriving"), list[Letter]()
    with installation(folder, **ROOM, **keeping) as stage:
        fill_once(stage, tickets)
        size = asked(stage).figure(_SIZE)
        people = crew(stage, waits, browsers=browsers, agents=agents, customers=customers)
        mails = noted(written(f"backup{time.time():.0f}"), kept)
        with present(people), streaming(KeptLines(stage.lmtp_port, SUPPORT), rate, mails) as stream:
            waits.phase = "backup"
            time.sleep(before_seconds)
            first, second = take(stage), take(stage)
            waits.phase = "after"
        acknowledged = dict(stream.server.acknowledged)
    before = {key for key, at in acknowledged.items() if at < second.moment}
    after = {key for key, at in acknowledged.items() if second.moment <= at < second.ended}
    return {
        "event": "backup",
        "tickets": tickets,
        "rows": second.rows,
        "files": second.files,
        "database MB": size,
        "store MB": sum(file.stat().st_size for file in store.rglob("*") if file.is_file()) // 1_000_000,
        "first backup s": first.seconds,
        "first backup CPU s": first.cpu_seconds,
        "second backup s": second.seconds,
        "second backup CPU s": second.cpu_seconds,
        "pages meanwhile ms": spread(waits.of_phase("backup")),
        "errors": dict(waits.failed),
        **restored(scratch / "there", keeping, kept, before, after),
    }


def noted(mails: Iterable[Letter], kept: list[Letter]) -> Iterator[Letter]:
    for mail in mails:
        kept.append(mail)
        yield mail


def take(stage: Stage) -> Taken:
    apart = time.time() - time.monotonic()
    begun, own = time.monotonic(), os.times()
    said = sportello("backup", environment=stage.environment)
    ended, spent = time.monotonic(), os.times()
    found = _MOMENT.search(said)
    assert found, said
    cpu = spent.children_user + spent.children_system - own.children_user - own.children_system
    moment = datetime.fromisoformat(found[1]).timestamp() - apart
    return Taken(moment, int(found[3]), int(found[4]), ended - begun, cpu, ended)


def restored(
    folder: Path, keeping: Mapping[str, str], letters: list[Letter], before: set[str], after: set[str]
) -> dict[str, Any]:
    """On a machine that knows where the store is and its password. Raises AssertionError when it is not equal to what was saved."""
    folder.mkdir()
    house = House(folder, extra={"SPORTELLO_SELF_TEST_MINUTES": "0", "SPORTELLO_SMTP_PORT": "1", **ROOM, **keeping})
    try:
        begun, own = time.monotonic(), os.times()
        said = sportello("restore", environment=house.environment)
        restoring, spent = time.monotonic() - begun, os.times()
        assert "all equal to what was saved" in said, said
        house.up()
        with urllib.request.urlopen(f"http://localhost:{house.ports[0]}/portal/sign-in/", timeout=60):
            back = time.monotonic() - begun
        desk = Installation(house, embedded.cluster_in(folder / "data").url)
        there = {message_id for (message_id,) in desk.ask(_THERE)}
        base = counts.of_mail(desk, ())
        again(house, letters)
        until(lambda: counts.waiting(desk) == 0, seconds=SETTLING_SECONDS, what="every mail is filed")
        found = counts.of_mail(desk, before | after)
        damaged = stock.not_whole([name for (name,) in desk.ask(_FILES)], where=folder / "data" / "files")
        house.stop()
    finally:
        house.clear()
    return {
        "restore s": restoring,
        "restore CPU s": spent.children_user + spent.children_system - own.children_user - own.children_system,
        "first page after s": back,
        "mails before its moment": len(before),
        "lost": len(before - there),
        "mails while it was taken": len(after),
        "of them there": len(after & there),
        "files lost or damaged": len(damaged),
        "given again": len(letters),
        "found": found["found"],
        "doubled": found["doubled"] - base["doubled"],
        "half tickets": found["half tickets"] - base["half tickets"],
    }


def again(house: House, letters: list[Letter]) -> None:
    """As a mail server does that has kept what it does not know to have arrived."""
    with KeptLines(house.ports[2], SUPPORT) as server:
        for going in server.hand_over(letters):
            going.result()
    assert len(server.acknowledged) == len(letters), server.refused


def sportello(*words: str, environment: Mapping[str, str]) -> str:
    """One command to its end, however long it takes; what it said. Raises AssertionError when it failed."""
    command = [sys.executable, "-m", "sportello", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
