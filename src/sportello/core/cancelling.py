"""The wish that a task ends, which can get lost on its way."""

from __future__ import annotations

import asyncio


def is_cancelled() -> bool:
    """Whether the task that asks was cancelled at any time.

    The CancelledError itself can be lost: who waits for something that comes in the same moment gets it instead, and a query that is called
    off may fail with an error of the database, which its caller copes with.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
