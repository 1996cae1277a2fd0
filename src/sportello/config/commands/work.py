"""`sportello worker`."""

from __future__ import annotations

import argparse
import asyncio

from sportello.config import variables, worker


def run(_options: argparse.Namespace) -> int:
    """0 after a wish to stop; 1 when the worker stopped by itself, so that whoever started it starts it again."""
    jobs = variables.WORKER_JOBS.read()
    watchdog = worker.Watchdog(seconds=worker.SILENCE_SECONDS, end=worker.end_process)
    watchdog.start()
    try:
        asyncio.run(worker.work(jobs=jobs, watchdog=watchdog))
    except asyncio.CancelledError:
        return 0
    return 1
