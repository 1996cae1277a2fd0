"""Signs of life for the service manager that started us, which ends and starts anew whoever gives none (sd_notify(3), WatchdogSec=).

Nothing else sees to a process that was stopped (SIGSTOP) where `sportello web`, `live`, `worker` and `mail-door` are started one by one.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress


def give_signs() -> None:
    """From a thread, for as long as the process lives, if its manager waits for them; three in the time after which it would be ended."""
    address, interval = os.environ.get("NOTIFY_SOCKET", ""), int(os.environ.get("WATCHDOG_USEC", "0")) / 3_000_000
    is_meant = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    if address and interval and is_meant:
        threading.Thread(target=_give, args=(address, interval), name="signs", daemon=True).start()


def _give(address: str, interval: float) -> None:
    """An address that begins with @ is an abstract one."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        while True:
            with suppress(OSError):  # a manager that is being restarted
                line.sendto(b"WATCHDOG=1", address.replace("@", "\0", 1) if address.startswith("@") else address)
            time.sleep(interval)
