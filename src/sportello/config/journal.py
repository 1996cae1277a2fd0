"""One line of the log for each job that a worker has done."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from procrastinate import JobContext
from procrastinate.worker import Worker

from sportello.config import logs

log = logging.getLogger("sportello.jobs")


async def tell(do: Callable[[], Awaitable[Any]], context: JobContext, _worker: Worker) -> Any:
    """As procrastinate's worker middleware. Of the arguments nothing is told but the job's own number."""
    begun, outcome = time.perf_counter(), "failed"
    token = logs.about.set(f"job-{context.job.id}")
    try:
        answer = await do()
        outcome = "done"
        return answer
    finally:
        facts = {
            "task": context.job.task_name,
            "job": context.job.id,
            "attempt": context.job.attempts + 1,
            "outcome": outcome,
            "ms": round((time.perf_counter() - begun) * 1000, 1),
        }
        log.info("%(task)s %(outcome)s in %(ms)s ms", facts, extra={"facts": facts})
        logs.about.reset(token)
