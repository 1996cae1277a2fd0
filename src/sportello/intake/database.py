"""Database work in threads that live long: a connection that died is given up, and the work is done once more on a new one.

Neither lasts for ever: a thread that waited for a frozen server could take no other mail.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

from sportello.core.patience import within

T = TypeVar("T")
log = logging.getLogger(__name__)
WORK_SECONDS = 16.0


def on_living_connection(work: Callable[[], T], *, seconds: float = WORK_SECONDS) -> T:
    """`work()`, which must be safe to do twice. The connection goes back to the pool afterwards.

    Raises what the second try raises, at the latest when the database has been waited for so many seconds in all.
    """
    with within(seconds) as patience:
        try:
            return work()
        except (InterfaceError, OperationalError) as error:
            if connection.in_atomic_block or patience.left <= 0:
                raise
            log.warning("The database did not answer, trying once more on a new connection: %s", error)
            connection.close()
            return work()
        finally:
            if not connection.in_atomic_block:
                connection.close()
