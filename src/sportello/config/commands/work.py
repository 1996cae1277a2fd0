"""`sportello worker`."""

from __future__ import annotations

import argparse
import asyncio

from sportello.config import cli, variables, worker
from sportello.watch import beating
from sportello.watch.enums import Work

_FRESH_SECONDS = 20.0


def run(_options: argparse.Namespace) -> int:
    """Do jobs until asked to stop. Whatever else ends the process, whoever started it starts it again."""
    cli.preload(cli.PAGES)  # now, and not while somebody waits for the first receipt
    watchdog = worker.Watchdog(seconds=worker.SILENCE_SECONDS, end=worker.end_for_silence)
    watchdog.start()
    pacemaker = beating.begin(Work.WORKER, proof=lambda: watchdog.fed_seconds_ago < _FRESH_SECONDS)
    asyncio.run(worker.work(jobs=variables.WORKER_JOBS.read(), watchdog=watchdog))
    pacemaker.stop()
    return 0
