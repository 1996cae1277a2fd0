"""The end of a process that is of no use any more; who started it starts the next."""

from __future__ import annotations

import logging
import os
from typing import NoReturn

OF_NO_USE = 70  # sysexits.h: an internal fault

log = logging.getLogger(__name__)


def end_process(why: str, *, code: int = OF_NO_USE) -> NoReturn:
    """At once and without cleaning up, whatever its threads do: what was begun is taken up again by another process."""
    log.critical("%s; ending", why)
    logging.shutdown()
    os._exit(code)
