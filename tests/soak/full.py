"""R04: the disk of the database is full. A small disk of memory holds its data folder and all its logs; only root may do this."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.config.house import until
from tests.faults import counts, hardships
from tests.faults.letters import letters
from tests.faults.scene import NOT_DONE, Scene, Seen, look_around, scene, works

DISK = "320m"
PEACEFUL = {"max_wal_size": "64MB", "min_wal_size": "32MB"}
MAILS = 40
"""So many before, and so many while the disk is full."""
NAMED_SECONDS = 120.0
RECOVERY_SECONDS = 60.0
PAGE_SECONDS = 12.0
SETTLING_SECONDS = 300.0
LASTING_SECONDS = 20.0
"""After it was named: long enough for the write-ahead log to want room, too."""
NAMES = {"database", "database_full", "database_unwritable"}
"""The first when the server, which is not the embedded one, has ended itself before anybody was told of its disk."""
FAILED_JOBS = "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1"


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0755", "small", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def run(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {"event": "database full", "left out": "only root can mount a small disk"}
    with small_disk(folder / "server"), scene(folder, settings={}, **PEACEFUL) as stage:
        wait(stage.postfix.hand_over(letters(0, MAILS)), timeout=SETTLING_SECONDS)
        newest = stage.desk.figure("SELECT max(id) FROM mail_inboundmail")
        with hardships.database_full(stage):
            begun = time.monotonic()
            handing = stage.postfix.hand_over(letters(MAILS, MAILS))
            named, seen = _until_named(stage, begun)
            time.sleep(LASTING_SECONDS)
            seen.append(look_around(stage))
            refused = stage.postfix.refusals()
            lasted = time.monotonic() - begun
        begun = time.monotonic()
        until(lambda: works(stage, newest), seconds=SETTLING_SECONDS, what="all works again")
        recovered = time.monotonic() - begun
        wait(handing, timeout=SETTLING_SECONDS)
        until(lambda: _well(stage), seconds=SETTLING_SECONDS, what="health is well")
        well = time.monotonic() - begun
        until(lambda: counts.waiting(stage.desk) == 0, seconds=SETTLING_SECONDS, what="every mail is filed")
        until(lambda: stage.desk.figure(NOT_DONE) == 0, seconds=SETTLING_SECONDS, what="no job stands still")
        return {
            "event": "database full",
            **counts.of_mail(stage.desk, stage.postfix.acknowledged),
            "never acknowledged": 2 * MAILS - len(stage.postfix.acknowledged),
            "refused for now": refused,
            "refused for good": len(stage.postfix.refused),
            "full for s": lasted,
            "health says": sorted({word for one in seen for word in one.health}),
            "named after s": named,
            "slowest page s": max(one.slowest for one in seen),
            "unkind pages": sum(not one.kind for one in seen),
            "recovery s": recovered,
            "too slow": _too_slow(recovered, max(one.slowest for one in seen)),
            "health well after s": well,
            "failed jobs": dict(stage.desk.ask(FAILED_JOBS)),
        }


def _until_named(stage: Scene, begun: float) -> tuple[float, list[Seen]]:
    """Seconds until monitoring heard of it and the door said so; what people saw meanwhile."""
    seen: list[Seen] = []

    def named() -> bool:
        seen.append(look_around(stage))
        return stage.postfix.refusals() > 0 and bool(NAMES & set(seen[-1].health))

    until(named, seconds=NAMED_SECONDS, what="health names the full disk")
    return time.monotonic() - begun, seen


def _too_slow(recovered: float, slowest: float) -> list[str]:
    return ["recovery"] * (recovered > RECOVERY_SECONDS) + ["page"] * (slowest > PAGE_SECONDS)


def _well(stage: Scene) -> bool:
    return look_around(stage).health == []
