"""`sportello worker`."""

from __future__ import annotations

import argparse
import asyncio

from sportello.config import variables, worker


def run(_options: argparse.Namespace) -> int:
    """Do jobs until asked to stop. Whatever else ends the process, whoever started it starts it again."""
    watchdog = worker.Watchdog(seconds=worker.SILENCE_SECONDS, end=worker.end_process)
    watchdog.start()
    asyncio.run(worker.work(jobs=variables.WORKER_JOBS.read(), watchdog=watchdog))
    return 0
